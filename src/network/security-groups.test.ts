import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { projectIds, startNetwork } from '../../test/support/network.ts'

const network = await startNetwork()
after(() => network.close())
const { api, make } = network

interface Rule {
  readonly direction: string
  readonly ethertype: string
  readonly remote_group_id: string | null
}

test('a project that looks has one default group with its four rules, also when many look at once', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => api('GET', '/security-groups')))
  const ids = new Set(answers.map(answer => answer.body.security_groups[0].id))
  assert.equal(ids.size, 1)
  const group = answers[0]!.body.security_groups[0]
  assert.equal(group.name, 'default')
  assert.deepEqual(
    group.security_group_rules
      .map((rule: Rule) => `${rule.direction} ${rule.ethertype} ${rule.remote_group_id === group.id}`)
      .sort(),
    ['egress IPv4 false', 'egress IPv6 false', 'ingress IPv4 true', 'ingress IPv6 true'],
  )
})

test('Nova asks for another project’s default group by name and finds it', async () => {
  const { body } = await api('GET', `/security-groups?name=default&project_id=${projectIds.other}`, {
    as: 'service',
  })
  assert.equal(body.security_groups.length, 1)
  assert.equal(body.security_groups[0].project_id, projectIds.other)
})

test('a new group lets everything out; its name may be taken twice, `default` not once more', async () => {
  const group = await make('security-groups', { name: 'web' })
  assert.deepEqual(
    group.security_group_rules.map((rule: Rule) => rule.direction),
    ['egress', 'egress'],
  )
  await make('security-groups', { name: 'web' })
  const second = await api('POST', '/security-groups', { body: { security_group: { name: 'default' } } })
  assert.deepEqual(
    [second.status, second.body.NeutronError.message],
    [409, 'Default security group already exists.'],
  )
})

test('the default group keeps its name and stays', async () => {
  const [group] = (await api('GET', '/security-groups?name=default')).body.security_groups
  const renamed = await api('PUT', `/security-groups/${group.id}`, {
    body: { security_group: { name: 'x' } },
  })
  assert.equal(renamed.body.NeutronError.type, 'SecurityGroupCannotUpdateDefault')
  const removed = await api('DELETE', `/security-groups/${group.id}`)
  assert.deepEqual(
    [removed.status, removed.body.NeutronError.type],
    [409, 'SecurityGroupCannotRemoveDefault'],
  )
})

test('a group in use stays; unused it goes, with the rules that name it', async () => {
  const net = await make('networks', {})
  await make('subnets', { network_id: net.id, ip_version: 4, cidr: '10.0.0.0/24' })
  const group = await make('security-groups', { name: 'used' })
  const friend = await make('security-groups', { name: 'friend' })
  const rule = await make('security-group-rules', {
    security_group_id: friend.id,
    direction: 'ingress',
    remote_group_id: group.id,
  })
  const port = await make('ports', { network_id: net.id, security_groups: [group.id] })
  const refused = await api('DELETE', `/security-groups/${group.id}`)
  assert.deepEqual(
    [refused.status, refused.body.NeutronError],
    [409, { type: 'SecurityGroupInUse', message: `Security Group ${group.id} in use.`, detail: '' }],
  )
  await api('DELETE', `/ports/${port.id}`)
  assert.equal((await api('DELETE', `/security-groups/${group.id}`)).status, 204)
  assert.equal((await api('GET', `/security-group-rules/${rule.id}`)).status, 404)
})

