import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud()
after(() => cloud.close())
const { tell } = await storyteller(cloud)

const rebooted = {
  status: 202,
  action: 'reboot',
  events: ['compute_reboot_instance Success home'],
  notifications: ['instance.reboot.start home', 'instance.reboot.end home'],
}

test('a soft reboot passes through its three task_states', async () => {
  const server = await cloud.server()
  assert.deepEqual(await tell(server, { reboot: { type: 'Soft' } }), {
    ...rebooted,
    states: ['active/rebooting', 'active/reboot_pending', 'active/reboot_started', 'active/-'],
  })
})

test('a hard reboot starts a stopped, paused or suspended server', async () => {
  for (const [body, vmState] of [
    [{ 'os-stop': null }, 'stopped'],
    [{ pause: null }, 'paused'],
    [{ suspend: null }, 'suspended'],
  ] as const) {
    const server = await cloud.server()
    await cloud.act(server, body)
    assert.deepEqual(await tell(server, { reboot: { type: 'HARD' } }), {
      ...rebooted,
      states: [
        `${vmState}/rebooting_hard`,
        `${vmState}/reboot_pending_hard`,
        `${vmState}/reboot_started_hard`,
        'active/-',
      ],
    })
    const { 'OS-EXT-STS:power_state': power } = await cloud.show(server.id)
    assert.equal(power, 1)
  }
})

test('the machine boots again: its console says so twice', async () => {
  const server = await cloud.server()
  await cloud.act(server, { reboot: { type: 'HARD' } })
  const { body } = await cloud.act(server, { 'os-getConsoleOutput': {} })
  assert.equal(body.output.match(/SeaBIOS/g)?.length, 2)
})
