import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { runPlacement } from '../../test/support/placement.ts'

const placement = await runPlacement()
after(() => placement.close())
const { ask, provider, claim, usages } = placement

test('standard classes are listed and shown with a link', async () => {
  const { body } = await ask('GET', '/resource_classes')
  const names = body.resource_classes.map((found: { name: string }) => found.name)
  for (const name of ['VCPU', 'MEMORY_MB', 'DISK_GB', 'PCPU', 'VGPU']) assert.ok(names.includes(name), name)
  assert.deepEqual((await ask('GET', '/resource_classes/VCPU')).body, {
    name: 'VCPU',
    links: [{ rel: 'self', href: '/placement/resource_classes/VCPU' }],
  })
  assert.equal((await ask('GET', '/resource_classes/CUSTOM_NONE')).status, 404)
})

test('custom classes are made by POST or PUT, once', async () => {
  assert.equal((await ask('POST', '/resource_classes', { name: 'CUSTOM_A' })).status, 201)
  const again = await ask('POST', '/resource_classes', { name: 'CUSTOM_A' })
  assert.equal(again.status, 409)
  assert.match(again.body.errors[0].detail, /Conflicting resource class already exists: CUSTOM_A/)
  assert.equal((await ask('PUT', '/resource_classes/CUSTOM_B')).status, 201)
  assert.equal((await ask('PUT', '/resource_classes/CUSTOM_B')).status, 204)
  assert.equal((await ask('POST', '/resource_classes', { name: 'GOLD' })).status, 400)
  assert.equal((await ask('PUT', '/resource_classes/VCPU')).status, 400)
})

test('before 1.7 PUT renames, and what is counted in the class follows', async () => {
  await ask('PUT', '/resource_classes/CUSTOM_OLD')
  await ask('PUT', '/resource_classes/CUSTOM_OTHER')
  const uuid = await provider({ CUSTOM_OLD: { total: 5 } })
  await claim(uuid, { CUSTOM_OLD: 2 })
  const rename = (from: string, name: string) =>
    ask('PUT', `/resource_classes/${from}`, { name }, { minor: 6 })
  assert.equal((await rename('CUSTOM_OLD', 'CUSTOM_OTHER')).status, 409)
  assert.equal((await rename('VCPU', 'CUSTOM_CPU')).status, 400)
  assert.equal((await rename('CUSTOM_NONE', 'CUSTOM_X')).status, 404)
  assert.equal((await rename('CUSTOM_OLD', 'CUSTOM_NEW')).body.name, 'CUSTOM_NEW')
  assert.deepEqual(await usages(uuid), { CUSTOM_NEW: 2 })
})

test('a class in use and a standard class cannot be deleted', async () => {
  await ask('PUT', '/resource_classes/CUSTOM_USED')
  await provider({ CUSTOM_USED: { total: 1 } })
  const used = await ask('DELETE', '/resource_classes/CUSTOM_USED')
  assert.equal(used.status, 409)
  assert.match(used.body.errors[0].detail, /Class is in use in inventory\./)
  assert.equal((await ask('DELETE', '/resource_classes/VCPU')).status, 400)
  await ask('PUT', '/resource_classes/CUSTOM_FREE')
  assert.equal((await ask('DELETE', '/resource_classes/CUSTOM_FREE')).status, 204)
  assert.equal((await ask('DELETE', '/resource_classes/CUSTOM_FREE')).status, 404)
})
