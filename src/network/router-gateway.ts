// A router's way out: a port on an external network, whose address its networks' traffic leaves with.
import { fault } from '../model/errors.ts'
import { insertPort } from './new-port.ts'
import { removePort } from './ports.ts'
import { interfacesOf, refuseOverlaps } from './router-ports.ts'
import type { GatewayInfo } from './schemas/routers.ts'
import { type Change, flag } from './store.ts'
import type { RoutersTable } from './tables.ts'

/** Leads the router to this network; away from another one it was led to. Answers the router as it is then. */
export async function setGateway(
  change: Change,
  router: RoutersTable,
  gateway: GatewayInfo,
): Promise<RoutersTable> {
  const { tx } = change
  const enable_snat = gateway.enable_snat === undefined ? router.enable_snat : flag(gateway.enable_snat)
  const same = router.external_network_id === gateway.network_id
  if (same && gateway.external_fixed_ips === undefined) return write(change, router, { enable_snat })
  const network = await tx
    .selectFrom('networks')
    .selectAll()
    .where('id', '=', gateway.network_id)
    .executeTakeFirst()
  if (!network) throw fault('NetworkNotFound', { id: gateway.network_id })
  if (network.external === 0)
    throw fault('RouterBadRequest', { reason: `Network ${network.id} is not an external network` })
  const subnets = await tx
    .selectFrom('subnets')
    .selectAll()
    .where('network_id', '=', network.id)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const inner = (await interfacesOf(tx, router.id)).map(({ subnet_id: id, cidr }) => ({ id, cidr }))
  refuseOverlaps(subnets, inner)
  const free = await dropGatewayPort(change, router, { moving: !same })
  const { row: port } = await insertPort(change, {
    projectId: '',
    network,
    subnets,
    fixedIps: gateway.external_fixed_ips,
    deviceId: router.id,
    deviceOwner: 'network:router_gateway',
    portSecurity: false,
    hostId: change.hosts[0],
  })
  return write(change, free, {
    external_network_id: network.id,
    gateway_port_id: port.id,
    enable_snat,
  })
}

export async function clearGateway(change: Change, router: RoutersTable): Promise<RoutersTable> {
  return dropGatewayPort(change, router, { moving: true })
}

async function dropGatewayPort(
  change: Change,
  router: RoutersTable,
  { moving }: { readonly moving: boolean },
): Promise<RoutersTable> {
  const { tx } = change
  if (router.gateway_port_id === null) return router
  const needed = await tx
    .selectFrom('floating_ips')
    .select('id')
    .where('router_id', '=', router.id)
    .executeTakeFirst()
  if (needed && moving)
    throw fault('RouterGatewayInUse', { id: router.id, network: router.external_network_id })
  const free = await write(change, router, {
    external_network_id: null,
    gateway_port_id: null,
    enable_snat: 1,
  })
  const port = await tx
    .selectFrom('ports')
    .selectAll()
    .where('id', '=', router.gateway_port_id)
    .executeTakeFirst()
  if (port) await removePort(change, port)
  return free
}

type GatewayColumns = Partial<Pick<RoutersTable, 'external_network_id' | 'gateway_port_id' | 'enable_snat'>>

async function write({ tx }: Change, router: RoutersTable, columns: GatewayColumns): Promise<RoutersTable> {
  await tx.updateTable('routers').set(columns).where('id', '=', router.id).execute()
  return { ...router, ...columns }
}
