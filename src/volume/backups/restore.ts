// POST /backups/{id}/restore: into a volume that is there, or into a new one (cinder/backup/api.py, API.restore).
import { fault } from '../../model/errors.ts'
import {
  type BackupStatus,
  backupAllowedFrom,
  type VolumeStatus,
  volumeAllowedFrom,
} from '../../model/volume-states.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { dbOf, findVolume, type VolumeCall } from '../access.ts'
import { newVolumeRow } from '../create.ts'
import { NoBackend, requireBackend } from '../services/scheduling.ts'
import { lockVolume, setVolume, type VolumeTransaction, withSpecs } from '../store.ts'
import { defaultTypeOf } from '../types.ts'
import { checkVolumeSize, reserve } from '../usage.ts'
import { addJob } from '../work.ts'
import { findBackupRow, lockBackup, requireBackupService } from './access.ts'
import type { VolumeBackupRow } from './tables.ts'

interface RestoreBody {
  readonly restore: { readonly volume_id?: string | null; readonly name?: string | null } | null
}

export async function restoreBackup(call: VolumeCall): Promise<Reply> {
  const { volume_id: wanted, name } = (call.body as RestoreBody).restore ?? {} // as its schema says
  const backup = await findBackupRow(call, 'backup:restore', call.params.id!) // in the route's path
  refuseBackup(backup.status)
  const fresh = wanted ? null : await volumeFor(call, backup, name ?? `restore_backup_${backup.id}`)
  const volume = fresh ?? (await findVolume(call, 'volume:get', wanted!)) // there where there is no fresh one
  await requireBackupService(call)
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    if (fresh) {
      await reserve(tx, fresh.project_id, { volumes: 1, gigabytes: fresh.size }, fresh.type_id)
      await tx.insertInto('volumes').values(fresh).execute()
    } else await holdTarget(tx, volume.id, backup.size)
    refuseBackup((await lockBackup(tx, backup.id)).status)
    await setVolume(tx, volume.id, { status: 'restoring-backup', updated_at: now })
    await tx
      .updateTable('volume_backups')
      .set({ status: 'restoring', restore_volume_id: volume.id, updated_at: now })
      .where('id', '=', backup.id)
      .execute()
    await addJob(tx, call, { kind: 'restore-backup', subject: volume.id, source: backup.id })
  })
  call.deps.work.wake()
  return json(202, {
    restore: { backup_id: backup.id, volume_id: volume.id, volume_name: volume.name },
  })
}

function refuseBackup(status: BackupStatus): void {
  const allowed: readonly BackupStatus[] = backupAllowedFrom.restore
  if (!allowed.includes(status))
    throw fault('VolumeBackupInvalid', { reason: 'Backup status must be available' })
}

async function holdTarget(tx: VolumeTransaction, id: string, size: number): Promise<void> {
  const volume = await lockVolume(tx, id)
  if (!volume) throw fault('VolumeNotFound', { volume: id })
  const allowed: readonly VolumeStatus[] = volumeAllowedFrom.restore
  if (!allowed.includes(volume.status))
    throw fault('VolumeInvalid', { reason: 'Volume to be restored to must be available' })
  if (size > volume.size)
    throw fault('VolumeInvalid', {
      reason: `volume size ${volume.size} is too small to restore backup of size ${size}.`,
    })
}

/** A volume as large as the backup, of the project's default type. */
async function volumeFor(call: VolumeCall, backup: VolumeBackupRow, name: string) {
  call.enforce('volume:create')
  const db = dbOf(call)
  const projectId = call.auth.project?.id ?? backup.project_id
  const [type] = await withSpecs(db, [await defaultTypeOf(db, projectId)])
  await checkVolumeSize(db, projectId, backup.size)
  const volume = newVolumeRow({
    projectId,
    userId: call.auth.userId,
    name,
    description: 'auto-created_from_restore_from_backup',
    size: backup.size,
    typeId: type!.id, // one row, one type
    isMultiattach: type?.extraSpecs.multiattach === '<is> True',
    now: call.deps.clock.now(),
  })
  try {
    await requireBackend(db, call.deps.host, type?.extraSpecs ?? {})
  } catch (cause) {
    if (!(cause instanceof NoBackend)) throw cause
    throw fault(
      'VolumeInvalid',
      { reason: `Error while creating volume ${volume.id} for restoring backup ${backup.id}.` },
      { cause },
    )
  }
  return volume
}
