// How a port looks, and the parts of it that are kept in other tables.
import type { Kysely } from 'kysely'
import { isoSeconds } from '../base/time.ts'
import type { Call } from '../platform/http/call.ts'
import { vifDetails } from './binding.ts'
import type { NetworkDeps } from './deps.ts'
import type { View } from './resource.ts'
import type { FixedIp } from './schemas/ports.ts'
import type { NetworkTables, PortsTable } from './tables.ts'
import { tagsOf } from './tags.ts'

/** A port with everything that belongs to it. */
export interface PortFacts {
  readonly row: PortsTable
  readonly fixedIps: readonly FixedIp[]
  readonly securityGroups: readonly string[]
  readonly tags: readonly string[]
}

/** Addresses of each of these ports, in their order. */
export async function addressesOf(
  db: Kysely<NetworkTables>,
  ids: readonly string[],
): Promise<(id: string) => readonly FixedIp[]> {
  if (ids.length === 0) return () => []
  const rows = await db
    .selectFrom('ip_allocations')
    .select(['port_id', 'subnet_id', 'ip_address'])
    .where('port_id', 'in', ids)
    .orderBy('port_id')
    .orderBy('ordinal')
    .execute()
  const byPort = Map.groupBy(rows, row => row.port_id)
  return id => byPort.get(id)?.map(({ subnet_id, ip_address }) => ({ subnet_id, ip_address })) ?? []
}

async function groupsOf(
  db: Kysely<NetworkTables>,
  ids: readonly string[],
): Promise<(id: string) => readonly string[]> {
  const rows = await db
    .selectFrom('port_security_groups')
    .selectAll()
    .where('port_id', 'in', ids)
    .orderBy('security_group_id')
    .execute()
  const byPort = Map.groupBy(rows, row => row.port_id)
  return id => byPort.get(id)?.map(row => row.security_group_id) ?? []
}

export async function portFacts(
  db: Kysely<NetworkTables>,
  rows: readonly PortsTable[],
): Promise<readonly PortFacts[]> {
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const addresses = await addressesOf(db, ids)
  const groups = await groupsOf(db, ids)
  const tags = await tagsOf(db, ids)
  return rows.map(row => ({
    row,
    fixedIps: addresses(row.id),
    securityGroups: groups(row.id),
    tags: tags(row.id),
  }))
}

export async function portViews(
  db: Kysely<NetworkTables>,
  rows: readonly PortsTable[],
  call: Pick<Call<NetworkDeps>, 'allows'>,
): Promise<readonly View[]> {
  return (await portFacts(db, rows)).map(facts => portView(facts, call))
}

export function portView(
  { row, fixedIps, securityGroups, tags }: PortFacts,
  call: Pick<Call<NetworkDeps>, 'allows'>,
): View {
  return {
    id: row.id,
    name: row.name,
    network_id: row.network_id,
    tenant_id: row.project_id,
    project_id: row.project_id,
    mac_address: row.mac_address,
    admin_state_up: row.admin_state_up === 1,
    status: row.status,
    device_id: row.device_id,
    device_owner: row.device_owner,
    fixed_ips: fixedIps,
    allowed_address_pairs: JSON.parse(row.allowed_address_pairs_json),
    extra_dhcp_opts: JSON.parse(row.extra_dhcp_opts_json),
    security_groups: securityGroups,
    description: row.description,
    'binding:vnic_type': row.vnic_type,
    ...(call.allows('get_port:binding')
      ? {
          'binding:host_id': row.host_id,
          'binding:vif_type': row.vif_type,
          'binding:vif_details': vifDetails(row.vif_type),
          'binding:profile': JSON.parse(row.profile_json),
        }
      : {}),
    port_security_enabled: row.port_security_enabled === 1,
    tags,
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
    revision_number: row.revision_number,
  }
}
