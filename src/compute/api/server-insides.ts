// What is inside a server, or would be: diagnostics, NUMA topology, the password its guest left.
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { checkAdmission } from '../accept.ts'
import { askHost } from '../ask-host.ts'
import { flavorOf } from '../store/servers.ts'
import { requireHost } from './actions/power.ts'
import type { ComputeCall } from './call.ts'
import { versionOf } from './negotiate.ts'
import { serverOf } from './servers.ts'
import { libvirtDiagnostics, standardDiagnostics } from './views/diagnostics.ts'
import { topologyOf } from './views/topology.ts'

export async function showDiagnostics(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-server-diagnostics', { projectId: server.project_id })
  checkAdmission(call, server, 'get_diagnostics')
  const found = await askHost(call, requireHost(server), server, 'diagnostics', null)
  const isStandard = versionOf(call).has('standardDiagnostics')
  return json(
    200,
    isStandard ? standardDiagnostics(found, server.config_drive === 1) : libvirtDiagnostics(found),
  )
}

export async function showTopology(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  const target = { projectId: server.project_id }
  call.enforce('compute:server:topology:index', target)
  const withHost = call.allows('compute:server:topology:host:index', target)
  return json(200, topologyOf(flavorOf(server), withHost))
}

/** Guests leave their password by a metadata service, which is not there: there is none. */
export async function showPassword(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-server-password:show', { projectId: server.project_id })
  return json(200, { password: '' })
}

export async function clearPassword(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-server-password:clear', { projectId: server.project_id })
  return empty(204)
}
