import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud()
after(() => cloud.close())
const { tell } = await storyteller(cloud)
const body = { changePassword: { adminPass: 'new-secret' } }

test('a password is set while the caller waits', async () => {
  const server = await cloud.server()
  assert.deepEqual(await tell(server, body), {
    status: 202,
    states: ['active/updating_password', 'active/-'],
    action: 'changePassword',
    events: ['compute_set_admin_password Success home'],
    notifications: [],
  })
})

test('a host that cannot answers the caller, the server is as it was, and the password is nowhere', async () => {
  const server = await cloud.server()
  await cloud.ask('POST', `/servers/${server.id}/metadata`, {
    body: { metadata: { 'faultline:fail': 'setPassword:QemuGuestAgentMissing' } },
  })
  const story = await tell(server, body)
  assert.deepEqual(
    [story.status, story.states.at(-1), story.action, story.events],
    [409, 'active/-', 'changePassword Error', ['compute_set_admin_password Error home']],
  )
  const rows = await cloud.cloud.store.db.selectFrom('operations').selectAll().execute()
  assert.doesNotMatch(JSON.stringify(rows), /new-secret/)
})
