// /servers/{id}/ips: a server's addresses on their own.
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import type { NetworkInfo } from '../snapshots.ts'
import { networkOf } from '../store/servers.ts'
import type { ComputeCall } from './call.ts'
import { serverOf } from './servers.ts'

/** Addresses by network name, in the short form. */
function byNetwork(
  network: NetworkInfo,
): Record<string, { readonly version: number; readonly addr: string }[]> {
  const found: Record<string, { version: number; addr: string }[]> = {}
  for (const { networkName, addresses } of network) {
    const entries = addresses.map(({ version, address }) => ({ version, addr: address }))
    found[networkName] = [...(found[networkName] ?? []), ...entries]
  }
  return found
}

export async function listIps(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:ips:index', { projectId: server.project_id })
  return json(200, { addresses: byNetwork(networkOf(server)) })
}

export async function showIps(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:ips:show', { projectId: server.project_id })
  const label = call.params.label!
  const addresses = byNetwork(networkOf(server))
  if (!Object.hasOwn(addresses, label)) throw fault('AddressLabelNotFound', { label })
  return json(200, { [label]: addresses[label] })
}
