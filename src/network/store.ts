// The network service and its database: reads compiled once, changes, and what the engines' refusals mean.
import type { Transaction } from 'kysely'
import type { Instant } from '../base/time.ts'
import { fault, isFault } from '../model/errors.ts'
import type { Log } from '../platform/journal/log.ts'
import type { Store } from '../platform/store/store.ts'
import type { NetworkDeps } from './deps.ts'
import type { PortEvent } from './events.ts'
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
    let result: R
    try {
      result = await deps.store.accept<NetworkTables, R>(tx =>
        work({ tx, now: deps.clock.now(), hosts: deps.hosts(), log, events }),
      )
    } catch (error) {
      if (isDeadlock(error) && attempt < attemptsMax) continue
      // Checked and found free, and taken by another request before this one wrote.
      if (isForeignKeyViolation(error) || isUniqueViolation(error))
        throw fault('NetworkConflict', {}, { cause: error })
      throw error
    }
    for (const event of events) tell(deps, log, event)
    return result
  }
}

// The change is made; that somebody could not be told does not unmake it.
function tell(deps: ChangeDeps, log: Log, event: PortEvent): void {
  try {
    deps.onPortEvent(event)
  } catch (error) {
    log.error(`${event.name} of port ${event.tag} could not be reported`, { error, server: event.serverId })
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code // any thrown thing may carry one

const isDeadlock = (error: unknown) => codeOf(error) === '40P01' || codeOf(error) === '40001'

const isViolation = (error: unknown, code: string, words: string): boolean =>
  codeOf(error) === code || (error instanceof Error && error.message.includes(words))

/** A row was removed that others point to, or one added that points to nothing; as `change` reports it or before. */
export const isForeignKeyViolation = (error: unknown): boolean =>
  isFault(error, 'NetworkConflict')
    ? isForeignKeyViolation(error.cause)
    : isViolation(error, '23503', 'FOREIGN KEY constraint failed')

/** Two rows would be the same where they may not. */
export const isUniqueViolation = (error: unknown): boolean =>
  isFault(error, 'NetworkConflict')
    ? isUniqueViolation(error.cause)
    : isViolation(error, '23505', 'UNIQUE constraint failed')

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
