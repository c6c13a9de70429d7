import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { newUuid } from '../../src/base/ids.ts'
import { owner, runPlacement } from '../../test/support/placement.ts'

const placement = await runPlacement()
after(() => placement.close())
const { ask, provider, claim, usages, generation } = placement
const of = async (consumer: string, minor = 39) =>
  (await ask('GET', `/allocations/${consumer}`, undefined, { minor })).body

test('a claim is written, shown, counted, and raises the generations', async () => {
  const uuid = await provider({ VCPU: { total: 4 }, DISK_GB: { total: 10 } })
  const consumer = newUuid()
  const { status, text } = await claim(uuid, { VCPU: 2, DISK_GB: 5 }, { consumer })
  assert.deepEqual([status, text], [204, ''])
  assert.deepEqual(await of(consumer), {
    allocations: { [uuid]: { resources: { DISK_GB: 5, VCPU: 2 }, generation: 2 } },
    project_id: 'project-1',
    user_id: 'user-1',
    consumer_generation: 1,
    consumer_type: 'INSTANCE',
  })
  assert.deepEqual(await usages(uuid), { DISK_GB: 5, VCPU: 2 })
  const ofProvider = await ask('GET', `/resource_providers/${uuid}/allocations`)
  assert.deepEqual(ofProvider.body, {
    allocations: { [consumer]: { resources: { DISK_GB: 5, VCPU: 2 }, consumer_generation: 1 } },
    resource_provider_generation: 2,
  })
})

test('a consumer nobody knows has no allocations, and nothing to delete', async () => {
  const consumer = newUuid()
  assert.deepEqual(await of(consumer), { allocations: {} })
  const gone = await ask('DELETE', `/allocations/${consumer}`)
  assert.equal(gone.status, 404)
  assert.match(gone.body.errors[0].detail, new RegExp(`No allocations for consumer '${consumer}'`))
})

test('more than the capacity is refused with 409 and changes nothing', async () => {
  const uuid = await provider({ VCPU: { total: 4, reserved: 1, allocation_ratio: 2 } })
  assert.equal((await claim(uuid, { VCPU: 4 })).status, 204)
  const { status, body } = await claim(uuid, { VCPU: 3 })
  assert.equal(status, 409)
  assert.equal(
    body.errors[0].detail,
    `There was a conflict when trying to complete your request.\n\n Unable to allocate inventory: Unable to create allocation for 'VCPU' on resource provider '${uuid}'. The requested amount would exceed the capacity.  `,
  )
  assert.equal(body.errors[0].code, 'placement.undefined_code')
  assert.equal(await generation(uuid), 2)
  assert.equal((await claim(uuid, { VCPU: 2 })).status, 204)
})

test('amounts outside min_unit, max_unit and step_size are refused', async () => {
  const uuid = await provider({ VCPU: { total: 100, min_unit: 2, max_unit: 8, step_size: 2 } })
  for (const amount of [1, 3, 10])
    assert.match(
      (await claim(uuid, { VCPU: amount })).body.errors[0].detail,
      /The requested amount would violate inventory constraints\./,
      String(amount),
    )
  assert.equal((await claim(uuid, { VCPU: 8 })).status, 204)
})

test('what cannot be claimed from is told apart: no inventory, no class, no provider, no consumer', async () => {
  const uuid = await provider({ VCPU: { total: 4 } })
  const noInventory = await claim(uuid, { DISK_GB: 1 })
  assert.equal(noInventory.status, 409)
  assert.match(noInventory.body.errors[0].detail, /Inventory for 'DISK_GB' on resource provider .* invalid\./)
  const noClass = await claim(uuid, { CUSTOM_NO: 1 })
  assert.deepEqual([noClass.status, /No such resource class CUSTOM_NO/.test(noClass.text)], [400, true])
  const noProvider = await claim(newUuid(), { VCPU: 1 })
  assert.deepEqual([noProvider.status, /that does not exist\./.test(noProvider.text)], [400, true])
  const noConsumer = await claim(uuid, { VCPU: 1 }, { consumer: 'server-1' })
  assert.match(noConsumer.body.errors[0].detail, /Malformed consumer_uuid: server-1/)
  assert.deepEqual(await usages(uuid), { VCPU: 0 })
})

