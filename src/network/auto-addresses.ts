// Automatic IPv6 addresses (SLAAC, stateless DHCPv6) when a subnet comes or goes under ports that are already there.
import { fault } from '../model/errors.ts'
import { eui64 } from './addresses.ts'
import { portEvents } from './events.ts'
import { cidrOf, positionOf } from './pools.ts'
import type { Change } from './store.ts'
import type { SubnetsTable } from './tables.ts'

export const subnetInUse = 'One or more ports have an IP allocation from this subnet'

/** Rows written in one statement; bound by the engines' limit on parameters. */
const rowsAtOnce = 500
/** After the addresses a port was made with. */
const lastOrdinal = 1_000_000
/** Ports whose addresses do not follow announcements. */
const servicePorts = 'network:%'

/** Gives every port of the network its address in a new auto-addressed subnet. */
export async function addAutoAddresses(change: Change, subnet: SubnetsTable): Promise<void> {
  const ports = await change.tx
    .selectFrom('ports')
    .select(['id', 'mac_address', 'device_id', 'device_owner'])
    .where('network_id', '=', subnet.network_id)
    .where('device_owner', 'not like', servicePorts)
    .execute()
  const prefix = cidrOf(subnet)
  const rows = ports.map(port => {
    const address = eui64(prefix, port.mac_address)
    return {
      subnet_id: subnet.id,
      ip_address: address,
      port_id: port.id,
      position: positionOf(prefix, address),
      ordinal: lastOrdinal,
    }
  })
  for (let start = 0; start < rows.length; start += rowsAtOnce)
    await change.tx
      .insertInto('ip_allocations')
      .values(rows.slice(start, start + rowsAtOnce))
      .execute()
  for (const port of ports) change.events.push(...portEvents(['network-changed'], port))
}

/** Takes the automatic addresses back. A router's interface keeps the subnet in use. */
export async function dropAutoAddresses(change: Change, subnet: SubnetsTable): Promise<void> {
  const ports = await change.tx
    .selectFrom('ports')
    .innerJoin('ip_allocations', 'ip_allocations.port_id', 'ports.id')
    .select(['ports.id', 'ports.device_id', 'ports.device_owner'])
    .where('ip_allocations.subnet_id', '=', subnet.id)
    .execute()
  const router = ports.find(port => port.device_owner === 'network:router_interface')
  if (router) throw fault('SubnetInUse', { id: subnet.id, reason: subnetInUse })
  await change.tx.deleteFrom('ip_allocations').where('subnet_id', '=', subnet.id).execute()
  for (const port of ports) change.events.push(...portEvents(['network-changed'], port))
}
