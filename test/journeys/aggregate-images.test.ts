// POST /os-aggregates/{id}/images: images on hosts before there are servers of them (2.81).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ComputeTables } from '../../src/compute/tables.ts'
import { tables } from '../../src/platform/store/store.ts'
import { startTestCloud, type TestCloud } from '../support/cloud.ts'
import { testData } from '../support/data.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

let cloud: TestCloud
before(async () => {
  cloud = await startTestCloud({ hosts: 3 })
})
after(() => cloud.close())

const nobody = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'
let names = 0

async function aggregateOf(...hosts: string[]): Promise<number> {
  names += 1
  const body = { aggregate: { name: `rack-${names}` } }
  const { id } = (await cloud.ask('POST', '/os-aggregates', { as: 'admin', body })).body.aggregate
  for (const host of hosts) {
    const added = await cloud.ask('POST', `/os-aggregates/${id}/action`, {
      as: 'admin',
      body: { add_host: { host } },
    })
    assert.equal(added.status, 200, added.text)
  }
  return id
}

async function makeImage(properties: object = {}): Promise<string> {
  const body = { name: 'to-cache', disk_format: 'raw', container_format: 'bare', ...properties }
  const { id } = (await cloud.ask('POST', '/image/v2/images', { as: 'admin', body })).body
  const uploaded = await cloud.ask('PUT', `/image/v2/images/${id}/file`, {
    as: 'admin',
    raw: 'bytes',
    headers: { 'content-type': 'application/octet-stream' },
  })
  assert.equal(uploaded.status, 204, uploaded.text)
  return id
}

const cache = (id: number | string, ...images: string[]) =>
  cloud.ask('POST', `/os-aggregates/${id}/images`, {
    as: 'admin',
    body: { cache: images.map(image => ({ id: image })) },
  })

/** What is told of the aggregate while `run` runs: event types, and what each host came to. */
async function told(aggregate: number, run: () => Promise<unknown>) {
  const from = cloud.notifications.length
  await run()
  await cloud.settled()
  return (cloud.notifications as Json[])
    .slice(from)
    .filter(({ event_type }) => String(event_type).startsWith('aggregate.cache_images'))
    .map(({ event_type, publisher_id, payload }) => {
      const data = payload['nova_object.data']
      assert.equal(data.id, aggregate)
      return 'host' in data
        ? [data.host, data.images_cached, data.images_failed, `${data.index}/${data.total}`]
        : [event_type, publisher_id.split(':')[0]]
    })
}

const start = ['aggregate.cache_images.start', 'nova-api']
const end = ['aggregate.cache_images.end', 'nova-api']

test('each host gets the images once, and each is told when it is done', async () => {
  const image = await makeImage()
  const aggregate = await aggregateOf('host-1', 'host-2')
  const answers = await told(aggregate, async () => {
    const { status, text } = await cache(aggregate, image)
    assert.deepEqual([status, text], [202, ''])
  })
  assert.deepEqual(answers, [start, ['host-1', [image], [], '1/2'], ['host-2', [image], [], '2/2'], end])
  const snapshot = { id: image } as Parameters<
    NonNullable<ReturnType<typeof cloud.cloud.drivers.get>>['cacheImage']
  >[0] // a host knows an image by its id
  assert.equal(await cloud.cloud.drivers.get('host-2')?.cacheImage(snapshot), false)
  assert.equal(await cloud.cloud.drivers.get('host-3')?.cacheImage(snapshot), true)
})

test('an image that is not there, or cannot be fetched, fails alone, on each host', async () => {
  const good = await makeImage()
  const bad = await makeImage({ 'faultline:fail': 'cache_image:DiskNotFound' })
  const aggregate = await aggregateOf('host-1')
  const answers = await told(aggregate, () => cache(aggregate, bad, nobody, good))
  assert.deepEqual(answers, [start, ['host-1', [good], [bad, nobody], '1/1'], end])
})

