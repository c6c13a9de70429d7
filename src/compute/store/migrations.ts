// Migrations: moves and resizes of servers, as `/os-migrations` and `/servers/{id}/migrations` read them.
import type { Kysely, Selectable } from 'kysely'
import type { Instant } from '../../base/time.ts'
import type { ComputeTables, MigrationsTable } from '../tables.ts'

type Db = Kysely<ComputeTables>
export type MigrationRow = Selectable<MigrationsTable>

export interface MigrationFilters {
  readonly serverId?: string
  readonly status?: string
  readonly type?: string
  /** Either end of the migration. */
  readonly host?: string
  readonly sourceCompute?: string
  readonly projectId?: string
  readonly userId?: string
  readonly changesSince?: Instant
  readonly changesBefore?: Instant
}

/** Newest first, or oldest first for versions without pages. */
export function listMigrations(
  db: Db,
  filters: MigrationFilters,
  page: { readonly newestFirst: boolean; readonly after?: MigrationRow; readonly limit?: number },
): Promise<MigrationRow[]> {
  let query = db.selectFrom('migrations').selectAll()
  const { serverId, status, type, host, sourceCompute, projectId, userId } = filters
  if (serverId !== undefined) query = query.where('server_id', '=', serverId)
  if (status !== undefined) query = query.where('status', '=', status)
  if (type !== undefined) query = query.where('migration_type', '=', type as MigrationRow['migration_type']) // compared only
  if (host !== undefined)
    query = query.where(eb => eb.or([eb('source_compute', '=', host), eb('dest_compute', '=', host)]))
  if (sourceCompute !== undefined) query = query.where('source_compute', '=', sourceCompute)
  if (projectId !== undefined) query = query.where('project_id', '=', projectId)
  if (userId !== undefined) query = query.where('user_id', '=', userId)
  if (filters.changesSince !== undefined) query = query.where('updated_at', '>=', filters.changesSince)
  if (filters.changesBefore !== undefined) query = query.where('updated_at', '<=', filters.changesBefore)
  if (page.after) query = query.where('id', '<', page.after.id)
  if (page.limit !== undefined) query = query.limit(page.limit)
  return query.orderBy('id', page.newestFirst ? 'desc' : 'asc').execute()
}

export const findMigration = (
  db: Db,
  key: { readonly uuid: string } | { readonly id: number; readonly serverId: string },
): Promise<MigrationRow | undefined> => {
  const query = db.selectFrom('migrations').selectAll()
  return (
    'uuid' in key
      ? query.where('uuid', '=', key.uuid)
      : query.where('id', '=', key.id).where('server_id', '=', key.serverId)
  ).executeTakeFirst()
}

/** Nova's numbers of flavors (ours: their order of creation), by flavor id. */
export async function flavorNumbers(
  db: Db,
  migrations: readonly MigrationRow[],
): Promise<ReadonlyMap<string, number>> {
  const ids = [...new Set(migrations.flatMap(row => [row.old_flavor_id, row.new_flavor_id]))]
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('flavors').select(['id', 'seq']).where('id', 'in', ids).execute()
  return new Map(rows.map(row => [row.id, row.seq]))
}
