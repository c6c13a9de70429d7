// Whose groups and group snapshots a caller sees. Groups of the legacy type belong to the API of consistency groups,
// all others to that of groups (cinder/api/v3/groups.py, _check_default_cgsnapshot_type).
import { fault } from '../../model/errors.ts'
import type { PolicyRule } from '../../model/policies.ts'
import { dbOf, sees, type VolumeCall } from '../access.ts'
import { type Db, legacyTypeName } from '../store.ts'
import type { VolumeGroupRow, VolumeGroupSnapshotRow, VolumeGroupTypeRow } from './tables.ts'

export const legacyType = (db: Db): Promise<VolumeGroupTypeRow | undefined> =>
  db.selectFrom('volume_group_types').selectAll().where('name', '=', legacyTypeName).executeTakeFirst()

/** Which of the two APIs a request came through. */
export type Api = 'consistency' | 'groups'

export async function refuseLegacyType(db: Db, groupTypeId: string, what = 'group'): Promise<void> {
  if ((await legacyType(db))?.id !== groupTypeId) return
  throw fault('VolumeBadRequest', {
    reason:
      what === 'group'
        ? `Group_type ${groupTypeId} is reserved for migrating CGs to groups. Migrated group can only be operated by CG APIs.`
        : `Group_type ${groupTypeId} is reserved for migrating CGs to groups. Migrated group snapshots can only be operated by CG snapshot APIs.`,
  })
}

/** The group with this id, for a caller who is about to do `rule` to it. */
export async function findGroup(
  call: VolumeCall,
  rule: PolicyRule,
  id: string,
  api: Api = 'groups',
): Promise<VolumeGroupRow> {
  const row = await readGroup(dbOf(call), id)
  if (!row || !sees(call, row.project_id)) throw fault('VolumeGroupNotFound', { group: id })
  if (api === 'groups') await refuseLegacyType(dbOf(call), row.group_type_id)
  call.enforce(rule, { projectId: row.project_id })
  return row
}

export const readGroup = (db: Db, id: string): Promise<VolumeGroupRow | undefined> =>
  db.selectFrom('volume_groups').selectAll().where('id', '=', id).executeTakeFirst()

/** Locks a group for the rest of the transaction and reads it; a 404 when it is gone. */
export async function lockGroup(tx: Db, id: string): Promise<VolumeGroupRow> {
  const row = await tx
    .updateTable('volume_groups')
    .set(eb => ({ status: eb.ref('status') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw fault('VolumeGroupNotFound', { group: id })
  return row
}

export async function findGroupSnapshot(
  call: VolumeCall,
  rule: PolicyRule,
  id: string,
  api: Api = 'groups',
): Promise<VolumeGroupSnapshotRow> {
  const row = await dbOf(call)
    .selectFrom('volume_group_snapshots')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row || !sees(call, row.project_id)) throw fault('VolumeGroupSnapshotNotFound', { snapshot: id })
  if (api === 'groups') await refuseLegacyType(dbOf(call), row.group_type_id, 'snapshot')
  call.enforce(rule, { projectId: row.project_id })
  return row
}

/** The volume types a group takes. */
export const volumeTypesOf = async (db: Db, groupIds: readonly string[]) => {
  const rows =
    groupIds.length === 0
      ? []
      : await db
          .selectFrom('volume_group_volume_types')
          .selectAll()
          .where('group_id', 'in', groupIds)
          .orderBy('type_id')
          .execute()
  return Map.groupBy(rows, ({ group_id }) => group_id)
}
