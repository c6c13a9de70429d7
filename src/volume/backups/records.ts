// GET /backups/{id}/export_record and POST /backups/import_record, for administrators.
import { fault } from '../../model/errors.ts'
import { type BackupStatus, backupAllowedFrom } from '../../model/volume-states.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import type { VolumeTransaction } from '../store.ts'
import { reserve } from '../usage.ts'
import { addJob } from '../work.ts'
import { zone } from '../zones.ts'
import { findBackupRow, readBackup, requireBackupService } from './access.ts'
import { isDataId } from './files.ts'
import type { ImportArgs } from './jobs.ts'
import { backupService, decodeRecord, encodeRecord, isCount } from './record.ts'
import { backupSummaryView } from './views.ts'

export async function exportRecord(call: VolumeCall): Promise<Reply> {
  const backup = await findBackupRow(call, 'backup:export-import', call.params.id!) // in the route's path
  const allowed: readonly BackupStatus[] = backupAllowedFrom.export
  if (!allowed.includes(backup.status))
    throw fault('VolumeBackupInvalid', {
      reason: `Backup status must be available and not ${backup.status}.`,
    })
  return json(200, {
    'backup-record': {
      backup_service: backupService,
      backup_url: encodeRecord(backup, call.deps.host),
    },
  })
}

interface ImportBody {
  readonly 'backup-record': { readonly backup_service: string; readonly backup_url: string }
}

/** Cinder's id of the volume of a backup nobody knows yet (cinder/backup/api.py, IMPORT_VOLUME_ID). */
const unknownVolume = '00000000-0000-0000-0000-000000000000'

export async function importRecord(call: VolumeCall): Promise<Reply> {
  call.enforce('backup:backup-import')
  const { backup_service: service, backup_url: url } = (call.body as ImportBody)['backup-record'] // its schema's
  await requireBackupService(call)
  const { id, size } = decodeRecord(url)
  if (!isDataId(id)) throw fault('VolumeInputInvalid', { reason: `Invalid backup id ${String(id)}.` })
  if (!isCount(size)) throw fault('VolumeInputInvalid', { reason: `Invalid backup size ${String(size)}.` })
  if (await readBackup(dbOf(call), id)) throw known()
  const projectId = call.auth.project?.id ?? ''
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await reserve(tx, projectId, { backups: 1, backup_gigabytes: size })
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('volume_backups')
      .values({
        id,
        project_id: projectId,
        user_id: call.auth.userId,
        volume_id: unknownVolume,
        snapshot_id: null,
        parent_id: null,
        name: null,
        description: null,
        container: null,
        availability_zone: zone,
        size,
        status: 'creating',
        fail_reason: null,
        object_count: 0,
        data_id: id,
        restore_volume_id: null,
        data_timestamp: null,
        created_at: now,
        updated_at: null,
      })
      .onConflict(conflict => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) throw known()
    const args: ImportArgs = { service, url }
    await addJob(tx, call, { kind: 'import-backup', subject: id, args })
  })
  call.deps.work.wake()
  return json(201, { backup: backupSummaryView(call, { id, name: null }) })
}

const known = () => fault('VolumeBackupInvalid', { reason: 'Backup already exists in database.' })
