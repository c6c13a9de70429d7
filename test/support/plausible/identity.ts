// Plausible requests to identity, by its administrator.
import type { Json, Plausible, PlausibleRow, PlausibleTable, World } from './plausible.ts'

const base = '/identity/v3'
const hexId = (text: string) => Buffer.from(text).toString('hex').padEnd(32, '0').slice(-32)

const values: Readonly<Record<string, (world: World) => Json | Promise<Json>>> = {
  domain: world => ({ name: world.name(), enabled: false }),
  project: world => ({ name: world.name(), description: 'for a while', tags: ['blue'] }),
  user: world => ({ name: world.name(), password: 'sesame', email: 'a@b.c' }),
  group: world => ({ name: world.name(), description: 'people' }),
  role: world => ({ name: world.name() }),
  region: world => ({ id: world.name(), description: 'far away' }),
  service: world => ({ name: world.name(), type: 'dns' }),
  endpoint: async world => ({
    service_id: (await one(world, 'service')).id,
    interface: 'public',
    url: 'http://dns:9001',
  }),
}
const changes: Readonly<Record<string, Json>> = { endpoint: { url: 'http://dns:9002' } }

const one = async (world: World, kind: string, more: Json = {}): Promise<Json> =>
  (await world.make(`${base}/${kind}s`, { [kind]: { ...(await values[kind]?.(world)), ...more } }))[kind]

const shared = (world: World, kind: string): Promise<string> =>
  world.once(`identity ${kind}`, async () => (await one(world, kind)).id)

const ordinary = (kind: string): [string, PlausibleRow][] => [
  [`GET /${kind}s`, () => ({ query: kind === 'region' ? '' : 'name__contains=a' })],
  [`POST /${kind}s`, async world => ({ body: { [kind]: await values[kind]?.(world) }, status: 201 })],
  [`GET /${kind}s/{id}`, async world => ({ params: { id: await shared(world, kind) } })],
  [
    `PATCH /${kind}s/{id}`,
    async world => ({
      params: { id: (await one(world, kind)).id },
      body: { [kind]: changes[kind] ?? { description: 'changed' } },
    }),
  ],
  [`DELETE /${kind}s/{id}`, async world => ({ params: { id: (await one(world, kind)).id }, status: 204 })],
]

const assign = (path: string) => async (world: World, params: Json) => {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => params[name])
  const answer = await world.cloud.ask('PUT', base + filled, { as: 'admin' })
  if (answer.status !== 204) throw new Error(answer.text)
  return params
}

const grants = (inherited: boolean, target: 'project' | 'domain' | 'system', actor: 'user' | 'group') => {
  const top = `${inherited ? '/OS-INHERIT' : ''}/${target === 'system' ? 'system' : `${target}s/{id}`}/${actor}s/{actor_id}/roles`
  const end = inherited ? '/inherited_to_projects' : ''
  const path = `${top}/{role_id}${end}`
  const params = async (world: World) => ({
    ...(target === 'system' ? {} : { id: await shared(world, target) }),
    actor_id: await shared(world, actor),
    role_id: (await one(world, 'role')).id,
  })
  const granted = async (world: World) => assign(path)(world, await params(world))
  const rows: [string, PlausibleRow][] = [
    [`GET ${top}${end}`, async world => ({ params: await granted(world) })],
    [`GET ${path}`, async world => ({ params: await granted(world), status: 204 })],
    [`PUT ${path}`, async world => ({ params: await params(world), status: 204 })],
    [`DELETE ${path}`, async world => ({ params: await granted(world), status: 204 })],
  ]
  return rows
}

const member = async (world: World) => {
  const params = { id: await shared(world, 'group'), user_id: (await one(world, 'user')).id }
  return assign('/groups/{id}/users/{user_id}')(world, params)
}
const implied = async (world: World) => {
  const params = { id: (await one(world, 'role')).id, implied_id: (await one(world, 'role')).id }
  const answer = await world.cloud.ask('PUT', `${base}/roles/${params.id}/implies/${params.implied_id}`, {
    as: 'admin',
  })
  if (answer.status !== 201) throw new Error(answer.text)
  return params
}
const self = async (world: World): Promise<string> =>
  world.once('demo user', async () => (await world.get(`${base}/users?name=demo`)).users[0].id)