test("a consumer's generation must be the one it has", async () => {
  const uuid = await provider()
  const consumer = newUuid()
  const tooEarly = await claim(uuid, { VCPU: 1 }, { consumer, generation: 5 })
  assert.equal(tooEarly.status, 409)
  assert.match(tooEarly.body.errors[0].detail, /consumer generation conflict - expected null but got 5/)
  await claim(uuid, { VCPU: 1 }, { consumer })
  const again = await claim(uuid, { VCPU: 1 }, { consumer })
  assert.match(again.body.errors[0].detail, /consumer generation conflict - expected 1 but got None/)
  assert.equal(again.body.errors[0].code, 'placement.concurrent_update')
  assert.equal((await claim(uuid, { VCPU: 4 }, { consumer, generation: 1 })).status, 204)
  assert.equal((await of(consumer)).consumer_generation, 2)
  assert.deepEqual(await usages(uuid), { VCPU: 4 })
})

test('100 claims at once never take more than there is, and all the room is taken', async () => {
  const uuid = await provider({ VCPU: { total: 30, allocation_ratio: 2 }, MEMORY_MB: { total: 1000 } })
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => claim(uuid, { VCPU: 1, MEMORY_MB: 20 })),
  )
  const count = (status: number) => answers.filter(answer => answer.status === status).length
  assert.deepEqual([count(204), count(409)], [50, 50])
  assert.deepEqual(await usages(uuid), { MEMORY_MB: 1000, VCPU: 50 })
})

test('of ten claims for one new consumer at once one is taken', async () => {
  const uuid = await provider({ VCPU: { total: 100 } })
  const consumer = newUuid()
  const answers = await Promise.all(Array.from({ length: 10 }, () => claim(uuid, { VCPU: 1 }, { consumer })))
  assert.equal(answers.filter(({ status }) => status === 204).length, 1)
  assert.equal(answers.filter(({ status }) => status === 409).length, 9)
  assert.deepEqual(await usages(uuid), { VCPU: 1 })
})

test('claims on two providers in opposite order at once neither deadlock nor oversubscribe', async () => {
  const [a, b] = [await provider({ VCPU: { total: 20 } }), await provider({ VCPU: { total: 20 } })]
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) => {
      const [first, second] = index % 2 === 0 ? [a, b] : [b, a]
      return ask('PUT', `/allocations/${newUuid()}`, {
        allocations: { [first]: { resources: { VCPU: 1 } }, [second]: { resources: { VCPU: 1 } } },
        ...owner,
        consumer_generation: null,
      })
    }),
  )
  assert.equal(answers.filter(({ status }) => status === 204).length, 20)
  assert.deepEqual([await usages(a), await usages(b)], [{ VCPU: 20 }, { VCPU: 20 }])
})

test('an empty claim lets everything go, from 1.28 on', async () => {
  const uuid = await provider()
  const consumer = newUuid()
  await claim(uuid, { VCPU: 1 }, { consumer })
  const clear = (generation: number | null, minor = 39) =>
    ask(
      'PUT',
      `/allocations/${consumer}`,
      minor < 28
        ? { allocations: {}, project_id: 'p', user_id: 'u' }
        : { allocations: {}, ...owner, consumer_generation: generation },
      { minor },
    )
  assert.equal((await clear(null, 27)).status, 400)
  assert.equal((await clear(7)).status, 409)
  assert.equal((await clear(1)).status, 204)
  assert.deepEqual(await of(consumer), { allocations: {} })
  assert.deepEqual(await usages(uuid), { VCPU: 0 })
  assert.equal((await clear(null)).status, 204)
  assert.equal((await claim(uuid, { VCPU: 1 }, { consumer })).status, 204)
})

