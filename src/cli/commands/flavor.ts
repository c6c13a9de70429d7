// `flavor list|show|create|delete|set|unset`.
import { find, findId } from '../find.ts'
import { asItem, type Item, itemOf, itemsOf, textOf, without } from '../item.ts'
import { type Cell, decimal, dict, list as texts } from '../output/cells.ts'
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

export const flavorRows = [
  list({
    words: 'flavor list',
    help: 'list flavors',
    options: [
      longOption,
      option('--all', 'private ones too (administrators)', { conflicts: ['private'] }),
      option('--private', 'only private ones (administrators)'),
      option('--min-disk <gigabytes>', 'with at least this disk', { number: true }),
      option('--min-ram <megabytes>', 'with at least this memory', { number: true }),
      option('--marker <flavor-id>', 'start after this one'),
      option('--limit <count>', 'at most so many', { number: true }),
    ],
    examples: ['flavor list', 'flavor list --all --long'],
    columns: [
      column('ID', 'id'),
      column('Name', 'name'),
      column('RAM', 'ram'),
      column('Disk', 'disk'),
      column('Ephemeral', 'OS-FLV-EXT-DATA:ephemeral'),
      column('VCPUs', 'vcpus'),
      column('Is Public', 'os-flavor-access:is_public'),
      column('Swap', 'swap', long),
      column('RXTX Factor', flavor => decimal(flavor.rxtx_factor ?? ''), long),
      column('Properties', flavor => dict(asItem(flavor.extra_specs)), long),
    ],
    run: async call => {
      const limit = call.number('limit')
      const flavors = await call.cloud.compute.list(
        `/flavors/detail${query({
          is_public: call.flag('all') ? 'None' : call.flag('private') ? 'False' : undefined,
          minDisk: call.number('min-disk'),
          minRam: call.number('min-ram'),
          marker: call.text('marker'),
          limit,
        })}`,
        'flavors',
        limit,
      )
      if (!call.flag('long')) return flavors
      return Promise.all(
        flavors.map(async flavor => ({ ...flavor, extra_specs: await extraSpecs(call, flavor) })),
      )
    },
  }),
  show({
    words: 'flavor show',
    arguments: '<flavor>',
    help: 'show a flavor',
    examples: ['flavor show m1.tiny'],
    run: async call => fields(call, await find(call.cloud, 'flavor', call.argument('flavor'))),
  }),
  show({
    words: 'flavor create',
    arguments: '<name>',
    help: 'create a flavor (administrators)',
    options: [
      option('--id <id>', 'its id (default: a UUID)'),
      option('--ram <megabytes>', 'memory (default 256)', { number: true }),
      option('--disk <gigabytes>', 'disk (default 0: as large as the image)', { number: true }),
      option('--vcpus <count>', 'virtual CPUs (default 1)', { number: true }),
      option('--ephemeral <gigabytes>', 'a second, empty disk', { number: true }),
      option('--swap <megabytes>', 'swap disk', { number: true }),
      option('--rxtx-factor <factor>', 'factor of network bandwidth (before compute 2.102)'),
      option('--public', 'for all projects (the default)', { conflicts: ['private'] }),
      option('--private', 'for projects it is given to'),
      option('--project <project>', 'give the private flavor to this project (name or ID)'),
      option('--property <key=value>', 'extra spec; repeatable', { many: true }),
      option('--description <text>', 'description (compute 2.55)'),
    ],
    examples: [
      'flavor create --ram 1024 --disk 5 --vcpus 1 m1.half',
      'flavor create --ram 512 --property hw:cpu_policy=shared s',
    ],
    run: createFlavor,
  }),
  act({
    words: 'flavor delete',
    arguments: '<flavor...>',
    help: 'delete flavors (administrators); servers keep their size',
    examples: ['flavor delete m1.half'],
    run: call =>
      forEach(call, call.arguments('flavor'), async reference => {
        await call.cloud.compute.delete(
          `/flavors/${encodeURIComponent(await findId(call.cloud, 'flavor', reference))}`,
        )
      }),
  }),
  act({
    words: 'flavor set',
    arguments: '<flavor>',
    help: 'change a flavor (administrators)',
    options: [
      option('--property <key=value>', 'extra spec to add or change; repeatable', { many: true }),
      option('--no-property', 'remove all extra specs first'),
      option('--project <project>', 'give the private flavor to this project (name or ID)'),
      option('--description <text>', 'description (compute 2.55)'),
    ],
    examples: ['flavor set --property hw:mem_page_size=large m1.large'],
    run: setFlavor,
  }),
  act({
    words: 'flavor unset',
    arguments: '<flavor>',
    help: 'take something from a flavor (administrators)',
    options: [
      option('--property <key>', 'extra spec to remove; repeatable', { many: true }),
      option('--project <project>', 'take the private flavor from this project (name or ID)'),
    ],
    examples: ['flavor unset --property hw:mem_page_size m1.large'],
    run: async call => {
      const id = await flavorId(call)
      for (const key of call.many('property'))
        await call.cloud.compute.delete(`/flavors/${id}/os-extra_specs/${encodeURIComponent(key)}`)
      await access(call, id, 'removeTenantAccess')
    },
  }),
]

