import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { addServer, aFlavor, startComputeApi } from '../../../test/support/compute-api.ts'
import { callers } from '../../../test/support/one-service.ts'
import { isFault } from '../../model/errors.ts'
import { allowedCount, checkGroupMemberQuota, checkMetadataQuota, checkQuota } from '../store/quotas.ts'
import type { ComputeTables } from '../tables.ts'

const api = await startComputeApi()
after(() => api.close())

const project = callers.demo.project!.id
const userId = callers.demo.userId
const owner = { projectId: project, userId }
const put = (quota_set: object, query = '') =>
  api.api('PUT', `/os-quota-sets/${project}${query}`, { as: 'admin', at: '2.57', body: { quota_set } })
const get = async (suffix = '', at = '2.57') =>
  (await api.api('GET', `/os-quota-sets/${project}${suffix}`, { at })).body.quota_set

beforeEach(async () => {
  for (const table of ['servers', 'quotas', 'quota_classes', 'server_groups'] as const)
    await api.db.deleteFrom(table).execute()
})

const check = (...args: Parameters<typeof checkQuota> extends [unknown, ...infer Rest] ? Rest : never) =>
  api.store.accept<ComputeTables, void>(tx => checkQuota(tx, ...args))
const allowed = (flavor: { vcpus: number; memoryMb: number }, min: number, max: number) =>
  api.store.accept<ComputeTables, number>(tx => allowedCount(tx, owner, flavor, { min, max }))
const refusal = (message: string) => (error: unknown) =>
  isFault(error) && error.message === message && error.status === 403

test('a new project has the defaults, with the resources of the version', async () => {
  const defaults = {
    id: project,
    instances: 10,
    cores: 20,
    ram: 51_200,
    metadata_items: 128,
    key_pairs: 100,
    server_groups: 10,
    server_group_members: 10,
  }
  const files = { injected_files: 5, injected_file_content_bytes: 10_240, injected_file_path_bytes: 255 }
  const network = { floating_ips: -1, fixed_ips: -1, security_groups: -1, security_group_rules: -1 }
  assert.deepEqual(await get(), defaults)
  assert.deepEqual(await get('', '2.36'), { ...defaults, ...files })
  assert.deepEqual(await get('', '2.35'), { ...defaults, ...files, ...network })
  assert.deepEqual(await get('/defaults'), defaults)
})

test('limits are set, shown, and go back to the defaults', async () => {
  const set = await put({ cores: '5', instances: -1 })
  assert.equal(set.status, 200)
  assert.deepEqual(
    [set.body.quota_set.cores, set.body.quota_set.instances, set.body.quota_set.id],
    [5, -1, undefined],
  )
  assert.equal((await get()).cores, 5)
  assert.equal((await get('/defaults')).cores, 20)
  assert.equal((await api.api('DELETE', `/os-quota-sets/${project}`, { as: 'admin' })).status, 202)
  assert.equal((await get()).cores, 20)
})

test('impossible limits are refused and change nothing', async () => {
  for (const body of [
    { cores: -2 },
    { cores: 2_147_483_648 },
    { cores: 'many' },
    { bogus: 1 },
    { fixed_ips: 1 },
  ])
    assert.equal((await put(body)).status, 400, JSON.stringify(body))
  assert.equal((await get()).cores, 20)
})

test('a limit below what is used needs force', async () => {
  await addServer(api)
  await addServer(api)
  const low = await put({ instances: 1 })
  assert.equal(
    low.body.badRequest.message,
    'Quota limit 1 for instances must be greater than or equal to already used and reserved 2.',
  )
  assert.equal((await put({ instances: 1, force: 'True' })).status, 200)
})

test("a user's limit is his own, not above the project's, and does not change the project's", async () => {
  const above = await put({ cores: 21 }, `?user_id=${userId}`)
  assert.equal(above.body.badRequest.message, 'Quota limit 21 for cores must be less than or equal to 20.')
  assert.equal((await put({ cores: 2 }, `?user_id=${userId}`)).body.quota_set.cores, 2)
  assert.equal((await get(`?user_id=${userId}`)).cores, 2)
  assert.equal((await get()).cores, 20)
})

test('the detail tells what is used: servers that are not deleted, soft-deleted ones not counted', async () => {
  await addServer(api, { flavor: { ...aFlavor, vcpus: 3, memoryMb: 700 } })
  await addServer(api, { vm_state: 'error' })
  await addServer(api, { vm_state: 'soft-delete' })
  await addServer(api, { deleted: 1 })
  await addServer(api, { project_id: 'elsewhere' })
  const detail = await get('/detail')
  assert.deepEqual(detail.instances, { limit: 10, in_use: 2, reserved: 0 })
  assert.deepEqual(detail.cores, { limit: 20, in_use: 4, reserved: 0 })
  assert.deepEqual(detail.ram, { limit: 51_200, in_use: 1212, reserved: 0 })
  const limits = (await api.api('GET', '/limits')).body.limits
  assert.deepEqual(limits.rate, [])
  assert.deepEqual(
    [limits.absolute.totalInstancesUsed, limits.absolute.totalCoresUsed, limits.absolute.totalRAMUsed],
    [2, 4, 1212],
  )
})

