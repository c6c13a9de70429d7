// POST /servers/{id}/os-interface and DELETE …/{port}: attaching is answered when it is done (Nova asks the host while
// the caller waits), detaching when it is accepted. Nova only casts: a port the server does not have is a failed action.
import { fault, isFault } from '../../model/errors.ts'
import { empty, type Reply } from '../../platform/http/types.ts'
import { accept, checkAdmission } from '../accept.ts'
import { acceptAndWait } from '../accept-and-wait.ts'
import type { AttachInterfaceArgs, AttachInterfaceData } from '../operations/attach-interface.ts'
import type { DetachInterfaceArgs } from '../operations/detach-interface.ts'
import { requireHost } from './actions/power.ts'
import { bodyOf, type ComputeCall, viewerOf } from './call.ts'
import type { InterfaceBody } from './schemas/interfaces.ts'
import { interfaceReply } from './server-interfaces.ts'
import { serverOf } from './servers.ts'

export async function attachInterface(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-attach-interfaces:create', { projectId: server.project_id })
  const args = wantedBy(call)
  checkAdmission(call, server, 'attach_interface')
  requireHost(server)
  const end = await acceptAndWait<Required<AttachInterfaceData>>(call, {
    kind: 'attachInterface',
    action: 'attach_interface',
    name: 'attach_interface',
    server,
    patch: {},
    args,
  })
  if (end.kind === 'done') return interfaceReply(call, await serverOf(call), end.data.vif.portId)
  // The network service's refusals are the caller's to read; what the host could not do is not.
  throw isFault(end.error)
    ? end.error
    : fault('InterfaceAttachFailed', { server: server.id }, { cause: end.error })
}

function wantedBy(call: ComputeCall): AttachInterfaceArgs {
  const { net_id, port_id, fixed_ips, tag } = bodyOf<InterfaceBody>(call).interfaceAttachment ?? {}
  const fixedIp = fixed_ips?.[0]?.ip_address ?? null
  if (net_id && port_id) throw fault('InterfaceNetworkAndPort')
  if (fixedIp !== null && !net_id) throw fault('InterfaceAddressWithoutNetwork')
  return {
    networkId: net_id ?? null,
    portId: port_id ?? null,
    fixedIp,
    tag: tag ?? null,
    viewer: viewerOf(call),
  }
}

export async function detachInterface(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-attach-interfaces:delete', { projectId: server.project_id })
  checkAdmission(call, server, 'detach_interface')
  requireHost(server)
  const args: DetachInterfaceArgs = { portId: call.params.port! } // in the route's path
  await accept(call, {
    kind: 'detachInterface',
    action: 'detach_interface',
    name: 'detach_interface',
    server,
    patch: {},
    args,
  })
  return empty(202)
}
