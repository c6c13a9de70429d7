import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startNetwork } from '../../test/support/network.ts'

const network = await startNetwork()
after(() => network.close())
const { api, make } = network
for (const [index, name] of ['e', 'b', 'd', 'a', 'c'].entries())
  await make('networks', { name, admin_state_up: index % 2 === 0, mtu: 1400 + index })

const names = (body: { networks: { name: string }[] }) => body.networks.map(one => one.name).join('')
const get = async (search: string) => (await api('GET', `/networks?${search}`)).body

test('filters repeat, know booleans and numbers, and refuse what is not an attribute', async () => {
  assert.equal(names(await get('name=a&name=b&sort_key=name')), 'ab')
  assert.equal(names(await get('admin_state_up=False&sort_key=name')), 'ab')
  assert.equal(names(await get('mtu=1402')), 'd')
  assert.equal(names(await get('name=a&mtu=1400')), '')
  const unknown = await api('GET', '/networks?color=red')
  assert.deepEqual(
    [unknown.status, unknown.body.NeutronError.message],
    [400, "['color'] is invalid attribute for filtering"],
  )
  assert.equal((await api('GET', '/networks?mtu=many')).status, 400)
  assert.equal((await api('GET', '/networks?name=%00')).status, 400)
  assert.equal((await api('GET', '/networks/%00')).status, 404)
})

test('a filter on what one does not see matches nothing', async () => {
  assert.equal(names(await get('provider:network_type=vxlan')), '')
  const seen = await api('GET', '/networks?provider:network_type=vxlan', { as: 'admin' })
  assert.equal(seen.body.networks.length, 5)
})

test('sorting by several keys and directions', async () => {
  assert.equal(names(await get('sort_key=name&sort_dir=desc')), 'edcba')
  assert.equal(names(await get('sort_key=admin_state_up&sort_dir=desc&sort_key=name&sort_dir=asc')), 'cdeab')
  assert.equal((await api('GET', '/networks?sort_key=color')).status, 400)
  assert.equal((await api('GET', '/networks?sort_key=name&sort_dir=up')).status, 400)
})

test('pages follow each other by marker, forwards and back', async () => {
  const seen: string[] = []
  let next = '/networks?limit=2&sort_key=name'
  while (next) {
    const { body } = await api('GET', next)
    seen.push(names(body))
    const link = body.networks_links?.find((one: { rel: string }) => one.rel === 'next')
    next = link ? link.href.slice(link.href.indexOf('/networks')) : ''
  }
  assert.deepEqual(seen, ['ab', 'cd', 'e'])
  const all = (await get('sort_key=name')).networks
  assert.equal(names(await get(`limit=2&sort_key=name&marker=${all[3].id}&page_reverse=True`)), 'bc')
  assert.equal((await api('GET', '/networks?limit=-1')).status, 400)
  assert.equal((await api('GET', '/networks?marker=nobody')).status, 404)
})

test('fields picks attributes', async () => {
  const body = await get('fields=name&fields=mtu&name=a')
  assert.deepEqual(body.networks, [{ name: 'a', mtu: 1403 }])
})

test('tags are set, listed, filtered on and taken away', async () => {
  const [a] = (await get('name=a')).networks
  const [b] = (await get('name=b')).networks
  assert.deepEqual((await api('PUT', `/networks/${a.id}/tags`, { body: { tags: ['red', 'big'] } })).body, {
    tags: ['big', 'red'],
  })
  assert.equal((await api('PUT', `/networks/${b.id}/tags/red`)).status, 201)
  assert.equal(names(await get('tags=red,big')), 'a')
  assert.equal(names(await get('tags-any=red,blue&sort_key=name')), 'ab')
  assert.equal(names(await get('not-tags=red,big&sort_key=name')), 'bcde')
  assert.equal(names(await get('not-tags-any=red&sort_key=name')), 'cde')
  assert.equal((await api('GET', `/networks/${b.id}/tags/red`)).status, 204)
  assert.equal((await api('DELETE', `/networks/${b.id}/tags/red`)).status, 204)
  const gone = await api('GET', `/networks/${b.id}/tags/red`)
  assert.deepEqual([gone.status, gone.body.NeutronError.message], [404, 'Tag red could not be found.'])
  assert.equal((await api('GET', `/networks/${a.id}`)).body.network.revision_number, 2)
  assert.equal((await api('PUT', `/networks/${a.id}/tags`, { as: 'other', body: { tags: [] } })).status, 404)
  assert.equal((await api('PUT', `/networks/${a.id}/tags`, { as: 'reader', body: { tags: [] } })).status, 403)
})
