import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud()
after(() => cloud.close())
const { tell } = await storyteller(cloud)

test('a server is stopped and started, and its machine with it', async () => {
  const server = await cloud.server()
  assert.deepEqual(await tell(server, { 'os-stop': null }), {
    status: 202,
    states: ['active/powering-off', 'stopped/-'],
    action: 'stop',
    events: ['compute_stop_instance Success home'],
    notifications: ['instance.power_off.start home', 'instance.power_off.end home'],
  })
  const stopped = await cloud.show(server.id)
  assert.deepEqual([stopped.status, stopped['OS-EXT-STS:power_state']], ['SHUTOFF', 4])
  assert.deepEqual(await tell(server, { 'os-start': null }), {
    status: 202,
    states: ['stopped/powering-on', 'active/-'],
    action: 'start',
    events: ['compute_start_instance Success home'],
    notifications: ['instance.power_on.start home', 'instance.power_on.end home'],
  })
  const started = await cloud.show(server.id)
  assert.deepEqual([started.status, started['OS-EXT-STS:power_state']], ['ACTIVE', 1])
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a server in ERROR can be stopped', async () => {
  const server = await cloud.server()
  await cloud.act(server, { 'os-resetState': { state: 'error' } }, 'admin')
  const { states } = await tell(server, { 'os-stop': null })
  assert.deepEqual(states, ['error/powering-off', 'stopped/-'])
})

test('of two stops at the same time one is accepted, the other refused', async () => {
  const server = await cloud.server()
  const stop = () => cloud.ask('POST', `/servers/${server.id}/action`, { body: { 'os-stop': null } })
  const answers = await Promise.all([stop(), stop(), stop()])
  await cloud.settled()
  assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 409, 409])
  const stops = (await cloud.actions(server.id)).filter(({ action }) => action === 'stop')
  assert.equal(stops.length, 1)
})
