// What the scheduler found, kept under the action it was asked for.
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { readJson } from '../../base/json.ts'
import type { Instant } from '../../base/time.ts'
import type { SchedulingRecord } from '../scheduling-record.ts'
import type { ComputeTables, SchedulingsTable } from '../tables.ts'

type Tx = Transaction<ComputeTables>
export type SchedulingRow = Readonly<Selectable<SchedulingsTable>>

/** One more attempt of each action. */
export async function addSchedulings(
  tx: Tx,
  records: ReadonlyMap<string, SchedulingRecord>,
  now: Instant,
): Promise<void> {
  if (records.size === 0) return
  await tx
    .insertInto('schedulings')
    .values(eb =>
      [...records].map(([actionId, record]) => ({
        action_id: actionId,
        attempt: eb
          .selectFrom('schedulings')
          .select(inner => inner(inner.fn.coalesce(inner.fn.max('attempt'), sql.lit(0)), '+', 1).as('next'))
          .where('action_id', '=', actionId),
        created_at: now,
        cause: record.cause,
        record_json: JSON.stringify(record),
      })),
    )
    .execute()
}

/** In the order they were made. */
export const schedulingsOf = (db: Kysely<ComputeTables>, actionId: string): Promise<SchedulingRow[]> =>
  db.selectFrom('schedulings').selectAll().where('action_id', '=', actionId).orderBy('attempt').execute()

export const recordOf = (row: SchedulingRow): SchedulingRecord => readJson(row.record_json)
