import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

test('a server is paused and goes on', async () => {
  await using cloud = await startTestCloud()
  const { tell } = await storyteller(cloud)
  const server = await cloud.server()
  assert.deepEqual(await tell(server, { pause: null }), {
    status: 202,
    states: ['active/pausing', 'paused/-'],
    action: 'pause',
    events: ['compute_pause_instance Success home'],
    notifications: ['instance.pause.start home', 'instance.pause.end home'],
  })
  const paused = await cloud.show(server.id)
  assert.deepEqual([paused.status, paused['OS-EXT-STS:power_state']], ['PAUSED', 3])
  assert.deepEqual(await tell(server, { unpause: null }), {
    status: 202,
    states: ['paused/unpausing', 'active/-'],
    action: 'unpause',
    events: ['compute_unpause_instance Success home'],
    notifications: ['instance.unpause.start home', 'instance.unpause.end home'],
  })
  const active = await cloud.show(server.id)
  assert.deepEqual([active.status, active['OS-EXT-STS:power_state']], ['ACTIVE', 1])
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})
