// Server groups and who is in them.
import type { Kysely, Selectable, Transaction } from 'kysely'
import { takeNumbers } from '../numbers.ts'
import type { ComputeTables, ServerGroupsTable } from '../tables.ts'

type Db = Kysely<ComputeTables>
type Tx = Transaction<ComputeTables>
export type ServerGroupRow = Selectable<ServerGroupsTable>

/** Groups of a project, or of all projects (null), oldest first. */
export function listServerGroups(
  db: Db,
  projectId: string | null,
  page: { readonly limit: number; readonly offset: number },
): Promise<ServerGroupRow[]> {
  let query = db.selectFrom('server_groups').selectAll().where('deleted', '=', 0)
  if (projectId !== null) query = query.where('project_id', '=', projectId)
  // The API pages by offset; groups are few (10 a project by default).
  return query.orderBy('seq').limit(page.limit).offset(page.offset).execute()
}

export const findServerGroup = (db: Db, id: string): Promise<ServerGroupRow | undefined> =>
  db.selectFrom('server_groups').selectAll().where('id', '=', id).where('deleted', '=', 0).executeTakeFirst()

/** Ids of the servers in each group that are not deleted, in the order they were made. */
export async function groupMembers(
  db: Db,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (groupIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('servers')
    .select(['id', 'group_id'])
    .where('group_id', 'in', groupIds)
    .where('deleted', '=', 0)
    .orderBy('seq')
    .execute()
  const members = new Map<string, string[]>()
  for (const { id, group_id } of rows) {
    const list = members.get(group_id!) // selected by group
    if (list) list.push(id)
    else members.set(group_id!, [id])
  }
  return members
}

export async function insertServerGroup(
  tx: Tx,
  group: Omit<ServerGroupRow, 'seq' | 'deleted'>,
): Promise<ServerGroupRow> {
  const row: ServerGroupRow = { ...group, seq: await takeNumbers(tx, 'server_group'), deleted: 0 }
  await tx.insertInto('server_groups').values(row).execute()
  return row
}

/** Removes a group; servers stay and are in no group. False when it is gone already. */
export async function deleteServerGroup(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('server_groups')
    .set({ deleted: 1 })
    .where('id', '=', id)
    .where('deleted', '=', 0)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) return false
  await tx
    .updateTable('servers')
    .set(eb => ({ group_id: null, revision: eb('revision', '+', 1) }))
    .where('group_id', '=', id)
    .execute()
  return true
}
