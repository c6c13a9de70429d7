// `port list|show|create|delete`.
import { find, findId } from '../find.ts'
import { itemOf } from '../item.ts'
import { defined, faced, networkFields } from '../network-view.ts'
import {
  act,
  type Call,
  column,
  forEach,
  list,
  long,
  longOption,
  option,
  pairs,
  query,
  show,
} from '../row.ts'

export const portRows = [
  list({
    words: 'port list',
    help: 'list ports',
    options: [
      longOption,
      option('--network <network>', 'of this network (name or ID)'),
      option('--server <server>', 'of this server (name or ID)'),
      option('--router <router>', 'of this router (name or ID)'),
      option('--device-id <id>', 'of this device'),
      option('--device-owner <owner>', 'of this kind of device'),
      option('--host <host>', 'on this host'),
      option('--name <name>', 'of this name'),
      option('--mac-address <address>', 'with this MAC address'),
    ],
    examples: ['port list', 'port list --server vm1'],
    columns: [
      column('ID', 'id'),
      column('Name', 'name'),
      column('MAC Address', 'mac_address'),
      column('Fixed IP Addresses', faced('fixed_ips')),
      column('Status', 'status'),
      column('Security Groups', faced('security_groups'), long),
      column('Device Owner', 'device_owner', long),
      column('Tags', faced('tags'), long),
      column('Device ID', 'device_id', () => false),
      column('Network ID', 'network_id', () => false),
      column('Host', 'binding:host_id', () => false),
    ],
    run: async call => {
      const id = async (kind: 'network' | 'server' | 'router') => {
        const reference = call.text(kind)
        return reference === undefined ? undefined : findId(call.cloud, kind, reference)
      }
      const path = `/ports${query({
        network_id: await id('network'),
        device_id: (await id('server')) ?? (await id('router')) ?? call.text('device-id'),
        device_owner: call.text('device-owner'),
        'binding:host_id': call.text('host'),
        name: call.text('name'),
        mac_address: call.text('mac-address'),
      })}`
      return call.cloud.network.list(path, 'ports')
    },
  }),
  show({
    words: 'port show',
    arguments: '<port>',
    help: 'show a port',
    examples: ['port show 6e2f…'],
    run: async call => networkFields(await find(call.cloud, 'port', call.argument('port')), 'port'),
  }),
  show({
    words: 'port create',
    arguments: '<name>',
    help: 'create a port',
    options: [
      option('--network <network>', 'of this network (name or ID)', { required: true }),
      option('--fixed-ip <subnet=…,ip-address=…>', 'address, or subnet to take one from; repeatable', {
        many: true,
      }),
      option('--mac-address <address>', 'MAC address'),
      option('--security-group <group>', 'security group (name or ID); repeatable', { many: true }),
      option('--no-security-group', 'no security group', { conflicts: ['security-group'] }),
      option('--disable-port-security', 'no filters'),
      option('--disable', 'administratively down'),
      option('--description <text>', 'description'),
    ],
    examples: [
      'port create --network private p1',
      'port create --network private --fixed-ip ip-address=10.0.0.9 p2',
    ],
    run: createPort,
  }),
  act({
    words: 'port delete',
    arguments: '<port...>',
    help: 'delete ports',
    examples: ['port delete p1'],
    run: call =>
      forEach(call, call.arguments('port'), async reference => {
        await call.cloud.network.delete(`/ports/${await findId(call.cloud, 'port', reference)}`)
      }),
  }),
]

async function createPort(call: Call) {
  const groups = await Promise.all(
    call.many('security-group').map(group => findId(call.cloud, 'securityGroup', group)),
  )
  const addresses = await Promise.all(
    call.many('fixed-ip').map(async text => {
      const given = pairs(text.split(','), '--fixed-ip')
      return defined({
        subnet_id: given.subnet === undefined ? undefined : await findId(call.cloud, 'subnet', given.subnet),
        ip_address: given['ip-address'],
      })
    }),
  )
  const reply = await call.cloud.network.post('/ports', {
    port: defined({
      name: call.argument('name'),
      network_id: await findId(call.cloud, 'network', call.text('network')!), // a required option
      admin_state_up: !call.flag('disable'),
      fixed_ips: addresses.length > 0 ? addresses : undefined,
      mac_address: call.text('mac-address'),
      security_groups: call.flag('no-security-group') ? [] : groups.length > 0 ? groups : undefined,
      port_security_enabled: call.flag('disable-port-security') ? false : undefined,
      description: call.text('description'),
    }),
  })
  return networkFields(itemOf(reply.body, 'port'), 'port')
}
