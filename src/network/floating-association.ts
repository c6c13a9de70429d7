// Which fixed address a floating one leads to, and through which router (neutron/db/l3_db.py, get_assoc_data).
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { find } from './access.ts'
import { parseIp } from './addresses.ts'
import type { NetworkDeps } from './deps.ts'
import { addressesOf } from './port-view.ts'
import { ports } from './ports.ts'
import type { FixedIp } from './schemas/ports.ts'
import type { Change } from './store.ts'
import type { FloatingIpsTable } from './tables.ts'

export type Association = Pick<
  FloatingIpsTable,
  'fixed_port_id' | 'fixed_ip_address' | 'router_id' | 'status'
>

/** Throws PortNotFound, FloatingIpBadRequest, FloatingIpUnreachable, FloatingIpPortTaken. */
export async function associate(
  change: Change,
  call: Call<NetworkDeps>,
  floating: FloatingIpsTable,
  portId: string,
  wanted: string | null | undefined,
): Promise<Association> {
  const port = await find(change.tx, ports, portId, call.auth)
  // Whoever sees a port as the owner of its network does not thereby lead traffic to it.
  if (!call.auth.isAdmin && port.project_id !== call.auth.project?.id)
    throw fault('FloatingIpBadRequest', {
      reason: `Port ${portId} is associated with a different tenant than Floating IP ${floating.id} and therefore cannot be bound`,
    })
  const address = choose(portId, (await addressesOf(change.tx, [port.id]))(port.id), wanted)
  const router = await routerBetween(change, floating.floating_network_id, address.subnet_id)
  if (!router)
    throw fault('FloatingIpUnreachable', {
      network: floating.floating_network_id,
      subnet: address.subnet_id,
      port: portId,
    })
  const other = await change.tx
    .selectFrom('floating_ips')
    .select('id')
    .where('floating_network_id', '=', floating.floating_network_id)
    .where('fixed_port_id', '=', portId)
    .where('fixed_ip_address', '=', address.ip_address)
    .where('id', '!=', floating.id)
    .executeTakeFirst()
  if (other)
    throw fault('FloatingIpPortTaken', {
      ip: floating.floating_ip_address,
      id: floating.id,
      port: portId,
      fixed: address.ip_address,
      network: floating.floating_network_id,
    })
  return {
    fixed_port_id: portId,
    fixed_ip_address: address.ip_address,
    router_id: router.id,
    status: 'ACTIVE',
  }
}

function choose(portId: string, fixedIps: readonly FixedIp[], wanted: string | null | undefined): FixedIp {
  if (wanted !== undefined && wanted !== null) {
    if (parseIp(wanted)?.version === 6)
      throw fault('FloatingIpBadRequest', {
        reason: `Cannot process floating IP association with ${wanted} since it is an IPv6 address`,
      })
    const found = fixedIps.find(ip => ip.ip_address === wanted)
    if (!found)
      throw fault('FloatingIpBadRequest', { reason: `Port ${portId} does not have fixed ip ${wanted}` })
    return found
  }
  const [first, second] = fixedIps.filter(ip => parseIp(ip.ip_address)?.version === 4)
  if (!first)
    throw fault('FloatingIpBadRequest', {
      reason: `Cannot add floating IP to port ${portId} that has no fixed IPv4 addresses`,
    })
  if (second)
    throw fault('FloatingIpBadRequest', {
      reason: `Port ${portId} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP`,
    })
  return first
}

/** A router with its gateway on the external network and an interface on the inner subnet. */
const routerBetween = ({ tx }: Change, externalNetworkId: string, subnetId: string) =>
  tx
    .selectFrom('routers')
    .innerJoin('ports', 'ports.device_id', 'routers.id')
    .innerJoin('ip_allocations', 'ip_allocations.port_id', 'ports.id')
    .select('routers.id')
    .where('routers.external_network_id', '=', externalNetworkId)
    .where('ports.device_owner', '=', 'network:router_interface')
    .where('ip_allocations.subnet_id', '=', subnetId)
    .orderBy('routers.created_at')
    .executeTakeFirst()
