import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startComputeApi } from '../../../test/support/compute-api.ts'
import { callers } from '../../../test/support/one-service.ts'
import { bootstrapFlavors } from '../bootstrap-flavors.ts'

const api = await startComputeApi()
after(() => api.close())
await bootstrapFlavors(api.store, api.clock)

const demoProject = callers.demo.project!.id
const names = (answer: { readonly body: { readonly flavors: readonly { readonly name: string }[] } }) =>
  answer.body.flavors.map(flavor => flavor.name)
const create = (flavor: object, at = 'latest') =>
  api.api('POST', '/flavors', { as: 'admin', at, body: { flavor } })
const small = { ram: 256, vcpus: 1, disk: 1 }

test('the preloaded flavors are there once, and stay away when an administrator deleted them', async () => {
  assert.deepEqual(names(await api.api('GET', '/flavors')), [
    'm1.tiny',
    'm1.small',
    'm1.medium',
    'm1.large',
    'm1.xlarge',
  ])
  assert.equal((await api.api('DELETE', '/flavors/5', { as: 'admin' })).status, 202)
  await bootstrapFlavors(api.store, api.clock)
  assert.equal((await api.api('GET', '/flavors/5')).status, 404)
})

test('a flavor has the fields of its microversion', async () => {
  const keys = async (at: string) =>
    Object.keys((await api.api('GET', '/flavors/1', { at })).body.flavor).sort()
  const base = [
    'OS-FLV-DISABLED:disabled',
    'OS-FLV-EXT-DATA:ephemeral',
    'disk',
    'id',
    'links',
    'name',
    'os-flavor-access:is_public',
    'ram',
    'rxtx_factor',
    'swap',
    'vcpus',
  ]
  assert.deepEqual(await keys('2.54'), base)
  assert.deepEqual(await keys('2.55'), [...base, 'description'].sort())
  assert.deepEqual(await keys('2.61'), [...base, 'description', 'extra_specs'].sort())
  assert.deepEqual(
    await keys('2.102'),
    [...base, 'description', 'extra_specs']
      .filter(key => key !== 'rxtx_factor' && key !== 'OS-FLV-DISABLED:disabled')
      .sort(),
  )
  assert.equal((await api.api('GET', '/flavors/1', { at: '2.74' })).body.flavor.swap, '')
  assert.equal((await api.api('GET', '/flavors/1', { at: '2.75' })).body.flavor.swap, 0)
})

test('links carry the project only when the request did', async () => {
  const plain = await api.api('GET', '/flavors/1')
  assert.deepEqual(plain.body.flavor.links, [
    { rel: 'self', href: `${api.origin}/compute/v2.1/flavors/1` },
    { rel: 'bookmark', href: `${api.origin}/compute/flavors/1` },
  ])
  const scoped = await api.api('GET', `/${demoProject}/flavors/1`)
  assert.equal(scoped.body.flavor.links[0].href, `${api.origin}/compute/v2.1/${demoProject}/flavors/1`)
})

test('lists filter by ram and disk, sort, and page in the order asked for', async () => {
  assert.deepEqual(names(await api.api('GET', '/flavors?minRam=4096')), ['m1.medium', 'm1.large'])
  assert.deepEqual(names(await api.api('GET', '/flavors/detail?minDisk=41')), ['m1.large'])
  assert.deepEqual(names(await api.api('GET', '/flavors?sort_key=memory_mb&sort_dir=desc&limit=2')), [
    'm1.large',
    'm1.medium',
  ])
  const rest = await api.api('GET', '/flavors?sort_key=memory_mb&sort_dir=desc&limit=2&marker=3')
  assert.deepEqual(names(rest), ['m1.small', 'm1.tiny'])
  assert.equal(
    rest.body.flavors_links[0].href,
    `${api.origin}/compute/v2.1/flavors?limit=2&marker=1&sort_dir=desc&sort_key=memory_mb`,
  )
  for (const key of ['description', 'updated_at', 'created_at', 'name'])
    assert.deepEqual(
      names(await api.api('GET', `/flavors?sort_key=${key}&limit=9&marker=1`)).length,
      key === 'name' ? 0 : 3,
      key,
    )
})

