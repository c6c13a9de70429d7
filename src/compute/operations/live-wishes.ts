// What can be asked of a live migration while it is under way: that it stops, or that it comes to an end. The host is
// told at once; the row remembers it, so that a process that takes the migration up again still knows.
import { assert } from '../../base/assert.ts'
import type { EventName } from '../../model/events.ts'
import { type Store, tables } from '../../platform/store/store.ts'
import { explained } from '../errors.ts'
import type { ComputeTables } from '../tables.ts'
import { revertTask } from './failing.ts'
import { operation, step } from './operation.ts'
import { type ServerNotification, tell } from './tell.ts'

export type Wish = 'abort' | 'complete'

export interface WishArgs {
  readonly migrationId: number
}

export async function wishOf(store: Store, migrationId: number): Promise<Wish | null> {
  const row = await tables<ComputeTables>(store)
    .selectFrom('migrations')
    .select('wish')
    .where('id', '=', migrationId)
    .executeTakeFirst()
  return row?.wish ?? null
}

interface WishRow {
  readonly kind: string
  readonly event: EventName
  readonly notification: Extract<ServerNotification, `live_migration_${string}`>
  readonly call: 'abortSend' | 'completeSend'
  readonly wish: Wish
  /** As a refusal names it. */
  readonly method: string
  readonly statuses: readonly string[]
}

const wishOperation = (row: WishRow) =>
  operation<WishArgs, object>({
    kind: row.kind,
    beside: true,
    withoutTask: true,
    steps: [
      step(row.wish, {
        event: row.event,
        at: 'host',
        async run(work) {
          const { host } = work.server
          assert(host, 'an admitted server has a host')
          tell(work, row.notification, 'start', host)
          // It may not be sending yet: then the migration itself finds the wish.
          await work.onHost(host, row.call, null)
          const asked = await work.transaction(tx =>
            tx
              .updateTable('migrations')
              .set({ wish: row.wish })
              .where('id', '=', work.args.migrationId)
              .where('status', 'in', [...row.statuses])
              .executeTakeFirst(),
          )
          if (asked.numUpdatedRows === 0n) await requireEnd(row, work.deps.store, work.args, work.server.id)
          work.deps.liveTurns.nudge(host)
          await work.complete({})
          tell(work, row.notification, 'end', host)
        },
      }),
    ],
    failed: revertTask,
  })

/** It is over already: well if as it was asked, else it came too late. */
async function requireEnd(row: WishRow, store: Store, { migrationId }: WishArgs, server: string) {
  const { status } = await tables<ComputeTables>(store)
    .selectFrom('migrations')
    .select('status')
    .where('id', '=', migrationId)
    .executeTakeFirstOrThrow()
  if (status === (row.wish === 'abort' ? 'cancelled' : 'completed')) return
  const text = `it is ${status}`
  throw explained(
    'MigrationInWrongState',
    { migration: migrationId, server, state: status, method: row.method },
    { admin: text, owner: text },
  )
}

export const abortLiveMigration = wishOperation({
  kind: 'live_migration_cancel',
  event: 'compute_live_migration_abort',
  notification: 'live_migration_abort',
  call: 'abortSend',
  wish: 'abort',
  method: 'abort live migration',
  statuses: ['queued', 'preparing', 'running'],
})

export const forceCompleteLiveMigration = wishOperation({
  kind: 'live_migration_force_complete',
  event: 'compute_live_migration_force_complete',
  notification: 'live_migration_force_complete',
  call: 'completeSend',
  wish: 'complete',
  method: 'force complete',
  statuses: ['running'],
})
