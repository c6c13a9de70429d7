// Subnets: create, change, delete, and how they look.
import { type Kysely, type SqlBool, sql } from 'kysely'
import { newUuid } from '../base/ids.ts'
import { isoSeconds } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { authorise, find } from './access.ts'
import { type Cidr, formatCidr, formatIp, overlaps, parseCidr, parseIp } from './addresses.ts'
import { bodyItem, bodyItems, readCreate, readUpdate } from './attributes.ts'
import { addAutoAddresses, dropAutoAddresses, subnetInUse } from './auto-addresses.ts'
import type { NetworkDeps } from './deps.ts'
import { networks } from './networks.ts'
import { checkGateway, checkPools, cidrOf, defaultPools, isAutoAddressed, poolsOf } from './pools.ts'
import {
  flagColumn,
  numberColumn,
  type Resource,
  standardAttributes,
  textColumn,
  type View,
} from './resource.ts'
import { type AllocationPool, type SubnetValues, subnetAttributes } from './schemas/subnets.ts'
import { type Change, change, flag, isForeignKeyViolation, optionalFlag, standardColumns } from './store.ts'
import type { NetworksTable, NetworkTables, SubnetsTable } from './tables.ts'
import { dropTags, tagsOf, touch } from './tags.ts'
import { release, reserve } from './usage.ts'

export const subnets: Resource<SubnetsTable> = {
  member: 'subnet',
  collection: 'subnets',
  table: 'subnets',
  notFound: 'SubnetNotFound',
  columns: {
    ...standardAttributes,
    name: textColumn('name'),
    network_id: textColumn('network_id'),
    ip_version: numberColumn('ip_version'),
    cidr: textColumn('cidr'),
    gateway_ip: textColumn('gateway_ip'),
    enable_dhcp: flagColumn('enable_dhcp'),
    ipv6_ra_mode: textColumn('ipv6_ra_mode'),
    ipv6_address_mode: textColumn('ipv6_address_mode'),
  },
  filters: {
    // A subnet is shared when its network is.
    shared: values =>
      sql<SqlBool>`network_id in (select id from networks where shared in (${sql.join(values.map(value => (/^(true|1)$/i.test(value) ? 1 : 0)))}))`,
    // None has one: subnet pools and segments are not there.
    subnetpool_id: () => sql<SqlBool>`1 = 0`,
    segment_id: () => sql<SqlBool>`1 = 0`,
  },
  visible: project =>
    sql<SqlBool>`(project_id = ${project} or network_id in (select id from networks where project_id = ${project} or shared = 1))`,
  views: subnetViews,
}

export async function createSubnets(call: Call<NetworkDeps>): Promise<Reply> {
  const { items, bulk } = bodyItems(call.body, subnets.member, subnets.collection)
  const wanted = items.map(item => readCreate(subnetAttributes, item, call.auth))
  const views = await change(call.deps, call.log, async changing => {
    const rows: SubnetsTable[] = []
    for (const { projectId, values } of wanted) {
      const network = await find(changing.tx, networks, values.network_id, call.auth)
      authorise(call, 'create_subnet', network.project_id)
      rows.push(await insertSubnet(changing, projectId, network, values))
    }
    return subnetViews(changing.tx, rows)
  })
  return json(201, bulk ? { subnets: views } : { subnet: views[0] })
}

/** Adds a subnet to a network; ports that are already there get their automatic addresses. */
export async function insertSubnet(
  change: Change,
  projectId: string,
  network: NetworksTable,
  values: SubnetValues,
): Promise<SubnetsTable> {
  const prefix = prefixOf(values)
  const gateway = gatewayOf(prefix, values)
  const pools = values.allocation_pools
    ? checkPools(prefix, values.allocation_pools)
    : defaultPools(prefix, gateway)
  if (gateway !== null) checkGateway(prefix, pools, gateway)
  checkFamilies(prefix, values)
  await reserve(change, projectId, 'subnet')
  // The network's row is written first: two subnets of one network are made one after the other.
  if (!(await touch(change, networks, network.id))) throw fault('NetworkNotFound', { id: network.id })
  await refuseOverlap(change, network.id, prefix)
  const row: SubnetsTable = {
    id: newUuid(),
    ...standardColumns(change, projectId, values.description),
    name: values.name,
    network_id: network.id,
    ip_version: prefix.version,
    cidr: formatCidr(prefix),
    gateway_ip: gateway,
    enable_dhcp: flag(values.enable_dhcp),
    ipv6_ra_mode: values.ipv6_ra_mode,
    ipv6_address_mode: values.ipv6_address_mode,
    allocation_pools_json: JSON.stringify(pools),
    dns_nameservers_json: JSON.stringify(values.dns_nameservers),
    host_routes_json: JSON.stringify(values.host_routes),
  }
  await change.tx.insertInto('subnets').values(row).execute()
  await change.tx.insertInto('subnet_cursors').values({ subnet_id: row.id, position: 0 }).execute()
  if (isAutoAddressed(row)) await addAutoAddresses(change, row)
  return row
}

