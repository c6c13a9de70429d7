// Connecting routers with subnets and parting them again (neutron/db/l3_db.py, add_ and remove_router_interface).
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { authorise, find } from './access.ts'
import { contains, parseIp } from './addresses.ts'
import { allocate } from './allocate.ts'
import { bind } from './binding.ts'
import type { NetworkDeps } from './deps.ts'
import { insertPort } from './new-port.ts'
import { Refused } from './parsers.ts'
import { cidrOf } from './pools.ts'
import { addressesOf } from './port-view.ts'
import { ports, removePort } from './ports.ts'
import { interfacesOf, type RouterInterface, refuseOverlaps } from './router-ports.ts'
import { lockRouter, readRoutes, routers } from './routers.ts'
import { interfaceBody } from './schemas/routers.ts'
import { type Change, change } from './store.ts'
import { subnets } from './subnets.ts'
import type { NetworkTables, PortsTable, RoutersTable, SubnetsTable } from './tables.ts'

interface Connected {
  readonly portId: string
  readonly networkId: string
  readonly subnetIds: readonly string[]
}

export async function addRouterInterface(call: Call<NetworkDeps>): Promise<Reply> {
  const router = await find(tables<NetworkTables>(call.deps.store), routers, call.params.id!, call.auth)
  authorise(call, 'add_router_interface', router.project_id)
  const body = readBody(call)
  if (body.port_id !== undefined && body.subnet_id !== undefined)
    throw fault('RouterBadRequest', { reason: 'Cannot specify both subnet-id and port-id' })
  const connected = await change(call.deps, call.log, async changing => {
    const locked = await lockRouter(changing, router.id)
    if (body.port_id !== undefined)
      return connectPort(changing, locked, await find(changing.tx, ports, body.port_id, call.auth))
    return connectSubnet(changing, locked, await find(changing.tx, subnets, body.subnet_id!, call.auth)) // one of the two
  })
  return json(200, interfaceView(router, connected))
}

/** Connects the router with a subnet, at the subnet's gateway address. */
export async function connectSubnet(
  change: Change,
  router: RoutersTable,
  subnet: SubnetsTable,
): Promise<Connected> {
  const present = await interfacesOf(change.tx, router.id)
  refuseOverlaps([subnet], await prefixesOf(change, router, present))
  if (subnet.gateway_ip === null)
    throw fault('RouterBadRequest', { reason: 'Subnet for router interface must have a gateway IP' })
  const address = { subnet_id: subnet.id, ip_address: subnet.gateway_ip }
  // IPv6 subnets of one network share a port of the router.
  const shared = present.find(
    one => subnet.ip_version === 6 && one.ip_version === 6 && one.network_id === subnet.network_id,
  )
  if (shared) {
    const port = await change.tx
      .selectFrom('ports')
      .selectAll()
      .where('id', '=', shared.port_id)
      .executeTakeFirstOrThrow()
    const before = present.filter(one => one.port_id === port.id)
    await allocate(change, port, [subnet], [address], before.length)
    return {
      portId: port.id,
      networkId: port.network_id,
      subnetIds: [...before.map(one => one.subnet_id), subnet.id],
    }
  }
  const network = await change.tx
    .selectFrom('networks')
    .selectAll()
    .where('id', '=', subnet.network_id)
    .executeTakeFirstOrThrow()
  const { row } = await insertPort(change, {
    projectId: router.project_id,
    network,
    subnets: [subnet],
    fixedIps: [address],
    deviceId: router.id,
    deviceOwner: 'network:router_interface',
    portSecurity: false,
    hostId: change.hosts[0],
  })
  return { portId: row.id, networkId: network.id, subnetIds: [subnet.id] }
}

async function connectPort(change: Change, router: RoutersTable, port: PortsTable): Promise<Connected> {
  if (port.device_id !== '')
    throw fault('PortInUse', { id: port.id, network: port.network_id, device: port.device_id })
  const fixedIps = (await addressesOf(change.tx, [port.id]))(port.id)
  if (fixedIps.length === 0)
    throw fault('RouterBadRequest', { reason: 'Router port must have at least one fixed IP' })
  const subnetIds = fixedIps.map(ip => ip.subnet_id)
  const wanted = await change.tx.selectFrom('subnets').selectAll().where('id', 'in', subnetIds).execute()
  if (wanted.filter(subnet => subnet.ip_version === 4).length > 1)
    throw fault('RouterBadRequest', { reason: 'Cannot have multiple IPv4 subnets on router port' })
  refuseOverlaps(wanted, await prefixesOf(change, router, await interfacesOf(change.tx, router.id)))
  const owned = {
    ...port,
    device_id: router.id,
    device_owner: 'network:router_interface',
    host_id: change.hosts[0] ?? '',
  }
  await change.tx.deleteFrom('port_security_groups').where('port_id', '=', port.id).execute()
  const { numUpdatedRows } = await change.tx
    .updateTable('ports')
    .set(eb => ({
      device_id: owned.device_id,
      device_owner: owned.device_owner,
      host_id: owned.host_id,
      ...bind(owned, change),
      updated_at: change.now,
      revision_number: eb('revision_number', '+', 1),
    }))
    .where('id', '=', port.id)
    .where('device_id', '=', '')
    .executeTakeFirst()
  if (numUpdatedRows === 0n)
    throw fault('PortInUse', { id: port.id, network: port.network_id, device: 'unknown' })
  return { portId: port.id, networkId: port.network_id, subnetIds }
}

