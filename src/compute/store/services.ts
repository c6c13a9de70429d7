// Services and compute nodes: the rows agents write, as the API reads and changes them.
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Instant } from '../../base/time.ts'
import { limits } from '../../model/limits.ts'
import type { TaskState } from '../../model/server-states.ts'
import type { ComputeNodesTable, ComputeTables, ServicesTable } from '../tables.ts'

type Db = Kysely<ComputeTables>
type Tx = Transaction<ComputeTables>
export type ServiceRow = Selectable<ServicesTable>
export type NodeRow = Selectable<ComputeNodesTable>

export const computeBinary = 'nova-compute'

/** A service is up when it reported within [DEFAULT]service_down_time and nobody forced it down. */
export const isUp = (service: Pick<ServiceRow, 'forced_down' | 'last_seen_at'>, now: Instant): boolean =>
  service.forced_down === 0 && now - service.last_seen_at <= limits.serviceDownMs

/** All services in the order they were first seen, or those of one host or binary. */
export function listServices(
  db: Db,
  filters: { readonly host?: string; readonly binary?: string } = {},
): Promise<ServiceRow[]> {
  let query = db.selectFrom('compute_services').selectAll()
  if (filters.host) query = query.where('host', '=', filters.host)
  if (filters.binary) query = query.where('binary', '=', filters.binary)
  return query.orderBy('id').execute()
}

/** By number or by uuid. */
export const findService = (
  db: Db,
  key: { readonly id: number } | { readonly uuid: string },
): Promise<ServiceRow | undefined> => {
  const query = db.selectFrom('compute_services').selectAll()
  return (
    'id' in key ? query.where('id', '=', key.id) : query.where('uuid', '=', key.uuid)
  ).executeTakeFirst()
}

/** The compute service of a host. */
export const findComputeService = (db: Db, host: string): Promise<ServiceRow | undefined> =>
  db
    .selectFrom('compute_services')
    .selectAll()
    .where('host', '=', host)
    .where('binary', '=', computeBinary)
    .executeTakeFirst()

export type ServiceChange = Partial<Pick<ServiceRow, 'disabled' | 'disabled_reason' | 'forced_down'>>

/** Changes a service found by host and binary; undefined when there is none. */
export const updateService = (
  tx: Tx,
  { host, binary }: { readonly host: string; readonly binary: string },
  change: ServiceChange,
): Promise<ServiceRow | undefined> =>
  tx
    .updateTable('compute_services')
    .set(change)
    .where('host', '=', host)
    .where('binary', '=', binary)
    .returningAll()
    .executeTakeFirst()

/** Removes a service with its compute node and its places in aggregates. */
export async function deleteService(tx: Tx, service: ServiceRow): Promise<void> {
  if (service.binary === computeBinary) {
    await tx.deleteFrom('aggregate_hosts').where('host', '=', service.host).execute()
    await tx.deleteFrom('compute_nodes').where('host', '=', service.host).execute()
  }
  await tx.deleteFrom('compute_services').where('id', '=', service.id).execute()
}

/** True when servers live on the host. */
export const hostsServers = async (db: Db, host: string): Promise<boolean> =>
  (await db
    .selectFrom('servers')
    .select('id')
    .where('host', '=', host)
    .where('deleted', '=', 0)
    .limit(1)
    .executeTakeFirst()) !== undefined

const endedMigrations = ['confirmed', 'reverted', 'error', 'failed', 'completed', 'cancelled', 'done']

/** True when a migration from or to the host has not come to its end. */
export const hasMigrations = async (db: Db, host: string): Promise<boolean> =>
  (await db
    .selectFrom('migrations')
    .select('id')
    .where(eb => eb.or([eb('source_compute', '=', host), eb('dest_compute', '=', host)]))
    .where('status', 'not in', endedMigrations)
    .limit(1)
    .executeTakeFirst()) !== undefined

/** A compute node and the service that runs it. */
export interface Hypervisor {
  readonly node: NodeRow
  readonly service: ServiceRow
}

/** Compute nodes in the order they joined; `after` is the last one's number of the page before. */
export async function listHypervisors(
  db: Db,
  options: { readonly match?: string; readonly after?: number; readonly limit?: number } = {},
): Promise<readonly Hypervisor[]> {
  let query = db.selectFrom('compute_nodes').selectAll()
  if (options.match !== undefined) {
    const pattern = `%${options.match.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where(sql<boolean>`node like ${pattern} escape '\\'`)
  }
  if (options.after !== undefined) query = query.where('id', '>', options.after)
  query = query.orderBy('id')
  if (options.limit !== undefined) query = query.limit(options.limit)
  return withServices(db, await query.execute())
}

/** By number or by uuid. */
export async function findHypervisor(
  db: Db,
  key: { readonly id: number } | { readonly uuid: string },
): Promise<Hypervisor | undefined> {
  const query = db.selectFrom('compute_nodes').selectAll()
  const node = await ('id' in key
    ? query.where('id', '=', key.id)
    : query.where('uuid', '=', key.uuid)
  ).executeTakeFirst()
  return node && (await withServices(db, [node]))[0]
}

// A node whose service is gone is about to go itself: it is left out.
async function withServices(db: Db, nodes: readonly NodeRow[]): Promise<readonly Hypervisor[]> {
  if (nodes.length === 0) return []
  const services = await listServices(db, { binary: computeBinary })
  const byHost = new Map(services.map(service => [service.host, service]))
  return nodes.flatMap(node => {
    const service = byHost.get(node.host)
    return service ? [{ node, service }] : []
  })
}

/** Servers on each of the hosts, oldest first: id and name. */
export async function serversOnHosts(
  db: Db,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, readonly { readonly id: string; readonly name: string }[]>> {
  const found = new Map<string, { id: string; name: string }[]>()
  if (hosts.length === 0) return found
  const rows = await db
    .selectFrom('servers')
    .select(['id', 'name', 'host'])
    .where('host', 'in', hosts)
    .where('deleted', '=', 0)
    .orderBy('seq')
    .execute()
  for (const { id, name, host } of rows) {
    const list = found.get(host!) // selected by host
    if (list) list.push({ id, name })
    else found.set(host!, [{ id, name }])
  }
  return found
}

// nova/compute/stats.py, calculate_workload: what makes a server work for its host.
const busyTasks: readonly TaskState[] = [
  'scheduling',
  'block_device_mapping',
  'networking',
  'spawning',
  'resize_prep',
  'resize_migrating',
  'resize_finish',
  'rebuilding',
  'image_snapshot',
  'image_backup',
  'migrating',
  'shelving',
  'unshelving',
  'rescuing',
]

/** Servers being built, moved, snapshotted … on each host. */
export async function workloads(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('servers')
    .select(eb => ['host', eb.fn.countAll<number>().as('count')])
    .where('deleted', '=', 0)
    .where('host', 'is not', null)
    .where('task_state', 'in', busyTasks)
    .groupBy('host')
    .execute()
  return new Map(rows.map(row => [row.host!, Number(row.count)])) // not null by the query
}
