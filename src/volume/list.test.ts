import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { image, runVolumes } from '../../test/support/volume-service.ts'

const volumes = await runVolumes()
after(() => volumes.close())

await volumes.volume({ name: 'beta', size: 2, metadata: { use: "it's" } })
await volumes.volume({ name: 'alpha', imageRef: image(volumes.madeUp, 'x') })
await volumes.volume({ name: 'Gamma', size: 3 })
await volumes.volume({ name: 'theirs' }, { as: 'other' })

interface Listed {
  readonly id: string
  readonly name: string
}
const names = async (query: string, more: object = {}): Promise<string[]> => {
  const answer = await volumes.ask('GET', `/volumes${query}`, more)
  assert.equal(answer.status, 200, answer.text)
  return answer.body.volumes.map((one: Listed) => one.name)
}

test('lists hold the volumes of the project, the newest first; administrators may ask for all', async () => {
  assert.deepEqual(await names(''), ['Gamma', 'alpha', 'beta'])
  assert.deepEqual(await names('/detail'), ['Gamma', 'alpha', 'beta'])
  assert.deepEqual(await names('?all_tenants=1'), ['Gamma', 'alpha', 'beta'])
  assert.deepEqual(await names('?all_tenants=1', { as: 'admin' }), ['theirs', 'Gamma', 'alpha', 'beta'])
  assert.deepEqual(await names('', { as: 'admin' }), [])
})

test('volumes are filtered by what they are', async () => {
  assert.deepEqual(await names('?name=beta'), ['beta'])
  assert.deepEqual(await names('?name~=ALP'), ['alpha'])
  assert.deepEqual(await names('?bootable=true'), ['alpha'])
  assert.deepEqual(await names('?size=3'), ['Gamma'])
  assert.deepEqual(await names('?status=error'), [])
  assert.deepEqual(await names(`?metadata=${encodeURIComponent(`{'use': "it's"}`)}`), ['beta'])
  assert.deepEqual(await names(`?glance_metadata=${encodeURIComponent("{'image_name': 'vm'}")}`), ['alpha'])
  assert.deepEqual(await names('?migration_status=done'), [])
  assert.deepEqual(await names('?consumes_quota=false'), [])
})

test('instants are compared from 3.60 on', async () => {
  const [, alpha] = (await volumes.ask('GET', '/volumes/detail')).body.volumes
  assert.deepEqual(await names(`?created_at=gt:${alpha.created_at}`), ['Gamma'])
  assert.deepEqual(await names(`?created_at=lte:${alpha.created_at}`), ['alpha', 'beta'])
  assert.equal((await volumes.ask('GET', '/volumes?created_at=soon')).status, 400)
})

test('a filter nobody knows is ignored before 3.31 and refused from then on', async () => {
  assert.equal((await names('?colour=blue', { version: '3.30' })).length, 3)
  const refused = await volumes.ask('GET', '/volumes?colour=blue')
  assert.equal(refused.body.badRequest.message, 'Invalid filters colour are found in query options.')
})

test('a page links to the next one, which begins behind its last volume', async () => {
  for (const sort of ['name:asc', 'size:desc', 'created_at:asc']) {
    const found: string[] = []
    for (let query: string | null = `?limit=1&sort=${sort}`; query !== null; ) {
      const { body }: { body: { volumes: Listed[]; volumes_links?: { href: string }[] } } = await volumes.ask(
        'GET',
        `/volumes${query}`,
      )
      found.push(...body.volumes.map(one => one.name))
      const next = body.volumes_links?.[0]?.href
      query = next === undefined ? null : `?${next.split('?')[1]}`
    }
    assert.deepEqual(found, await names(`?sort=${sort}`))
  }
})

test('counts, and what is wrong with a page', async () => {
  const { body } = await volumes.ask('GET', '/volumes?with_count=true&limit=1')
  assert.deepEqual([body.volumes.length, body.count], [1, 3])
  for (const [query, status] of [
    ['limit=x', 400],
    ['limit=-1', 400],
    ['offset=-1', 400],
    ['offset=x', 400],
    ['sort=colour', 400],
    ['sort=name:up', 400],
    ['sort=name&sort_key=name', 400],
    ['marker=nobody', 404],
    ['metadata=x', 400],
  ])
    assert.equal((await volumes.ask('GET', `/volumes?${query}`)).status, status, String(query))
})

test('the summary counts and adds up', async () => {
  const { body } = await volumes.ask('GET', '/volumes/summary')
  assert.deepEqual(body['volume-summary'], { total_count: 3, total_size: 6 })
})
