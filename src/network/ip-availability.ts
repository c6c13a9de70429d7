// How many addresses of each network are taken (neutron/extensions/network_ip_availability.py). Who may not see it
// finds none.
import { rawJson } from '../base/json.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import type { NetworkDeps } from './deps.ts'
import { onlyFields } from './listing.ts'
import { sizeOf } from './pools.ts'
import type { View } from './resource.ts'
import type { NetworkTables } from './tables.ts'
import { pickViews } from './view-filters.ts'

export async function listIpAvailabilities(call: Call<NetworkDeps>): Promise<Reply> {
  if (!call.allows('get_network_ip_availability')) return json(200, { network_ip_availabilities: [] })
  const version = call.query.one('ip_version')
  const views = await availabilities(call, version === undefined ? undefined : Number(version))
  const shown = pickViews(
    call.query,
    views.map(view => (version === undefined ? view : { ...view, ip_version: version })),
  )
  return json(200, { network_ip_availabilities: shown.map(({ ip_version: _, ...view }) => view) })
}

export async function showIpAvailability(call: Call<NetworkDeps>): Promise<Reply> {
  const found = (await availabilities(call)).find(view => view.network_id === call.params.id)
  if (!found || !call.allows('get_network_ip_availability'))
    throw fault('NetworkNotFound', { id: call.params.id })
  return json(200, { network_ip_availability: onlyFields(found, call.query.many('fields')) })
}

async function availabilities(call: Call<NetworkDeps>, version?: number): Promise<readonly View[]> {
  const db = tables<NetworkTables>(call.deps.store)
  const networks = await db
    .selectFrom('networks')
    .select(['id', 'name', 'project_id'])
    .orderBy('created_at')
    .execute()
  const subnets = await db.selectFrom('subnets').selectAll().orderBy('created_at').execute()
  const counts = await db
    .selectFrom('ip_allocations')
    .select(eb => ['subnet_id', eb.fn.countAll<number>().as('used')])
    .groupBy('subnet_id')
    .execute()
  const used = new Map(counts.map(row => [row.subnet_id, Number(row.used)]))
  const byNetwork = Map.groupBy(subnets, subnet => subnet.network_id)
  return networks.map(network => {
    const own = (byNetwork.get(network.id) ?? []).filter(
      subnet => version === undefined || subnet.ip_version === version,
    )
    return {
      network_id: network.id,
      network_name: network.name,
      tenant_id: network.project_id,
      project_id: network.project_id,
      total_ips: exact(own.reduce((sum, subnet) => sum + sizeOf(subnet), 0n)),
      used_ips: own.reduce((sum, subnet) => sum + (used.get(subnet.id) ?? 0), 0),
      subnet_ip_availability: own.map(subnet => ({
        subnet_id: subnet.id,
        subnet_name: subnet.name,
        ip_version: subnet.ip_version,
        cidr: subnet.cidr,
        total_ips: exact(sizeOf(subnet)),
        used_ips: used.get(subnet.id) ?? 0,
      })),
    }
  })
}

/** A number JSON prints to its last digit: an IPv6 subnet holds more than 2^53. */
const exact = (value: bigint): unknown =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : rawJson(String(value))
