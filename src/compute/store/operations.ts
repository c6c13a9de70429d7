// The promises: one row for each accepted request on a server, until it has ended.
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Instant } from '../../base/time.ts'
import type { LogContext } from '../../platform/journal/log.ts'
import { takeNumbers } from '../numbers.ts'
import type { ComputeTables, OperationsTable } from '../tables.ts'

export type OperationRow = Readonly<Selectable<OperationsTable>>
type Tx = Transaction<ComputeTables>

export interface NewOperation {
  readonly id: string
  readonly kind: string
  readonly serverId: string
  readonly actionId: string | null
  readonly context: LogContext
  readonly args: unknown
  readonly data?: unknown
}

export async function addOperation(tx: Tx, operation: NewOperation, now: Instant): Promise<void> {
  await tx
    .insertInto('operations')
    .values({
      id: operation.id,
      seq: await takeNumbers(tx, 'operation'),
      kind: operation.kind,
      server_id: operation.serverId,
      action_id: operation.actionId,
      context_json: JSON.stringify(operation.context),
      args_json: JSON.stringify(operation.args),
      data_json: JSON.stringify(operation.data ?? {}),
      state: 'accepted',
      step: 0,
      attempts: 0,
      created_at: now,
      updated_at: now,
    })
    .execute()
}

export const readOperation = (db: Kysely<ComputeTables>, id: string): Promise<OperationRow | undefined> =>
  db.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirst()

export const patchOperation = async (
  db: Kysely<ComputeTables> | Tx,
  id: string,
  patch: Partial<Pick<OperationRow, 'state' | 'step' | 'attempts' | 'data_json' | 'args_json'>>,
  now: Instant,
): Promise<void> => {
  await db
    .updateTable('operations')
    .set({ ...patch, updated_at: now })
    .where('id', '=', id)
    .execute()
}

/** Everything accepted and not ended, oldest first: what a starting process has to see to. */
export const unfinishedOperations = (db: Kysely<ComputeTables>): Promise<OperationRow[]> =>
  db
    .selectFrom('operations')
    .selectAll()
    .where('state', 'in', ['accepted', 'running', 'undoing'])
    .orderBy('seq')
    .execute()