test('several consumers are written together or not at all: a move of a full host to another consumer', async () => {
  const uuid = await provider({ VCPU: { total: 4 } })
  const [server, migration] = [newUuid(), newUuid()]
  await claim(uuid, { VCPU: 4 }, { consumer: server })
  const move = (generation: number) =>
    ask('POST', '/allocations', {
      [server]: { allocations: {}, ...owner, consumer_generation: generation },
      [migration]: {
        allocations: { [uuid]: { resources: { VCPU: 4 } } },
        ...owner,
        consumer_type: 'MIGRATION',
        consumer_generation: null,
      },
    })
  assert.equal((await move(9)).status, 409)
  assert.deepEqual(await of(migration), { allocations: {} })
  assert.equal((await move(1)).status, 204)
  assert.deepEqual(await of(server), { allocations: {} })
  assert.equal((await of(migration)).consumer_type, 'MIGRATION')
  const both = await ask('POST', '/allocations', {
    [server]: { allocations: { [uuid]: { resources: { VCPU: 1 } } }, ...owner, consumer_generation: null },
    [newUuid()]: { allocations: {}, ...owner, consumer_generation: null },
  })
  assert.equal(both.status, 409)
})

test('two consumers of one request share the room there is', async () => {
  const uuid = await provider({ VCPU: { total: 4 } })
  const wants = (amount: number) => ({
    allocations: { [uuid]: { resources: { VCPU: amount } } },
    ...owner,
    consumer_generation: null,
  })
  const post = (a: number, b: number) =>
    ask('POST', '/allocations', { [newUuid()]: wants(a), [newUuid()]: wants(b) })
  assert.equal((await post(3, 2)).status, 409)
  assert.equal((await post(2, 2)).status, 204)
})

test('a smaller claim frees room at once, though the host was full', async () => {
  const uuid = await provider({ VCPU: { total: 4 } })
  const consumer = newUuid()
  await claim(uuid, { VCPU: 4 }, { consumer })
  assert.equal((await claim(uuid, { VCPU: 3 }, { consumer, generation: 1 })).status, 204)
  assert.equal((await claim(uuid, { VCPU: 1 })).status, 204)
})

test('the forms of old versions: a list before 1.12, no owner before 1.8, no generations before 1.28', async () => {
  const uuid = await provider({ VCPU: { total: 10 } })
  const consumer = newUuid()
  const listed = { allocations: [{ resource_provider: { uuid }, resources: { VCPU: 1 } }] }
  const put = (body: object, minor: number) => ask('PUT', `/allocations/${consumer}`, body, { minor })
  assert.equal((await put(listed, 0)).status, 204)
  assert.deepEqual(Object.keys(await of(consumer, 11)), ['allocations'])
  assert.equal((await of(consumer, 12)).project_id, '00000000-0000-0000-0000-000000000000')
  assert.equal((await put(listed, 8)).status, 400)
  assert.equal((await put({ ...listed, project_id: 'p', user_id: 'u' }, 8)).status, 204)
  const mapped = { allocations: { [uuid]: { resources: { VCPU: 2 } } }, project_id: 'q', user_id: 'u' }
  assert.equal((await put(mapped, 12)).status, 204)
  assert.deepEqual(
    [(await of(consumer, 27)).consumer_generation, (await of(consumer, 28)).consumer_generation],
    [undefined, 3],
  )
  assert.equal((await of(consumer)).consumer_type, 'unknown')
  assert.equal((await put({ ...mapped, consumer_generation: 3, mappings: { '': [uuid] } }, 34)).status, 204)
})

test('bodies that do not fit are refused with 400', async () => {
  const uuid = await provider()
  const good = { allocations: { [uuid]: { resources: { VCPU: 1 } } }, ...owner, consumer_generation: null }
  for (const body of [
    {},
    { ...good, project_id: '' },
    { ...good, consumer_type: 'lower' },
    { ...good, consumer_generation: 'x' },
    { ...good, extra: 1 },
    { ...good, allocations: { nothing: { resources: { VCPU: 1 } } } },
    { ...good, allocations: { [uuid]: { resources: {} } } },
    { ...good, allocations: { [uuid]: { resources: { VCPU: 0 } } } },
    { ...good, allocations: { [uuid]: { resources: { VCPU: 1.5 } } } },
    { ...good, allocations: { [uuid]: { resources: { vcpu: 1 } } } },
  ])
    assert.equal((await ask('PUT', `/allocations/${newUuid()}`, body)).status, 400, JSON.stringify(body))
  const consumer = newUuid()
  const twice = { [consumer]: good, [consumer.replaceAll('-', '')]: good }
  assert.equal((await ask('POST', '/allocations', twice)).status, 400)
  assert.deepEqual(await usages(uuid), { VCPU: 0 })
})