/** Every prefix the router is on, inside and outside. */
async function prefixesOf(change: Change, router: RoutersTable, inner: readonly RouterInterface[]) {
  const outer =
    router.external_network_id === null
      ? []
      : await change.tx
          .selectFrom('subnets')
          .select(['id', 'cidr'])
          .where('network_id', '=', router.external_network_id)
          .execute()
  return [...inner.map(({ subnet_id: id, cidr }) => ({ id, cidr })), ...outer]
}

export async function removeRouterInterface(call: Call<NetworkDeps>): Promise<Reply> {
  const router = await find(tables<NetworkTables>(call.deps.store), routers, call.params.id!, call.auth)
  authorise(call, 'remove_router_interface', router.project_id)
  const body = readBody(call)
  const parted = await change(call.deps, call.log, async changing => {
    const locked = await lockRouter(changing, router.id)
    const present = await interfacesOf(changing.tx, router.id)
    const found = choose(locked, present, body.port_id, body.subnet_id)
    const subnetIds = found.map(one => one.subnet_id)
    for (const one of found) await refuseNeeded(changing, locked, one)
    const { port_id: portId, network_id: networkId } = found[0]! // choose answers at least one
    const port = await changing.tx
      .selectFrom('ports')
      .selectAll()
      .where('id', '=', portId)
      .executeTakeFirstOrThrow()
    // A port with other subnets on it stays for those.
    if (present.filter(one => one.port_id === portId).length > found.length)
      await changing.tx
        .deleteFrom('ip_allocations')
        .where('port_id', '=', portId)
        .where('subnet_id', 'in', subnetIds)
        .execute()
    else await removePort(changing, port)
    return { portId, networkId, subnetIds }
  })
  return json(200, interfaceView(router, parted))
}

function choose(
  router: RoutersTable,
  present: readonly RouterInterface[],
  portId: string | undefined,
  subnetId: string | undefined,
): readonly RouterInterface[] {
  if (portId === undefined) {
    const found = present.filter(one => one.subnet_id === subnetId)
    if (found.length === 0)
      throw fault('RouterInterfaceNotFoundForSubnet', { id: router.id, subnet: subnetId })
    return found
  }
  const found = present.filter(one => one.port_id === portId)
  if (found.length === 0) throw fault('RouterInterfaceNotFound', { id: router.id, port: portId })
  if (subnetId !== undefined && !found.some(one => one.subnet_id === subnetId))
    throw fault('RouterSubnetMismatch', { port: portId, subnet: subnetId })
  return found
}

async function refuseNeeded(change: Change, router: RoutersTable, one: RouterInterface): Promise<void> {
  const floating = await change.tx
    .selectFrom('floating_ips')
    .innerJoin('ip_allocations', join =>
      join
        .onRef('ip_allocations.port_id', '=', 'floating_ips.fixed_port_id')
        .onRef('ip_allocations.ip_address', '=', 'floating_ips.fixed_ip_address'),
    )
    .select('floating_ips.id')
    .where('floating_ips.router_id', '=', router.id)
    .where('ip_allocations.subnet_id', '=', one.subnet_id)
    .executeTakeFirst()
  if (floating) throw fault('RouterInterfaceInUseByFloatingIp', { id: router.id, subnet: one.subnet_id })
  const prefix = cidrOf(one)
  const routed = readRoutes(router).some(route => {
    const hop = parseIp(route.nexthop)
    return hop !== undefined && contains(prefix, hop)
  })
  if (routed) throw fault('RouterInterfaceInUseByRoute', { id: router.id, subnet: one.subnet_id })
}

function readBody(call: Call<NetworkDeps>): ReturnType<typeof interfaceBody> {
  try {
    const body = interfaceBody(call.body ?? {})
    if (body.port_id === undefined && body.subnet_id === undefined)
      throw fault('RouterBadRequest', { reason: 'Either subnet_id or port_id must be specified' })
    return body
  } catch (error) {
    if (error instanceof Refused) throw fault('RouterBadRequest', { reason: error.message })
    throw error
  }
}

const interfaceView = (router: RoutersTable, { portId, networkId, subnetIds }: Connected) => ({
  id: router.id,
  tenant_id: router.project_id,
  project_id: router.project_id,
  port_id: portId,
  network_id: networkId,
  subnet_id: subnetIds.at(-1),
  subnet_ids: subnetIds,
})
