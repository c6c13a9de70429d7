import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { roomOf } from '../../support/room.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud({ hosts: 3 })
after(() => cloud.close())
const { tell } = await storyteller(cloud)
const hostOf = async (id: string) => (await cloud.show(id))['OS-EXT-SRV-ATTR:host']

test('an administrator moves a server; confirmed, nothing of it stays behind', async () => {
  const server = await cloud.server()
  const source = await hostOf(server.id)
  assert.deepEqual(await tell(server, { migrate: null }, 'admin'), {
    status: 202,
    states: [
      'active/resize_prep',
      'active/resize_migrating',
      'active/resize_migrated',
      'active/resize_finish',
      'resized/-',
    ],
    action: 'migrate',
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
  })
  assert.notEqual(await hostOf(server.id), source)
  await cloud.act(server, { confirmResize: null })
  assert.deepEqual(await roomOf(cloud, server.id), { claims: 1, allocations: 1, machines: 1 })
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('to the host that is named', async () => {
  const server = await cloud.server()
  const source = await hostOf(server.id)
  for (const host of ['host-1', 'host-2', 'host-3'].filter(name => name !== source)) {
    assert.equal((await cloud.act(server, { migrate: { host } }, 'admin')).status, 202)
    assert.equal(await hostOf(server.id), host)
    await cloud.act(server, { revertResize: null })
    assert.equal(await hostOf(server.id), source)
  }
  const same = await cloud.act(server, { migrate: { host: source } }, 'admin')
  assert.deepEqual(
    [same.status, same.body.badRequest.message],
    [400, 'Cannot migrate to the host where the server exists.'],
  )
  const nowhere = await cloud.act(server, { migrate: { host: 'host-9' } }, 'admin')
  assert.deepEqual(
    [nowhere.status, nowhere.body.badRequest.message],
    [400, 'Compute host host-9 could not be found.'],
  )
})

test('an owner may not', async () => {
  const server = await cloud.server()
  assert.equal((await cloud.act(server, { migrate: null })).status, 403)
})
