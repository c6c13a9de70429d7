import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { newUuid } from '../../src/base/ids.ts'
import { runPlacement } from '../../test/support/placement.ts'

const placement = await runPlacement()
after(() => placement.close())
const { ask, provider, claim, generation } = placement
const at = (uuid: string, rest = '') => `/resource_providers/${uuid}/inventories${rest}`

test('what is not given has its default, and the generation grows', async () => {
  const uuid = await provider({})
  const { status, body } = await ask('PUT', at(uuid), {
    resource_provider_generation: 1,
    inventories: { VCPU: { total: 16, allocation_ratio: 4 }, DISK_GB: { total: 100, reserved: 10 } },
  })
  assert.equal(status, 200)
  const defaults = { reserved: 0, min_unit: 1, max_unit: 2147483647, step_size: 1, allocation_ratio: 1 }
  const expected = {
    resource_provider_generation: 2,
    inventories: {
      VCPU: { ...defaults, total: 16, allocation_ratio: 4 },
      DISK_GB: { ...defaults, total: 100, reserved: 10 },
    },
  }
  assert.deepEqual(body, expected)
  assert.deepEqual((await ask('GET', at(uuid))).body, expected)
})

test('a stale generation is refused with 409 and changes nothing', async () => {
  const uuid = await provider({ VCPU: { total: 4 } })
  const { status, body } = await ask('PUT', at(uuid), { resource_provider_generation: 0, inventories: {} })
  assert.equal(status, 409)
  assert.equal(body.errors[0].code, 'placement.concurrent_update')
  assert.match(body.errors[0].detail, /resource provider generation conflict/)
  assert.equal((await ask('GET', at(uuid, '/VCPU'))).body.total, 4)
  assert.equal(await generation(uuid), 1)
})

test('of ten updates with the same generation at once one is taken', async () => {
  const uuid = await provider({})
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      ask('PUT', at(uuid), {
        resource_provider_generation: 1,
        inventories: { VCPU: { total: index + 1 } },
      }),
    ),
  )
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  assert.equal(answers.filter(({ status }) => status === 409).length, 9)
  assert.equal(await generation(uuid), 2)
})

test('an inventory in use cannot be removed, in the sentence Nova reads', async () => {
  const uuid = await provider({ VCPU: { total: 4 }, DISK_GB: { total: 4 } })
  await claim(uuid, { VCPU: 1 })
  const sentence = new RegExp(`Inventory for 'VCPU' on resource provider '${uuid}' in use\\.`)
  const all = await ask('DELETE', at(uuid))
  assert.deepEqual([all.status, all.body.errors[0].code], [409, 'placement.inventory.inuse'])
  assert.match(all.body.errors[0].detail, sentence)
  const body = {
    resource_provider_generation: await generation(uuid),
    inventories: { DISK_GB: { total: 1 } },
  }
  assert.match((await ask('PUT', at(uuid), body)).body.errors[0].detail, sentence)
  assert.equal((await ask('DELETE', at(uuid, '/VCPU'))).status, 409)
  assert.equal((await ask('DELETE', at(uuid, '/DISK_GB'))).status, 204)
  assert.equal((await ask('DELETE', at(uuid, '/DISK_GB'))).status, 404)
})

test('one inventory is made, changed and shown', async () => {
  const uuid = await provider({})
  const made = await ask('POST', at(uuid), { resource_class: 'VCPU', total: 8 })
  assert.equal(made.status, 201)
  assert.match(made.headers.get('location') ?? '', /\/inventories\/VCPU$/)
  assert.equal(made.body.resource_provider_generation, 2)
  assert.equal((await ask('POST', at(uuid), { resource_class: 'VCPU', total: 8 })).status, 409)
  assert.equal((await ask('POST', at(uuid), { resource_class: 'CUSTOM_NO', total: 8 })).status, 400)
  const change = { resource_provider_generation: await generation(uuid), total: 9 }
  assert.equal((await ask('PUT', at(uuid, '/VCPU'), change)).body.total, 9)
  assert.equal((await ask('PUT', at(uuid, '/VCPU'), change)).status, 409)
  const missing = { resource_provider_generation: await generation(uuid), total: 9 }
  assert.match(
    (await ask('PUT', at(uuid, '/DISK_GB'), missing)).body.errors[0].detail,
    /No inventory record with resource class for resource provider .*: No inventory of class DISK_GB found\./,
  )
  assert.equal((await ask('GET', at(uuid, '/DISK_GB'))).status, 404)
})

test('more than everything cannot be reserved; everything from 1.26 on', async () => {
  const uuid = await provider({})
  const put = (reserved: number, minor: number) =>
    ask(
      'PUT',
      at(uuid),
      { resource_provider_generation: 1, inventories: { VCPU: { total: 4, reserved } } },
      { minor },
    )
  assert.match((await put(5, 26)).body.errors[0].detail, /The reserved value is greater than total\./)
  assert.match((await put(4, 25)).body.errors[0].detail, /greater than or equal to total\./)
  assert.equal((await put(4, 26)).status, 200)
})

test('bad inventories and unknown classes and providers are refused', async () => {
  const uuid = await provider({})
  for (const inventory of [
    {},
    { total: 0 },
    { total: 2147483648 },
    { total: 1, min_unit: 0 },
    { total: '1' },
    { total: 1, allocation_ratio: -1 },
  ])
    assert.equal(
      (await ask('PUT', at(uuid), { resource_provider_generation: 1, inventories: { VCPU: inventory } }))
        .status,
      400,
      JSON.stringify(inventory),
    )
  const unknown = { resource_provider_generation: 1, inventories: { CUSTOM_NO: { total: 1 } } }
  assert.match(
    (await ask('PUT', at(uuid), unknown)).body.errors[0].detail,
    /No such resource class CUSTOM_NO\./,
  )
  assert.equal((await ask('PUT', at(newUuid()), unknown)).status, 404)
  assert.equal((await ask('GET', at(newUuid()))).status, 404)
  assert.equal((await ask('DELETE', at(uuid), undefined, { minor: 4 })).status, 405)
  assert.equal((await ask('DELETE', at(uuid))).status, 204)
})
