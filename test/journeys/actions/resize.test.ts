import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { roomOf } from '../../support/room.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud({ hosts: 2 })
after(() => cloud.close())
const { tell, tellOf } = await storyteller(cloud)

const resizeStory = {
  status: 202,
  states: [
    'active/resize_prep',
    'active/resize_migrating',
    'active/resize_migrated',
    'active/resize_finish',
    'resized/-',
  ],
  action: 'resize',
  events: [
    'conductor_migrate_server Success controller',
    'cold_migrate Success controller',
    'compute_prep_resize Success away',
    'compute_resize_instance Success home',
    'compute_finish_resize Success away',
  ],
  notifications: [
    'instance.resize_prep.start away',
    'instance.resize_prep.end away',
    'instance.resize.start home',
    'instance.resize.end home',
    'instance.resize_finish.start away',
    'instance.resize_finish.end away',
  ],
}

const hostOf = async (id: string) => (await cloud.show(id))['OS-EXT-SRV-ATTR:host']
const migrationsOf = async (id: string) =>
  (await cloud.ask('GET', `/os-migrations?instance_uuid=${id}`, { as: 'admin' })).body.migrations

test('a resize is confirmed: the server is on the other host with the new flavor, and nothing stays behind', async () => {
  const server = await cloud.server()
  const source = await hostOf(server.id)
  assert.deepEqual(await tell(server, { resize: { flavorRef: '2' } }), resizeStory)
  const resized = await cloud.show(server.id)
  assert.deepEqual([resized.status, resized.flavor.original_name], ['VERIFY_RESIZE', 'm1.small'])
  assert.notEqual(resized['OS-EXT-SRV-ATTR:host'], source)
  assert.deepEqual(await roomOf(cloud, server.id), { claims: 2, allocations: 1, machines: 2 })
  assert.deepEqual(await tell(server, { confirmResize: null }), {
    status: 204,
    states: ['active/-'],
    action: 'confirmResize',
    events: ['compute_confirm_resize Success away'],
    notifications: ['instance.resize_confirm.start away', 'instance.resize_confirm.end away'],
  })
  const [migration] = await migrationsOf(server.id)
  assert.deepEqual([migration.status, migration.migration_type], ['confirmed', 'resize'])
  assert.deepEqual(await roomOf(cloud, server.id), { claims: 1, allocations: 1, machines: 1 })
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a resize is reverted: the server is where it was, as it was', async () => {
  const server = await cloud.server()
  const source = await hostOf(server.id)
  await cloud.act(server, { resize: { flavorRef: '2' } })
  assert.deepEqual(await tell(server, { revertResize: null }), {
    status: 202,
    states: ['resized/resize_reverting', 'active/-'],
    action: 'revertResize',
    events: ['compute_revert_resize Success home', 'compute_finish_revert_resize Success away'],
    notifications: ['instance.resize_revert.start home', 'instance.resize_revert.end away'],
  })
  const reverted = await cloud.show(server.id)
  assert.deepEqual(
    [reverted['OS-EXT-SRV-ATTR:host'], reverted.flavor.original_name, reverted['OS-EXT-STS:power_state']],
    [source, 'm1.tiny', 1],
  )
  assert.equal((await migrationsOf(server.id))[0].status, 'reverted')
  assert.deepEqual(await roomOf(cloud, server.id), { claims: 1, allocations: 1, machines: 1 })
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a stopped server stays stopped through resize, confirm and revert', async () => {
  const server = await cloud.server()
  await cloud.act(server, { 'os-stop': null })
  assert.deepEqual(
    (await tell(server, { resize: { flavorRef: '2' } })).states,
    resizeStory.states.map(state => state.replace('active/', 'stopped/')),
  )
  assert.equal((await cloud.show(server.id))['OS-EXT-STS:power_state'], 4)
  assert.deepEqual((await tell(server, { revertResize: null })).states.at(-1), 'stopped/-')
  await cloud.act(server, { resize: { flavorRef: '2' } })
  assert.deepEqual((await tell(server, { confirmResize: null })).states, ['stopped/-'])
})

test('a resized server that is deleted is confirmed first, under the same request', async () => {
  const server = await cloud.server()
  await cloud.act(server, { resize: { flavorRef: '2' } })
  const { events } = await tellOf(server, () => cloud.ask('DELETE', `/servers/${server.id}`))
  assert.deepEqual(events, ['compute_terminate_instance Success home'])
  const [last, before] = await cloud.actions(server.id)
  assert.deepEqual([before.request_id, last.request_id], [last.request_id, last.request_id])
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('the second of two confirmations is refused', async () => {
  const server = await cloud.server()
  await cloud.act(server, { resize: { flavorRef: '2' } })
  const confirm = () => cloud.ask('POST', `/servers/${server.id}/action`, { body: { confirmResize: null } })
  const answers = await Promise.all([confirm(), confirm()])
  await cloud.settled()
  const statuses = answers.map(({ status }) => status).sort()
  // 400 while the first one works (`Instance has not been resized.`), 409 when it is done.
  assert.ok(statuses[0] === 204 && [400, 409].includes(statuses[1] ?? 0), String(statuses))
  const names = (await cloud.actions(server.id)).map(({ action }) => action)
  assert.deepEqual(names, ['confirmResize', 'resize', 'create'])
})

test('where allowed, a resize on the same host is confirmed and reverted there', async () => {
  await using one = await startTestCloud({ compute: { allowResizeToSameHost: true } })
  const server = await one.server()
  const machine = async () =>
    (
      await one.ask('POST', `/servers/${server.id}/action`, {
        body: { 'os-getConsoleOutput': {} },
      })
    ).body.output as string
  await one.act(server, { resize: { flavorRef: '2' } })
  assert.equal((await one.show(server.id)).status, 'VERIFY_RESIZE')
  assert.match(await machine(), /2097152K available/)
  await one.act(server, { revertResize: null })
  const reverted = await one.show(server.id)
  assert.deepEqual([reverted.status, reverted.flavor.original_name], ['ACTIVE', 'm1.tiny'])
  assert.match(await machine(), /524288K available/)
  await one.act(server, { resize: { flavorRef: '2' } })
  await one.act(server, { confirmResize: null })
  assert.equal((await one.show(server.id)).status, 'ACTIVE')
  assert.deepEqual(await roomOf(one, server.id), { claims: 1, allocations: 1, machines: 1 })
  assert.deepEqual(await one.leaks(), nothingLeaked)
})
