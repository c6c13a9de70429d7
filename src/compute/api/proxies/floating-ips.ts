// /os-floating-ips and /os-floating-ip-pools, up to 2.35: the network service's floating addresses in Nova's old shape.
// A pool is an external network.
import { isObject } from '../../../base/json.ts'
import { fault } from '../../../model/errors.ts'
import { empty, json, type Reply } from '../../../platform/http/types.ts'
import { list, part } from '../../neighbours/http/session.ts'
import { type ComputeCall, projectOf } from '../call.ts'
import { accepted, askAs, type Item, isOverQuota } from './ask.ts'

const pools = async (call: ComputeCall): Promise<readonly Item[]> =>
  list(accepted(await askAs(call, 'network', 'GET', '/v2.0/networks?router:external=true')), 'networks')

/** The pool Nova takes when the request names none ([neutron]default_floating_pool). */
const defaultPool = 'public'

/** What Nova shows of each: its pool by name, and the server behind its port. */
async function views(call: ComputeCall, addresses: readonly Item[]) {
  if (addresses.length === 0) return []
  const portIds = addresses.flatMap(({ port_id }) => (port_id ? [`id=${String(port_id)}`] : []))
  const [networks, ports] = await Promise.all([
    pools(call),
    portIds.length === 0
      ? []
      : askAs(call, 'network', 'GET', `/v2.0/ports?${portIds.join('&')}&fields=id&fields=device_id`).then(
          reply => list(accepted(reply), 'ports'),
        ),
  ])
  return addresses.map(address => ({
    id: address.id,
    ip: address.floating_ip_address,
    pool: networks.find(({ id }) => id === address.floating_network_id)?.name ?? address.floating_network_id,
    fixed_ip: address.fixed_ip_address ?? null,
    instance_id: (address.port_id && ports.find(({ id }) => id === address.port_id)?.device_id) || null,
  }))
}

export async function listFloatingIps(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-floating-ips:list')
  const reply = await askAs(call, 'network', 'GET', `/v2.0/floatingips?project_id=${projectOf(call)}`)
  return json(200, { floating_ips: await views(call, list(accepted(reply), 'floatingips')) })
}

async function find(call: ComputeCall): Promise<Item> {
  const id = encodeURIComponent(call.params.id!) // in the route's path
  const reply = await askAs(call, 'network', 'GET', `/v2.0/floatingips/${id}`)
  if (reply.status === 404) throw fault('ProxiedFloatingIpNotFound', { id: call.params.id })
  return part(accepted(reply), 'floatingip')
}

export async function showFloatingIp(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-floating-ips:show')
  const [view] = await views(call, [await find(call)])
  return json(200, { floating_ip: view })
}

export async function createFloatingIp(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-floating-ips:create')
  const asked = isObject(call.body) && typeof call.body.pool === 'string' ? call.body.pool : undefined
  const wanted = asked ?? defaultPool
  const pool = (await pools(call)).find(({ id, name }) => id === wanted || name === wanted)
  if (!pool) throw fault('FloatingIpPoolNotFound')
  const reply = await askAs(call, 'network', 'POST', '/v2.0/floatingips', {
    body: { floatingip: { floating_network_id: pool.id, project_id: projectOf(call) } },
  })
  const where = asked === undefined ? '' : ` in pool ${asked}`
  if (isOverQuota(reply)) throw fault('FloatingIpLimitExceeded', { where })
  if (reply.status === 409) throw fault('NoMoreFloatingIps', { where: where || ' available' })
  const [view] = await views(call, [part(accepted(reply), 'floatingip')])
  return json(200, { floating_ip: view })
}

export async function deleteFloatingIp(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-floating-ips:delete')
  const { id } = await find(call)
  accepted(await askAs(call, 'network', 'DELETE', `/v2.0/floatingips/${String(id)}`))
  return empty(202)
}

export async function listFloatingIpPools(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-floating-ip-pools')
  return json(200, { floating_ip_pools: (await pools(call)).map(({ name, id }) => ({ name: name || id })) })
}
