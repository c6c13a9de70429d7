import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { addMigration, addServer, startComputeApi } from '../../../test/support/compute-api.ts'
import { callers } from '../../../test/support/one-service.ts'
import { bootstrapFlavors } from '../bootstrap-flavors.ts'

const api = await startComputeApi()
after(() => api.close())
await bootstrapFlavors(api.store, api.clock)
const server = await addServer(api)
const start = api.clock.at
await addMigration(api, { id: 1, server_id: server, status: 'confirmed' })
api.clock.at += 1000
await addMigration(api, { id: 2, server_id: server, migration_type: 'live-migration', status: 'running' })
api.clock.at += 1000
await addMigration(api, { id: 3, server_id: 'elsewhere', project_id: 'elsewhere', new_flavor_id: 'gone' })

const uuid = (id: number) => `33333333-0000-4000-8000-${String(id).padStart(12, '0')}`
const get = (query = '', at = '2.1', as: 'admin' | 'manager' | 'demo' | 'other' = 'admin') =>
  api.api('GET', `/os-migrations${query}`, { as, at })
const ids = async (...args: Parameters<typeof get>) =>
  (await get(...args)).body.migrations.map((row: { id: number }) => row.id)
const keys = async (at: string, index: number) =>
  Object.keys((await get('', at)).body.migrations[index]).sort()

test('a migration has the fields of its microversion', async () => {
  const base = [
    'created_at',
    'dest_compute',
    'dest_host',
    'dest_node',
    'id',
    'instance_uuid',
    'new_instance_type_id',
    'old_instance_type_id',
    'source_compute',
    'source_node',
    'status',
    'updated_at',
  ]
  assert.deepEqual(await keys('2.1', 0), base)
  assert.deepEqual(await keys('2.23', 0), [...base, 'migration_type'].sort())
  assert.deepEqual(await keys('2.23', 1), [...base, 'links', 'migration_type'].sort())
  assert.deepEqual(await keys('2.59', 2), [...base, 'migration_type', 'uuid'].sort())
  assert.deepEqual(await keys('2.80', 2), [...base, 'migration_type', 'project_id', 'user_id', 'uuid'].sort())
})

test('flavors are numbers; one that was deleted is 0', async () => {
  const [first, , third] = (await get()).body.migrations
  assert.deepEqual([first.old_instance_type_id, first.new_instance_type_id], [1, 2])
  assert.equal(third.new_instance_type_id, 0)
})

test('filters and pages', async () => {
  assert.deepEqual(await ids(), [1, 2, 3])
  assert.deepEqual(await ids('?status=confirmed'), [1])
  assert.deepEqual(await ids('?migration_type=live-migration'), [2])
  assert.deepEqual(await ids(`?instance_uuid=${server}&host=host-2`), [1, 2])
  assert.deepEqual(await ids('?source_compute=host-2'), [])
  const page = await get('?limit=2', '2.59')
  assert.equal(
    page.body.migrations_links[0].href,
    `${api.origin}/compute/v2.1/os-migrations?limit=2&marker=${uuid(2)}`,
  )
  assert.deepEqual(await ids(`?marker=${uuid(2)}`, '2.59'), [1])
  assert.equal((await get('?marker=nope', '2.59')).body.badRequest.message, 'Marker nope could not be found.')
  const at = new Date(start + 1000).toISOString()
  assert.deepEqual(await ids(`?changes-since=${at}`, '2.59'), [3, 2])
  assert.deepEqual(await ids(`?changes-before=${at}`, '2.66'), [2, 1])
  assert.equal((await get(`?changes-before=${at}`, '2.65')).status, 400)
  assert.equal((await get('?changes-since=2026-01-02&changes-before=2026-01-01', '2.66')).status, 400)
  assert.deepEqual(await ids('?project_id=elsewhere', '2.80'), [3])
  assert.equal((await get('?foo=1', '2.58')).status, 200)
  assert.equal((await get('?foo=1', '2.59')).status, 400)
})

test("managers see their project's migrations without hosts; members see none", async () => {
  const { body } = await get('', '2.80', 'manager')
  assert.deepEqual(
    body.migrations.map((row: Record<string, unknown>) => [row.id, row.source_compute, row.dest_host]),
    [
      [2, null, null],
      [1, null, null],
    ],
  )
  assert.equal((await get('?host=host-1', '2.80', 'manager')).status, 403)
  assert.equal((await get('?project_id=elsewhere', '2.80', 'manager')).status, 403)
  assert.equal((await get('', '2.1', 'demo')).status, 403)
})

test("a server's live migration in progress is below the server from 2.23 on", async () => {
  const below = (path: string, at: string, as: 'admin' | 'manager' | 'other' = 'admin') =>
    api.api('GET', `/servers/${server}/migrations${path}`, { as, at })
  const list = (await below('', '2.23')).body.migrations
  assert.deepEqual(
    list.map((row: { id: number; server_uuid: string }) => [row.id, row.server_uuid]),
    [[2, server]],
  )
  assert.deepEqual(Object.keys((await below('/2', '2.80')).body.migration).sort(), [
    'created_at',
    'dest_compute',
    'dest_host',
    'dest_node',
    'disk_processed_bytes',
    'disk_remaining_bytes',
    'disk_total_bytes',
    'id',
    'memory_processed_bytes',
    'memory_remaining_bytes',
    'memory_total_bytes',
    'project_id',
    'server_uuid',
    'source_compute',
    'source_node',
    'status',
    'updated_at',
    'user_id',
    'uuid',
  ])
  assert.equal((await below('', '2.22')).status, 404)
  const message = async (path: string) => (await below(path, '2.23')).body.itemNotFound.message
  assert.equal(await message('/1'), `Migration 1 for server ${server} is not a live-migration.`)
  assert.equal(await message('/3'), `Migration 3 not found for instance ${server}`)
  await api.db.updateTable('migrations').set({ status: 'completed' }).where('id', '=', 2).execute()
  assert.equal(await message('/2'), `Live migration 2 for server ${server} is not in progress.`)
  assert.equal((await below('', '2.23', 'manager')).status, 200)
  assert.equal((await below('', '2.23', 'other')).status, 404)
})

test('the link of a live migration leads to its server', async () => {
  await api.db.updateTable('migrations').set({ status: 'running' }).where('id', '=', 2).execute()
  const project = callers.admin.project!.id
  const list = await api.api('GET', `/${project}/os-migrations?status=running`, { as: 'admin', at: '2.23' })
  assert.equal(
    list.body.migrations[0].links[0].href,
    `${api.origin}/compute/v2.1/${project}/servers/${server}/migrations/2`,
  )
})
