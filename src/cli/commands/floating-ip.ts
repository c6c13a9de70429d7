// `floating ip list|create|delete`.
import { findId } from '../find.ts'
import { itemOf } from '../item.ts'
import { defined, faced, networkFields } from '../network-view.ts'
import { act, column, forEach, list, long, longOption, option, query, show } from '../row.ts'

export const floatingIpRows = [
  list({
    words: 'floating ip list',
    help: 'list floating IPs',
    options: [
      longOption,
      option('--network <network>', 'of this external network (name or ID)'),
      option('--port <port>', 'of this port (name or ID)'),
      option('--status <status>', 'ACTIVE or DOWN'),
    ],
    examples: ['floating ip list'],
    columns: [
      column('ID', 'id'),
      column('Floating IP Address', 'floating_ip_address'),
      column('Fixed IP Address', 'fixed_ip_address'),
      column('Port', 'port_id'),
      column('Floating Network', 'floating_network_id'),
      column('Project', 'project_id'),
      column('Router', 'router_id', long),
      column('Status', 'status', long),
      column('Description', 'description', long),
      column('Tags', faced('tags'), long),
      column('DNS Name', 'dns_name', long),
      column('DNS Domain', 'dns_domain', long),
    ],
    run: async call => {
      const id = async (kind: 'network' | 'port') => {
        const reference = call.text(kind)
        return reference === undefined ? undefined : findId(call.cloud, kind, reference)
      }
      const path = `/floatingips${query({
        floating_network_id: await id('network'),
        port_id: await id('port'),
        status: call.text('status'),
      })}`
      return call.cloud.network.list(path, 'floatingips')
    },
  }),
  show({
    words: 'floating ip create',
    arguments: '<network>',
    help: 'take a floating IP from an external network',
    options: [
      option('--port <port>', 'and point it at this port (name or ID)'),
      option('--fixed-ip-address <address>', "which of the port's addresses"),
      option('--floating-ip-address <address>', 'this address'),
      option('--description <text>', 'description'),
    ],
    examples: ['floating ip create public', 'floating ip create --port p1 public'],
    run: async call => {
      const port = call.text('port')
      const reply = await call.cloud.network.post('/floatingips', {
        floatingip: defined({
          floating_network_id: await findId(call.cloud, 'network', call.argument('network')),
          port_id: port === undefined ? undefined : await findId(call.cloud, 'port', port),
          fixed_ip_address: call.text('fixed-ip-address'),
          floating_ip_address: call.text('floating-ip-address'),
          description: call.text('description'),
        }),
      })
      return networkFields(itemOf(reply.body, 'floatingip'))
    },
  }),
  act({
    words: 'floating ip delete',
    arguments: '<floating-ip...>',
    help: 'give floating IPs back (address or ID)',
    examples: ['floating ip delete 203.0.113.7'],
    run: call =>
      forEach(call, call.arguments('floating-ip'), async reference => {
        await call.cloud.network.delete(`/floatingips/${await findId(call.cloud, 'floatingIp', reference)}`)
      }),
  }),
]
