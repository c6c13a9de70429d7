// Backups: listed, shown, changed, deleted, and freed by administrators when they are stuck.
import { fault } from '../../model/errors.ts'
import { type BackupStatus, backupAllowedFrom } from '../../model/volume-states.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { dbOf, listedProject, type VolumeCall } from '../access.ts'
import { readFlag } from '../input.ts'
import { equalFilters, inProject, listRows } from '../listing.ts'
import { readSorts } from '../paging.ts'
import { dropProperties, type Named, putProperties, type VolumeTransaction } from '../store.ts'
import { addJob } from '../work.ts'
import { findBackupRow, lockBackup, withDependents } from './access.ts'
import { backupSummaryView, backupView } from './views.ts'

const sortKeys = ['name', 'status', 'size', 'volume_id', 'created_at', 'id'] as const
const filters = { name: 'name', status: 'status', volume_id: 'volume_id', id: 'id', parent_id: 'parent_id' }

export const listBackups = (call: VolumeCall): Promise<Reply> => list(call, false)
export const listBackupDetails = (call: VolumeCall): Promise<Reply> => list(call, true)

async function list(call: VolumeCall, isDetailed: boolean): Promise<Reply> {
  call.enforce('backup:get_all')
  const all = call.query.one('all_tenants')
  const project = listedProject(call, all !== undefined && readFlag('all_tenants', all))
  const { rows, tail } = await listRows(call, {
    table: 'volume_backups',
    sorts: readSorts(call.query, sortKeys),
    conditions: [inProject(project), ...equalFilters(call, 'backup', filters)],
    marker: id => findBackupRow(call, 'backup:get', id),
  })
  const backups = isDetailed
    ? (await withDependents(dbOf(call), rows)).map(backup => backupView(call, backup))
    : rows.map(row => backupSummaryView(call, row))
  return json(200, { backups, ...(await tail('backups', isDetailed ? 'backups/detail' : 'backups')) })
}

export async function showBackup(call: VolumeCall): Promise<Reply> {
  const row = await findBackupRow(call, 'backup:get', call.params.id!) // in the route's path
  const [backup] = await withDependents(dbOf(call), [row])
  return json(200, { backup: backupView(call, backup!) }) // one row, one backup
}

interface UpdateBody {
  readonly backup: {
    readonly name?: string | null
    readonly description?: string | null
    readonly metadata?: Named
  } | null
}

/** PUT /backups/{id}, 3.9. */
export async function updateBackup(call: VolumeCall): Promise<Reply> {
  const { id, name: before } = await findBackupRow(call, 'backup:update', call.params.id!) // in the route's path
  const { name, description, metadata } = (call.body as UpdateBody).backup ?? {} // as its schema says
  const change = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    updated_at: call.deps.clock.now(),
  }
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await lockBackup(tx, id)
    await tx.updateTable('volume_backups').set(change).where('id', '=', id).execute()
    if (metadata === undefined) return
    await dropProperties(tx, id, 'metadata')
    await putProperties(tx, id, 'metadata', metadata)
  })
  return json(200, { backup: backupSummaryView(call, { id, name: name === undefined ? before : name }) })
}

export async function deleteBackup(call: VolumeCall): Promise<Reply> {
  const { id } = await findBackupRow(call, 'backup:delete', call.params.id!) // in the route's path
  await removeBackup(call, id, backupAllowedFrom.delete)
  return empty(202)
}

/** Accepts that a backup goes; `allowed` is null where its status does not matter. */
async function removeBackup(
  call: VolumeCall,
  id: string,
  allowed: readonly BackupStatus[] | null,
): Promise<void> {
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    const { status } = await lockBackup(tx, id)
    if (allowed !== null && !allowed.includes(status))
      throw fault('VolumeBackupInvalid', { reason: 'Backup status must be available or error' })
    const child = await tx
      .selectFrom('volume_backups')
      .select('id')
      .where('parent_id', '=', id)
      .executeTakeFirst()
    if (child) throw fault('VolumeBackupInvalid', { reason: 'Incremental backups exist for this backup.' })
    await tx
      .updateTable('volume_backups')
      .set({ status: 'deleting', updated_at: now })
      .where('id', '=', id)
      .execute()
    await addJob(tx, call, { kind: 'delete-backup', subject: id })
  })
  call.deps.work.wake()
}

interface ActionBody {
  readonly 'os-reset_status'?: { readonly status: 'available' | 'error' }
}

/** POST /backups/{id}/action: for administrators. */
export async function actOnBackup(call: VolumeCall): Promise<Reply> {
  const id = call.params.id! // in the route's path
  const reset = (call.body as ActionBody)['os-reset_status'] // as its schema says
  if (!reset) {
    await findBackupRow(call, 'volume_extension:backup_admin_actions:force_delete', id)
    await removeBackup(call, id, null)
    return empty(202)
  }
  await findBackupRow(call, 'volume_extension:backup_admin_actions:reset_status', id)
  const change = { status: reset.status, updated_at: call.deps.clock.now() }
  await call.deps.store.accept((tx: VolumeTransaction) =>
    tx.updateTable('volume_backups').set(change).where('id', '=', id).execute(),
  )
  return empty(202)
}
