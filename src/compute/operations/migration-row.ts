// The migration record of a move, as /os-migrations shows it.
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Instant } from '../../base/time.ts'
import type { ComputeTables, MigrationsTable } from '../tables.ts'

export const setMigration = async (
  tx: Transaction<ComputeTables>,
  id: number,
  status: string,
  now: Instant,
): Promise<void> => {
  await tx.updateTable('migrations').set({ status, updated_at: now }).where('id', '=', id).execute()
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
