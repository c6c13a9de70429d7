// What is done to files for backups, and how it ends.
import { assert } from '../../base/assert.ts'
import { readJson } from '../../base/json.ts'
import { tables } from '../../platform/store/store.ts'
import {
  backToPrevious,
  both,
  type Ending,
  type Job,
  type JobContext,
  setSnapshot,
  setVolume,
  snapshotKey,
  snapshotOf,
  volumeKey,
  volumeOf,
} from '../job.ts'
import { named, putProperties, readProperties, readSnapshot, type VolumeTransaction } from '../store.ts'
import type { VolumeJobRow, VolumeTables } from '../tables.ts'
import { release } from '../usage.ts'
import { chainOf, readBackup } from './access.ts'
import { type BackedUpVolume, isDataId } from './files.ts'
import { type BackupRecord, backupService, decodeRecord, recordProblem } from './record.ts'
import type { VolumeBackupRow } from './tables.ts'

const db = ({ store }: JobContext) => tables<VolumeTables>(store)

async function backupOf(context: JobContext, id: string): Promise<VolumeBackupRow> {
  const backup = await readBackup(db(context), id)
  assert(backup !== undefined, `backup ${id} is gone while it has a job`)
  return backup
}

const setBackup =
  (id: string, change: Partial<VolumeBackupRow>): Ending =>
  (tx, now) =>
    tx
      .updateTable('volume_backups')
      .set({ ...change, updated_at: now })
      .where('id', '=', id)
      .execute()

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 255)

/** The volume or snapshot a backup was taken of is free again. */
const freeSource = (job: VolumeJobRow): Ending => {
  const id = job.source_id! // accepted with one
  return async (tx, now, next) => {
    if (await readSnapshot(tx, id)) await setSnapshot(id, { status: 'available' })(tx, now, next)
    else await backToPrevious(id)(tx, now, next)
  }
}

export const createBackup: Job = {
  async run(context, job) {
    const backup = await backupOf(context, job.subject_id)
    const parent = backup.parent_id === null ? null : await backupOf(context, backup.parent_id)
    const { key, bytes } = await whatToRead(context, backup)
    const blocks = await context.backups.write(backup.data_id, {
      parentId: parent?.data_id ?? null,
      data: context.files.read(key, bytes),
      volume: await describe(context, backup.volume_id),
    })
    return both(
      setBackup(backup.id, { status: 'available', object_count: Math.min(blocks, 1) }),
      freeSource(job),
    )
  },
  failed: (job, error) =>
    both(setBackup(job.subject_id, { status: 'error', fail_reason: reasonOf(error) }), freeSource(job)),
  told: job => ({
    resource: 'VOLUME_BACKUP',
    resourceId: job.subject_id,
    action: 'backupCreate',
    detail: 'backupCreateDriverError',
  }),
}

async function whatToRead(context: JobContext, backup: VolumeBackupRow) {
  if (backup.snapshot_id !== null) {
    const { id, written_bytes: bytes } = await snapshotOf(context, backup.snapshot_id)
    return { key: snapshotKey(id), bytes }
  }
  const { id, written_bytes: bytes } = await volumeOf(context, backup.volume_id)
  return { key: volumeKey(id), bytes }
}

async function describe(context: JobContext, volumeId: string): Promise<BackedUpVolume> {
  const volume = await volumeOf(context, volumeId)
  const properties = await readProperties(db(context), [volumeId])
  return {
    name: volume.name,
    description: volume.description,
    isBootable: volume.bootable === 1,
    metadata: named(properties.get(`${volumeId} metadata`) ?? []),
    imageMetadata: named(properties.get(`${volumeId} image`) ?? []),
  }
}

