// /os-security-groups, up to 2.35: the network service's groups in Nova's old shape, which knows ingress rules only.
import { isUuidLike } from '../../../base/ids.ts'
import { fault } from '../../../model/errors.ts'
import { empty, json, type Reply } from '../../../platform/http/types.ts'
import { list, part } from '../../neighbours/http/session.ts'
import { bodyOf, type ComputeCall, projectOf } from '../call.ts'
import { serverOf } from '../servers.ts'
import { accepted, askAs, cut, type Item } from './ask.ts'

export interface SourceGroup {
  readonly name: string
  readonly tenant_id: string
}

/** A group's or rule's id; Nova refuses what is not a uuid, rules with the same sentence. */
export function checkId(id: unknown): string {
  if (typeof id !== 'string' || !isUuidLike(id)) throw fault('SecurityGroupIdInvalid')
  return id
}

export async function findGroup(call: ComputeCall, id: string): Promise<Item> {
  const reply = accepted(await askAs(call, 'network', 'GET', `/v2.0/security-groups/${id}`))
  return part(reply, 'security_group')
}

/** Ports as Nova told them: -1 where a protocol without ports has none, all of them where TCP and UDP name none. */
function portRange({ protocol, port_range_min: from, port_range_max: to }: Item): readonly unknown[] {
  if (!protocol || (from ?? null) !== null || (to ?? null) !== null) return [from ?? null, to ?? null]
  return /^(tcp|udp)$/i.test(String(protocol)) ? [1, 65_535] : [-1, -1]
}

/** `source` is the group a rule lets in, when it names one. */
export function ruleView(rule: Item, source: SourceGroup | undefined) {
  const [from_port, to_port] = portRange(rule)
  return {
    id: rule.id,
    parent_group_id: rule.security_group_id,
    ip_protocol: rule.protocol,
    from_port,
    to_port,
    group: source ?? {},
    ip_range: source ? {} : { cidr: rule.remote_ip_prefix ?? '0.0.0.0/0' },
  }
}

export const sourceOf = (group: Item): SourceGroup => ({
  name: String(group.name),
  tenant_id: String(group.project_id),
})

const rulesOf = (group: Item): readonly Item[] =>
  (group.security_group_rules as readonly Item[]).filter(({ direction }) => direction === 'ingress') // neutron's documented shape

/** Groups in Nova's shape, sorted as Nova sorts them. Groups named by rules are looked up at once. */
async function views(call: ComputeCall, groups: readonly Item[]) {
  const named = new Set(
    groups.flatMap(group => rulesOf(group).map(({ remote_group_id }) => String(remote_group_id ?? ''))),
  )
  named.delete('')
  const known = new Map(groups.map(group => [String(group.id), group]))
  const unknown = [...named].filter(id => !known.has(id))
  if (unknown.length > 0) {
    const query = unknown.map(id => `id=${id}`).join('&')
    const reply = accepted(await askAs(call, 'network', 'GET', `/v2.0/security-groups?${query}`))
    for (const group of list(reply, 'security_groups')) known.set(String(group.id), group)
  }
  return groups
    .map(group => ({
      id: group.id,
      name: String(group.name),
      description: group.description,
      tenant_id: String(group.project_id),
      // A rule for a group that is gone, or that the caller cannot see, is left out.
      rules: rulesOf(group).flatMap(rule => {
        const source = rule.remote_group_id ? known.get(String(rule.remote_group_id)) : undefined
        return rule.remote_group_id && !source ? [] : [ruleView(rule, source && sourceOf(source))]
      }),
    }))
    .sort((a, b) => compare(a.tenant_id, b.tenant_id) || compare(a.name, b.name))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

export async function listSecurityGroups(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-security-groups:get')
  const isEveryones = call.query.has('all_tenants') && call.auth.isAdmin
  const query = isEveryones ? '' : `?project_id=${projectOf(call)}`
  const reply = accepted(await askAs(call, 'network', 'GET', `/v2.0/security-groups${query}`))
  return json(200, { security_groups: await views(call, cut(call, list(reply, 'security_groups'))) })
}

export async function showSecurityGroup(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-security-groups:show')
  const [view] = await views(call, [await findGroup(call, checkId(call.params.id))])
  return json(200, { security_group: view })
}

interface GroupBody {
  readonly security_group: { readonly name: string; readonly description: string }
}

export async function createSecurityGroup(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-security-groups:create')
  const { name, description } = bodyOf<GroupBody>(call).security_group
  const body = { security_group: { name, description } }
  const reply = accepted(await askAs(call, 'network', 'POST', '/v2.0/security-groups', { body }))
  const [view] = await views(call, [part(reply, 'security_group')])
  return json(200, { security_group: view })
}

export async function updateSecurityGroup(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-security-groups:update')
  const id = checkId(call.params.id)
  const { name, description } = bodyOf<GroupBody>(call).security_group
  const body = { security_group: { name, description } }
  const reply = accepted(await askAs(call, 'network', 'PUT', `/v2.0/security-groups/${id}`, { body }))
  const [view] = await views(call, [part(reply, 'security_group')])
  return json(200, { security_group: view })
}

export async function deleteSecurityGroup(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-security-groups:delete')
  const id = checkId(call.params.id)
  accepted(await askAs(call, 'network', 'DELETE', `/v2.0/security-groups/${id}`))
  return empty(202)
}

/** /servers/{id}/os-security-groups: the groups of the server's ports, at every version. */
export async function listServerSecurityGroups(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-security-groups:list', { projectId: server.project_id })
  const ports = list(
    accepted(
      await askAs(call, 'network', 'GET', `/v2.0/ports?device_id=${server.id}&fields=security_groups`),
    ),
    'ports',
  )
  const ids = new Set(ports.flatMap(port => port.security_groups as readonly string[])) // neutron's documented shape
  if (ids.size === 0) return json(200, { security_groups: [] })
  const query = [...ids].map(id => `id=${id}`).join('&')
  const reply = accepted(await askAs(call, 'network', 'GET', `/v2.0/security-groups?${query}`))
  return json(200, { security_groups: await views(call, list(reply, 'security_groups')) })
}
