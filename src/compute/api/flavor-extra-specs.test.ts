import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startComputeApi } from '../../../test/support/compute-api.ts'
import { bootstrapFlavors } from '../bootstrap-flavors.ts'
import { extraSpecProblem } from '../extra-specs.ts'

const api = await startComputeApi()
after(() => api.close())
await bootstrapFlavors(api.store, api.clock)

const path = '/flavors/1/os-extra_specs'
const admin = { as: 'admin' } as const
const specs = async () => (await api.api('GET', path)).body.extra_specs

test('extra specs are added, read, changed one at a time, and removed', async () => {
  const added = await api.api('POST', path, {
    ...admin,
    body: { extra_specs: { 'hw:cpu_policy': 'shared', count: 2 } },
  })
  assert.deepEqual(added.body, { extra_specs: { 'hw:cpu_policy': 'shared', count: '2' } })
  await api.api('POST', path, { ...admin, body: { extra_specs: { other: 'x' } } })
  assert.deepEqual(await specs(), { 'hw:cpu_policy': 'shared', count: '2', other: 'x' })
  const put = await api.api('PUT', `${path}/other`, { ...admin, body: { other: 'y' } })
  assert.deepEqual([put.status, put.body], [200, { other: 'y' }])
  assert.deepEqual((await api.api('GET', `${path}/other`)).body, { other: 'y' })
  const gone = await api.api('DELETE', `${path}/other`, admin)
  assert.deepEqual([gone.status, gone.text], [200, ''])
  assert.deepEqual(await specs(), { 'hw:cpu_policy': 'shared', count: '2' })
})

test('a missing key is a 404 in the words of Nova', async () => {
  for (const method of ['GET', 'DELETE']) {
    const { status, body } = await api.api(method, `${path}/nope`, admin)
    assert.deepEqual([status, body.itemNotFound.message], [404, 'Flavor 1 has no extra specs with key nope.'])
  }
  assert.equal((await api.api('GET', '/flavors/nope/os-extra_specs')).status, 404)
})

test('the body must name the key of the path, and only it', async () => {
  const put = (body: object) => api.api('PUT', `${path}/a`, { ...admin, body })
  assert.equal((await put({ b: '1' })).body.badRequest.message, 'Request body and URI mismatch')
  assert.equal((await put({ a: '1', b: '2' })).status, 400)
  assert.equal((await put({})).status, 400)
  assert.equal((await put({ a: 'x'.repeat(256) })).status, 400)
})

test('users read extra specs and change nothing', async () => {
  const before = await specs()
  assert.equal((await api.api('POST', path, { body: { extra_specs: { a: '1' } } })).status, 403)
  assert.equal((await api.api('PUT', `${path}/a`, { body: { a: '1' } })).status, 403)
  assert.equal((await api.api('DELETE', `${path}/count`)).status, 403)
  assert.deepEqual(await specs(), before)
})

test('from 2.86 on known namespaces are checked; before, and for others, anything goes', async () => {
  const put = (at: string) =>
    api.api('PUT', `${path}/hw:cpu_policy`, { ...admin, at, body: { 'hw:cpu_policy': 'sharrred' } })
  assert.equal((await put('2.85')).status, 200)
  assert.equal(
    (await put('2.86')).body.badRequest.message,
    "Validation failed; 'sharrred' is not one of: dedicated, shared, mixed.",
  )
})

test('the table of known extra specs tells good from bad', () => {
  for (const [name, value, problem] of [
    ['hw:numa_nodes', '2', undefined],
    ['hw:numa_nodes', '0', "'0' is less than the min value of '1'."],
    ['hw:numa_nodes', 'two', "'two' is not a valid integer value."],
    ['hw:numa_cpus.0', '0-3,^2', undefined],
    ['hw:boot_menu', 'maybe', "'maybe' is not a valid boolean-like value."],
    ['hw:mem_page_size', '2MB', undefined],
    ['hw:bogus', 'x', "extra spec 'hw:bogus' does not appear to be a valid extra spec."],
    ['trait:HW_CPU_X86_SGX', 'required', undefined],
    ['trait_GPU:CUSTOM_GOLD', 'forbidden', undefined],
    ['trait:X', 'maybe', "'maybe' is not one of: required, forbidden."],
    ['resources:VCPU', '2', undefined],
    ['resources1:CUSTOM_FPGA', '1', undefined],
    [
      'resources:NOT_A_CLASS',
      '1',
      "extra spec 'resources:NOT_A_CLASS' does not appear to be a valid extra spec.",
    ],
    ['quota:cpu_shares', '10', undefined],
    ['faultline:fail', 'spawn:ImageUnacceptable', undefined],
    ['custom:thing', 'x', undefined],
    ['plain', 'x', undefined],
  ] as const)
    assert.equal(extraSpecProblem(name, value), problem, `${name}=${value}`)
})
