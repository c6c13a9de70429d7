// Plausible requests to placement, by its administrator.
import { newUuid } from '../../../src/base/ids.ts'
import type { Plausible, PlausibleTable, World } from './plausible.ts'

const owner = { project_id: 'p', user_id: 'u' }

const freshProvider = async ({ make, name }: World): Promise<{ uuid: string; generation: number }> =>
  make('/placement/resource_providers', { name: name() })

/** A provider with four vCPUs to give, at generation 1. */
const stocked = async (world: World): Promise<string> => {
  const { uuid } = await freshProvider(world)
  const answer = await world.cloud.ask('PUT', `/placement/resource_providers/${uuid}/inventories`, {
    as: 'admin',
    body: { resource_provider_generation: 0, inventories: { VCPU: { total: 4 } } },
  })
  if (answer.status !== 200) throw new Error(answer.text)
  return uuid
}

const claimed = async (world: World): Promise<string> => {
  const provider = await stocked(world)
  const consumer = newUuid()
  const answer = await world.cloud.ask('PUT', `/placement/allocations/${consumer}`, {
    as: 'admin',
    headers: { 'openstack-api-version': 'placement 1.28' },
    body: claim(provider, { consumer_generation: null }),
  })
  if (answer.status !== 204) throw new Error(answer.text)
  return consumer
}

const claim = (provider: string, more: object = {}) => ({
  allocations: { [provider]: { resources: { VCPU: 1 } } },
  ...owner,
  ...more,
})

const custom = async (world: World, kind: 'traits' | 'resource_classes'): Promise<string> => {
  const name = `CUSTOM_${world.name().replace('-', '_').toUpperCase()}`
  const answer = await world.cloud.ask('PUT', `/placement/${kind}/${name}`, {
    as: 'admin',
    headers: { 'openstack-api-version': 'placement 1.39' },
  })
  if (answer.status >= 300) throw new Error(answer.text)
  return name
}

const at = (path: string) => async (world: World) => ({
  params: { uuid: await world.once(`placement${path}`, () => stocked(world)) },
})
const inventory = async (world: World) => ({
  params: { uuid: await stocked(world), resource_class: 'VCPU' },
})
const newestTrait = async (world: World): Promise<Plausible> => ({
  params: { name: `CUSTOM_${world.name().replace('-', '_').toUpperCase()}` },
  status: 201,
})

export const placementPlausible: PlausibleTable = {
  'GET /': () => ({}),
  'GET /resource_providers': () => ({ query: 'name=host-1' }),
  'POST /resource_providers': world => ({ body: { name: world.name(), uuid: newUuid() } }),
  'GET /resource_providers/{uuid}': at(''),
  'PUT /resource_providers/{uuid}': async world => ({
    params: { uuid: (await freshProvider(world)).uuid },
    body: { name: world.name() },
  }),
  'DELETE /resource_providers/{uuid}': async world => ({
    params: { uuid: (await freshProvider(world)).uuid },
    status: 204,
  }),
  'GET /resource_providers/{uuid}/inventories': at(''),
  'PUT /resource_providers/{uuid}/inventories': async world => ({
    params: { uuid: await stocked(world) },
    body: { resource_provider_generation: 1, inventories: { VCPU: { total: 8 }, DISK_GB: { total: 20 } } },
  }),
  'POST /resource_providers/{uuid}/inventories': async world => ({
    params: { uuid: (await freshProvider(world)).uuid },
    body: { resource_class: 'MEMORY_MB', total: 1024 },
    status: 201,
  }),
  'DELETE /resource_providers/{uuid}/inventories': async world => ({
    params: { uuid: await stocked(world) },
    status: 204,
  }),
  'GET /resource_providers/{uuid}/inventories/{resource_class}': inventory,
  'PUT /resource_providers/{uuid}/inventories/{resource_class}': async world => ({
    ...(await inventory(world)),
    body: { resource_provider_generation: 1, total: 6, allocation_ratio: 2 },
  }),
  'DELETE /resource_providers/{uuid}/inventories/{resource_class}': async world => ({
    ...(await inventory(world)),
    status: 204,
  }),
  'GET /resource_providers/{uuid}/usages': at(''),
  'GET /resource_providers/{uuid}/allocations': at(''),
  'GET /resource_providers/{uuid}/aggregates': at(''),
  'PUT /resource_providers/{uuid}/aggregates': async world => ({
    params: { uuid: (await freshProvider(world)).uuid },
    body: { aggregates: [newUuid()], resource_provider_generation: 0 },
  }),
  'GET /resource_providers/{uuid}/traits': at(''),
  'PUT /resource_providers/{uuid}/traits': async world => ({
    params: { uuid: (await freshProvider(world)).uuid },
    body: { traits: ['HW_CPU_X86_AVX'], resource_provider_generation: 0 },
  }),
  'DELETE /resource_providers/{uuid}/traits': async world => ({
    params: { uuid: (await freshProvider(world)).uuid },
    status: 204,
  }),
  'GET /traits': () => ({ query: 'name=startswith:HW_CPU' }),
  'GET /traits/{name}': () => ({ params: { name: 'HW_CPU_X86_AVX' }, status: 204 }),
  'PUT /traits/{name}': newestTrait,
  'DELETE /traits/{name}': async world => ({ params: { name: await custom(world, 'traits') }, status: 204 }),
  'GET /resource_classes': () => ({}),
  'POST /resource_classes': async world => ({ body: (await newestTrait(world)).params, status: 201 }),
  'GET /resource_classes/{name}': () => ({ params: { name: 'VCPU' } }),
  'PUT /resource_classes/{name}': newestTrait,
  'DELETE /resource_classes/{name}': async world => ({
    params: { name: await custom(world, 'resource_classes') },
    status: 204,
  }),
  'POST /allocations': async world => ({
    body: {
      [newUuid()]: claim(await stocked(world), { consumer_generation: null, consumer_type: 'INSTANCE' }),
    },
    status: 204,
  }),
  'GET /allocations/{consumer}': async world => ({ params: { consumer: await claimed(world) } }),
  'PUT /allocations/{consumer}': async world => ({
    params: { consumer: newUuid() },
    body: claim(await stocked(world), { consumer_generation: null, consumer_type: 'INSTANCE' }),
    status: 204,
  }),
  'DELETE /allocations/{consumer}': async world => ({
    params: { consumer: await claimed(world) },
    status: 204,
  }),
  'GET /allocation_candidates': () => ({ query: 'resources=VCPU:1,MEMORY_MB:512&limit=5' }),
  'GET /usages': () => ({ query: 'project_id=p' }),
  // Not here yet.
  'POST /reshaper': async world => ({
    body: {
      inventories: {
        [await stocked(world)]: { resource_provider_generation: 1, inventories: { VCPU: { total: 5 } } },
      },
      allocations: {},
    },
    status: 501,
  }),
}
