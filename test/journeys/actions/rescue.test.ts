import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud()
after(() => cloud.close())
const { tell } = await storyteller(cloud)

test('a server boots from its image to be mended, and from its disk again', async () => {
  const server = await cloud.server()
  assert.deepEqual(await tell(server, { rescue: null }), {
    status: 200,
    states: ['active/rescuing', 'rescued/-'],
    action: 'rescue',
    events: ['compute_rescue_instance Success home'],
    notifications: ['instance.rescue.start home', 'instance.rescue.end home'],
  })
  assert.equal((await cloud.show(server.id)).status, 'RESCUE')
  const { body } = await cloud.act(server, { 'os-getConsoleOutput': {} })
  assert.match(body.output, new RegExp(`Booting rescue image ${cloud.imageId}`))
  assert.deepEqual(await tell(server, { unrescue: null }), {
    status: 202,
    states: ['rescued/unrescuing', 'active/-'],
    action: 'unrescue',
    events: ['compute_unrescue_instance Success home'],
    notifications: ['instance.unrescue.start home', 'instance.unrescue.end home'],
  })
})

test('the password asked for comes back; without one, one is made', async () => {
  const server = await cloud.server()
  const asked = await cloud.act(server, { rescue: { adminPass: 'mine' } })
  assert.deepEqual(asked.body, { adminPass: 'mine' })
  await cloud.act(server, { unrescue: null })
  const made = await cloud.act(server, { rescue: null })
  assert.match(made.body.adminPass, /^\w{12}$/)
})

test('a stopped server is rescued, and runs afterwards', async () => {
  const server = await cloud.server()
  await cloud.act(server, { 'os-stop': null })
  await cloud.act(server, { rescue: null })
  const { states } = await tell(server, { unrescue: null })
  assert.equal(states.at(-1), 'active/-')
})
