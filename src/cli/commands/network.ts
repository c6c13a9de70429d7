// `network list|show|create|delete`.
import { find, findId } from '../find.ts'
import { itemOf } from '../item.ts'
import { defined, faced, networkFields } from '../network-view.ts'
import { act, type Call, column, forEach, list, long, longOption, option, query, show } from '../row.ts'

export const networkRows = [
  list({
    words: 'network list',
    help: 'list networks',
    options: [
      longOption,
      option('--name <name>', 'of this name'),
      option('--external', 'only ones to the outside', { conflicts: ['internal'] }),
      option('--internal', 'only ones of projects'),
      option('--share', 'only shared ones'),
      option('--status <status>', 'in this status: ACTIVE, DOWN …'),
      option('--project <project>', 'of this project (name or ID)'),
    ],
    examples: ['network list', 'network list --external --long'],
    columns: [
      column('ID', 'id'),
      column('Name', 'name'),
      column('Status', 'status', long),
      column('Project', 'project_id', long),
      column('State', faced('admin_state_up'), long),
      column('Shared', 'shared', long),
      column('Subnets', faced('subnets')),
      column('Network Type', 'provider:network_type', long),
      column('Router Type', faced('router:external'), long),
      column('Availability Zones', faced('availability_zones'), long),
      column('Tags', faced('tags'), long),
    ],
    run: async call => {
      const project = call.text('project')
      const path = `/networks${query({
        name: call.text('name'),
        status: call.text('status'),
        'router:external': call.flag('external') ? true : call.flag('internal') ? false : undefined,
        shared: call.flag('share') ? true : undefined,
        project_id: project === undefined ? undefined : await findId(call.cloud, 'project', project),
      })}`
      return call.cloud.network.list(path, 'networks')
    },
  }),
  show({
    words: 'network show',
    arguments: '<network>',
    help: 'show a network',
    examples: ['network show private'],
    run: async call => networkFields(await find(call.cloud, 'network', call.argument('network')), 'network'),
  }),
  show({
    words: 'network create',
    arguments: '<name>',
    help: 'create a network; give it a subnet afterwards',
    options: [
      option('--description <text>', 'description'),
      option('--share', 'for all projects (administrators)'),
      option('--external', 'to the outside (administrators)'),
      option('--disable', 'administratively down'),
      option('--mtu <bytes>', 'largest packet', { number: true }),
      option('--disable-port-security', 'no filters on its ports'),
      option('--provider-network-type <type>', 'flat, vlan, vxlan … (administrators)'),
      option('--provider-physical-network <name>', 'physical network below (administrators)'),
      option('--provider-segment <id>', 'VLAN or tunnel id (administrators)', { number: true }),
      option('--project <project>', 'for this project (name or ID; administrators)'),
    ],
    examples: ['network create lab', 'subnet create --network lab --subnet-range 192.168.7.0/24 lab4'],
    run: createNetwork,
  }),
  act({
    words: 'network delete',
    arguments: '<network...>',
    help: 'delete networks',
    examples: ['network delete lab'],
    run: call =>
      forEach(call, call.arguments('network'), async reference => {
        await call.cloud.network.delete(`/networks/${await findId(call.cloud, 'network', reference)}`)
      }),
  }),
]

async function createNetwork(call: Call) {
  const project = call.text('project')
  const reply = await call.cloud.network.post('/networks', {
    network: defined({
      name: call.argument('name'),
      admin_state_up: !call.flag('disable'),
      description: call.text('description'),
      shared: call.flag('share') ? true : undefined,
      'router:external': call.flag('external') ? true : undefined,
      mtu: call.number('mtu'),
      port_security_enabled: call.flag('disable-port-security') ? false : undefined,
      'provider:network_type': call.text('provider-network-type'),
      'provider:physical_network': call.text('provider-physical-network'),
      'provider:segmentation_id': call.number('provider-segment'),
      project_id: project === undefined ? undefined : await findId(call.cloud, 'project', project),
    }),
  })
  return networkFields(itemOf(reply.body, 'network'), 'network')
}