test('a rule is there once, and knows what it means', async () => {
  const { id } = await make('security-groups', { name: 'r' })
  const web = {
    security_group_id: id,
    direction: 'ingress',
    protocol: 'tcp',
    port_range_min: 80,
    port_range_max: 80,
  }
  const rule = await make('security-group-rules', web)
  assert.deepEqual([rule.ethertype, rule.remote_ip_prefix, rule.protocol], ['IPv4', null, 'tcp'])
  const again = await api('POST', '/security-group-rules', { body: { security_group_rule: web } })
  assert.deepEqual(
    [again.status, again.body.NeutronError.message],
    [409, `Security group rule already exists. Rule id is ${rule.id}.`],
  )
  const six = await make('security-group-rules', {
    ...web,
    ethertype: 'ipv6',
    protocol: 'icmp',
    port_range_min: 8,
    port_range_max: 0,
  })
  assert.deepEqual([six.ethertype, six.protocol], ['IPv6', 'ipv6-icmp'])
  const host = await make('security-group-rules', { ...web, remote_ip_prefix: '10.1.2.3' })
  assert.equal(host.remote_ip_prefix, '10.1.2.3/32')
  const inside = await make('security-group-rules', { ...web, remote_ip_prefix: '10.2.3.124/24' })
  assert.deepEqual([inside.remote_ip_prefix, inside.normalized_cidr], ['10.2.3.124/24', '10.2.3.0/24'])
  assert.equal(
    (await api('GET', `/security-group-rules?security_group_id=${id}`)).body.security_group_rules.length,
    6,
  )
  assert.equal((await api('DELETE', `/security-group-rules/${rule.id}`)).status, 204)
  assert.equal((await api('GET', `/security-groups/${id}`)).body.security_group.revision_number, 6)
})

test('rules that mean nothing are refused in Neutron’s words', async () => {
  const { id } = await make('security-groups', { name: 'bad' })
  const missing = '11111111-1111-1111-1111-111111111111'
  const cases: [object, number, string][] = [
    [{ protocol: 'tcp', port_range_min: 9, port_range_max: 8 }, 400, 'SecurityGroupInvalidPortRange'],
    [{ port_range_min: 9, port_range_max: 9 }, 400, 'SecurityGroupProtocolRequiredWithPorts'],
    [{ protocol: 'gre', port_range_min: 9, port_range_max: 9 }, 400, 'SecurityGroupInvalidProtocolForPort'],
    [{ protocol: 'icmp', port_range_min: 256 }, 400, 'SecurityGroupInvalidIcmpValue'],
    [{ protocol: 'icmp', port_range_max: 2 }, 400, 'SecurityGroupMissingIcmpType'],
    [{ protocol: 'teleport' }, 400, 'SecurityGroupRuleInvalidProtocol'],
    [{ protocol: 'toString' }, 400, 'SecurityGroupRuleInvalidProtocol'],
    [{ protocol: 300 }, 400, 'SecurityGroupRuleInvalidProtocol'],
    [{ protocol: 'ipv6-icmp' }, 400, 'SecurityGroupEthertypeConflictWithProtocol'],
    [{ remote_ip_prefix: 'fd00::/64' }, 400, 'SecurityGroupRuleParameterConflict'],
    [
      { remote_ip_prefix: '10.0.0.0/8', remote_group_id: id },
      400,
      'SecurityGroupRemoteGroupAndRemoteIpPrefix',
    ],
    [{ remote_group_id: missing }, 404, 'SecurityGroupNotFound'],
    [{ security_group_id: missing }, 404, 'SecurityGroupNotFound'],
    [{ remote_group_id: 'no-id' }, 404, 'SecurityGroupNotFound'],
    [{ security_group_id: 'no-id' }, 404, 'SecurityGroupNotFound'],
    [{ protocol: 'tcp', port_range_min: -16, port_range_max: 80 }, 400, 'SecurityGroupInvalidPortValue'],
    [{ protocol: 'tcp', port_range_min: 80, port_range_max: 65_536 }, 400, 'SecurityGroupInvalidPortValue'],
    [{ protocol: 'tcp', port_range_min: 'http', port_range_max: 80 }, 400, 'SecurityGroupInvalidPortValue'],
    [{ direction: 'sideways' }, 400, 'HTTPBadRequest'],
  ]
  for (const [values, status, type] of cases) {
    const rule = { security_group_id: id, direction: 'ingress', ...values }
    const answer = await api('POST', '/security-group-rules', { body: { security_group_rule: rule } })
    assert.deepEqual([answer.status, answer.body.NeutronError.type], [status, type], answer.text)
  }
})
