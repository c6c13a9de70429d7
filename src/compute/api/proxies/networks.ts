// /os-networks and /os-tenant-networks, up to 2.35: the project's networks in the shape nova-network gave them, of
// which the network service can fill the name only.
import { fault } from '../../../model/errors.ts'
import { json, type Reply } from '../../../platform/http/types.ts'
import { list, part } from '../../neighbours/http/session.ts'
import type { ComputeCall } from '../call.ts'
import { accepted, askAs, type Item } from './ask.ts'

const fields = [
  'cidr',
  'netmask',
  'gateway',
  'broadcast',
  'dns1',
  'dns2',
  'cidr_v6',
  'gateway_v6',
  'netmask_v6',
]
const adminFields = [
  'created_at',
  'updated_at',
  'deleted_at',
  'deleted',
  'injected',
  'bridge',
  'vlan',
  'vpn_public_address',
  'vpn_public_port',
  'vpn_private_address',
  'dhcp_start',
  'host',
  'bridge_interface',
  'multi_host',
  'priority',
  'rxtx_base',
  'dhcp_server',
  'enable_dhcp',
  'share_address',
]

/** Whatever the caller sees at the network service: an administrator, everybody's. */
const visible = async (call: ComputeCall): Promise<readonly Item[]> =>
  list(accepted(await askAs(call, 'network', 'GET', '/v2.0/networks')), 'networks')

async function find(call: ComputeCall): Promise<Item> {
  const id = encodeURIComponent(call.params.id!) // in the route's path
  const reply = await askAs(call, 'network', 'GET', `/v2.0/networks/${id}`)
  if (reply.status === 404) throw fault('ProxiedNetworkNotFound')
  return part(accepted(reply), 'network')
}

function networkView(call: ComputeCall, network: Item) {
  const admin = call.auth.isAdmin
  const nothing = [...fields, ...(admin ? adminFields : [])].map(field => [field, null])
  return {
    ...Object.fromEntries(nothing),
    id: network.id,
    label: network.name,
    ...(admin ? { project_id: network.project_id, mtu: network.mtu } : {}),
  }
}

export async function listNetworks(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-networks:list')
  return json(200, { networks: (await visible(call)).map(network => networkView(call, network)) })
}

export async function showNetwork(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-networks:show')
  return json(200, { network: networkView(call, await find(call)) })
}

// Python's None had become text in the old API, and stayed so.
const tenantView = ({ id, name }: Item) => ({ id, cidr: 'None', label: name })

export async function listTenantNetworks(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-tenant-networks:list')
  return json(200, { networks: (await visible(call)).map(tenantView) })
}

export async function showTenantNetwork(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-tenant-networks:show')
  return json(200, { network: tenantView(await find(call)) })
}
