import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { roomOf } from '../../support/room.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud()
after(() => cloud.close())
const { tell } = await storyteller(cloud)
const body = { rebuild: { imageRef: cloud.imageId } }

test('a server gets a fresh disk on its host, and keeps its ports', async () => {
  const server = await cloud.server()
  const { addresses } = await cloud.show(server.id)
  assert.deepEqual(await tell(server, body), {
    status: 202,
    states: [
      'active/rebuilding',
      'active/rebuild_block_device_mapping',
      'active/rebuild_spawning',
      'active/-',
    ],
    action: 'rebuild',
    events: ['rebuild_server Success controller', 'compute_rebuild_instance Success home'],
    notifications: ['instance.rebuild.start home', 'instance.rebuild.end home'],
  })
  assert.deepEqual((await cloud.show(server.id)).addresses, addresses)
  assert.deepEqual(await roomOf(cloud, server.id), { claims: 1, allocations: 1, machines: 1 })
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a stopped server is stopped again, under the same request', async () => {
  const server = await cloud.server()
  await cloud.act(server, { 'os-stop': null })
  const story = await tell(server, body)
  assert.deepEqual(story.states, [
    'stopped/rebuilding',
    'stopped/rebuild_block_device_mapping',
    'stopped/rebuild_spawning',
    'active/powering-off',
    'stopped/-',
  ])
  assert.deepEqual(story.events, [
    'rebuild_server Success controller',
    'compute_rebuild_instance Success home',
    'compute_stop_instance Success home',
  ])
  assert.equal((await cloud.show(server.id))['OS-EXT-STS:power_state'], 4)
})

test('a server in ERROR is mended by it', async () => {
  const server = await cloud.server()
  await cloud.act(server, { 'os-resetState': { state: 'error' } }, 'admin')
  const { states } = await tell(server, body)
  assert.deepEqual(states.at(-1), 'active/-')
})

test('the answer has user data once, under the name everybody may see', async () => {
  const server = await cloud.server()
  for (const as of ['admin', 'demo'] as const) {
    const answer = await cloud.act(
      server,
      { rebuild: { imageRef: cloud.imageId, user_data: 'aGVsbG8=' } },
      as,
    )
    const { server: told } = answer.body
    assert.deepEqual([told.user_data, 'OS-EXT-SRV-ATTR:user_data' in told], ['aGVsbG8=', false])
    assert.equal('OS-EXT-SRV-ATTR:reservation_id' in told, as === 'admin')
  }
  const old = (await cloud.act(server, body, 'admin', '2.74')).body.server
  assert.deepEqual(['user_data' in old, 'OS-EXT-STS:vm_state' in old], [true, false])
})

test('access addresses are told in their short form, wherever they are set', async () => {
  const long = '0000:0000:0000:0000:0000:babe:220.12.22.2'
  const server = await cloud.server({ accessIPv6: long })
  assert.equal((await cloud.show(server.id)).accessIPv6, '::babe:dc0c:1602')
  const path = `/servers/${server.id}`
  const changed = await cloud.ask('PUT', path, { body: { server: { accessIPv6: '2001:DB8::0:7' } } })
  assert.equal(changed.body.server.accessIPv6, '2001:db8::7')
  await cloud.act(server, { rebuild: { imageRef: cloud.imageId, accessIPv6: 'FE80:0::1' } })
  assert.equal((await cloud.show(server.id)).accessIPv6, 'fe80::1')
  const zoned = await cloud.ask('PUT', path, { body: { server: { accessIPv6: 'fe80::1%eth0' } } })
  assert.equal(zoned.status, 400)
})
