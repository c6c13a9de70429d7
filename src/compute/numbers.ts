// Number sequences (server order, migration ids, aggregate ids …), taken inside the transaction that uses them.
import type { Transaction } from 'kysely'
import type { ComputeTables } from './tables.ts'

export type Sequence =
  | 'server'
  | 'fault'
  | 'action'
  | 'event'
  | 'operation'
  | 'migration'
  | 'flavor'
  | 'keypair'
  | 'aggregate'
  | 'service'
  | 'node'
  | 'server_group'
  | 'image_caching'

/** Takes `count` numbers of a sequence and answers the first; they start at 1. */
export async function takeNumbers(
  tx: Transaction<ComputeTables>,
  name: Sequence,
  count = 1,
): Promise<number> {
  const { value } = await tx
    .insertInto('counters')
    .values({ name, value: count })
    .onConflict(conflict =>
      conflict.column('name').doUpdateSet(set => ({ value: set('counters.value', '+', count) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow()
  return value - count + 1
}
