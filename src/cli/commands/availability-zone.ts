// `availability zone list`: of compute, volume and network, as far as the cloud has them.
import { asItem, type Item, itemsOf, textOf } from '../item.ts'
import { type Call, column, list, long, longOption, option } from '../row.ts'

export const availabilityZoneRows = [
  list({
    words: 'availability zone list',
    help: 'list availability zones',
    options: [
      longOption,
      option('--compute', 'of the compute service'),
      option('--network', 'of the network service'),
      option('--volume', 'of the volume service'),
    ],
    examples: ['availability zone list', 'availability zone list --compute --long'],
    columns: [
      column('Zone Name', 'name'),
      column('Zone Status', 'status'),
      column('Zone Resource', 'resource', long),
      column('Host Name', 'host', long),
      column('Service Name', 'service', long),
      column('Service Status', 'service_status', long),
    ],
    run: async call => {
      const all = !call.flag('compute') && !call.flag('network') && !call.flag('volume')
      return [
        ...(all || call.flag('compute') ? await computeZones(call) : []),
        ...(all || call.flag('volume') ? await volumeZones(call) : []),
        ...(all || call.flag('network') ? await networkZones(call) : []),
      ]
    },
  }),
]

const statusOf = (zone: Item) => (asItem(zone.zoneState).available ? 'available' : 'not available')
const zoneOf = (zone: Item): Item => ({ name: zone.zoneName, status: statusOf(zone), resource: '' })

async function computeZones(call: Call): Promise<readonly Item[]> {
  const { compute } = call.cloud
  const detail = await compute.request('GET', '/os-availability-zone/detail', { allow: [403] })
  const body = detail.status === 403 ? await compute.get('/os-availability-zone') : detail.body
  const zones = itemsOf(body, 'availabilityZoneInfo')
  if (!call.flag('long')) return zones.map(zoneOf)
  return zones.flatMap(zone => {
    const services = Object.entries(asItem(zone.hosts)).flatMap(([host, found]) =>
      Object.entries(asItem(found)).map(([service, state]) => {
        const { active, available, updated_at } = asItem(state)
        const face = available ? ':-)' : 'XXX'
        return {
          ...zoneOf(zone),
          host,
          service,
          service_status: `${active ? 'enabled' : 'disabled'} ${face} ${updated_at ?? ''}`.trimEnd(),
        }
      }),
    )
    return services.length > 0 ? services : [zoneOf(zone)]
  })
}

async function volumeZones(call: Call): Promise<readonly Item[]> {
  if (!(await call.cloud.has('volume'))) return []
  const reply = await call.cloud.volume.request('GET', '/os-availability-zone', { allow: [403, 404, 501] })
  return itemsOf(reply.body, 'availabilityZoneInfo').map(zoneOf)
}

async function networkZones(call: Call): Promise<readonly Item[]> {
  if (!(await call.cloud.has('network'))) return []
  const reply = await call.cloud.network.request('GET', '/availability_zones', { allow: [403, 404, 501] })
  return itemsOf(reply.body, 'availability_zones').map(zone => ({
    name: zone.name,
    status: textOf(zone, 'state'),
    resource: zone.resource,
  }))
}