export async function updateSubnet(call: Call<NetworkDeps>): Promise<Reply> {
  const db = tables<NetworkTables>(call.deps.store)
  const before = await find(db, subnets, call.params.id!, call.auth)
  const { values } = readUpdate(subnetAttributes, bodyItem(call.body, subnets.member))
  await authoriseOnNetwork(call, 'update_subnet', before)
  const prefix = cidrOf(before)
  const gateway = values.gateway_ip === undefined ? before.gateway_ip : values.gateway_ip
  const pools: readonly AllocationPool[] = values.allocation_pools
    ? checkPools(prefix, values.allocation_pools)
    : poolsOf(before)
  if (gateway !== null && (values.gateway_ip !== undefined || values.allocation_pools))
    checkGateway(prefix, pools, gateway)
  if (before.ipv6_ra_mode !== null && values.enable_dhcp === false)
    refuse('Cannot disable enable_dhcp with ipv6 attributes set')
  checkFamilies(prefix, values)
  const view = await change(call.deps, call.log, async ({ tx, now }) => {
    if (values.gateway_ip !== undefined && gateway !== before.gateway_ip) await refuseGatewayInUse(tx, before)
    const row = await tx
      .updateTable('subnets')
      .set(eb => ({
        name: values.name,
        description: values.description,
        gateway_ip: values.gateway_ip,
        enable_dhcp: optionalFlag(values.enable_dhcp),
        allocation_pools_json: values.allocation_pools ? JSON.stringify(pools) : undefined,
        dns_nameservers_json: values.dns_nameservers && JSON.stringify(values.dns_nameservers),
        host_routes_json: values.host_routes && JSON.stringify(values.host_routes),
        updated_at: now,
        revision_number: eb('revision_number', '+', 1),
      }))
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw fault('SubnetNotFound', { id: before.id })
    return (await subnetViews(tx, [row]))[0]
  })
  return json(200, { subnet: view })
}

export async function deleteSubnet(call: Call<NetworkDeps>): Promise<Reply> {
  const db = tables<NetworkTables>(call.deps.store)
  const row = await find(db, subnets, call.params.id!, call.auth)
  await authoriseOnNetwork(call, 'delete_subnet', row)
  try {
    await change(call.deps, call.log, async changing => {
      const { tx } = changing
      await release(changing, row.project_id, 'subnet')
      await touch(changing, networks, row.network_id)
      if (isAutoAddressed(row)) await dropAutoAddresses(changing, row)
      const taken = await tx
        .selectFrom('ip_allocations')
        .select('port_id')
        .where('subnet_id', '=', row.id)
        .executeTakeFirst()
      if (taken) throw fault('SubnetInUse', { id: row.id, reason: subnetInUse })
      const { numDeletedRows } = await tx.deleteFrom('subnets').where('id', '=', row.id).executeTakeFirst()
      if (numDeletedRows === 0n) throw fault('SubnetNotFound', { id: row.id })
      await dropTags(changing, [row.id])
    })
  } catch (error) {
    // An address was taken in between: the database said no.
    if (isForeignKeyViolation(error))
      throw fault('SubnetInUse', { id: row.id, reason: subnetInUse }, { cause: error })
    throw error
  }
  return empty(204)
}

async function authoriseOnNetwork(
  call: Call<NetworkDeps>,
  rule: 'update_subnet' | 'delete_subnet',
  subnet: SubnetsTable,
): Promise<void> {
  if (call.allows(rule, { projectId: subnet.project_id })) return
  const [network] = await call.deps.reads.network(subnet.network_id)
  authorise(call, rule, network?.project_id ?? subnet.project_id)
}

