import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { newUuid } from '../../src/base/ids.ts'
import { runPlacement } from '../../test/support/placement.ts'

const placement = await runPlacement()
after(() => placement.close())
const { ask, provider } = placement

test('standard traits are there; custom ones are made once, shown and deleted', async () => {
  assert.equal((await ask('GET', '/traits/COMPUTE_STATUS_DISABLED')).status, 204)
  assert.equal((await ask('GET', '/traits/CUSTOM_GOLD')).status, 404)
  const made = await ask('PUT', '/traits/CUSTOM_GOLD')
  assert.equal(made.status, 201)
  assert.match(made.headers.get('location') ?? '', /\/placement\/traits\/CUSTOM_GOLD$/)
  assert.equal((await ask('PUT', '/traits/CUSTOM_GOLD')).status, 204)
  assert.equal((await ask('DELETE', '/traits/CUSTOM_GOLD')).status, 204)
  assert.equal((await ask('DELETE', '/traits/CUSTOM_GOLD')).status, 404)
})

test('names that are not custom cannot be made, standard ones not deleted', async () => {
  for (const name of ['GOLD', 'CUSTOM_gold', `CUSTOM_${'X'.repeat(249)}`])
    assert.equal((await ask('PUT', `/traits/${name}`)).status, 400, name)
  assert.match(
    (await ask('DELETE', '/traits/COMPUTE_NODE')).body.errors[0].detail,
    /Cannot delete standard trait COMPUTE_NODE\./,
  )
})

test('traits are listed by name, prefix and use', async () => {
  const uuid = await provider()
  await ask('PUT', '/traits/CUSTOM_A')
  await ask('PUT', '/traits/CUSTOM_B')
  const traits = ['CUSTOM_A', 'STORAGE_DISK_SSD']
  await ask('PUT', `/resource_providers/${uuid}/traits`, { traits, resource_provider_generation: 1 })
  const list = async (query: string) => (await ask('GET', `/traits?${query}`)).body.traits
  assert.deepEqual(await list('name=in:CUSTOM_A,CUSTOM_B,CUSTOM_C'), ['CUSTOM_A', 'CUSTOM_B'])
  assert.deepEqual(await list('name=startswith:CUSTOM_'), ['CUSTOM_A', 'CUSTOM_B'])
  assert.deepEqual(await list('associated=true'), traits)
  assert.ok(!(await list('associated=false')).includes('CUSTOM_A'))
  for (const query of ['name=CUSTOM', 'name=like:X', 'associated=maybe', 'x=y'])
    assert.equal((await ask('GET', `/traits?${query}`)).status, 400, query)
})

test("a provider's traits are set with its generation; unknown ones are refused", async () => {
  const uuid = await provider()
  const path = `/resource_providers/${uuid}/traits`
  const set = (traits: readonly string[], generation: number) =>
    ask('PUT', path, { traits, resource_provider_generation: generation })
  const done = await set(['COMPUTE_NODE'], 1)
  assert.deepEqual(done.body, { traits: ['COMPUTE_NODE'], resource_provider_generation: 2 })
  const stale = await set([], 1)
  assert.deepEqual([stale.status, stale.body.errors[0].code], [409, 'placement.concurrent_update'])
  assert.match((await set(['CUSTOM_NONE'], 2)).body.errors[0].detail, /No such trait CUSTOM_NONE/)
  assert.deepEqual((await ask('GET', path)).body, done.body)
  assert.equal((await ask('DELETE', path)).status, 204)
  assert.deepEqual((await ask('GET', path)).body, { traits: [], resource_provider_generation: 3 })
  assert.equal((await ask('GET', `/resource_providers/${newUuid()}/traits`)).status, 404)
})

test('a trait in use cannot be deleted', async () => {
  const uuid = await provider()
  await ask('PUT', '/traits/CUSTOM_USED')
  await ask('PUT', `/resource_providers/${uuid}/traits`, {
    traits: ['CUSTOM_USED'],
    resource_provider_generation: 1,
  })
  const { status, body } = await ask('DELETE', '/traits/CUSTOM_USED')
  assert.equal(status, 409)
  assert.match(body.errors[0].detail, /The trait CUSTOM_USED is in use by a resource provider\./)
})