const credential = async (world: World) => {
  const id = await self(world)
  const made = await world.make(
    `${base}/users/${id}/application_credentials`,
    { application_credential: { name: world.name() } },
    'demo',
  )
  return { id, credential_id: made.application_credential.id }
}
const stored = async (world: World) => ({
  user_id: await self(world),
  type: 'cert',
  blob: `-----BEGIN ${world.name()}-----`,
})
const storedId = async (world: World) =>
  (await world.make(`${base}/credentials`, { credential: await stored(world) }, 'demo')).credential.id
const ec2 = async (world: World) => {
  const id = await self(world)
  const body = { tenant_id: world.cloud.projectId.demo }
  const { credential } = await world.make(`${base}/users/${id}/credentials/OS-EC2`, body, 'demo')
  return { id, access: credential.access }
}
const policy = () => ({ type: 'application/json', blob: '{"admin_required": "role:admin"}' })
const policyId = async (world: World) =>
  (await world.make(`${base}/policies`, { policy: policy() })).policy.id
const subject = async (world: World): Promise<Plausible> => ({
  headers: { 'x-subject-token': await world.once('subject', () => freshToken(world)) },
})
const freshToken = async (world: World): Promise<string> => {
  const { id } = await one(world, 'user')
  const answer = await world.cloud.ask('POST', `${base}/auth/tokens`, { as: null, body: logIn({ id }) })
  return answer.headers.get('x-subject-token') ?? ''
}
const logIn = (user: Json) => ({
  auth: { identity: { methods: ['password'], password: { user: { ...user, password: 'sesame' } } } },
})

const gets: PlausibleTable = {
  'GET /': () => ({}),
  'GET /auth/tokens': subject,
  'GET /auth/catalog': () => ({}),
  'GET /auth/projects': () => ({}),
  'GET /auth/domains': () => ({}),
  'GET /auth/system': () => ({}),
  'GET /projects/{id}/tags': async world => ({ params: { id: await shared(world, 'project') } }),
  'GET /projects/{id}/tags/{tag}': async world => ({
    params: { id: await shared(world, 'project'), tag: 'blue' },
    status: 204,
  }),
  'GET /users/{id}/projects': async world => ({ params: { id: await self(world) } }),
  'GET /users/{id}/groups': async world => ({ params: { id: await self(world) } }),
  'GET /users/{id}/application_credentials': async world => ({
    as: 'demo',
    params: { id: await self(world) },
  }),
  'GET /users/{id}/application_credentials/{credential_id}': async world => ({
    as: 'demo',
    params: await credential(world),
  }),
  'GET /users/{id}/credentials/OS-EC2': async world => ({ as: 'demo', params: { id: await self(world) } }),
  'GET /users/{id}/credentials/OS-EC2/{access}': async world => ({ as: 'demo', params: await ec2(world) }),
  'GET /credentials': () => ({ as: 'demo', query: 'type=cert' }),
  'GET /credentials/{id}': async world => ({ as: 'demo', params: { id: await storedId(world) } }),
  'GET /policies': () => ({}),
  'GET /policies/{id}': async world => ({ params: { id: await policyId(world) } }),
  'GET /groups/{id}/users': async world => ({ params: { id: await shared(world, 'group') } }),
  'GET /groups/{id}/users/{user_id}': async world => ({ params: await member(world), status: 204 }),
  'GET /roles/{id}/implies': async world => ({ params: { id: await shared(world, 'role') } }),
  'GET /roles/{id}/implies/{implied_id}': async world => ({ params: await implied(world) }),
  'GET /role_inferences': () => ({}),
  'GET /role_assignments': () => ({ query: 'include_names=true' }),
}

