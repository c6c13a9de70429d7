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
