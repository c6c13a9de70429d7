import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { newUuid } from '../../src/base/ids.ts'
import { runPlacement } from '../../test/support/placement.ts'

const placement = await runPlacement()
after(() => placement.close())
const { ask, provider, claim } = placement
const names = async (query: string, minor = 39) =>
  (await ask('GET', `/resource_providers?${query}`, undefined, { minor })).body.resource_providers.map(
    (found: { uuid: string }) => found.uuid,
  )

test('a provider is made empty before 1.20 and shown since', async () => {
  const old = await ask('POST', '/resource_providers', { name: 'old' }, { minor: 19 })
  assert.deepEqual([old.status, old.text], [201, ''])
  assert.match(old.headers.get('location') ?? '', /^http:.*\/placement\/resource_providers\/[0-9a-f-]{36}$/)
  const uuid = newUuid()
  const { status, body } = await ask('POST', '/resource_providers', { name: 'new', uuid })
  assert.equal(status, 200)
  assert.deepEqual(body, {
    uuid,
    name: 'new',
    generation: 0,
    links: ['', '/inventories', '/usages', '/aggregates', '/traits', '/allocations'].map(path => ({
      rel: path.slice(1) || 'self',
      href: `/placement/resource_providers/${uuid}${path}`,
    })),
    parent_provider_uuid: null,
    root_provider_uuid: uuid,
  })
})

test('a UUID without dashes is kept with dashes', async () => {
  const uuid = newUuid()
  const { body } = await ask('POST', '/resource_providers', { name: uuid, uuid: uuid.replaceAll('-', '') })
  assert.equal(body.uuid, uuid)
})

test('a second provider of the same name or UUID is refused with 409', async () => {
  const uuid = await provider()
  const sameUuid = await ask('POST', '/resource_providers', { name: 'another', uuid })
  assert.equal(sameUuid.status, 409)
  assert.match(
    sameUuid.body.errors[0].detail,
    new RegExp(`Conflicting resource provider uuid: ${uuid} already`),
  )
  await ask('POST', '/resource_providers', { name: 'taken' })
  const sameName = await ask('POST', '/resource_providers', { name: 'taken' })
  assert.equal(sameName.body.errors[0].code, 'placement.duplicate_name')
  const renamed = await ask('PUT', `/resource_providers/${uuid}`, { name: 'taken' })
  assert.equal(renamed.status, 409)
})

test('bodies that do not fit are refused with 400 and make nothing', async () => {
  for (const body of [
    {},
    { name: '' },
    { name: 'x'.repeat(201) },
    { name: 'x', uuid: 'no' },
    { name: 'x', y: 1 },
    [],
  ]) {
    const { status, body: answer } = await ask('POST', '/resource_providers', body)
    assert.equal(status, 400, JSON.stringify(body))
    assert.match(answer.errors[0].detail, /JSON does not validate: /)
  }
  const malformed = await ask('POST', '/resource_providers', undefined, {
    raw: '{',
    headers: { 'content-type': 'application/json', 'openstack-api-version': 'placement 1.39' },
  })
  assert.match(malformed.body.errors[0].detail, /Malformed JSON: /)
})

test('parents: unknown ones and loops are refused, moving needs 1.37, roots follow', async () => {
  const root = await provider()
  const child = await provider({}, { parent_provider_uuid: root })
  const grandchild = await provider({}, { parent_provider_uuid: child })
  const other = await provider()
  const move = (uuid: string, parent: string | null, minor = 39) =>
    ask('PUT', `/resource_providers/${uuid}`, { name: uuid, parent_provider_uuid: parent }, { minor })
  const unknown = await ask('POST', '/resource_providers', {
    name: 'orphan',
    parent_provider_uuid: newUuid(),
  })
  assert.match(unknown.body.errors[0].detail, /parent provider UUID does not exist\./)
  assert.match((await move(child, grandchild)).body.errors[0].detail, /creating loop in the provider tree/)
  assert.match(
    (await move(child, other, 36)).body.errors[0].detail,
    /re-parenting a provider is not currently/,
  )
  assert.match(
    (await move(child, null, 36)).body.errors[0].detail,
    /un-parenting a provider is not currently/,
  )
  assert.equal((await move(child, other)).body.root_provider_uuid, other)
  assert.equal((await ask('GET', `/resource_providers/${grandchild}`)).body.root_provider_uuid, other)
  const tree = await names(`in_tree=${grandchild}`)
  assert.deepEqual(tree.toSorted(), [child, grandchild, other].toSorted())
  const parent = await ask('DELETE', `/resource_providers/${other}`)
  assert.equal(parent.body.errors[0].code, 'placement.resource_provider.cannot_delete_parent')
})

