// Backups as records that outlive the database: exported by administrators, and imported again
// (cinder/objects/backup.py, encode_record).
import { isObject } from '../../base/json.ts'
import { isoMicros } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import type { VolumeBackupRow } from './tables.ts'

/** Cinder's name for backups that are files of a folder. */
export const backupService = 'cinder.backup.drivers.posix.PosixBackupDriver'

export interface BackupRecord {
  readonly id: string
  readonly size: number
  readonly display_name?: string | null
  readonly display_description?: string | null
  readonly container?: string | null
  readonly volume_id?: string
  readonly snapshot_id?: string | null
  readonly parent_id?: string | null
  readonly object_count?: number
  /** The name its files have. */
  readonly service_metadata?: string
}

export const encodeRecord = (backup: VolumeBackupRow, host: string): string =>
  Buffer.from(
    JSON.stringify({
      id: backup.id,
      user_id: backup.user_id,
      project_id: backup.project_id,
      volume_id: backup.volume_id,
      host,
      availability_zone: backup.availability_zone,
      container: backup.container,
      parent_id: backup.parent_id,
      status: backup.status,
      fail_reason: backup.fail_reason,
      size: backup.size,
      display_name: backup.name,
      display_description: backup.description,
      service_metadata: backup.data_id,
      service: backupService,
      object_count: backup.object_count,
      temp_volume_id: null,
      temp_snapshot_id: null,
      snapshot_id: backup.snapshot_id,
      data_timestamp: backup.data_timestamp === null ? null : isoMicros(backup.data_timestamp),
      restore_volume_id: backup.restore_volume_id,
      encryption_key_id: null,
      created_at: isoMicros(backup.created_at),
      driver_info: {},
    } satisfies BackupRecord & Record<string, unknown>),
  ).toString('base64')

/** 400 where the text is no record, or says neither whose it is nor how large. */
export function decodeRecord(url: string): BackupRecord {
  let record: unknown
  try {
    record = JSON.parse(Buffer.from(url, 'base64').toString('utf8'))
  } catch (cause) {
    throw fault('VolumeInputInvalid', { reason: "Can't parse backup record." }, { cause })
  }
  if (!isObject(record) || record.id === undefined)
    throw fault('VolumeInputInvalid', { reason: 'Provided backup record is missing an id' })
  if (record.size === undefined)
    throw fault('VolumeInputInvalid', { reason: 'Provided backup record is missing size attribute' })
  return record as unknown as BackupRecord // the rest is looked at by recordProblem
}

const required = [
  'display_name',
  'display_description',
  'container',
  'size',
  'service_metadata',
  'object_count',
  'id',
  'volume_id',
] as const

const isTextOrNull = (value: unknown) => value === null || value === undefined || typeof value === 'string'

/** Why a record cannot become the backup of that id; null when it can. */
export function recordProblem(record: BackupRecord, id: string): string | null {
  const missing = required.filter(name => !Object.hasOwn(record, name))
  if (missing.length > 0)
    return `Driver successfully decoded imported backup data, but there are missing fields (${missing.join(', ')}).`
  if (record.id !== id) return `Trying to import backup metadata from id ${record.id} into backup ${id}.`
  const texts = [record.display_name, record.display_description, record.container, record.parent_id]
  if (![...texts, record.snapshot_id].every(isTextOrNull) || !isCount(record.object_count))
    return 'The record has fields of other types than a backup has.'
  return null
}

export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2_147_483_647
