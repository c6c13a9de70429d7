import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud()
after(() => cloud.close())
const { tell } = await storyteller(cloud)

test('a server is removed whatever its state', async () => {
  for (const body of [null, { 'os-stop': null }, { pause: null }, { rescue: null }]) {
    const server = await cloud.server()
    if (body) await cloud.act(server, body)
    const story = await tell(server, { forceDelete: null })
    assert.deepEqual(
      [story.status, story.action, story.events, story.states.at(-1)],
      [202, 'delete', ['compute_terminate_instance Success home'], 'deleted/-'],
    )
  }
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a locked one by administrators alone', async () => {
  const server = await cloud.server()
  await cloud.act(server, { lock: null })
  const answer = await cloud.act(server, { forceDelete: null })
  assert.deepEqual(
    [answer.status, answer.body.conflictingRequest.message],
    [409, `Instance ${server.id} is locked`],
  )
  assert.equal((await cloud.act(server, { forceDelete: null }, 'admin')).status, 202)
})