test('what a list cannot make sense of is a 400 that names it', async () => {
  for (const [query, message] of [
    ['minRam=lots', 'Invalid minRam filter [lots]'],
    ['minDisk=1.5', 'Invalid minDisk filter [1.5]'],
    ['marker=nope', 'marker [nope] not found'],
    ['limit=-1', "Invalid input for query parameters limit. Value: -1. '-1' does not match '^[0-9]*$'"],
    [
      'sort_dir=up',
      "Invalid input for query parameters sort_dir. Value: up. 'up' is not one of ['asc', 'desc']",
    ],
  ] as const) {
    const { status, body } = await api.api('GET', `/flavors?${query}`)
    assert.deepEqual([status, body.badRequest?.message], [400, message])
  }
  const odd = await api.api('GET', '/flavors?is_public=perhaps', { as: 'admin' })
  assert.equal(odd.body.badRequest.message, 'Invalid is_public filter [perhaps]')
})

test('unknown parameters pass until 2.74 and are refused from 2.75; name filters from 2.102', async () => {
  assert.equal((await api.api('GET', '/flavors?foo=1', { at: '2.74' })).status, 200)
  assert.equal((await api.api('GET', '/flavors?foo=1', { at: '2.75' })).status, 400)
  assert.equal((await api.api('GET', '/flavors?name=m1.tiny', { at: '2.101' })).status, 400)
  assert.deepEqual(names(await api.api('GET', '/flavors?name=m1.tiny', { at: '2.102' })), ['m1.tiny'])
})

test('from 2.102 on every route refuses parameters it does not know', async () => {
  const put = (at: string) =>
    api.api('PUT', '/flavors/1?x=1', { as: 'admin', at, body: { flavor: { description: null } } })
  assert.equal((await put('2.101')).status, 200)
  assert.equal((await put('2.102')).status, 400)
  assert.equal((await api.api('GET', '/flavors/1?x=1', { at: '2.101' })).status, 200)
  assert.equal((await api.api('GET', '/flavors/1?x=1', { at: '2.102' })).status, 400)
})

test('a created flavor is as asked, numbers given as text included', async () => {
  const { status, body } = await create(
    { name: 'texty', id: 77, ram: '512', vcpus: '2', disk: '0', swap: '64', rxtx_factor: '2.5' },
    '2.1',
  )
  assert.equal(status, 200)
  const { links: _links, ...flavor } = body.flavor
  assert.deepEqual(flavor, {
    id: '77',
    name: 'texty',
    ram: 512,
    vcpus: 2,
    disk: 0,
    swap: 64,
    rxtx_factor: 2.5,
    'OS-FLV-EXT-DATA:ephemeral': 0,
    'OS-FLV-DISABLED:disabled': false,
    'os-flavor-access:is_public': true,
  })
})

test('an id that is null becomes a uuid', async () => {
  const { body } = await create({ name: 'no-id', id: null, ...small })
  assert.match(body.flavor.id, /^[0-9a-f-]{36}$/)
})

test('names and ids are taken once', async () => {
  assert.equal((await create({ name: 'twin', id: 'twin', ...small })).status, 200)
  const sameName = await create({ name: 'twin', id: 'other', ...small })
  assert.deepEqual(
    [sameName.status, sameName.body.conflictingRequest.message],
    [409, 'Flavor with name twin already exists.'],
  )
  const sameId = await create({ name: 'other', id: 'twin', ...small })
  assert.deepEqual(
    [sameId.status, sameId.body.conflictingRequest.message],
    [409, 'Flavor with ID twin already exists.'],
  )
})

test('impossible flavors are refused and leave nothing', async () => {
  const field = (message: string) => `Invalid input for field/attribute ${message}`
  for (const [flavor, message] of [
    [
      { ...small },
      field("flavor. Value: {'ram': 256, 'vcpus': 1, 'disk': 1}. 'name' is a required property"),
    ],
    [{ name: 'x', ...small, ram: 0 }, field('ram. Value: 0. 0 is less than the minimum of 1')],
    [{ name: 'x', ...small, vcpus: -1 }, field('vcpus. Value: -1. -1 is less than the minimum of 1')],
    [
      { name: 'x', ...small, disk: 2147483648 },
      field('disk. Value: 2147483648. 2147483648 is greater than the maximum of 2147483647'),
    ],
    [
      { name: ' x', ...small },
      "An invalid 'name' value was provided. The name must be: printable characters. Can not start or end with whitespace.",
    ],
    [
      { name: 'x', id: ' 7', ...small },
      field("id. Value:  7. ' 7' does not match '^(?! )[a-zA-Z0-9. _-]+(?<! )$'"),
    ],
  ] as const) {
    const { status, body } = await create(flavor, '2.1')
    assert.deepEqual([status, body.badRequest?.message], [400, message])
  }
  assert.equal((await create({ name: 'x', ...small, description: 'd' }, '2.54')).status, 400)
  assert.equal((await create({ name: 'x', ...small, rxtx_factor: 1 }, '2.102')).status, 400)
  assert.equal(
    (await api.api('GET', '/flavors?name=x', { as: 'admin', at: 'latest' })).body.flavors.length,
    0,
  )
})

