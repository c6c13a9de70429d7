// GET /servers/{id}/os-interface: ports of a server. They are the network service's, asked with the caller's own token.
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { list, part } from '../neighbours/http/session.ts'
import { networkOf, type ServerRow } from '../store/servers.ts'
import type { ComputeCall } from './call.ts'
import { versionOf } from './negotiate.ts'
import { accepted, askAs, type Item } from './proxies/ask.ts'
import { serverOf } from './servers.ts'

const interfaceView = (call: ComputeCall, server: ServerRow, port: Item) => ({
  net_id: port.network_id,
  port_id: port.id,
  mac_addr: port.mac_address,
  port_state: port.status,
  fixed_ips: port.fixed_ips,
  ...(versionOf(call).has('tagsShown')
    ? { tag: networkOf(server).find(({ portId }) => portId === port.id)?.tag ?? null }
    : {}),
})

export async function listInterfaces(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-attach-interfaces:list', { projectId: server.project_id })
  const reply = accepted(await askAs(call, 'network', 'GET', `/v2.0/ports?device_id=${server.id}`))
  return json(200, {
    interfaceAttachments: list(reply, 'ports').map(port => interfaceView(call, server, port)),
  })
}

export async function showInterface(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-attach-interfaces:show', { projectId: server.project_id })
  return interfaceReply(call, server, call.params.port!) // in the route's path
}

/** One port of a server, as its owner sees it. */
export async function interfaceReply(call: ComputeCall, server: ServerRow, id: string): Promise<Reply> {
  const missing = () => fault('PortNotOnServer', { server: server.id, port: id })
  const reply = await askAs(call, 'network', 'GET', `/v2.0/ports/${encodeURIComponent(id)}`)
  if (reply.status === 404) throw missing()
  const port = part(accepted(reply), 'port')
  if (port.device_id !== server.id) throw missing()
  return json(200, { interfaceAttachment: interfaceView(call, server, port) })
}
