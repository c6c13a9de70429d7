import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud()
after(() => cloud.close())
const { tell } = await storyteller(cloud)
const locks = async (id: string) => {
  const { locked, locked_reason } = await cloud.show(id)
  return [locked, locked_reason]
}

test('a lock and its reason, and the end of it, each with an event of the API', async () => {
  const server = await cloud.server()
  assert.deepEqual(await tell(server, { lock: { locked_reason: 'mine' } }), {
    status: 202,
    states: [],
    action: 'lock',
    events: ['api_lock Success controller'],
    notifications: ['instance.lock controller'],
  })
  assert.deepEqual(await locks(server.id), [true, 'mine'])
  assert.deepEqual(await tell(server, { unlock: null }), {
    status: 202,
    states: [],
    action: 'unlock',
    events: ['api_unlock Success controller'],
    notifications: ['instance.unlock controller'],
  })
  assert.deepEqual(await locks(server.id), [false, null])
})

test("an owner's second lock is not recorded", async () => {
  const server = await cloud.server()
  await cloud.act(server, { lock: { locked_reason: 'first' } })
  assert.equal((await cloud.act(server, { lock: { locked_reason: 'second' } })).status, 202)
  assert.deepEqual(await locks(server.id), [true, 'first'])
  const names = (await cloud.actions(server.id)).map(({ action }) => action)
  assert.deepEqual(names, ['lock', 'create'])
})

test("an administrator's lock is ended by administrators alone", async () => {
  const server = await cloud.server()
  await cloud.act(server, { lock: null }, 'admin')
  assert.equal((await cloud.act(server, { unlock: null })).status, 403)
  assert.equal((await cloud.act(server, { unlock: null }, 'admin')).status, 202)
})