export const deleteBackup: Job = {
  async run(context, job) {
    const backup = await backupOf(context, job.subject_id)
    // A record that was imported may name the same files.
    const other = await db(context)
      .selectFrom('volume_backups')
      .select('id')
      .where('data_id', '=', backup.data_id)
      .where('id', '<>', backup.id)
      .executeTakeFirst()
    if (!other) await context.backups.remove(backup.data_id)
    return async (tx: VolumeTransaction) => {
      await release(tx, backup.project_id, { backups: 1, backup_gigabytes: backup.size })
      await tx.deleteFrom('volume_properties').where('owner_id', '=', backup.id).execute()
      await tx.deleteFrom('volume_backups').where('id', '=', backup.id).execute()
    }
  },
  failed: (job, error) =>
    setBackup(job.subject_id, { status: 'error_deleting', fail_reason: reasonOf(error) }),
  told: job => ({
    resource: 'VOLUME_BACKUP',
    resourceId: job.subject_id,
    action: 'backupDelete',
    detail: 'backupDeleteDriverError',
  }),
}

/** Fills a volume from a backup; answers how it is afterwards. */
export async function fillFromBackup(
  context: JobContext,
  volumeId: string,
  backupId: string,
): Promise<Ending> {
  const { size } = await volumeOf(context, volumeId)
  const { data, volume } = await context.backups.read(await chainOf(db(context), backupId))
  const written = await context.files.write(volumeKey(volumeId), size, data)
  return both(
    setVolume(volumeId, {
      status: 'available',
      written_bytes: written,
      ...(volume.isBootable ? { bootable: 1 } : {}),
    }),
    tx => putProperties(tx, volumeId, 'metadata', volume.metadata),
    tx => putProperties(tx, volumeId, 'image', volume.imageMetadata),
  )
}

/** The volume is called as the one that was backed up, where that had a name (cinder/backup/driver.py). */
const takeOverNames =
  (volumeId: string, { name, description }: BackedUpVolume): Ending =>
  (tx, now, next) =>
    setVolume(volumeId, { description, ...(name === null ? {} : { name }) })(tx, now, next)

export const restoreBackup: Job = {
  async run(context, job) {
    const backupId = job.source_id! // accepted with one
    const filled = await fillFromBackup(context, job.subject_id, backupId)
    const { volume } = await context.backups.read(await chainOf(db(context), backupId))
    return both(
      filled,
      takeOverNames(job.subject_id, volume),
      setBackup(backupId, { status: 'available', restore_volume_id: null }),
    )
  },
  failed: (job, error) =>
    both(
      setVolume(job.subject_id, { status: 'error_restoring' }),
      setBackup(job.source_id!, {
        status: 'available',
        restore_volume_id: null,
        fail_reason: reasonOf(error),
      }), // accepted with one
    ),
  told: job => ({
    resource: 'VOLUME_BACKUP',
    resourceId: job.source_id!, // accepted with one
    action: 'backupRestore',
    detail: 'backupRestoreError',
  }),
}

export interface ImportArgs {
  readonly service: string
  readonly url: string
}

export const importBackup: Job = {
  async run(context, job) {
    const { service, url } = readJson<ImportArgs>(job.args)
    if (service !== backupService)
      throw new Error(
        `Import record failed, cannot find backup service to perform the import. Request service ${service}.`,
      )
    const record = decodeRecord(url)
    const problem = recordProblem(record, job.subject_id)
    if (problem !== null) throw new Error(problem)
    await requireData(context, record)
    return setBackup(job.subject_id, {
      status: 'available',
      fail_reason: null,
      name: record.display_name ?? null,
      description: record.display_description ?? null,
      container: record.container ?? null,
      object_count: Number(record.object_count),
      size: Number(record.size),
      volume_id: String(record.volume_id),
      snapshot_id: record.snapshot_id ?? null,
      parent_id: record.parent_id ?? null,
      data_id: String(record.service_metadata),
    })
  },
  failed: (job, error) => setBackup(job.subject_id, { status: 'error', fail_reason: reasonOf(error) }),
}

/** What the record speaks of has to be here, and so has what it is the difference to. */
async function requireData(context: JobContext, record: BackupRecord): Promise<void> {
  if (!isDataId(record.service_metadata) || !(await context.backups.holds(record.service_metadata)))
    throw new Error(`There is no data of the backup ${String(record.service_metadata)}.`)
  if (record.parent_id && !(await readBackup(db(context), record.parent_id)))
    throw new Error(`Backup ${record.parent_id} could not be found.`)
}