test('only administrators create, change and delete', async () => {
  const denied = await api.api('POST', '/flavors', { body: { flavor: { name: 'mine', ...small } } })
  assert.deepEqual(
    [denied.status, denied.body.forbidden.message],
    [403, "Policy doesn't allow os_compute_api:os-flavor-manage:create to be performed."],
  )
  assert.equal((await api.api('DELETE', '/flavors/1')).status, 403)
  const update = { at: '2.55', body: { flavor: { description: 'x' } } }
  assert.equal((await api.api('PUT', '/flavors/1', update)).status, 403)
})

test('the description can be changed from 2.55 on, and nothing else', async () => {
  const put = (flavor: object, at = '2.55') =>
    api.api('PUT', '/flavors/1', { as: 'admin', at, body: { flavor } })
  assert.equal((await put({ description: 'small' })).body.flavor.description, 'small')
  assert.equal((await put({ description: null })).body.flavor.description, null)
  assert.equal((await put({ description: 'x', name: 'y' })).status, 400)
  assert.equal((await put({ description: 'a\u0000b' })).status, 400)
  assert.equal((await put({ description: 'x' }, '2.54')).status, 404)
})

test('a private flavor is there for administrators and for projects that were given it', async () => {
  await create({ name: 'secret', id: 'secret', ...small, 'os-flavor-access:is_public': 'False' }, '2.1')
  const see = async (as: 'demo' | 'other') => [
    (await api.api('GET', '/flavors/secret', { as })).status,
    names(await api.api('GET', '/flavors', { as })).includes('secret'),
  ]
  assert.deepEqual(await see('demo'), [404, false])
  const act = (body: object, at = '2.7') =>
    api.api('POST', '/flavors/secret/action', { as: 'admin', at, body })
  const given = await act({ addTenantAccess: { tenant: demoProject } })
  assert.deepEqual(given.body, { flavor_access: [{ flavor_id: 'secret', tenant_id: demoProject }] })
  assert.deepEqual(await see('demo'), [200, true])
  assert.deepEqual(await see('other'), [404, false])
  assert.equal((await act({ addTenantAccess: { tenant: demoProject } })).status, 409)
  const list = await api.api('GET', '/flavors/secret/os-flavor-access', { as: 'admin' })
  assert.deepEqual(list.body, given.body)
  assert.deepEqual((await act({ removeTenantAccess: { tenant: demoProject } })).body, { flavor_access: [] })
  assert.deepEqual(await see('demo'), [404, false])
  const again = await act({ removeTenantAccess: { tenant: demoProject } })
  assert.equal(
    again.body.itemNotFound.message,
    `Flavor access not found for secret / ${demoProject} combination.`,
  )
  api.unknownProjects.add('gone')
  const unknown = await act({ addTenantAccess: { tenant: 'gone' } })
  assert.equal(unknown.body.badRequest.message, 'Project ID gone is not a valid project.')
  assert.equal((await act({ giveAway: {} })).body.badRequest.message, 'There is no such action: giveAway')
  assert.deepEqual(names(await api.api('GET', '/flavors?is_public=no', { as: 'admin' })), ['secret'])
  assert.ok(names(await api.api('GET', '/flavors?is_public=None', { as: 'admin' })).includes('secret'))
})

test('public flavors have no access list; giving access to one is a 409 from 2.7', async () => {
  assert.equal((await api.api('GET', '/flavors/1/os-flavor-access', { as: 'admin' })).status, 404)
  const act = (at: string) =>
    api.api('POST', '/flavors/1/action', { as: 'admin', at, body: { addTenantAccess: { tenant: 'p' } } })
  assert.equal((await act('2.7')).body.conflictingRequest.message, 'Can not add access to a public flavor.')
  assert.equal((await act('2.6')).status, 200)
})

test('flavor notifications tell what happened', async () => {
  const before = api.notifications.length
  await create({ name: 'told', id: 'told', ...small })
  await api.api('DELETE', '/flavors/told', { as: 'admin' })
  const types = api.notifications.slice(before).map(message => message.event_type)
  assert.deepEqual(types, ['flavor.create', 'flavor.delete'])
})
