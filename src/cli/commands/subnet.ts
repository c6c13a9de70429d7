// `subnet list|show|create|delete`.
import { usage } from '../errors.ts'
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

export const subnetRows = [
  list({
    words: 'subnet list',
    help: 'list subnets',
    options: [
      longOption,
      option('--network <network>', 'of this network (name or ID)'),
      option('--name <name>', 'of this name'),
      option('--ip-version <version>', '4 or 6', { choices: ['4', '6'] }),
      option('--subnet-range <cidr>', 'of this range'),
    ],
    examples: ['subnet list', 'subnet list --network private --long'],
    columns: [
      column('ID', 'id'),
      column('Name', 'name'),
      column('Network', 'network_id'),
      column('Subnet', 'cidr'),
      column('Project', 'project_id', long),
      column('DHCP', 'enable_dhcp', long),
      column('Name Servers', faced('dns_nameservers'), long),
      column('Allocation Pools', faced('allocation_pools'), long),
      column('Host Routes', faced('host_routes'), long),
      column('IP Version', 'ip_version', long),
      column('Gateway', 'gateway_ip', long),
      column('Service Types', faced('service_types'), long),
      column('Tags', faced('tags'), long),
    ],
    run: async call => {
      const network = call.text('network')
      const path = `/subnets${query({
        name: call.text('name'),
        ip_version: call.text('ip-version'),
        cidr: call.text('subnet-range'),
        network_id: network === undefined ? undefined : await findId(call.cloud, 'network', network),
      })}`
      return call.cloud.network.list(path, 'subnets')
    },
  }),
  show({
    words: 'subnet show',
    arguments: '<subnet>',
    help: 'show a subnet',
    examples: ['subnet show private-subnet'],
    run: async call => networkFields(await find(call.cloud, 'subnet', call.argument('subnet')), 'subnet'),
  }),
  show({
    words: 'subnet create',
    arguments: '<name>',
    help: 'create a subnet: a range of addresses of a network',
    options: [
      option('--network <network>', 'of this network (name or ID)', { required: true }),
      option('--subnet-range <cidr>', 'the range: 192.168.7.0/24', { required: true }),
      option('--ip-version <version>', '4 (default) or 6', { choices: ['4', '6'] }),
      option('--gateway <address>', 'address of the gateway, auto (default) or none'),
      option('--no-dhcp', 'no DHCP'),
      option('--dns-nameserver <address>', 'name server; repeatable', { many: true }),
      option('--allocation-pool <start=…,end=…>', 'part of the range to give out; repeatable', {
        many: true,
      }),
      option('--host-route <destination=…,gateway=…>', 'route for servers; repeatable', { many: true }),
      option('--ipv6-ra-mode <mode>', 'dhcpv6-stateful, dhcpv6-stateless or slaac'),
      option('--ipv6-address-mode <mode>', 'dhcpv6-stateful, dhcpv6-stateless or slaac'),
      option('--description <text>', 'description'),
    ],
    examples: ['subnet create --network lab --subnet-range 192.168.7.0/24 lab4'],
    run: createSubnet,
  }),
  act({
    words: 'subnet delete',
    arguments: '<subnet...>',
    help: 'delete subnets',
    examples: ['subnet delete lab4'],
    run: call =>
      forEach(call, call.arguments('subnet'), async reference => {
        await call.cloud.network.delete(`/subnets/${await findId(call.cloud, 'subnet', reference)}`)
      }),
  }),
]

async function createSubnet(call: Call) {
  const range = call.text('subnet-range')! // both are required options
  const gateway = call.text('gateway') ?? 'auto'
  const reply = await call.cloud.network.post('/subnets', {
    subnet: defined({
      name: call.argument('name'),
      network_id: await findId(call.cloud, 'network', call.text('network')!),
      cidr: range,
      ip_version: Number(call.text('ip-version') ?? (range.includes(':') ? 6 : 4)),
      gateway_ip: gateway === 'auto' ? undefined : gateway === 'none' ? null : gateway,
      enable_dhcp: !call.flag('no-dhcp'),
      dns_nameservers: given(call.many('dns-nameserver')),
      allocation_pools: given(parts(call, 'allocation-pool', ['start', 'end'])),
      host_routes: given(
        parts(call, 'host-route', ['destination', 'gateway']).map(route => ({
          destination: route.destination,
          nexthop: route.gateway,
        })),
      ),
      ipv6_ra_mode: call.text('ipv6-ra-mode'),
      ipv6_address_mode: call.text('ipv6-address-mode'),
      description: call.text('description'),
    }),
  })
  return networkFields(itemOf(reply.body, 'subnet'), 'subnet')
}

const given = <T>(values: readonly T[]): readonly T[] | undefined => (values.length > 0 ? values : undefined)

/** `a=1,b=2` options as objects that have exactly these keys. */
function parts(call: Call, name: string, keys: readonly string[]): readonly Record<string, string>[] {
  return call.many(name).map(text => {
    const found = pairs(text.split(','), `--${name}`)
    if (keys.some(key => found[key] === undefined))
      throw usage(`--${name} wants ${keys.join('=…,')}=…, not '${text}'`)
    return found
  })
}