test('other projects are for administrators; unknown projects are a 400', async () => {
  assert.equal((await api.api('GET', '/os-quota-sets/elsewhere')).status, 403)
  assert.equal((await api.api('GET', '/limits?tenant_id=elsewhere')).status, 403)
  assert.equal((await api.api('GET', '/limits?tenant_id=elsewhere', { as: 'admin' })).status, 200)
  assert.equal((await api.api('PUT', `/os-quota-sets/${project}`, { body: { quota_set: {} } })).status, 403)
  api.unknownProjects.add('nowhere')
  const unknown = await api.api('GET', '/os-quota-sets/nowhere', { as: 'admin' })
  assert.deepEqual(
    [unknown.status, unknown.body.badRequest.message],
    [400, 'Project ID nowhere is not a valid project.'],
  )
})

test('the class default stands over the configured defaults, and below what a project was given', async () => {
  const set = await api.api('PUT', '/os-quota-class-sets/default', {
    as: 'admin',
    at: '2.57',
    body: { quota_class_set: { cores: 8 } },
  })
  assert.deepEqual([set.body.quota_class_set.cores, set.body.quota_class_set.id], [8, undefined])
  assert.equal((await get()).cores, 8)
  await put({ cores: 9 })
  assert.equal((await get()).cores, 9)
  const shown = await api.api('GET', '/os-quota-class-sets/default', { as: 'admin', at: '2.49' })
  assert.equal(shown.body.quota_class_set.fixed_ips, -1)
  assert.equal('server_groups' in shown.body.quota_class_set, false)
})

test('over quota is told in the words of Nova', async () => {
  await put({ cores: 2, instances: 2 })
  await addServer(api)
  await check(owner, { instances: 1, cores: 1, ram: 512 })
  await assert.rejects(
    check(owner, { instances: 2, cores: 2, ram: 512 }),
    refusal(
      'Quota exceeded for cores, instances: Requested 2, 2, but already used 1, 1 of 2, 2 cores, instances',
    ),
  )
})

test('a resize asks for its growth only; shrinking is never refused', async () => {
  await put({ cores: 2 })
  await addServer(api, { flavor: { ...aFlavor, vcpus: 2 } })
  await check(owner, { cores: -1, ram: 0 })
  await assert.rejects(
    check(owner, { cores: 1, ram: 0 }),
    refusal('Quota exceeded for cores: Requested 1, but already used 2 of 2 cores'),
  )
})

test('fewer servers are made when fewer fit, but never fewer than asked for at least', async () => {
  await put({ cores: 5 })
  assert.equal(await allowed({ vcpus: 2, memoryMb: 1 }, 1, 4), 2)
  assert.equal(await allowed({ vcpus: 1, memoryMb: 1 }, 1, 4), 4)
  await assert.rejects(
    allowed({ vcpus: 2, memoryMb: 1 }, 3, 20),
    refusal(
      'Quota exceeded for cores, instances: Requested 40, 3-20, but already used 0, 0 of 5, 10 cores, instances',
    ),
  )
})

test("a user's own limit counts his servers only", async () => {
  await addServer(api, { user_id: 'somebody' })
  await put({ instances: 1, force: true }, `?user_id=${userId}`)
  await check(owner, { instances: 1 })
  await addServer(api)
  await assert.rejects(
    check(owner, { instances: 1 }),
    refusal('Quota exceeded for instances: Requested 1, but already used 1 of 1 instances'),
  )
  await check({ projectId: project, userId: 'somebody' }, { instances: 1 })
})

test('two requests that would go over the limit together do not both pass', async () => {
  await put({ instances: 1 })
  const spare = await Promise.all([addServer(api, { deleted: 1 }), addServer(api, { deleted: 1 })])
  const make = (id: string) =>
    api.store.accept<ComputeTables, void>(async tx => {
      await checkQuota(tx, owner, { instances: 1 })
      await tx.updateTable('servers').set({ deleted: 0 }).where('id', '=', id).execute()
    })
  const results = await Promise.allSettled(spare.map(make))
  assert.deepEqual(results.map(result => result.status).sort(), ['fulfilled', 'rejected'])
})

test('metadata and group members have limits of their own', async () => {
  await put({ metadata_items: 2, server_group_members: 1 })
  await checkMetadataQuota(api.db, owner, 2)
  await assert.rejects(
    checkMetadataQuota(api.db, owner, 3),
    refusal('Maximum number of metadata items exceeds 2'),
  )
  await addServer(api, { group_id: 'group' })
  await assert.rejects(
    api.store.accept<ComputeTables, void>(tx => checkGroupMemberQuota(tx, owner, 'group', 1)),
    refusal('Quota exceeded, too many servers in group'),
  )
})
