import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { newUuid } from '../../src/base/ids.ts'
import { runPlacement } from '../../test/support/placement.ts'

const placement = await runPlacement()
after(() => placement.close())
const { ask, provider } = placement

test("a project's usages: one sum before 1.38, by consumer type since", async () => {
  const uuid = await provider({ VCPU: { total: 100 } })
  const put = (project_id: string, user_id: string, amount: number, consumer_type?: string) =>
    ask(
      'PUT',
      `/allocations/${newUuid()}`,
      {
        allocations: { [uuid]: { resources: { VCPU: amount } } },
        project_id,
        user_id,
        consumer_generation: null,
        consumer_type,
      },
      { minor: consumer_type === undefined ? 28 : 39 },
    )
  await put('p', 'u1', 1, 'INSTANCE')
  await put('p', 'u2', 2, 'INSTANCE')
  await put('p', 'u1', 4, 'MIGRATION')
  await put('p', 'u1', 8)
  await put('q', 'u1', 16, 'INSTANCE')
  const usages = async (query: string, minor = 39) =>
    (await ask('GET', `/usages?${query}`, undefined, { minor })).body.usages
  assert.deepEqual(await usages('project_id=p', 37), { VCPU: 15 })
  assert.deepEqual(await usages('project_id=p&user_id=u1', 37), { VCPU: 13 })
  assert.deepEqual(await usages('project_id=nobody', 37), {})
  assert.deepEqual(await usages('project_id=p'), {
    INSTANCE: { consumer_count: 2, VCPU: 3 },
    MIGRATION: { consumer_count: 1, VCPU: 4 },
    unknown: { consumer_count: 1, VCPU: 8 },
  })
  assert.deepEqual(await usages('project_id=p&consumer_type=all'), { all: { consumer_count: 4, VCPU: 15 } })
  assert.deepEqual(await usages('project_id=p&consumer_type=MIGRATION'), {
    MIGRATION: { consumer_count: 1, VCPU: 4 },
  })
  assert.equal((await ask('GET', '/usages')).status, 400)
  assert.equal(
    (await ask('GET', '/usages?project_id=p&consumer_type=INSTANCE', undefined, { minor: 37 })).status,
    400,
  )
})

test('usages and allocations of a provider nobody knows are 404', async () => {
  assert.equal((await ask('GET', `/resource_providers/${newUuid()}/usages`)).status, 404)
  assert.match(
    (await ask('GET', `/resource_providers/${newUuid()}/allocations`)).body.errors[0].detail,
    /Resource provider '.*' not found: No resource provider with uuid/,
  )
})

test('aggregates are set with the generation from 1.19 on, as a bare list before', async () => {
  const uuid = await provider()
  const aggregates = [newUuid(), newUuid()].sort()
  const path = `/resource_providers/${uuid}/aggregates`
  const old = await ask('PUT', path, aggregates.slice(0, 1), { minor: 18 })
  assert.deepEqual(old.body, { aggregates: aggregates.slice(0, 1) })
  const body = { aggregates, resource_provider_generation: 1 }
  assert.deepEqual((await ask('PUT', path, body)).body, { aggregates, resource_provider_generation: 2 })
  const stale = await ask('PUT', path, { ...body, aggregates: [] })
  assert.equal(stale.status, 409)
  assert.match(stale.body.errors[0].detail, /Resource provider's generation already changed\./)
  assert.deepEqual((await ask('GET', path)).body, { aggregates, resource_provider_generation: 2 })
  assert.equal((await ask('PUT', path, { aggregates: ['no'], resource_provider_generation: 2 })).status, 400)
  assert.equal((await ask('GET', path, undefined, { minor: 0 })).status, 404)
})
