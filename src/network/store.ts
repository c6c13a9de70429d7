// The network service and its database: reads compiled once, changes, and what the engines' refusals mean.
import type { Transaction } from 'kysely'
import type { Instant } from '../base/time.ts'
import { fault, isFault } from '../model/errors.ts'
import type { Log } from '../platform/journal/log.ts'
import type { Store } from '../platform/store/store.ts'
import { type Violation, violation } from '../platform/store/violations.ts'
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
  readonly events: PortEvent[]
  /** What did not work out in it, for the log. */
  readonly complaints: string[]
}

interface Changed<R> extends Pick<Change, 'events' | 'complaints'> {
  readonly result: R
}

export type ChangeDeps = Pick<NetworkDeps, 'store' | 'clock' | 'hosts' | 'onPortEvent'>

/**
 * Runs `work` as one durable transaction; its port events and complaints go out after the commit. Work that PostgreSQL
 * gave up to end a deadlock is run again by the store, so it must have no effects but those on `change`.
 */
export async function change<R>(
  deps: ChangeDeps,
  log: Log,
  work: (change: Change) => Promise<R>,
): Promise<R> {
  const { result, events, complaints } = await deps.store
    .accept<NetworkTables, Changed<R>>(async tx => {
      const told: Pick<Change, 'events' | 'complaints'> = { events: [], complaints: [] }
      const result = await work({ tx, now: deps.clock.now(), hosts: deps.hosts(), ...told })
      return { result, ...told }
    })
    .catch((error: unknown) => {
      // Checked and found free, and taken by another request before this one wrote.
      throw isForeignKeyViolation(error) || isUniqueViolation(error)
        ? fault('NetworkConflict', {}, { cause: error })
        : error
    })
  for (const text of complaints) log.named('neutron.plugins.ml2.managers').error(text)
  for (const event of events) tell(deps, log, event)
  return result
}

// The change is made; that somebody could not be told does not unmake it.
function tell(deps: ChangeDeps, log: Log, event: PortEvent): void {
  try {
    deps.onPortEvent(event)
  } catch (error) {
    log.error(`${event.name} of port ${event.tag} could not be reported`, { error, server: event.serverId })
  }
}

/** A row was removed that others point to, or one added that points to nothing; as `change` reports it or before. */
export const isForeignKeyViolation = (error: unknown): boolean => broken(error) === 'foreign'

/** Two rows would be the same where they may not; likewise. */
export const isUniqueViolation = (error: unknown): boolean => broken(error) === 'unique'

const broken = (error: unknown): Violation | null =>
  violation(isFault(error, 'NetworkConflict') ? error.cause : error)

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
