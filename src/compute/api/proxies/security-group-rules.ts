// /os-security-group-rules, up to 2.35: ingress rules made and removed at the network service.
import { fault } from '../../../model/errors.ts'
import { empty, json, type Reply } from '../../../platform/http/types.ts'
import { part } from '../../neighbours/http/session.ts'
import { bodyOf, type ComputeCall } from '../call.ts'
import { accepted, askAs } from './ask.ts'
import { checkId, findGroup, ruleView, sourceOf } from './security-groups.ts'

interface RuleBody {
  readonly security_group_rule: {
    readonly parent_group_id?: string
    readonly group_id?: string | null
    readonly ip_protocol?: string | null
    readonly from_port?: number | string | null
    readonly to_port?: number | string | null
    readonly cidr?: string | null
  }
}

const numberOf = (port: number | string | null | undefined): number | null =>
  port === null || port === undefined || port === '' ? null : Number(port)

export async function createSecurityGroupRule(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-security-groups:rule:create')
  const { security_group_rule: asked } = bodyOf<RuleBody>(call)
  const parent = checkId(asked.parent_group_id)
  const sourceId =
    asked.group_id === null || asked.group_id === undefined ? undefined : checkId(asked.group_id)
  const source = sourceId === undefined ? undefined : sourceOf(await findGroup(call, sourceId))
  await findGroup(call, parent)
  const [from, to] = [numberOf(asked.from_port), numberOf(asked.to_port)]
  const protocol = asked.ip_protocol?.toLowerCase() ?? null
  if (source === undefined && (protocol === null || from === null || to === null))
    throw fault('SecurityGroupRuleIncomplete')
  const isEvery = from === -1 && to === -1
  const cidr = asked.cidr || '0.0.0.0/0'
  if (/\/0$/.test(cidr) && !['0.0.0.0/0', '::/0'].includes(cidr))
    throw fault('SecurityGroupRuleBadPrefix', { cidr })
  const body = {
    security_group_rule: {
      security_group_id: parent,
      direction: 'ingress',
      ethertype: cidr.includes(':') ? 'IPv6' : 'IPv4',
      protocol,
      port_range_min: isEvery ? null : from,
      port_range_max: isEvery ? null : to,
      ...(sourceId === undefined ? { remote_ip_prefix: cidr } : { remote_group_id: sourceId }),
    },
  }
  const reply = accepted(await askAs(call, 'network', 'POST', '/v2.0/security-group-rules', { body }))
  return json(200, { security_group_rule: ruleView(part(reply, 'security_group_rule'), source) })
}

export async function deleteSecurityGroupRule(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-security-groups:rule:delete')
  const id = checkId(call.params.id)
  accepted(await askAs(call, 'network', 'DELETE', `/v2.0/security-group-rules/${id}`))
  return empty(202)
}
