import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

test('a server is suspended and resumed', async () => {
  await using cloud = await startTestCloud()
  const { tell } = await storyteller(cloud)
  const server = await cloud.server()
  assert.deepEqual(await tell(server, { suspend: null }), {
    status: 202,
    states: ['active/suspending', 'suspended/-'],
    action: 'suspend',
    events: ['compute_suspend_instance Success home'],
    notifications: ['instance.suspend.start home', 'instance.suspend.end home'],
  })
  const suspended = await cloud.show(server.id)
  assert.deepEqual([suspended.status, suspended['OS-EXT-STS:power_state']], ['SUSPENDED', 7])
  assert.deepEqual(await tell(server, { resume: null }), {
    status: 202,
    states: ['suspended/resuming', 'active/-'],
    action: 'resume',
    events: ['compute_resume_instance Success home'],
    notifications: ['instance.resume.start home', 'instance.resume.end home'],
  })
  assert.equal((await cloud.show(server.id))['OS-EXT-STS:power_state'], 1)
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})
