// Plausible requests to what compute hands on to the network and image services, at the last version that does.
import type { Json, Plausible, PlausibleTable, World } from './plausible.ts'

const old = { version: '2.35' } as const
const oldMetadata = { version: '2.38' } as const

const make = async (world: World, path: string, body: Json): Promise<Json> => {
  const answer = await world.cloud.ask('POST', path, { version: '2.1', body })
  if (answer.status !== 200) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`)
  return answer.body
}
const groupBody = (world: World) => ({ security_group: { name: world.name(), description: 'plausible' } })
const group = async (world: World): Promise<string> =>
  (await make(world, '/os-security-groups', groupBody(world))).security_group.id
const ruleBody = (parent_group_id: string, from_port: number) => ({
  security_group_rule: { parent_group_id, ip_protocol: 'tcp', from_port, to_port: from_port },
})
const floating = async (world: World): Promise<string> =>
  (await make(world, '/os-floating-ips', { pool: 'public' })).floating_ip.id
const network = (world: World): Promise<string> =>
  world.once(
    'proxied network',
    async () => (await world.get('/network/v2.0/networks', 'demo')).networks[0].id,
  )
const volume = async (world: World): Promise<string> => {
  const made = await world.make('/volume/v3/volumes', { volume: { size: 1, name: world.name() } }, 'demo')
  await world.cloud.settled()
  return made.volume.id
}
const snapshot = async (world: World): Promise<string> => {
  const body = { snapshot: { volume_id: await volume(world) } }
  const made = await world.make('/volume/v3/snapshots', body, 'demo')
  await world.cloud.settled()
  return made.snapshot.id
}

/** An image of demo's with two properties. */
const image = async (world: World): Promise<string> =>
  (
    await world.make(
      '/image/v2/images',
      { name: world.name(), colour: 'red', size_of: 'x', disk_format: 'raw', container_format: 'bare' },
      'demo',
    )
  ).id
const ofImage =
  (more: Plausible = {}) =>
  async (world: World): Promise<Plausible> => ({
    ...oldMetadata,
    ...more,
    params: { id: await image(world), ...more.params },
  })

export const computeProxies: PlausibleTable = {
  'GET /os-security-groups': () => ({ ...old, query: 'limit=5&offset=0' }),
  'POST /os-security-groups': world => ({ ...old, body: groupBody(world) }),
  'GET /os-security-groups/{id}': async world => ({ ...old, params: { id: await group(world) } }),
  'PUT /os-security-groups/{id}': async world => ({
    ...old,
    params: { id: await group(world) },
    body: groupBody(world),
  }),
  'DELETE /os-security-groups/{id}': async world => ({
    ...old,
    params: { id: await group(world) },
    status: 202,
  }),
  'POST /os-security-group-rules': async world => ({ ...old, body: ruleBody(await group(world), 22) }),
  'DELETE /os-security-group-rules/{id}': async world => {
    const made = await make(world, '/os-security-group-rules', ruleBody(await group(world), 23))
    return { ...old, params: { id: made.security_group_rule.id }, status: 202 }
  },
  'GET /os-floating-ip-pools': () => old,
  'GET /os-floating-ips': () => old,
  'POST /os-floating-ips': () => ({ ...old, body: { pool: 'public' } }),
  'GET /os-floating-ips/{id}': async world => ({ ...old, params: { id: await floating(world) } }),
  'DELETE /os-floating-ips/{id}': async world => ({
    ...old,
    params: { id: await floating(world) },
    status: 202,
  }),
  // Without Ironic there is nothing to ask: Nova's own answers.
  'GET /os-baremetal-nodes': () => ({ ...old, as: 'admin', status: 501 }),
  'POST /os-baremetal-nodes': () => ({ ...old, as: 'admin', status: 400 }),
  'GET /os-baremetal-nodes/{id}': () => ({ ...old, as: 'admin', params: { id: '1' }, status: 501 }),
  'DELETE /os-baremetal-nodes/{id}': () => ({ ...old, as: 'admin', params: { id: '1' }, status: 400 }),
  'POST /os-baremetal-nodes/{id}/action': () => ({
    ...old,
    as: 'admin',
    params: { id: '1' },
    body: { add_interface: {} },
    status: 400,
  }),
  'GET /os-networks': () => old,
  'GET /os-networks/{id}': async world => ({ ...old, params: { id: await network(world) } }),
  'GET /os-tenant-networks': () => old,
  'GET /os-tenant-networks/{id}': async world => ({ ...old, params: { id: await network(world) } }),
  'GET /images': () => ({ ...old, query: 'limit=5' }),
  'GET /images/detail': () => ({ ...old, query: 'status=ACTIVE&limit=5' }),
  'GET /images/{id}': ofImage(old),
  'DELETE /images/{id}': ofImage({ ...old, status: 204 }),
  'GET /images/{id}/metadata': ofImage(),
  'POST /images/{id}/metadata': ofImage({ body: { metadata: { mood: 'good' } } }),
  'PUT /images/{id}/metadata': ofImage({ body: { metadata: { mood: 'good' } } }),
  'GET /images/{id}/metadata/{key}': ofImage({ params: { key: 'colour' } }),
  'PUT /images/{id}/metadata/{key}': ofImage({
    params: { key: 'colour' },
    body: { meta: { colour: 'blue' } },
  }),
  'DELETE /images/{id}/metadata/{key}': ofImage({ params: { key: 'colour' }, status: 204 }),
  'GET /os-volumes': () => ({ ...old, query: 'limit=5&offset=0' }),
  'POST /os-volumes': world => ({
    ...old,
    body: { volume: { size: 1, display_name: world.name(), metadata: { colour: 'red' } } },
  }),
  'GET /os-volumes/detail': () => ({ ...old, query: 'limit=5&offset=0' }),
  'GET /os-volumes/{id}': async world => ({ ...old, params: { id: await volume(world) } }),
  'DELETE /os-volumes/{id}': async world => ({ ...old, params: { id: await volume(world) }, status: 202 }),
  'GET /os-snapshots': () => ({ ...old, query: 'limit=5&offset=0' }),
  'POST /os-snapshots': async world => ({
    ...old,
    body: { snapshot: { volume_id: await volume(world), force: 'true', display_name: world.name() } },
  }),
  'GET /os-snapshots/detail': () => ({ ...old, query: 'limit=5&offset=0' }),
  'GET /os-snapshots/{id}': async world => ({ ...old, params: { id: await snapshot(world) } }),
  'DELETE /os-snapshots/{id}': async world => ({
    ...old,
    params: { id: await snapshot(world) },
    status: 202,
  }),
}