const writes: PlausibleTable = {
  ...Object.fromEntries(Object.keys(values).flatMap(ordinary)),
  'POST /auth/tokens': async world => ({
    body: logIn({ id: (await one(world, 'user')).id }),
    status: 201,
  }),
  'DELETE /auth/tokens': async world => ({
    headers: { 'x-subject-token': await freshToken(world) },
    status: 204,
  }),
  'PUT /projects/{id}/tags': async world => ({
    params: { id: (await one(world, 'project')).id },
    body: { tags: ['green', 'red'] },
  }),
  'PUT /projects/{id}/tags/{tag}': async world => ({
    params: { id: (await one(world, 'project')).id, tag: 'green' },
    status: 201,
  }),
  'DELETE /projects/{id}/tags': async world => ({
    params: { id: (await one(world, 'project')).id },
    status: 204,
  }),
  'DELETE /projects/{id}/tags/{tag}': async world => ({
    params: { id: (await one(world, 'project')).id, tag: 'blue' },
    status: 204,
  }),
  'POST /users/{id}/password': async world => ({
    params: { id: (await one(world, 'user')).id },
    body: { user: { original_password: 'sesame', password: 'open' } },
    status: 204,
  }),
  'POST /users/{id}/application_credentials': async world => ({
    as: 'demo',
    params: { id: await self(world) },
    body: { application_credential: { name: world.name(), roles: [{ name: 'reader' }] } },
    status: 201,
  }),
  'DELETE /users/{id}/application_credentials/{credential_id}': async world => ({
    as: 'demo',
    params: await credential(world),
    status: 204,
  }),
  'POST /users/{id}/credentials/OS-EC2': async world => ({
    as: 'demo',
    params: { id: await self(world) },
    body: { tenant_id: world.cloud.projectId.demo },
    status: 201,
  }),
  'DELETE /users/{id}/credentials/OS-EC2/{access}': async world => ({
    as: 'demo',
    params: await ec2(world),
    status: 204,
  }),
  'POST /credentials': async world => ({
    as: 'demo',
    body: { credential: await stored(world) },
    status: 201,
  }),
  'PATCH /credentials/{id}': async world => ({
    as: 'demo',
    params: { id: await storedId(world) },
    body: { credential: { blob: 'changed' } },
  }),
  'DELETE /credentials/{id}': async world => ({
    as: 'demo',
    params: { id: await storedId(world) },
    status: 204,
  }),
  'POST /policies': () => ({ body: { policy: policy() }, status: 201 }),
  'PATCH /policies/{id}': async world => ({
    params: { id: await policyId(world) },
    body: { policy: { type: 'text/plain' } },
  }),
  'DELETE /policies/{id}': async world => ({ params: { id: await policyId(world) }, status: 204 }),
  'PUT /groups/{id}/users/{user_id}': async world => ({
    params: { id: await shared(world, 'group'), user_id: (await one(world, 'user')).id },
    status: 204,
  }),
  'DELETE /groups/{id}/users/{user_id}': async world => ({ params: await member(world), status: 204 }),
  'PUT /roles/{id}/implies/{implied_id}': async world => ({
    params: { id: (await one(world, 'role')).id, implied_id: (await one(world, 'role')).id },
    status: 201,
  }),
  'DELETE /roles/{id}/implies/{implied_id}': async world => ({ params: await implied(world), status: 204 }),
  'PUT /regions/{id}': world => ({
    params: { id: hexId(world.name()) },
    body: { region: { description: 'near' } },
    status: 201,
  }),
}

const all: PlausibleTable = {
  ...gets,
  ...writes,
  ...Object.fromEntries(
    (['user', 'group'] as const).flatMap(actor => [
      ...grants(false, 'project', actor),
      ...grants(false, 'domain', actor),
      ...grants(false, 'system', actor),
      ...grants(true, 'project', actor),
      ...grants(true, 'domain', actor),
    ]),
  ),
}

export const identityPlausible: PlausibleTable = {
  ...all,
  // HEAD asks what GET asks.
  ...Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => key.startsWith('GET '))
      .map(([key, row]) => [key.replace('GET ', 'HEAD '), row]),
  ),
  'HEAD /roles/{id}/implies/{implied_id}': async world => ({ params: await implied(world), status: 204 }),
}
