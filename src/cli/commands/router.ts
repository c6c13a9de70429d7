// `router list|show`.
import { find } from '../find.ts'
import { asItem, textOf } from '../item.ts'
import { face, faced, networkFields } from '../network-view.ts'
import { column, list, long, longOption, option, query, show } from '../row.ts'

export const routerRows = [
  list({
    words: 'router list',
    help: 'list routers',
    options: [longOption, option('--name <name>', 'of this name')],
    examples: ['router list'],
    columns: [
      column('ID', 'id'),
      column('Name', 'name'),
      column('Status', 'status'),
      column('State', faced('admin_state_up')),
      column('Project', 'project_id'),
      column('Routes', faced('routes'), long),
      column('External gateway info', faced('external_gateway_info'), long),
      column('Availability zones', faced('availability_zones'), long),
      column('Tags', faced('tags'), long),
    ],
    run: call => call.cloud.network.list(`/routers${query({ name: call.text('name') })}`, 'routers'),
  }),
  show({
    words: 'router show',
    arguments: '<router>',
    help: 'show a router and its interfaces',
    examples: ['router show router1'],
    run: async call => {
      const router = await find(call.cloud, 'router', call.argument('router'))
      const ports = await call.cloud.network.list(`/ports?device_id=${textOf(router, 'id')}`, 'ports')
      const interfaces = ports
        .filter(port => port.device_owner !== 'network:router_gateway')
        .flatMap(port =>
          (Array.isArray(port.fixed_ips) ? port.fixed_ips : []).map(asItem).map(address => ({
            port_id: port.id,
            ip_address: address.ip_address,
            subnet_id: address.subnet_id,
          })),
        )
      return { ...networkFields(router, 'router'), interfaces_info: face('interfaces_info', interfaces) }
    },
  }),
]
