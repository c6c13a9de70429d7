// Live migrations that last: they are looked at, aborted, forced, queued, cut off by a deletion.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { testData } from '../../support/data.ts'
import { holdings, roomOf } from '../../support/room.ts'

// 512 MB at 1 MB a second: no test waits for that.
const cloud = await startTestCloud({ hosts: 2, migrationRate: 1 })
after(() => cloud.close())

const live = { 'os-migrateLive': { host: null, block_migration: 'auto' } }
type On = Pick<typeof cloud, 'ask'>
const act = (id: string, body: unknown, on: On = cloud) =>
  on.ask('POST', `/servers/${id}/action`, { as: 'admin', body })
const listed = async (id: string, on: On = cloud) =>
  (await on.ask('GET', `/servers/${id}/migrations`, { as: 'admin' })).body.migrations
const newest = async (id: string, on: On = cloud) =>
  (await on.ask('GET', `/os-migrations?instance_uuid=${id}`, { as: 'admin' })).body.migrations[0]
const hostOf = async (id: string) => (await cloud.show(id))['OS-EXT-SRV-ATTR:host']

/** Waits until the server's migration is so far; answers its number. */
async function until(id: string, status: string, on: On = cloud): Promise<number> {
  for (;;) {
    const migration = await newest(id, on)
    if (migration?.status === status) return migration.id
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
const begin = async (id: string, status = 'running') => {
  assert.equal((await act(id, live)).status, 202)
  return until(id, status)
}
const abort = (id: string, migration: number, version = 'latest') =>
  cloud.ask('DELETE', `/servers/${id}/migrations/${migration}`, { as: 'admin', version })
const force = (id: string, migration: number) =>
  cloud.ask('POST', `/servers/${id}/migrations/${migration}/action`, {
    as: 'admin',
    body: { force_complete: null },
  })
const eventsOf = async (id: string, action: string) =>
  (await cloud.actions(id))
    .find(one => one.action === action)
    .events.toReversed()
    .map((event: { event: string; result: string }) => `${event.event} ${event.result}`)

test('one that runs is shown with what it has sent; force_complete brings it to its end', async () => {
  const server = await cloud.server()
  const source = await hostOf(server.id)
  const id = await begin(server.id)
  while ((await listed(server.id))[0].memory_processed_bytes === null)
    await new Promise(resolve => setTimeout(resolve, 20))
  const [shown] = await listed(server.id)
  assert.equal(shown.memory_total_bytes, 512 * 1024 * 1024)
  assert.equal(shown.memory_processed_bytes + shown.memory_remaining_bytes, shown.memory_total_bytes)
  const seen = await cloud.show(server.id)
  assert.deepEqual([seen.status, seen['OS-EXT-SRV-ATTR:host']], ['MIGRATING', source])
  assert.equal((await force(server.id, id)).status, 202)
  await cloud.settled()
  assert.notEqual(await hostOf(server.id), source)
  const after = await cloud.show(server.id)
  assert.deepEqual([after.status, after.progress], ['ACTIVE', 0])
  assert.equal((await newest(server.id)).status, 'completed')
  assert.deepEqual(await eventsOf(server.id, 'live_migration_force_complete'), [
    'compute_live_migration_force_complete Success',
  ])
  assert.deepEqual([await holdings(cloud), await cloud.leaks()], [[], nothingLeaked])
})

test('one that is aborted leaves the machine running where it was, and says so', async () => {
  const server = await cloud.server()
  const source = await hostOf(server.id)
  const heard = cloud.notifications.length
  const id = await begin(server.id)
  assert.equal((await abort(server.id, id, '2.24')).status, 202)
  await cloud.settled()
  const shown = await cloud.show(server.id)
  assert.deepEqual(
    [shown.status, shown['OS-EXT-SRV-ATTR:host'], shown['OS-EXT-STS:power_state'], shown.progress],
    ['ACTIVE', source, 1, 0],
  )
  assert.equal((await newest(server.id)).status, 'cancelled')
  assert.deepEqual(await listed(server.id), [])
  assert.deepEqual(await eventsOf(server.id, 'live_migration_cancel'), [
    'compute_live_migration_abort Success',
  ])
  const [, migrated] = await cloud.actions(server.id)
  const [rollback] = migrated.events
  assert.deepEqual(
    [rollback.event, rollback.result, rollback.details],
    ['compute_rollback_live_migration_at_destination', 'Success', 'The live migration was aborted.'],
  )
  const { requests } = (await cloud.ask('GET', `/trace/v1/requests?server=${server.id}`, { as: 'admin' }))
    .body
  assert.equal(requests[1].sentence, 'live-migration vm failed: The live migration was aborted.')
  const told = cloud.notifications.slice(heard).map(message => String(message.event_type))
  for (const type of [
    'instance.live_migration_abort.start',
    'instance.live_migration_abort.end',
    'instance.live_migration_rollback.start',
    'instance.live_migration_rollback_dest.start',
    'instance.live_migration_rollback_dest.end',
    'instance.live_migration_rollback.end',
  ])
    assert.ok(told.includes(type), type)
  assert.deepEqual(await roomOf(cloud, server.id), { claims: 1, allocations: 1, machines: 1 })
  assert.deepEqual([await holdings(cloud), await cloud.leaks()], [[], nothingLeaked])
})

test('a host sends one at a time: the next is queued, and can be aborted from 2.65 on', async () => {
  const one = await cloud.server()
  const two = await cloud.server({}, {})
  const there = await hostOf(one.id)
  let other = two
  while ((await hostOf(other.id)) !== there) other = await cloud.server()
  const first = await begin(one.id)
  const second = await begin(other.id, 'queued')
  const early = await abort(other.id, second, '2.64')
  assert.deepEqual(
    [early.status, early.body.badRequest.message],
    [
      400,
      `Migration ${second} state of instance ${other.id} is queued. Cannot abort live migration while the migration is in this state.`,
    ],
  )
  const tooSoon = await force(other.id, second)
  assert.deepEqual(
    [tooSoon.status, tooSoon.body.badRequest.message],
    [
      400,
      `Migration ${second} state of instance ${other.id} is queued. Cannot force complete while the migration is in this state.`,
    ],
  )
  assert.equal((await abort(other.id, second, '2.65')).status, 202)
  await until(other.id, 'cancelled')
  // Its status is told first; then the server is free.
  while ((await cloud.show(other.id))['OS-EXT-STS:task_state'] !== null)
    await new Promise(resolve => setTimeout(resolve, 5))
  assert.equal((await newest(one.id)).status, 'running')
  const third = await begin(other.id, 'queued')
  assert.notEqual(third, second)
  await abort(one.id, first)
  await until(other.id, 'running')
  await force(other.id, third)
  await cloud.settled()
  assert.notEqual(await hostOf(other.id), there)
  assert.deepEqual([await holdings(cloud), await cloud.leaks()], [[], nothingLeaked])
})

test('what is not under way cannot be aborted or forced', async () => {
  const server = await cloud.server()
  for (const ask of [abort, force]) {
    const idle = await ask(server.id, 1)
    assert.equal(idle.status, 409)
    assert.match(idle.body.conflictingRequest.message, /^Instance .+ is in an invalid state for/)
  }
  const id = await begin(server.id)
  for (const wrong of [id + 1000, Number.NaN]) {
    const answer = await abort(server.id, wrong)
    assert.deepEqual(
      [answer.status, answer.body.itemNotFound.message],
      [404, `Migration ${wrong} not found for instance ${server.id}`],
    )
  }
  assert.equal((await cloud.ask('DELETE', `/servers/${server.id}/migrations/${id}`)).status, 403)
  await abort(server.id, id)
  await cloud.settled()
})

test('an abort the host cannot do is recorded, and the migration goes on', async () => {
  const server = await cloud.server({ metadata: { 'faultline:fail': 'abortSend:LibvirtError' } })
  const id = await begin(server.id)
  await abort(server.id, id)
  while ((await cloud.actions(server.id))[0].finish_time === null)
    await new Promise(resolve => setTimeout(resolve, 5))
  assert.deepEqual(await eventsOf(server.id, 'live_migration_cancel'), ['compute_live_migration_abort Error'])
  assert.equal((await newest(server.id)).status, 'running')
  assert.equal((await cloud.show(server.id)).status, 'MIGRATING')
  await force(server.id, id)
  await cloud.settled()
  assert.equal((await newest(server.id)).status, 'completed')
})

test('a server that is deleted while it runs or is queued is gone, on both hosts', async () => {
  const one = await cloud.server()
  let other = await cloud.server()
  while ((await hostOf(other.id)) !== (await hostOf(one.id))) other = await cloud.server()
  await begin(one.id)
  await begin(other.id, 'queued')
  for (const { id } of [other, one]) assert.equal((await cloud.ask('DELETE', `/servers/${id}`)).status, 204)
  await cloud.settled()
  for (const { id } of [other, one]) {
    assert.equal((await cloud.ask('GET', `/servers/${id}`)).status, 404)
    assert.equal((await newest(id)).status, 'cancelled')
  }
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('one that a process leaves under way is taken up by the next, with what was asked of it', async () => {
  await using data = await testData()
  const before = await startTestCloud({ hosts: 2, migrationRate: 1, data })
  const ids: string[] = []
  for (let index = 0; index < 3; index += 1) ids.push((await before.server()).id)
  for (const id of ids) await act(id, live, before)
  const running = await Promise.race(ids.map(id => until(id, 'running', before).then(() => id)))
  // As if the process had died right after the abort was recorded.
  const abort = { wish: 'abort' } as const
  await before.cloud.store.db.updateTable('migrations').set(abort).where('server_id', '=', running).execute()
  await before.close(0)
  await using next = await startTestCloud({ hosts: 2, data })
  await next.settled()
  for (const id of ids) {
    assert.equal((await newest(id, next)).status, id === running ? 'cancelled' : 'completed')
    assert.equal((await next.show(id)).status, 'ACTIVE')
  }
  assert.deepEqual([await holdings(next), await next.leaks()], [[], nothingLeaked])
})
