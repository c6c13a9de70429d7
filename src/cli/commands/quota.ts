// `quota show|set`, `limits show`.
import { usage } from '../errors.ts'
import { findId } from '../find.ts'
import { asItem, type Item, itemOf, itemsOf } from '../item.ts'
import { act, type Call, column, list, option } from '../row.ts'

type QuotaService = 'compute' | 'volume' | 'network'

/** The openstack client's name of each limit, and what its service calls it. */
const quotas = {
  compute: {
    cores: 'cores',
    'fixed-ips': 'fixed_ips',
    'injected-file-size': 'injected_file_content_bytes',
    'injected-path-size': 'injected_file_path_bytes',
    'injected-files': 'injected_files',
    instances: 'instances',
    'key-pairs': 'key_pairs',
    properties: 'metadata_items',
    ram: 'ram',
    'server-groups': 'server_groups',
    'server-group-members': 'server_group_members',
  },
  volume: {
    backups: 'backups',
    'backup-gigabytes': 'backup_gigabytes',
    gigabytes: 'gigabytes',
    'per-volume-gigabytes': 'per_volume_gigabytes',
    snapshots: 'snapshots',
    volumes: 'volumes',
  },
  network: {
    'floating-ips': 'floatingip',
    'secgroup-rules': 'security_group_rule',
    secgroups: 'security_group',
    networks: 'network',
    subnets: 'subnet',
    ports: 'port',
    routers: 'router',
    'rbac-policies': 'rbac_policy',
    subnetpools: 'subnetpool',
  },
} as const satisfies Record<QuotaService, Readonly<Record<string, string>>>

const serviceNames = Object.keys(quotas) as readonly QuotaService[] // the table's own keys
const paths = {
  compute: '/os-quota-sets',
  volume: '/os-quota-sets',
  network: '/quotas',
} satisfies Record<QuotaService, string>
const bodyKeys = { compute: 'quota_set', volume: 'quota_set', network: 'quota' } satisfies Record<
  QuotaService,
  string
>
const nameOf = (service: QuotaService, key: string): string =>
  Object.entries(quotas[service]).find(([, theirs]) => theirs === key)?.[0] ?? key

// Compute's last three are the network service's since compute 2.36, and -1 before.
const notQuotas = new Set([
  ...['id', 'project_id', 'tenant_id'],
  ...['floating_ips', 'security_groups', 'security_group_rules'],
])

export const quotaRows = [
  list({
    words: 'quota show',
    arguments: '[project]',
    help: 'show how much a project may have',
    options: [
      option('--default', 'what new projects may have', { conflicts: ['usage'] }),
      option('--usage', 'and how much it has'),
      ...serviceNames.map(service => option(`--${service}`, `only of the ${service} service`)),
    ],
    examples: ['quota show', 'quota show --usage --compute demo'],
    columns: [
      column('Resource', 'resource'),
      column('Limit', 'limit'),
      column('In Use', 'in_use', view => view.flag('usage')),
      column('Reserved', 'reserved', view => view.flag('usage')),
    ],
    run: showQuota,
  }),
  act({
    words: 'quota set',
    arguments: '<project>',
    help: 'set how much a project may have (administrators); -1 is no limit',
    options: [
      ...serviceNames.flatMap(service =>
        Object.keys(quotas[service]).map(name =>
          option(`--${name} <count>`, `${service} quota`, { number: true }),
        ),
      ),
      option('--force', 'also below what it has already'),
    ],
    examples: ['quota set --cores 40 --instances 20 demo'],
    run: setQuota,
  }),
  list({
    words: 'limits show',
    help: 'show limits of the project, and how much it has',
    options: [
      option('--absolute', 'limits of amounts (the default)', { conflicts: ['rate'] }),
      option('--rate', 'limits of requests for each time'),
      option('--project <project>', 'of this project (name or ID; administrators)'),
    ],
    examples: ['limits show --absolute'],
    columns: [
      column('Name', 'name', view => !view.flag('rate')),
      column('Value', 'value'),
      column('Verb', 'verb', view => view.flag('rate')),
      column('URI', 'uri', view => view.flag('rate')),
      column('Remain', 'remaining', view => view.flag('rate')),
      column('Unit', 'unit', view => view.flag('rate')),
      column('Next Available', 'next-available', view => view.flag('rate')),
    ],
    run: async call => {
      const project = call.text('project')
      const id = project === undefined ? '' : `?tenant_id=${await findId(call.cloud, 'project', project)}`
      const all = [
        itemOf(await call.cloud.compute.get(`/limits${id}`), 'limits'),
        ...((await call.cloud.has('volume')) ? [await volumeLimits(call)] : []),
      ]
      return all.flatMap((limits): readonly Item[] =>
        call.flag('rate')
          ? itemsOf(limits, 'rate').flatMap(rate =>
              itemsOf(rate, 'limit').map(limit => ({ ...limit, uri: rate.uri })),
            )
          : Object.entries(asItem(limits.absolute)).map(([name, value]) => ({ name, value })),
      )
    },
  }),
]

async function showQuota(call: Call): Promise<readonly Item[]> {
  const { cloud } = call
  const reference = call.argument('project')
  const own = await cloud.projectId()
  const id = reference === '' || reference === own ? own : await findId(cloud, 'project', reference)
  const asked = serviceNames.filter(service => call.flag(service))
  const found: Item[] = []
  for (const service of asked.length > 0 ? asked : serviceNames) {
    if (!(await cloud.has(service))) continue
    const detail = service === 'network' ? '/details' : service === 'compute' ? '/detail' : '?usage=True'
    const suffix = call.flag('default')
      ? service === 'network'
        ? '/default'
        : '/defaults'
      : call.flag('usage')
        ? detail
        : ''
    const reply = await cloud[service].request('GET', `${paths[service]}/${id}${suffix}`, {
      allow: asked.length > 0 ? [] : [404, 501], // a service without quotas has none to show
    })
    for (const [key, value] of Object.entries(itemOf(reply.body, bodyKeys[service]))) {
      if (notQuotas.has(key)) continue
      const { limit, in_use, used, reserved } = asItem(value)
      found.push({
        resource: nameOf(service, key),
        limit: typeof value === 'object' ? limit : value,
        in_use: in_use ?? used ?? null,
        reserved: reserved ?? null,
      })
    }
  }
  return found
}

async function setQuota(call: Call): Promise<void> {
  const changes = serviceNames.flatMap(service => {
    const values = Object.entries(quotas[service]).flatMap(([name, key]) => {
      const value = call.number(name)
      return value === undefined ? [] : [[key, value] as const]
    })
    return values.length > 0 ? [{ service, values: Object.fromEntries(values) }] : []
  })
  if (changes.length === 0) throw usage('give at least one limit to set: --cores 40, --ports 100 …')
  const id = await findId(call.cloud, 'project', call.argument('project'))
  for (const { service, values } of changes) {
    const force = call.flag('force') && service !== 'network' ? { force: true } : {}
    await call.cloud[service].put(`${paths[service]}/${id}`, { [bodyKeys[service]]: { ...values, ...force } })
  }
}

async function volumeLimits(call: Call): Promise<Item> {
  const reply = await call.cloud.volume.request('GET', '/limits', { allow: [403, 404, 501] })
  return itemOf(reply.body, 'limits')
}
