import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud()
after(() => cloud.close())
const { tell } = await storyteller(cloud)

test('an administrator sets ERROR and active; the action has no events', async () => {
  const server = await cloud.server()
  for (const state of ['error', 'active'])
    assert.deepEqual(await tell(server, { 'os-resetState': { state } }, 'admin'), {
      status: 202,
      states: [`${state}/-`],
      action: 'resetState',
      events: [],
      notifications: [],
    })
})

test('an owner may not, and other states do not exist', async () => {
  const server = await cloud.server()
  assert.equal((await cloud.act(server, { 'os-resetState': { state: 'error' } })).status, 403)
  assert.equal((await cloud.act(server, { 'os-resetState': { state: 'paused' } }, 'admin')).status, 400)
})

test('a locked server is reset all the same', async () => {
  const server = await cloud.server()
  await cloud.act(server, { lock: null })
  assert.equal((await cloud.act(server, { 'os-resetState': { state: 'error' } }, 'admin')).status, 202)
})