// neutron/db/db_base_plugin_v2.py, _validate_subnet and _validate_ipv6_attributes.
function prefixOf(values: SubnetValues): Cidr {
  if (values.subnetpool_id !== null || values.use_default_subnetpool || values.prefixlen !== undefined)
    throw fault('NotImplementedHere', { what: 'subnet pools' })
  if (values.cidr === undefined || values.cidr === null)
    throw fault('SubnetBadRequest', { reason: 'a subnetpool must be specified in the absence of a cidr' })
  const prefix = parseCidr(values.cidr)
  if (!prefix || prefix.version !== values.ip_version)
    refuse(`cidr '${values.cidr}' does not match the ip_version '${values.ip_version}'`)
  const { ipv6_ra_mode: ra, ipv6_address_mode: mode } = values
  if (prefix.version === 4) {
    if (ra !== null) refuse('ipv6_ra_mode is not valid when ip_version is 4')
    if (mode !== null) refuse('ipv6_address_mode is not valid when ip_version is 4')
    if (prefix.bits === 0) refuse('0 is not allowed as CIDR prefix length')
    return prefix
  }
  if ((ra !== null || mode !== null) && !values.enable_dhcp)
    refuse('ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False')
  if (ra !== null && mode !== null && ra !== mode)
    refuse(
      `ipv6_ra_mode set to '${ra}' with ipv6_address_mode set to '${mode}' is not valid. If both attributes are set, they must be the same value`,
    )
  if ([ra, mode].some(one => one === 'slaac' || one === 'dhcpv6-stateless') && prefix.bits !== 64)
    refuse(
      `Invalid CIDR ${formatCidr(prefix)} for IPv6 address mode. OpenStack uses the EUI-64 address format, which requires the prefix to be /64`,
    )
  return prefix
}

function gatewayOf(prefix: Cidr, values: SubnetValues): string | null {
  if (values.gateway_ip !== undefined) return values.gateway_ip
  const tiny = prefix.last - prefix.first < 2n
  return formatIp({ version: prefix.version, value: tiny ? prefix.first : prefix.first + 1n })
}

function checkFamilies(prefix: Cidr, values: Partial<SubnetValues>): void {
  for (const server of values.dns_nameservers ?? [])
    if (parseIp(server)?.version !== prefix.version)
      refuse(`dns_nameserver '${server}' does not match the ip_version '${prefix.version}'`)
  for (const route of values.host_routes ?? [])
    if (
      parseCidr(route.destination)?.version !== prefix.version ||
      parseIp(route.nexthop)?.version !== prefix.version
    )
      refuse(`host route '${route.destination}' does not match the ip_version '${prefix.version}'`)
}

async function refuseOverlap({ tx }: Change, networkId: string, prefix: Cidr): Promise<void> {
  const others = await tx.selectFrom('subnets').select('cidr').where('network_id', '=', networkId).execute()
  if (others.some(other => overlaps(cidrOf(other), prefix)))
    refuse(
      `Requested subnet with cidr: ${formatCidr(prefix)} for network: ${networkId} overlaps with another subnet`,
    )
}

async function refuseGatewayInUse(db: Kysely<NetworkTables>, subnet: SubnetsTable): Promise<void> {
  if (subnet.gateway_ip === null) return
  const holder = await db
    .selectFrom('ip_allocations')
    .innerJoin('ports', 'ports.id', 'ip_allocations.port_id')
    .select('ports.id')
    .where('ip_allocations.subnet_id', '=', subnet.id)
    .where('ip_allocations.ip_address', '=', subnet.gateway_ip)
    .where('ports.device_owner', '=', 'network:router_interface')
    .executeTakeFirst()
  if (holder) throw fault('SubnetGatewayInUse', { ip: subnet.gateway_ip, port: holder.id })
}

function refuse(reason: string): never {
  throw fault('NetworkInvalidInput', { reason })
}

async function subnetViews(
  db: Kysely<NetworkTables>,
  rows: readonly SubnetsTable[],
): Promise<readonly View[]> {
  const tags = await tagsOf(
    db,
    rows.map(row => row.id),
  )
  return rows.map(row => ({
    id: row.id,
    name: row.name,
    tenant_id: row.project_id,
    project_id: row.project_id,
    network_id: row.network_id,
    ip_version: row.ip_version,
    subnetpool_id: null,
    enable_dhcp: row.enable_dhcp === 1,
    ipv6_ra_mode: row.ipv6_ra_mode,
    ipv6_address_mode: row.ipv6_address_mode,
    gateway_ip: row.gateway_ip,
    cidr: row.cidr,
    allocation_pools: poolsOf(row),
    host_routes: JSON.parse(row.host_routes_json),
    dns_nameservers: JSON.parse(row.dns_nameservers_json),
    description: row.description,
    service_types: [],
    segment_id: null,
    tags: tags(row.id),
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
    revision_number: row.revision_number,
  }))
}