test('a provider with allocations cannot be deleted; without, it goes with its inventories', async () => {
  const uuid = await provider()
  const consumer = newUuid()
  await claim(uuid, { VCPU: 1 }, { consumer })
  const used = await ask('DELETE', `/resource_providers/${uuid}`)
  assert.equal(used.body.errors[0].code, 'placement.resource_provider.inuse')
  await ask('DELETE', `/allocations/${consumer}`)
  assert.equal((await ask('DELETE', `/resource_providers/${uuid}`)).status, 204)
  assert.equal((await ask('GET', `/resource_providers/${uuid}/inventories`)).status, 404)
  assert.equal((await ask('DELETE', `/resource_providers/${uuid}`)).status, 404)
})

test('lists filter by name, UUID, room, traits and aggregates', async () => {
  const [big, small] = [await provider({ VCPU: { total: 64 } }), await provider({ VCPU: { total: 32 } })]
  const aggregate = newUuid()
  await ask('PUT', `/resource_providers/${small}/aggregates`, {
    aggregates: [aggregate],
    resource_provider_generation: 1,
  })
  await ask('PUT', `/resource_providers/${big}/traits`, {
    traits: ['HW_CPU_X86_AVX2', 'STORAGE_DISK_SSD'],
    resource_provider_generation: 1,
  })
  const { name } = (await ask('GET', `/resource_providers/${big}`)).body
  assert.deepEqual(await names(`name=${name}`), [big])
  assert.deepEqual(await names(`uuid=${small}`), [small])
  assert.deepEqual(await names('resources=VCPU:33'), [big])
  assert.deepEqual(await names(`member_of=${aggregate}`), [small])
  assert.deepEqual(await names(`member_of=in:${aggregate},${newUuid()}&resources=VCPU:32`), [small])
  assert.deepEqual(await names(`member_of=!${aggregate}&resources=VCPU:32`), [big])
  assert.deepEqual(await names('required=HW_CPU_X86_AVX2,STORAGE_DISK_SSD'), [big])
  assert.deepEqual(await names('required=in:HW_CPU_X86_AVX2,STORAGE_DISK_HDD'), [big])
  assert.deepEqual(await names('required=!STORAGE_DISK_SSD&resources=VCPU:32'), [small])
})

test('query strings that make no sense are refused with 400', async () => {
  for (const query of [
    'colour=red',
    'uuid=no',
    'in_tree=no',
    'resources=',
    'resources=VCPU',
    'resources=VCPU:0',
    'resources=VCPU:x',
    'resources=NOTHING:1',
    'required=',
    'required=NOT_A_TRAIT',
    'required=COMPUTE_NODE,!COMPUTE_NODE',
    'member_of=no',
    `member_of=${newUuid()},${newUuid()}`,
  ])
    assert.equal((await ask('GET', `/resource_providers?${query}`)).status, 400, query)
  const repeated = `/resource_providers?member_of=${newUuid()}&member_of=${newUuid()}`
  assert.equal((await ask('GET', repeated, undefined, { minor: 23 })).status, 400)
  assert.equal((await ask('GET', repeated, undefined, { minor: 24 })).status, 200)
  assert.equal((await ask('GET', '/resource_providers?required=X', undefined, { minor: 17 })).status, 400)
})
