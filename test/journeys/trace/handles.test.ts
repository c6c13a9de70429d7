// How requests are found again: by whatever of them somebody has in hand, page by page, and by what they came to.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestCloud, type TestCloud } from '../../support/cloud.ts'

const globalId = 'req-0b8f7d0c-1111-4222-8333-944455556666'
let cloud: TestCloud
let serverId = ''
let requestId = ''

before(async () => {
  cloud = await startTestCloud({ hosts: 1, hostRamMb: 4096 })
  serverId = (await cloud.server({ name: 'vm1' })).id
  const answer = await cloud.ask('POST', `/servers/${serverId}/action`, {
    body: { resize: { flavorRef: '5' } },
    headers: { 'x-openstack-request-id': globalId },
  })
  requestId = answer.headers.get('x-openstack-request-id') ?? ''
  await cloud.settled()
})
after(() => cloud.close())

for (const [what, handle] of [
  ['its local id', () => requestId],
  ['its local id in capitals', () => `req-${requestId.slice(4).toUpperCase()}`],
  ['its global id', () => globalId],
  ["the server's id", () => serverId],
  ["the server's id without dashes", () => serverId.replaceAll('-', '')],
  ["the server's name", () => 'vm1'],
  ['last', () => 'last'],
  ['last-failed', () => 'last-failed'],
] as const)
  test(`a request is found by ${what}`, async () => {
    const { status, body } = await cloud.ask('GET', `/trace/v1/traces/${handle()}`)
    assert.equal(status, 200)
    assert.deepEqual(
      [body.handle, body.request.localId, body.request.globalId],
      [handle(), requestId, globalId],
    )
  })

test('what nobody knows is a 404 that names it', async () => {
  for (const handle of [
    'vm9',
    'req-00000000-0000-4000-8000-000000000000',
    '00000000-0000-4000-8000-000000000000',
  ]) {
    const { status, body } = await cloud.ask('GET', `/trace/v1/traces/${handle}`)
    assert.equal(status, 404)
    assert.equal(body.itemNotFound.message, `Nothing is known of '${handle}'.`)
  }
})

test('a name that several servers have is refused, and their ids are named', async () => {
  const ids = [(await cloud.server({ name: 'twin' })).id, (await cloud.server({ name: 'twin' })).id]
  const { status, body } = await cloud.ask('GET', '/trace/v1/traces/twin')
  assert.equal(status, 409)
  for (const id of ids) assert.match(body.conflictingRequest.message, new RegExp(id))
  await cloud.ask('DELETE', `/servers/${ids[0]}`)
  await cloud.settled()
  assert.equal((await cloud.ask('GET', '/trace/v1/traces/twin')).body.server.id, ids[1])
})

test('a deleted server is still found by its id and its name', async () => {
  const { id } = await cloud.server({ name: 'gone' })
  await cloud.ask('DELETE', `/servers/${id}`)
  await cloud.settled()
  for (const handle of [id, 'gone'])
    assert.equal((await cloud.ask('GET', `/trace/v1/traces/${handle}`)).body.action.name, 'delete')
})

test('the list is newest first, and comes page by page without leaving any out', async () => {
  const { body } = await cloud.ask('GET', '/trace/v1/requests')
  const all = body.requests.map((one: { requestId: string }) => one.requestId)
  assert.ok(all.length >= 5)
  const times = body.requests.map((one: { at: string }) => one.at)
  assert.deepEqual(times, [...times].sort().reverse())
  const paged: string[] = []
  let path: string | undefined = '/trace/v1/requests?limit=2'
  while (path !== undefined) {
    const { body: page } = await cloud.ask('GET', path)
    paged.push(...page.requests.map((one: { requestId: string }) => one.requestId))
    const href: string | undefined = page.requests_links?.[0].href
    path = href?.slice(cloud.origin.length)
  }
  assert.deepEqual(paged, all)
})

test('servers of one request that lie on two pages are each there once', async () => {
  await cloud.ask('POST', '/servers', {
    body: {
      server: {
        name: 'many',
        flavorRef: '1',
        imageRef: cloud.imageId,
        networks: 'auto',
        min_count: 3,
        max_count: 3,
      },
    },
  })
  await cloud.settled()
  const first = (await cloud.ask('GET', '/trace/v1/requests?limit=2')).body
  const rest = (await cloud.ask('GET', first.requests_links[0].href.slice(cloud.origin.length))).body
  const what = [...first.requests, ...rest.requests].slice(0, 3).map((one: { what: string }) => one.what)
  assert.deepEqual(what.sort(), ['create many-1', 'create many-2', 'create many-3'])
})

for (const [query, expected] of [
  ['outcome=failed', ['resize vm1']],
  ['cause=NoHost.HostTooSmall.Ram', ['resize vm1']],
  ['cause=NoHost.Down', []],
  ['outcome=running', []],
  ['before=2020-01-01T00:00:00Z', []],
  ['user=nobody', []],
  ['project=another', []],
] as const)
  test(`the list with ${query}`, async () => {
    const { body } = await cloud.ask('GET', `/trace/v1/requests?${query}`)
    assert.deepEqual(
      body.requests.map((one: { what: string }) => one.what),
      expected,
    )
  })

test('the list of one server has what was done to it, and nothing else', async () => {
  const { body } = await cloud.ask('GET', `/trace/v1/requests?server=${serverId}`)
  assert.deepEqual(
    body.requests.map((one: { what: string; outcome: string }) => [one.what, one.outcome]),
    [
      ['resize vm1', 'failed'],
      ['create vm1', 'succeeded'],
    ],
  )
})

test('what makes no sense in the query is a 400', async () => {
  for (const query of ['limit=0', 'limit=x', 'outcome=maybe', 'since=yesterday', 'colour=red'])
    assert.equal((await cloud.ask('GET', `/trace/v1/requests?${query}`)).status, 400, query)
  const { body } = await cloud.ask(
    'GET',
    `/trace/v1/requests?marker=req-00000000-0000-4000-8000-000000000000`,
  )
  assert.match(body.badRequest.message, /^There is no request/)
})
