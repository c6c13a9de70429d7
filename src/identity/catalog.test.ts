import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { passwords, startIdentity } from '../../test/support/identity.ts'
import { systemClock as clock } from '../base/time.ts'
import { bootstrapIdentity } from './bootstrap.ts'
import { identityVersions } from './views.ts'

const cloud = await startIdentity()
after(() => cloud.close())

interface Endpoint {
  readonly id: string
  readonly url: string
  readonly interface: string
  readonly region: string
}
const get = (path: string) => cloud.ask('GET', path, cloud.admin)
const patch = (kind: string, id: string, change: object) =>
  cloud.ask('PATCH', `/${kind}s/${id}`, cloud.admin, { [kind]: change })
const remove = (kind: string, id: string) => cloud.ask('DELETE', `/${kind}s/${id}`, cloud.admin)
const entries = async (type: string) =>
  (await get('/auth/catalog')).body.catalog.filter((entry: { type: string }) => entry.type === type)

test('discovery needs no token and names version 3', async () => {
  const { status, body, headers } = await cloud.ask('GET', '/', null)
  assert.equal(status, 200)
  assert.equal(headers.get('vary'), 'X-Auth-Token')
  assert.equal(body.version.id, 'v3.14')
  assert.deepEqual(body.version.links, [{ rel: 'self', href: `${cloud.origin}/identity/v3/` }])
  assert.deepEqual(identityVersions(cloud.origin), { versions: { values: [body.version] } })
})

test('services and endpoints are added to the catalogue, disabled, and deleted together', async () => {
  const service = await cloud.make('service', { type: 'object-store', name: 'swift', description: 'S' })
  const endpoint = await cloud.make('endpoint', {
    service_id: service.id,
    interface: 'public',
    region: 'RegionTwo',
    url: 'http://swift/v1/AUTH_%(tenant_id)s?user=$(user_id)s',
  })
  assert.deepEqual([endpoint.region, endpoint.region_id, endpoint.enabled], ['RegionTwo', 'RegionTwo', true])
  assert.equal((await get('/regions/RegionTwo')).status, 200)
  const project = await cloud.idOf('projects', 'admin')
  const user = await cloud.idOf('users', 'admin')
  const [entry] = await entries('object-store')
  assert.deepEqual(entry.endpoints, [
    {
      id: endpoint.id,
      interface: 'public',
      region_id: 'RegionTwo',
      url: `http://swift/v1/AUTH_${project}?user=${user}`,
      region: 'RegionTwo',
    },
  ])
  assert.equal((await patch('endpoint', endpoint.id, { enabled: false })).status, 200)
  assert.deepEqual((await entries('object-store'))[0].endpoints, [])
  assert.equal((await patch('service', service.id, { enabled: false })).status, 200)
  assert.deepEqual(await entries('object-store'), [])
  assert.equal((await remove('service', service.id)).status, 204)
  assert.equal((await get(`/endpoints/${endpoint.id}`)).status, 404)
})

test('endpoints are refused without a service, a region, or with a URL that cannot be filled in', async () => {
  const [service] = (await get('/services?type=compute')).body.services
  const create = (endpoint: object) =>
    cloud.ask('POST', '/endpoints', cloud.admin, {
      endpoint: { service_id: service.id, interface: 'public', url: 'http://x', ...endpoint },
    })
  assert.deepEqual((await create({ service_id: 'gone' })).body.error.message, 'Could not find service: gone.')
  assert.deepEqual((await create({ region_id: 'gone' })).body.error.message, 'Could not find region: gone.')
  assert.equal((await create({ interface: 'secret' })).status, 400)
  assert.equal((await create({ url: 'nonsense' })).status, 400)
  for (const url of ['http://x/$(password)s', 'http://x/%(project_id'])
    assert.equal(
      (await create({ url })).body.error.message,
      `Cannot create an endpoint with an invalid URL: ${url}.`,
    )
  assert.equal((await get(`/endpoints?service_id=${service.id}&interface=public`)).body.endpoints.length, 1)
})

test('regions make a tree without circles, and stay while something is in them', async () => {
  await cloud.make('region', { id: 'north', description: 'N' })
  const made = await cloud.ask('PUT', '/regions/north-1', cloud.admin, {
    region: { parent_region_id: 'north' },
  })
  assert.equal(made.status, 201)
  assert.match(
    (await patch('region', 'north', { parent_region_id: 'north-1' })).body.error.message,
    /circular/,
  )
  assert.equal((await patch('region', 'north', { parent_region_id: 'gone' })).status, 404)
  assert.equal((await remove('region', 'north')).status, 403)
  assert.equal((await remove('region', 'RegionOne')).status, 403)
  const again = await cloud.ask('POST', '/regions', cloud.admin, { region: { id: 'north' } })
  assert.match(again.body.error.message, /store region - Duplicate ID, north\.$/)
  assert.equal((await get('/regions?parent_region_id=north')).body.regions.length, 1)
  assert.equal((await remove('region', 'north-1')).status, 204)
  assert.equal((await remove('region', 'north')).status, 204)
  assert.equal((await cloud.ask('GET', '/regions', await cloud.token())).status, 200)
})

test('starting again changes nothing; at a new address our endpoints move and an operator’s stay', async () => {
  const start = (origin: string) =>
    bootstrapIdentity({ store: cloud.store, clock }, { origin, region: 'RegionOne', passwords })
  const everything = async () => {
    const lists = ['users', 'projects', 'roles', 'domains', 'services', 'endpoints', 'role_assignments']
    return Promise.all(lists.map(async list => (await get(`/${list}`)).body[list]))
  }
  const before = await everything()
  await Promise.all([start('http://cloud:1'), start('http://cloud:1')])
  assert.deepEqual(await everything(), before)

  const [image] = (await get('/services?type=image')).body.services
  const own: Endpoint[] = (await get(`/endpoints?service_id=${image.id}`)).body.endpoints
  const taken = own.find(endpoint => endpoint.interface === 'public')
  assert.equal((await patch('endpoint', taken?.id ?? '', { url: 'https://glance.example/v2' })).status, 200)
  await start('http://cloud:2')
  const after: Endpoint[] = (await get('/endpoints')).body.endpoints
  assert.equal(after.length, own.length * 8)
  for (const { id, url } of after)
    assert.match(url, id === taken?.id ? /^https:\/\/glance\.example\/v2$/ : /^http:\/\/cloud:2\//)
})

test('starting again keeps a password that was changed', async () => {
  const id = await cloud.idOf('users', 'demo')
  assert.equal((await patch('user', id, { password: 'changed' })).status, 200)
  await bootstrapIdentity(
    { store: cloud.store, clock },
    { origin: 'http://cloud:2', region: 'RegionOne', passwords },
  )
  assert.equal((await cloud.logIn()).status, 401)
  assert.equal((await cloud.logIn({ password: 'changed' })).status, 201)
})
