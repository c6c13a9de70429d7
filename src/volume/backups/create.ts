// POST /backups: of a volume or one of its snapshots, whole or the difference to the backup before
// (cinder/backup/api.py, API.create).
import { newUuid } from '../../base/ids.ts'
import { fault } from '../../model/errors.ts'
import { type VolumeStatus, volumeAllowedFrom } from '../../model/volume-states.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { findSnapshotRow, findVolume, type VolumeCall } from '../access.ts'
import { readFlag } from '../input.ts'
import { has } from '../negotiate.ts'
import {
  lockSnapshot,
  lockVolume,
  type Named,
  putProperties,
  setVolume,
  type VolumeTransaction,
} from '../store.ts'
import type { VolumeSnapshotRow } from '../tables.ts'
import { reserve } from '../usage.ts'
import { addJob } from '../work.ts'
import { isZone, zone } from '../zones.ts'
import { requireBackupService } from './access.ts'
import type { VolumeBackupRow } from './tables.ts'
import { backupSummaryView } from './views.ts'

interface CreateBody {
  readonly backup: {
    readonly volume_id: string
    readonly snapshot_id?: string | null
    readonly name?: string | null
    readonly description?: string | null
    readonly container?: string | null
    readonly incremental?: boolean | string
    readonly force?: boolean | string
    readonly metadata?: Named | null
    readonly availability_zone?: string | null
  }
}

export async function createBackup(call: VolumeCall): Promise<Reply> {
  const { backup: given } = call.body as CreateBody // as its schema says
  const volume = await findVolume(call, 'backup:create', given.volume_id)
  const snapshot = given.snapshot_id
    ? await findSnapshotRow(call, 'volume:get_snapshot', given.snapshot_id)
    : null
  if (snapshot && snapshot.volume_id !== volume.id)
    throw fault('VolumeInvalid', {
      reason: `Volume ${volume.id} does not match with snapshot.volume_id ${snapshot.volume_id}.`,
    })
  const isForced = given.force !== undefined && readFlag('force', given.force)
  const isIncremental = given.incremental !== undefined && readFlag('incremental', given.incremental)
  const wantedZone = has(call, 'backupZone') ? (given.availability_zone ?? null) : null
  if (wantedZone !== null && !isZone(wantedZone))
    throw fault('VolumeBackupServiceDown', { service: 'cinder-backup' })
  await requireBackupService(call)
  const now = call.deps.clock.now()
  const id = newUuid()
  const projectId = call.auth.project?.id ?? volume.project_id
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    const held = await holdSource(tx, { volumeId: volume.id, snapshot, isForced })
    await reserve(tx, projectId, { backups: 1, backup_gigabytes: held.size })
    const parent = isIncremental ? await parentOf(tx, { volumeId: volume.id, projectId, snapshot }) : null
    const row: VolumeBackupRow = {
      id,
      project_id: projectId,
      user_id: call.auth.userId,
      volume_id: volume.id,
      snapshot_id: snapshot?.id ?? null,
      parent_id: parent?.id ?? null,
      name: given.name ?? null,
      description: given.description ?? null,
      container: given.container || defaultContainer(id),
      availability_zone: zone,
      size: held.size,
      status: 'creating',
      fail_reason: null,
      object_count: 0,
      data_id: id,
      restore_volume_id: null,
      data_timestamp: snapshot?.created_at ?? now,
      created_at: now,
      updated_at: null,
    }
    await tx.insertInto('volume_backups').values(row).execute()
    await putProperties(tx, id, 'metadata', (has(call, 'backupMetadata') && given.metadata) || {})
    if (snapshot)
      await tx
        .updateTable('volume_snapshots')
        .set({ status: 'backing-up', updated_at: now })
        .where('id', '=', snapshot.id)
        .execute()
    else
      await setVolume(tx, volume.id, { status: 'backing-up', previous_status: held.status, updated_at: now })
    await addJob(tx, call, { kind: 'create-backup', subject: id, source: snapshot?.id ?? volume.id })
  })
  call.deps.work.wake()
  return json(202, { backup: backupSummaryView(call, { id, name: given.name ?? null }) })
}

/** As file systems with many backups are laid out (cinder/backup/drivers/posix.py, update_container_name). */
const defaultContainer = (id: string): string => `${id.slice(0, 2)}/${id.slice(2, 4)}/${id}`

async function holdSource(
  tx: VolumeTransaction,
  asked: {
    readonly volumeId: string
    readonly snapshot: VolumeSnapshotRow | null
    readonly isForced: boolean
  },
): Promise<{ readonly size: number; readonly status: VolumeStatus }> {
  const volume = await lockVolume(tx, asked.volumeId)
  if (!volume) throw fault('VolumeNotFound', { volume: asked.volumeId })
  if (asked.snapshot) {
    const snapshot = await lockSnapshot(tx, asked.snapshot.id)
    if (!snapshot) throw fault('VolumeSnapshotNotFound', { snapshot: asked.snapshot.id })
    if (snapshot.status !== 'available')
      throw fault('VolumeSnapshotInvalid', {
        reason: `Snapshot to be backed up must be available, but the current status is "${snapshot.status}".`,
      })
    return volume
  }
  const allowed: readonly VolumeStatus[] = volumeAllowedFrom.backup
  if (!allowed.includes(volume.status))
    throw fault('VolumeInvalid', {
      reason: `Volume to be backed up must be available or in-use, but the current status is "${volume.status}".`,
    })
  if (volume.status === 'in-use' && !asked.isForced)
    throw fault('VolumeInvalid', { reason: 'Backing up an in-use volume must use the force flag.' })
  return volume
}

/** The backup whose difference is taken: the project's newest of the volume, for a snapshot the newest before it. */
async function parentOf(
  tx: VolumeTransaction,
  asked: {
    readonly volumeId: string
    readonly projectId: string
    readonly snapshot: VolumeSnapshotRow | null
  },
): Promise<VolumeBackupRow> {
  const backups = await tx
    .selectFrom('volume_backups')
    .selectAll()
    .where('volume_id', '=', asked.volumeId)
    .where('project_id', '=', asked.projectId)
    .orderBy('data_timestamp', 'desc')
    .execute()
  if (backups.length === 0)
    throw fault('VolumeBackupInvalid', { reason: 'No backups available to do an incremental backup.' })
  const { snapshot } = asked
  const parent = backups.find(
    ({ data_timestamp }) => snapshot === null || (data_timestamp ?? 0) < snapshot.created_at,
  )
  if (parent?.status !== 'available')
    throw fault('VolumeBackupInvalid', {
      reason: 'The parent backup must be available for incremental backup.',
    })
  return parent
}
