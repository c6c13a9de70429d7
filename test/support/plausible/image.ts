// Plausible requests to the image service, by an ordinary user.
import type { Plausible, PlausibleTable, World } from './plausible.ts'

const octets = { 'content-type': 'application/octet-stream' }
const queuedBody = (world: World, more: object = {}) => ({
  name: world.name(),
  disk_format: 'raw',
  container_format: 'bare',
  ...more,
})

const queued = async (world: World, more: object = {}): Promise<string> =>
  (await world.make('/image/v2/images', queuedBody(world, more), 'demo')).id

const uploaded = async (world: World, more: object = {}): Promise<string> => {
  const id = await queued(world, more)
  const answer = await world.cloud.ask('PUT', `/image/v2/images/${id}/file`, { raw: 'disk', headers: octets })
  if (answer.status !== 204) throw new Error(answer.text)
  return id
}

const shared = async (world: World): Promise<{ image_id: string; member_id: string }> => {
  const image_id = await uploaded(world, { visibility: 'shared' })
  const member_id = world.cloud.projectId.admin
  await world.make(`/image/v2/images/${image_id}/members`, { member: member_id }, 'demo')
  return { image_id, member_id }
}

const reading = async (world: World): Promise<Plausible> => ({
  params: { image_id: await world.once('image', () => uploaded(world)) },
})

const tagged = async (world: World): Promise<string> => {
  const id = await queued(world, { tags: ['blue'] })
  return id
}

export const imagePlausible: PlausibleTable = {
  'GET /': () => ({ status: 300 }),
  'GET /schemas/{name}': () => ({ params: { name: 'image' } }),
  'GET /info/import': () => ({}),
  'GET /info/stores': () => ({}),
  'GET /info/stores/detail': () => ({ as: 'admin' }),
  'GET /images': () => ({ query: 'limit=2&sort=name:asc&visibility=public' }),
  'POST /images': world => ({
    body: queuedBody(world, { min_ram: 64, tags: ['blue'], os_distro: 'alpine' }),
    status: 201,
  }),
  'GET /images/{image_id}': reading,
  'PATCH /images/{image_id}': async world => ({
    params: { image_id: await queued(world) },
    headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' },
    raw: JSON.stringify([{ op: 'replace', path: '/name', value: world.name() }]),
  }),
  'DELETE /images/{image_id}': async world => ({ params: { image_id: await queued(world) }, status: 204 }),
  'GET /images/{image_id}/file': reading,
  'PUT /images/{image_id}/file': async world => ({
    params: { image_id: await queued(world) },
    headers: octets,
    raw: 'disk',
    status: 204,
  }),
  'PUT /images/{image_id}/stage': async world => ({
    params: { image_id: await queued(world) },
    headers: octets,
    raw: 'disk',
    status: 204,
  }),
  'POST /images/{image_id}/import': async world => {
    const image_id = await queued(world)
    await world.cloud.ask('PUT', `/image/v2/images/${image_id}/stage`, { raw: 'disk', headers: octets })
    return { params: { image_id }, body: { method: { name: 'glance-direct' } }, status: 202 }
  },
  'POST /images/{image_id}/actions/deactivate': async world => ({
    as: 'admin',
    params: { image_id: await uploaded(world) },
    status: 204,
  }),
  'POST /images/{image_id}/actions/reactivate': async world => ({
    as: 'admin',
    params: { image_id: await uploaded(world) },
    status: 204,
  }),
  'PUT /images/{image_id}/tags/{tag}': async world => ({
    params: { image_id: await queued(world), tag: 'green' },
    status: 204,
  }),
  'DELETE /images/{image_id}/tags/{tag}': async world => ({
    params: { image_id: await tagged(world), tag: 'blue' },
    status: 204,
  }),
  'GET /images/{image_id}/tasks': async world => ({ params: { image_id: await queued(world) } }),
  'GET /images/{image_id}/members': async world => ({
    params: await world.once('shared', () => shared(world)),
  }),
  'POST /images/{image_id}/members': async world => ({
    params: { image_id: await uploaded(world, { visibility: 'shared' }) },
    body: { member: world.cloud.projectId.admin },
  }),
  'GET /images/{image_id}/members/{member_id}': async world => ({
    params: await world.once('shared', () => shared(world)),
  }),
  'PUT /images/{image_id}/members/{member_id}': async world => ({
    as: 'admin',
    params: await shared(world),
    body: { status: 'accepted' },
  }),
  'DELETE /images/{image_id}/members/{member_id}': async world => ({
    params: await shared(world),
    status: 204,
  }),
}