test('a host that is down is skipped, one that does not answer has failed, and the others go on', async () => {
  const image = await makeImage()
  const aggregate = await aggregateOf('host-1', 'host-2')
  const db = tables<ComputeTables>(cloud.cloud.store)
  await db.insertInto('aggregate_hosts').values({ aggregate_id: aggregate, host: 'host-silent' }).execute()
  const { id: _, ...like } = await db
    .selectFrom('compute_services')
    .selectAll()
    .where('host', '=', 'host-1')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('compute_services')
    .values({ ...like, id: 99, uuid: nobody, host: 'host-silent' })
    .execute()
  const { services } = (await cloud.ask('GET', '/os-services?host=host-2', { as: 'admin' })).body
  const down = await cloud.ask('PUT', `/os-services/${services[0].id}`, {
    as: 'admin',
    body: { forced_down: true },
  })
  assert.equal(down.status, 200, down.text)
  const answers = await told(aggregate, () => cache(aggregate, image))
  assert.deepEqual(answers, [
    start,
    ['host-1', [image], [], '1/3'],
    ['host-2', [], [], '2/3'],
    ['host-silent', [], [image], '3/3'],
    end,
  ])
})

test('an aggregate without hosts is done at once', async () => {
  const aggregate = await aggregateOf()
  const answers = await told(aggregate, () => cache(aggregate, nobody))
  assert.deepEqual(answers, [start, end])
})

test('what is wrong is refused in order, and nothing of it is begun', async () => {
  const aggregate = await aggregateOf('host-1')
  const image = cloud.imageId
  const refusals = await told(aggregate, async () => {
    const path = `/os-aggregates/${aggregate}/images`
    const body = { cache: [{ id: image }] }
    const old = await cloud.ask('POST', path, { as: 'admin', version: '2.80', body })
    assert.equal(old.status, 404)
    const empty = await cloud.ask('POST', path, { as: 'admin', body: { cache: [] } })
    assert.deepEqual(
      [empty.status, empty.body.badRequest.message],
      [400, 'Invalid input for field/attribute cache. Value: []. [] should be non-empty'],
    )
    const user = await cloud.ask('POST', path, { body })
    assert.deepEqual(
      [user.status, user.body.forbidden.message],
      [403, "Policy doesn't allow compute:aggregates:images to be performed."],
    )
    const twice = await cache(aggregate, image, image)
    assert.deepEqual([twice.status, twice.body.badRequest.message], [400, 'Duplicate images in request'])
    assert.equal((await cache(424_242, image, image)).status, 400)
    const missing = await cache(424_242, image)
    assert.deepEqual(
      [missing.status, missing.body.itemNotFound.message],
      [404, 'Aggregate 424242 could not be found.'],
    )
    assert.equal((await cache('x', image)).status, 400)
  })
  assert.deepEqual(refusals, [])
})

test('what was accepted is gone on with after a restart, host by host', async () => {
  await using data = await testData()
  const first = await startTestCloud({ hosts: 3, stepMs: 300, data })
  const image = first.imageId
  const body = { aggregate: { name: 'kept' } }
  const { id } = (await first.ask('POST', '/os-aggregates', { as: 'admin', body })).body.aggregate
  for (const host of ['host-1', 'host-2', 'host-3'])
    await first.ask('POST', `/os-aggregates/${id}/action`, { as: 'admin', body: { add_host: { host } } })
  const asked = { cache: [{ id: image }] }
  const answer = await first.ask('POST', `/os-aggregates/${id}/images`, { as: 'admin', body: asked })
  assert.equal(answer.status, 202)
  await first.close(350)
  const before = progressOf(first)
  assert.ok(before.length < 3, `${before}`)
  await using second = await startTestCloud({ hosts: 3, data })
  await second.settled()
  assert.deepEqual([...before, ...progressOf(second)], ['host-1', 'host-2', 'host-3'])
})

const progressOf = ({ notifications }: TestCloud): unknown[] =>
  notifications
    .filter(({ event_type }) => event_type === 'aggregate.cache_images.progress')
    .map(
      ({ payload }) => (payload as { 'nova_object.data': { host: string } })['nova_object.data'].host, // AggregateCachePayload
    )
