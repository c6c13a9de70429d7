// `security group list|show|create|delete`, `security group rule list|create|delete`.
import { usage } from '../errors.ts'
import { find, findId } from '../find.ts'
import { type Item, itemOf, textOf } from '../item.ts'
import { defined, faced, networkFields } from '../network-view.ts'
import { act, type Call, column, forEach, list, option, query, show } from '../row.ts'

/** Everywhere is written out, as the openstack client does: an empty cell would read like nowhere. */
const ipRange = (rule: Item) => rule.remote_ip_prefix ?? (rule.ethertype === 'IPv6' ? '::/0' : '0.0.0.0/0')

export const securityGroupRows = [
  list({
    words: 'security group list',
    help: 'list security groups',
    options: [option('--project <project>', 'of this project (name or ID)')],
    examples: ['security group list'],
    columns: [
      column('ID', 'id'),
      column('Name', 'name'),
      column('Description', 'description'),
      column('Project', 'project_id'),
      column('Tags', faced('tags')),
    ],
    run: async call => {
      const project = call.text('project')
      const project_id = project === undefined ? undefined : await findId(call.cloud, 'project', project)
      return call.cloud.network.list(`/security-groups${query({ project_id })}`, 'security_groups')
    },
  }),
  show({
    words: 'security group show',
    arguments: '<group>',
    help: 'show a security group and its rules',
    examples: ['security group show default'],
    run: async call => networkFields(await find(call.cloud, 'securityGroup', call.argument('group'))),
  }),
  show({
    words: 'security group create',
    arguments: '<name>',
    help: 'create a security group',
    options: [
      option('--description <text>', 'description (default: the name)'),
      option('--stateless', 'without state'),
    ],
    examples: ['security group create web', 'security group rule create --protocol tcp --dst-port 80 web'],
    run: async call => {
      const name = call.argument('name')
      const reply = await call.cloud.network.post('/security-groups', {
        security_group: defined({
          name,
          description: call.text('description') ?? name,
          stateful: call.flag('stateless') ? false : undefined,
        }),
      })
      return networkFields(itemOf(reply.body, 'security_group'))
    },
  }),
  act({
    words: 'security group delete',
    arguments: '<group...>',
    help: 'delete security groups',
    examples: ['security group delete web'],
    run: call =>
      forEach(call, call.arguments('group'), async reference => {
        await call.cloud.network.delete(
          `/security-groups/${await findId(call.cloud, 'securityGroup', reference)}`,
        )
      }),
  }),
  list({
    words: 'security group rule list',
    arguments: '[group]',
    help: 'list rules of a security group, or of all',
    options: [
      option('--ingress', 'only about incoming traffic', { conflicts: ['egress'] }),
      option('--egress', 'only about outgoing traffic'),
      option('--protocol <protocol>', 'only about this protocol'),
    ],
    examples: ['security group rule list default'],
    columns: [
      column('ID', 'id'),
      column('IP Protocol', 'protocol'),
      column('Ethertype', 'ethertype'),
      column('IP Range', ipRange),
      column('Port Range', portRange),
      column('Direction', 'direction'),
      column('Remote Security Group', 'remote_group_id'),
      column('Remote Address Group', 'remote_address_group_id'),
      column('Security Group', 'security_group_id', view => view.argument('group') === ''),
    ],
    run: async call => {
      const group = call.argument('group')
      const path = `/security-group-rules${query({
        security_group_id: group === '' ? undefined : await findId(call.cloud, 'securityGroup', group),
        direction: call.flag('ingress') ? 'ingress' : call.flag('egress') ? 'egress' : undefined,
        protocol: call.text('protocol'),
      })}`
      return call.cloud.network.list(path, 'security_group_rules')
    },
  }),
  show({
    words: 'security group rule create',
    arguments: '<group>',
    help: 'allow some traffic',
    options: [
      option('--protocol <protocol>', 'tcp, udp, icmp, a number … (default: any)'),
      option('--dst-port <port[:port]>', 'one port, or a range'),
      option('--icmp-type <type>', 'ICMP type', { number: true }),
      option('--icmp-code <code>', 'ICMP code', { number: true }),
      option('--remote-ip <cidr>', 'from or to these addresses', { conflicts: ['remote-group'] }),
      option('--remote-group <group>', 'from or to members of this security group (name or ID)'),
      option('--ingress', 'incoming (the default)', { conflicts: ['egress'] }),
      option('--egress', 'outgoing'),
      option('--ethertype <type>', 'IPv4 (default) or IPv6', { choices: ['IPv4', 'IPv6'] }),
      option('--description <text>', 'description'),
    ],
    examples: [
      'security group rule create --protocol tcp --dst-port 22 default',
      'security group rule create --protocol icmp default',
    ],
    run: createRule,
  }),
  act({
    words: 'security group rule delete',
    arguments: '<rule-id...>',
    help: 'delete rules',
    examples: ['security group rule delete 3f6a…'],
    run: call =>
      forEach(call, call.arguments('rule-id'), async id => {
        await call.cloud.network.delete(`/security-group-rules/${encodeURIComponent(id)}`)
      }),
  }),
]

function portRange(rule: Item) {
  const from = textOf(rule, 'port_range_min')
  const to = textOf(rule, 'port_range_max')
  if (from === '' && to === '') return ''
  if (/^icmp|^ipv6-icmp/.test(textOf(rule, 'protocol')))
    return `type=${from}${to === '' ? '' : `:code=${to}`}`
  return `${from}:${to}`
}

async function createRule(call: Call) {
  const group = call.text('remote-group')
  const reply = await call.cloud.network.post('/security-group-rules', {
    security_group_rule: defined({
      security_group_id: await findId(call.cloud, 'securityGroup', call.argument('group')),
      direction: call.flag('egress') ? 'egress' : 'ingress',
      ethertype: call.text('ethertype') ?? (call.text('remote-ip')?.includes(':') ? 'IPv6' : 'IPv4'),
      protocol: call.text('protocol'),
      ...portsOf(call),
      remote_ip_prefix: call.text('remote-ip'),
      remote_group_id: group === undefined ? undefined : await findId(call.cloud, 'securityGroup', group),
      description: call.text('description'),
    }),
  })
  return networkFields(itemOf(reply.body, 'security_group_rule'))
}

function portsOf(call: Call) {
  const text = call.text('dst-port')
  if (text === undefined)
    return { port_range_min: call.number('icmp-type'), port_range_max: call.number('icmp-code') }
  const match = /^(\d+)(?::(\d+))?$/.exec(text)
  if (!match) throw usage(`--dst-port wants a port or two with a colon between, not '${text}'`)
  return { port_range_min: Number(match[1]), port_range_max: Number(match[2] ?? match[1]) }
}
