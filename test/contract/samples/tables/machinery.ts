// The cloud's own machinery: services, hypervisors, hosts, aggregates, zones.
import { read, type SampleRow, send } from '../rows.ts'
import type { Stage } from '../stage.ts'
import { quietHost } from '../stage.ts'
import { aggregate, everywhere, hypervisorOf, serviceOf, spareHost, zone } from '../states.ts'

/** Services of one host are switched off and on; from 2.53 on by their uuid. */
const service = (verb: string) => async (stage: Stage, minor: number) =>
  minor < 53 ? `/os-services/${verb}` : `/os-services/${await serviceOf(stage, spareHost)}`
const spare = () => ({ host: spareHost })
const upAgain = async (stage: Stage) => {
  const path = `/os-services/${await serviceOf(stage, spareHost)}`
  await stage.ask('PUT', path, { body: { forced_down: false } })
  await stage.ask('PUT', path, { body: { status: 'enabled' } })
}
const change = (file: string, verb: string): SampleRow =>
  send('PUT', `os-services/service-${file}-put-req`, service(verb), {
    response: `os-services/service-${file}-put-resp`,
    put: spare,
    after: upAgain,
  })

/** A page, from where there are pages. */
const hypervisors = (file: string, below: string): SampleRow =>
  read(`os-hypervisors/${file}`, (_, minor) => `/os-hypervisors${below}${minor < 33 ? '' : '?limit=1'}`)
const ofHypervisor =
  (below = '') =>
  async (stage: Stage, minor: number) => {
    await everywhere(stage)
    return `/os-hypervisors/${await hypervisorOf(stage, minor)}${below}`
  }
const untilHosts = 42
/** Hosts run audits where an operator says so; here nobody does. */
const noAudit = { lacks: ['log'] }

const changed = (
  sample: string,
  answer: string,
  below: string,
  prepare: (stage: Stage) => Promise<number>,
): SampleRow =>
  send(
    below === '' ? 'PUT' : 'POST',
    `os-aggregates/${sample}`,
    async stage => `/os-aggregates/${await prepare(stage)}${below}`,
    {
      response: `os-aggregates/${answer}`,
      put: spare,
    },
  )
/** A new aggregate, and no other but the zone's. */
const free = async (stage: Stage) => {
  await zone(stage)
  const { aggregates } = await stage.ask('GET', '/os-aggregates')
  for (const { id, hosts, availability_zone } of aggregates)
    if (availability_zone !== 'us-west') {
      const path = `/os-aggregates/${id}`
      for (const host of hosts) await stage.ask('POST', `${path}/action`, { body: { remove_host: { host } } })
      await stage.ask('DELETE', path)
    }
  return aggregate(stage, { availability_zone: 'london' })
}
const withSpareHost = async (stage: Stage) => {
  const id = await free(stage)
  await stage.ask('POST', `/os-aggregates/${id}/action`, { body: { add_host: { host: spareHost } } })
  return id
}

export const machineryRows: readonly SampleRow[] = [
  read('os-services/services-list-get-resp', '/os-services'),
  change('enable', 'enable'),
  change('disable', 'disable'),
  change('disable-log', 'disable-log-reason'),
  change('force-down', 'force-down'),

  hypervisors('hypervisors-list-resp', ''),
  hypervisors('hypervisors-detail-resp', '/detail'),
  read('os-hypervisors/hypervisors-detail-with-servers-resp', async stage => {
    await everywhere(stage)
    return '/os-hypervisors/detail?with_servers=1&hypervisor_hostname_pattern=host-1'
  }),
  read('os-hypervisors/hypervisors-show-resp', ofHypervisor()),
  read('os-hypervisors/hypervisors-show-with-servers-resp', ofHypervisor('?with_servers=1')),
  read('os-hypervisors/hypervisors-statistics-resp', '/os-hypervisors/statistics', { until: 87 }),
  read('os-hypervisors/hypervisors-uptime-resp', ofHypervisor('/uptime'), { until: 87 }),
  read('os-hypervisors/hypervisors-search-resp', (_, minor) =>
    minor < 53 ? '/os-hypervisors/host/search' : '/os-hypervisors?hypervisor_hostname_pattern=host',
  ),
  read('os-hypervisors/hypervisors-with-servers-resp', async (stage, minor) => {
    await everywhere(stage)
    return minor < 53
      ? '/os-hypervisors/host-1/servers'
      : '/os-hypervisors?with_servers=1&hypervisor_hostname_pattern=host-1'
  }),
  read(
    'os-hypervisors/hypervisors-without-servers-resp',
    (_, minor) =>
      minor < 53
        ? `/os-hypervisors/${quietHost}/servers`
        : `/os-hypervisors?with_servers=1&hypervisor_hostname_pattern=${quietHost}`,
    {
      // From 2.75 on, a host asked for its servers shows that it has none.
      changes: {
        75: ({ hypervisors }: { hypervisors: readonly object[] }) => ({
          hypervisors: hypervisors.map(one => ({ ...one, servers: [] })),
        }),
      },
    },
  ),

  read('os-hosts/hosts-list-resp', '/os-hosts', { until: untilHosts }),
  read('os-hosts/host-get-resp', '/os-hosts/host-1', { until: untilHosts }),
  // What hypervisors' drivers do not do, as libvirt's does not.
  ...['reboot', 'shutdown', 'startup'].map(action =>
    read(`os-hosts/host-get-${action}`, `/os-hosts/${spareHost}/${action}`, {
      until: untilHosts,
      status: 501,
    }),
  ),
  send('PUT', 'os-hosts/host-put-maintenance-req', `/os-hosts/${spareHost}`, {
    response: 'os-hosts/host-put-maintenance-resp',
    until: untilHosts,
    status: 501,
  }),

  send('POST', 'os-aggregates/aggregate-post-req', '/os-aggregates', {
    response: 'os-aggregates/aggregate-post-resp',
    put: stage => ({ name: stage.fresh('name') }),
  }),
  send(
    'PUT',
    'os-aggregates/aggregate-update-post-req',
    async stage => `/os-aggregates/${await free(stage)}`,
    {
      response: 'os-aggregates/aggregate-update-post-resp',
      put: stage => ({ name: stage.fresh('newname') }),
    },
  ),
  changed('aggregate-add-host-post-req', 'aggregates-add-host-post-resp', '/action', free),
  changed('aggregate-remove-host-post-req', 'aggregates-remove-host-post-resp', '/action', withSpareHost),
  changed('aggregate-metadata-post-req', 'aggregates-metadata-post-resp', '/action', free),
  read('os-aggregates/aggregates-get-resp', async stage => `/os-aggregates/${await free(stage)}`),
  read('os-aggregates/aggregates-list-get-resp', async stage => {
    await withSpareHost(stage)
    return '/os-aggregates'
  }),
  send(
    'POST',
    'os-aggregates/aggregate-images-post-req',
    async stage => `/os-aggregates/${await withSpareHost(stage)}/images`,
    {
      status: 202,
    },
  ),

  read('os-availability-zone/availability-zone-list-resp', '/os-availability-zone'),
  read('os-availability-zone/availability-zone-detail-resp', async stage => {
    await zone(stage)
    return '/os-availability-zone/detail'
  }),
  read(
    'os-instance-usage-audit-log/inst-usage-audit-log-index-get-resp',
    '/os-instance_usage_audit_log',
    noAudit,
  ),
  read(
    'os-instance-usage-audit-log/inst-usage-audit-log-show-get-resp',
    `/os-instance_usage_audit_log/${encodeURIComponent('2099-01-01 00:00:00')}`,
    noAudit,
  ),
]