const flavorId = async (call: Call) =>
  encodeURIComponent(await findId(call.cloud, 'flavor', call.argument('flavor')))

/** Flavors carry their extra specs since compute 2.61; before they are a resource of their own. */
async function extraSpecs(call: Call, flavor: Item): Promise<Item> {
  if ('extra_specs' in flavor) return asItem(flavor.extra_specs)
  const id = encodeURIComponent(textOf(flavor, 'id'))
  return itemOf(await call.cloud.compute.get(`/flavors/${id}/os-extra_specs`), 'extra_specs')
}

async function fields(call: Call, flavor: Item): Promise<Readonly<Record<string, Cell>>> {
  const isPublic = flavor['os-flavor-access:is_public'] !== false
  return {
    description: null,
    ...without(flavor, 'links', 'extra_specs'),
    ...('rxtx_factor' in flavor ? { rxtx_factor: decimal(flavor.rxtx_factor) } : {}),
    properties: dict(await extraSpecs(call, flavor)),
    access_project_ids: isPublic ? null : texts(await accessIds(call, textOf(flavor, 'id'))),
  }
}

async function accessIds(call: Call, id: string): Promise<readonly string[]> {
  const reply = await call.cloud.compute.request(
    'GET',
    `/flavors/${encodeURIComponent(id)}/os-flavor-access`,
    {
      allow: [403, 404], // only administrators may know
    },
  )
  return itemsOf(reply.body, 'flavor_access').map(one => textOf(one, 'tenant_id'))
}

async function createFlavor(call: Call) {
  const description = call.text('description')
  const reply = await call.cloud.compute.post('/flavors', {
    flavor: {
      name: call.argument('name'),
      ...(call.text('id') === undefined || call.text('id') === 'auto' ? {} : { id: call.text('id') }),
      ram: call.number('ram') ?? 256,
      disk: call.number('disk') ?? 0,
      vcpus: call.number('vcpus') ?? 1,
      'OS-FLV-EXT-DATA:ephemeral': call.number('ephemeral') ?? 0,
      swap: call.number('swap') ?? 0,
      ...(call.text('rxtx-factor') === undefined ? {} : { rxtx_factor: Number(call.text('rxtx-factor')) }),
      'os-flavor-access:is_public': !call.flag('private'),
      ...(description === undefined ? {} : { description }),
    },
  })
  const flavor = itemOf(reply.body, 'flavor')
  const id = encodeURIComponent(textOf(flavor, 'id'))
  await access(call, id, 'addTenantAccess')
  const specs = pairs(call.many('property'), '--property')
  if (Object.keys(specs).length === 0) return fields(call, flavor)
  await call.cloud.compute.post(`/flavors/${id}/os-extra_specs`, { extra_specs: specs })
  return fields(call, await find(call.cloud, 'flavor', textOf(flavor, 'id')))
}

async function access(
  call: Call,
  id: string,
  action: 'addTenantAccess' | 'removeTenantAccess',
): Promise<void> {
  const project = call.text('project')
  if (project === undefined) return
  const tenant = await findId(call.cloud, 'project', project)
  await call.cloud.compute.post(`/flavors/${id}/action`, { [action]: { tenant } })
}

async function setFlavor(call: Call): Promise<void> {
  const { compute } = call.cloud
  const id = await flavorId(call)
  const description = call.text('description')
  if (description !== undefined) await compute.put(`/flavors/${id}`, { flavor: { description } })
  if (call.flag('no-property')) {
    const specs = itemOf(await compute.get(`/flavors/${id}/os-extra_specs`), 'extra_specs')
    for (const key of Object.keys(specs))
      await compute.delete(`/flavors/${id}/os-extra_specs/${encodeURIComponent(key)}`)
  }
  const specs = pairs(call.many('property'), '--property')
  if (Object.keys(specs).length > 0)
    await compute.post(`/flavors/${id}/os-extra_specs`, { extra_specs: specs })
  await access(call, id, 'addTenantAccess')
}
