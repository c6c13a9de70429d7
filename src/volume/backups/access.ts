// Whose backups a caller sees, and a backup with what is shown of it.
import { fault } from '../../model/errors.ts'
import type { PolicyRule } from '../../model/policies.ts'
import { dbOf, sees, type VolumeCall } from '../access.ts'
import { isEnabled } from '../services/state.ts'
import { type Db, type Named, named, readProperties } from '../store.ts'
import type { VolumeBackupRow } from './tables.ts'

/** A backup with what is shown of it. */
export interface Backup extends VolumeBackupRow {
  readonly metadata: Named
  /** Others are the difference to it. */
  readonly hasDependents: boolean
}

export const readBackup = (db: Db, id: string): Promise<VolumeBackupRow | undefined> =>
  db.selectFrom('volume_backups').selectAll().where('id', '=', id).executeTakeFirst()

/** Locks a backup for the rest of the transaction and reads it; a 404 when it is not there. */
export async function lockBackup(tx: Db, id: string): Promise<VolumeBackupRow> {
  const row = await tx
    .updateTable('volume_backups')
    .set(eb => ({ status: eb.ref('status') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw fault('VolumeBackupNotFound', { backup: id })
  return row
}

export async function findBackupRow(
  call: VolumeCall,
  rule: PolicyRule,
  id: string,
): Promise<VolumeBackupRow> {
  const row = await readBackup(dbOf(call), id)
  if (!row || !sees(call, row.project_id)) throw fault('VolumeBackupNotFound', { backup: id })
  call.enforce(rule, { projectId: row.project_id })
  return row
}

/** Adds metadata and dependants to rows, whatever their number, with two queries. */
export async function withDependents(db: Db, rows: readonly VolumeBackupRow[]): Promise<Backup[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const [properties, children] = await Promise.all([
    readProperties(db, ids),
    db.selectFrom('volume_backups').select('parent_id').distinct().where('parent_id', 'in', ids).execute(),
  ])
  const parents = new Set(children.map(({ parent_id }) => parent_id))
  return rows.map(row => ({
    ...row,
    metadata: named(properties.get(`${row.id} metadata`) ?? []),
    hasDependents: parents.has(row.id),
  }))
}

/** The ids of the files that hold a backup: of the full one first, then of each difference. */
export async function chainOf(db: Db, id: string): Promise<string[]> {
  const rows = await db
    .withRecursive('chain(id, parent_id, data_id, depth)', chain =>
      chain
        .selectFrom('volume_backups')
        .select(eb => ['id', 'parent_id', 'data_id', eb.lit(0).as('depth')])
        .where('id', '=', id)
        .unionAll(
          chain
            .selectFrom('volume_backups as parent')
            .innerJoin('chain', 'chain.parent_id', 'parent.id')
            .select(eb => [
              'parent.id',
              'parent.parent_id',
              'parent.data_id',
              eb('chain.depth', '+', 1).as('depth'),
            ]),
        ),
    )
    .selectFrom('chain')
    .select('data_id')
    .orderBy('depth', 'desc')
    .execute()
  return rows.map(({ data_id }) => data_id)
}

/** Nothing is backed up or restored while the service for it is switched off. */
export async function requireBackupService(call: VolumeCall): Promise<void> {
  if (!(await isEnabled(dbOf(call), call.deps.host, 'cinder-backup')))
    throw fault('VolumeBackupServiceDown', { service: 'cinder-backup' })
}
