// The migration record of a move, as /os-migrations shows it.
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Clock, Instant } from '../../base/time.ts'
import type { Destination } from '../scheduler/selection.ts'
import type { ComputeTables, MigrationsTable } from '../tables.ts'
import type { AnyWork } from './work.ts'

type Asked = Pick<AnyWork, 'server' | 'context'> & { readonly deps: { readonly clock: Clock } }

interface NewMigration {
  readonly id: number
  readonly uuid: string
  readonly migration_type: MigrationsTable['migration_type']
  readonly status: string
  readonly source: string
  readonly newFlavorId?: string
}

/** Records a move of a server, by whoever asked for it. */
export async function addMigration(
  tx: Transaction<ComputeTables>,
  { server, context, deps }: Asked,
  { id, uuid, migration_type, status, source, newFlavorId = server.flavor_id }: NewMigration,
): Promise<void> {
  const now = deps.clock.now()
  await tx
    .insertInto('migrations')
    .values({
      id,
      uuid,
      server_id: server.id,
      migration_type,
      status,
      source_compute: source,
      source_node: server.node,
      dest_compute: null,
      dest_node: null,
      dest_host: null,
      old_flavor_id: server.flavor_id,
      new_flavor_id: newFlavorId,
      user_id: context.auth?.userId ?? server.user_id,
      project_id: context.auth?.project?.id ?? server.project_id,
      created_at: now,
      updated_at: now,
    })
    .execute()
}

export const setMigration = async (
  tx: Transaction<ComputeTables>,
  id: number,
  status: string,
  now: Instant,
): Promise<void> => {
  await tx.updateTable('migrations').set({ status, updated_at: now }).where('id', '=', id).execute()
}

/** Where the move goes. */
export const aimMigration = async (
  tx: Transaction<ComputeTables>,
  id: number,
  { host, node }: Pick<Destination, 'host' | 'node'>,
): Promise<void> => {
  await tx
    .updateTable('migrations')
    .set({ dest_compute: host, dest_node: node, dest_host: '127.0.0.1' })
    .where('id', '=', id)
    .execute()
}

/** The resize waiting to be confirmed or reverted; undefined when there is none. */
export const finishedMigration = (
  db: Kysely<ComputeTables> | Transaction<ComputeTables>,
  serverId: string,
): Promise<Selectable<MigrationsTable> | undefined> =>
  db
    .selectFrom('migrations')
    .selectAll()
    .where('server_id', '=', serverId)
    .where('status', 'in', ['finished', 'confirming', 'reverting'])
    .orderBy('id', 'desc')
    .executeTakeFirst()
