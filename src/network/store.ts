// The network service and its database: reads compiled once, changes, and what the engines' refusals mean.
import type { Transaction } from 'kysely'
import type { Instant } from '../base/time.ts'
import type { Log } from '../platform/journal/log.ts'
import type { Store } from '../platform/store/store.ts'
import type { PortEvent } from './events.ts'
import type { NetworkDeps } from './service.ts'
import type { Flag, NetworksTable, NetworkTables, SubnetsTable } from './tables.ts'

type Found<R> = R[] | Promise<R[]>

/**
 * What creating a port reads before its transaction. Stale answers do no harm: foreign keys and unique indexes decide.
 * Never inside a transaction: on PostgreSQL these want a connection of their own, and all may be waiting for one.
 */
export interface NetworkReads {
  network(id: string): Found<NetworksTable>
  subnetsOf(networkId: string): Found<SubnetsTable>
  defaultGroup(projectId: string): Found<{ id: string }>
}

export const networkReads = (store: Store): NetworkReads => ({
  network: store.prepared<NetworkTables, NetworksTable>(1, (db, [id]) =>
    db.selectFrom('networks').selectAll().where('id', '=', id!),
  ),
  subnetsOf: store.prepared<NetworkTables, SubnetsTable>(1, (db, [id]) =>
    db.selectFrom('subnets').selectAll().where('network_id', '=', id!).orderBy('created_at').orderBy('id'),
  ),
  defaultGroup: store.prepared<NetworkTables, { id: string }>(1, (db, [id]) =>
    db.selectFrom('security_groups').select('id').where('project_id', '=', id!).where('name', '=', 'default'),
  ),
})

/** One change on its way into the database, and what is to be told once it is there. */
export interface Change {
  readonly tx: Transaction<NetworkTables>
  readonly now: Instant
  readonly hosts: readonly string[]
  readonly log: Log
  readonly events: PortEvent[]
}

export type ChangeDeps = Pick<NetworkDeps, 'store' | 'clock' | 'hosts' | 'onPortEvent'>

const attemptsMax = 4

/**
 * Runs `work` as one durable transaction; its port events go out after the commit. Work that PostgreSQL gave up to
 * end a deadlock is run again, so it must have no effects but those on `change`.
 */
export async function change<R>(
  deps: ChangeDeps,
  log: Log,
  work: (change: Change) => Promise<R>,
): Promise<R> {
  for (let attempt = 1; ; attempt += 1) {
    const events: PortEvent[] = []
    try {
      const result = await deps.store.accept<NetworkTables, R>(tx =>
        work({ tx, now: deps.clock.now(), hosts: deps.hosts(), log, events }),
      )
      for (const event of events) deps.onPortEvent(event)
      return result
    } catch (error) {
      if (!isDeadlock(error) || attempt >= attemptsMax) throw error
    }
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code // any thrown thing may carry one

const isDeadlock = (error: unknown) => codeOf(error) === '40P01' || codeOf(error) === '40001'

/** A row was removed that others point to, or one added that points to nothing. */
export const isForeignKeyViolation = (error: unknown): boolean =>
  codeOf(error) === '23503' ||
  (error instanceof Error && error.message.includes('FOREIGN KEY constraint failed'))

export const isUniqueViolation = (error: unknown): boolean =>
  codeOf(error) === '23505' || (error instanceof Error && error.message.includes('UNIQUE constraint failed'))

/** The columns every resource begins with. */
export const standardColumns = (change: Pick<Change, 'now'>, projectId: string, description: string) => ({
  project_id: projectId,
  description,
  created_at: change.now,
  updated_at: change.now,
  revision_number: 1,
})

export const flag = (value: boolean): Flag => (value ? 1 : 0)

/** For updates: kysely leaves columns alone whose value is undefined. */
export const optionalFlag = (value: boolean | undefined): Flag | undefined =>
  value === undefined ? undefined : flag(value)
