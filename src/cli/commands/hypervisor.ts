// `hypervisor list|show`, `host list`.
import { find } from '../find.ts'
import { asItem, asItems, type Item, itemOf, itemsOf, textOf, textsOf, without } from '../item.ts'
import { type Cell, dict, list as texts } from '../output/cells.ts'
import { column, list, longOption, option, query, show } from '../row.ts'

export const hypervisorRows = [
  list({
    words: 'hypervisor list',
    help: 'list hypervisors (administrators)',
    options: [
      longOption,
      option('--matching <text>', 'whose name has this in it'),
      option('--marker <id>', 'start after this one'),
      option('--limit <count>', 'at most so many', { number: true }),
    ],
    examples: ['hypervisor list'],
    columns: [
      column('ID', 'id'),
      column('Hypervisor Hostname', 'hypervisor_hostname'),
      column('Hypervisor Type', 'hypervisor_type'),
      column('Host IP', 'host_ip'),
      column('State', 'state'),
      // Numbers went to placement with compute 2.88: resource provider inventory list.
      ...[
        ['vCPUs Used', 'vcpus_used'],
        ['vCPUs', 'vcpus'],
        ['Memory MB Used', 'memory_mb_used'],
        ['Memory MB', 'memory_mb'],
      ].map(([heading, key]) => column(heading!, key!, view => view.flag('long') && view.computeMinor < 88)), // pairs
    ],
    run: async call => {
      const { minor } = await call.cloud.computeVersion()
      const matching = call.text('matching')
      const limit = call.number('limit')
      if (matching !== undefined && minor < 53)
        return itemsOf(
          await call.cloud.compute.get(`/os-hypervisors/${encodeURIComponent(matching)}/search`),
          'hypervisors',
        )
      const path = `/os-hypervisors/detail${query({
        hypervisor_hostname_pattern: matching,
        marker: call.text('marker'),
        limit,
      })}`
      return call.cloud.compute.list(path, 'hypervisors', limit)
    },
  }),
  show({
    words: 'hypervisor show',
    arguments: '<hypervisor>',
    help: 'show a hypervisor (administrators)',
    examples: ['hypervisor show host-1'],
    run: async call => {
      const { compute } = call.cloud
      const found = await find(call.cloud, 'hypervisor', call.argument('hypervisor'))
      const id = textOf(found, 'id')
      const service = asItem(found.service)
      const { minor } = await call.cloud.computeVersion()
      const aggregates = itemsOf(await compute.get('/os-aggregates'), 'aggregates')
      const fields: Record<string, Cell> = {
        ...without(found, 'service', 'servers'),
        aggregates: texts(
          aggregates
            .filter(aggregate => textsOf(aggregate.hosts).includes(textOf(service, 'host')))
            .map(aggregate => textOf(aggregate, 'name')),
        ),
        service_id: service.id,
        service_host: service.host,
        ...uptimeFields(minor < 88 ? await uptime(call.cloud.compute.request, id) : textOf(found, 'uptime')),
      }
      if ('cpu_info' in found) fields.cpu_info = cpuInfo(found.cpu_info)
      return fields
    },
  }),
  list({
    words: 'host list',
    help: 'list hosts of the compute service (administrators)',
    options: [option('--zone <zone>', 'of this availability zone')],
    examples: ['host list'],
    columns: [column('Host Name', 'host_name'), column('Service', 'service'), column('Zone', 'zone')],
    run: async call => {
      // The resource ended with compute 2.42; later versions answer 404.
      const { minor } = await call.cloud.computeVersion()
      const version = `2.${Math.min(minor, 42)}`
      const reply = await call.cloud.compute.request(
        'GET',
        `/os-hosts${query({ zone: call.text('zone') })}`,
        {
          headers: { 'OpenStack-API-Version': `compute ${version}`, 'X-OpenStack-Nova-API-Version': version },
        },
      )
      return asItems(asItem(reply.body).hosts)
    },
  }),
]

const cpuInfo = (value: unknown): Cell => {
  if (typeof value !== 'string') return dict(asItem(value))
  try {
    return dict(asItem(JSON.parse(value || '{}'))) // text before compute 2.28
  } catch {
    return value
  }
}

type Requests = (
  method: 'GET',
  path: string,
  options: { readonly allow: readonly number[] },
) => Promise<{
  readonly status: number
  readonly body: unknown
}>

async function uptime(request: Requests, id: string): Promise<string> {
  const reply = await request('GET', `/os-hypervisors/${id}/uptime`, { allow: [400, 404, 501] })
  return reply.status === 200 ? textOf(itemOf(reply.body, 'hypervisor'), 'uptime') : ''
}

/** uptime(1)'s line in parts; drivers without one give nothing. */
function uptimeFields(text: string): Item {
  const match = /^\s*(.+)\sup\s+(.+),\s+(.+)\susers?,\s+load average:\s(.+)/.exec(text)
  if (!match) return {}
  const [, host_time, uptime, users, load_average] = match
  return { host_time, uptime, users, load_average }
}
