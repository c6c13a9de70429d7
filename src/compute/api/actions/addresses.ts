// addFixedIp, removeFixedIp, addFloatingIp, removeFloatingIp, until 2.43: done at the network service while the caller
// waits. Nova only casts the first two, and says nothing when they fail.
import { fault } from '../../../model/errors.ts'
import { empty, type Reply } from '../../../platform/http/types.ts'
import { behalfOf, checkAdmission } from '../../accept.ts'
import { list, messageOf } from '../../neighbours/http/session.ts'
import { networkOf, patchServer, type ServerRow } from '../../store/servers.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'
import { accepted, askAs, type Item } from '../proxies/ask.ts'

/** The server's addresses as they are now: the caller's next look shows them. */
async function remember(call: ComputeCall, server: ServerRow): Promise<Reply> {
  const { neighbours, store, clock } = call.deps
  const info = await neighbours.network.info(behalfOf(call), server.id)
  await store.accept<ComputeTables, unknown>(tx =>
    patchServer(tx, server.id, { network_json: JSON.stringify(info) }, clock.now()),
  )
  return empty(202)
}

export async function addFixedIp(
  call: ComputeCall,
  server: ServerRow,
  { networkId }: { readonly networkId: string | number },
): Promise<Reply> {
  checkAdmission(call, server, 'addFixedIp', 'add_fixed_ip')
  await call.deps.neighbours.network.addFixedIp(behalfOf(call), server.id, String(networkId))
  return remember(call, server)
}

export async function removeFixedIp(
  call: ComputeCall,
  server: ServerRow,
  { address }: { readonly address: string },
): Promise<Reply> {
  checkAdmission(call, server, 'removeFixedIp', 'remove_fixed_ip')
  await call.deps.neighbours.network.removeFixedIp(behalfOf(call), server.id, address)
  return remember(call, server)
}

async function floatingIp(call: ComputeCall, address: string): Promise<Item> {
  const query = `floating_ip_address=${encodeURIComponent(address)}`
  const reply = accepted(await askAs(call, 'network', 'GET', `/v2.0/floatingips?${query}`))
  const [found] = list(reply, 'floatingips')
  if (!found) throw fault('FloatingAddressNotFound')
  return found
}

const change = (call: ComputeCall, { id }: Item, floatingip: object) =>
  askAs(call, 'network', 'PUT', `/v2.0/floatingips/${String(id)}`, { body: { floatingip } })

export async function addFloatingIp(
  call: ComputeCall,
  server: ServerRow,
  { address, fixed_address }: { readonly address: string; readonly fixed_address?: string },
): Promise<Reply> {
  const { port_id, fixed } = behind(server, address, fixed_address)
  const found = await floatingIp(call, address)
  const reply = await change(call, found, { port_id, fixed_ip_address: fixed })
  if (reply.status === 409) throw fault('ProxyRefused', { reason: messageOf(reply) })
  accepted(reply)
  return remember(call, server)
}

/** The port and the fixed address a floating one is to lead to: the first of version 4 if none is named. */
function behind(server: ServerRow, address: string, wanted: string | undefined) {
  const fixed = networkOf(server).flatMap(({ portId, addresses }) =>
    addresses.filter(({ type }) => type === 'fixed').map(one => ({ ...one, portId })),
  )
  if (fixed.length === 0) throw fault('ServerNetworkNotReady')
  const found = fixed.find(one => (wanted === undefined ? one.version === 4 : one.address === wanted))
  if (found) return { port_id: found.portId, fixed: found.address }
  throw wanted === undefined
    ? fault('NoFixedIpv4', { address, server: server.id })
    : fault('FixedAddressNotOnServer')
}

export async function removeFloatingIp(
  call: ComputeCall,
  server: ServerRow,
  { address }: { readonly address: string },
): Promise<Reply> {
  const found = await floatingIp(call, address)
  if (!networkOf(server).some(({ portId }) => portId === found.port_id))
    throw fault('FloatingAddressNotOnServer', { address, server: server.id })
  accepted(await change(call, found, { port_id: null }))
  return remember(call, server)
}
