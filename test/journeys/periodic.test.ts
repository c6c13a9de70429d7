// What happens to servers without anybody asking: each a plain operation, in an action of nobody.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ComputeSettings } from '../../src/compute/deps.ts'
import type { ConductorWrap } from '../../src/main/cloud.ts'
import { nothingLeaked, startTestCloud, type TestCloud } from '../support/cloud.ts'
import { holdCalls } from '../support/hold.ts'
import { holdings } from '../support/room.ts'
import { storyteller } from '../support/story.ts'

interface Ticking {
  readonly cloud: TestCloud
  /** Lets time pass, and one round of the task with it; what it began may still go on. */
  pass(seconds: number, task: string): Promise<void>
  /** The same, to the end of what it began. */
  after(seconds: number, task: string): Promise<void>
}

async function ticking(
  compute: Partial<ComputeSettings>,
  body: (on: Ticking) => Promise<void>,
  wrap?: ConductorWrap,
) {
  const clock = { at: Date.now(), now: () => clock.at }
  await using cloud = await startTestCloud({ hosts: 2, compute, clock, ...(wrap ? { wrap } : {}) })
  const { periodic } = cloud.cloud
  const pass = async (seconds: number, task: string) => {
    clock.at += seconds * 1000
    await periodic.run('heartbeat') // else the hosts count as down
    await periodic.run(task)
  }
  await body({
    cloud,
    pass,
    async after(seconds, task) {
      await pass(seconds, task)
      await cloud.settled()
    },
  })
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
  assert.deepEqual(await holdings(cloud), [])
}

/** The newest action: what, by whom. */
async function newest(cloud: TestCloud, id: string) {
  const [{ action, user_id, project_id, message, events }] = await cloud.actions(id)
  return {
    action,
    user_id,
    project_id,
    message,
    events: events.map(({ event, result }: Record<string, string>) => `${event} ${result}`),
  }
}

const byNobody = { user_id: null, project_id: null, message: null }

test('a server that was deleted softly goes when its time is over, and not before', () =>
  ticking({ reclaimSeconds: 100 }, async ({ cloud, after }) => {
    const [kept, gone] = [await cloud.server(), await cloud.server()]
    await cloud.ask('DELETE', `/servers/${gone.id}`)
    await cloud.settled()
    await after(99, 'reclaim')
    assert.equal((await cloud.show(gone.id)).status, 'SOFT_DELETED')
    await cloud.ask('DELETE', `/servers/${kept.id}`)
    await cloud.settled()
    await after(1, 'reclaim')
    assert.equal((await cloud.ask('GET', `/servers/${gone.id}`)).status, 404)
    assert.deepEqual(await newest(cloud, gone.id), {
      action: 'delete',
      ...byNobody,
      events: ['compute_terminate_instance Success'],
    })
    // Restored in time, it stays.
    await cloud.act(kept, { restore: null })
    await after(100, 'reclaim')
    assert.equal((await cloud.show(kept.id)).status, 'ACTIVE')
  }))

test('a shelved server gives its host back when its time is over, whatever was changed of it meanwhile', () =>
  ticking({ shelvedOffloadSeconds: 100 }, async ({ cloud, after }) => {
    const server = await cloud.server()
    // An earlier shelving does not count.
    await cloud.act(server, { shelve: null })
    await after(60, 'offload')
    await cloud.act(server, { unshelve: null })
    await cloud.act(server, { shelve: null })
    await after(60, 'offload')
    await cloud.ask('PUT', `/servers/${server.id}`, { body: { server: { name: 'renamed' } } })
    assert.equal((await cloud.show(server.id)).status, 'SHELVED')
    await after(40, 'offload')
    const shown = await cloud.show(server.id)
    assert.deepEqual([shown.status, shown['OS-EXT-SRV-ATTR:host']], ['SHELVED_OFFLOADED', null])
    assert.deepEqual(await newest(cloud, server.id), {
      action: 'shelveOffload',
      ...byNobody,
      events: ['compute_shelve_offload_instance Success'],
    })
  }))

test('a resize nobody ended is confirmed when its time is over', () =>
  ticking({ resizeConfirmSeconds: 100 }, async ({ cloud, after }) => {
    const [server, reverted] = [await cloud.server(), await cloud.server()]
    await cloud.act(server, { resize: { flavorRef: '2' } })
    await cloud.act(reverted, { resize: { flavorRef: '2' } })
    await after(99, 'confirm')
    assert.equal((await cloud.show(server.id)).status, 'VERIFY_RESIZE')
    await cloud.act(reverted, { revertResize: null })
    await after(1, 'confirm')
    const shown = await cloud.show(server.id)
    assert.deepEqual([shown.status, shown.flavor.original_name], ['ACTIVE', 'm1.small'])
    assert.deepEqual(await newest(cloud, server.id), {
      action: 'confirmResize',
      ...byNobody,
      events: ['compute_confirm_resize Success'],
    })
    assert.equal((await newest(cloud, reverted.id)).action, 'revertResize')
  }))

test('tasks whose option is off do not come round', () =>
  ticking({ syncPowerStateSeconds: 0, shelvedOffloadSeconds: -1 }, async ({ cloud }) => {
    for (const task of ['reclaim', 'offload', 'confirm', 'power-sync'])
      await assert.rejects(cloud.cloud.periodic.run(task), /no periodic task/)
  }))

/** The driver of the host a server is on: what a guest does to its machine by itself. */
const machineOf = async (cloud: TestCloud, id: string) => {
  const driver = cloud.cloud.drivers.get((await cloud.show(id))['OS-EXT-SRV-ATTR:host'])
  assert.ok(driver)
  return driver
}

const stateOf = async (cloud: TestCloud, id: string) => {
  const shown = await cloud.show(id)
  return [shown.status, shown['OS-EXT-STS:task_state'], shown['OS-EXT-STS:power_state']]
}

test('a guest that shut itself down is stopped for its owner too; one that runs on is stopped again', () =>
  ticking({}, async ({ cloud, after }) => {
    const { tellOf } = await storyteller(cloud)
    const [server, other] = [await cloud.server(), await cloud.server()]
    await (await machineOf(cloud, server.id)).stop(server.id)
    const synced = async () => {
      await after(600, 'power-sync')
      return cloud.ask('GET', '/')
    }
    const story = await tellOf(server, synced)
    assert.deepEqual(
      [story.states, story.events, story.notifications],
      [
        ['active/powering-off', 'stopped/-'],
        ['compute_stop_instance Success home'],
        ['instance.power_off.start home', 'instance.power_off.end home'],
      ],
    )
    assert.deepEqual(await stateOf(cloud, server.id), ['SHUTOFF', null, 4])
    assert.deepEqual(await newest(cloud, server.id), {
      action: 'stop',
      ...byNobody,
      events: ['compute_stop_instance Success'],
    })
    await (await machineOf(cloud, server.id)).start(server.id)
    const again = await tellOf(server, synced)
    assert.deepEqual(again.states, ['stopped/powering-off', 'stopped/-'])
    assert.equal(await (await machineOf(cloud, server.id)).power(server.id), 4)
    // A server that agrees with its machine has no part in it.
    assert.equal((await newest(cloud, other.id)).action, 'create')
  }))

test('other mismatches change the power state, and nothing else', () =>
  ticking({}, async ({ cloud, after }) => {
    const paused = await cloud.server()
    await (await machineOf(cloud, paused.id)).pause(paused.id)
    const resized = await cloud.server()
    await cloud.act(resized, { resize: { flavorRef: '2' } })
    await (await machineOf(cloud, resized.id)).stop(resized.id)
    const failed = await cloud.server()
    await cloud.act(failed, { 'os-resetState': { state: 'error' } }, 'admin')
    await (await machineOf(cloud, failed.id)).stop(failed.id)
    const counts = () =>
      Promise.all([paused, resized, failed].map(async ({ id }) => (await cloud.actions(id)).length))
    const before = await counts()
    await after(600, 'power-sync')
    assert.deepEqual(await stateOf(cloud, paused.id), ['ACTIVE', null, 3])
    assert.deepEqual(await stateOf(cloud, resized.id), ['VERIFY_RESIZE', null, 4])
    assert.deepEqual(await stateOf(cloud, failed.id), ['ERROR', null, 4])
    assert.deepEqual(await counts(), before)
  }))

test('a server something is being done with is left alone', () => {
  const held = holdCalls('reboot')
  return ticking(
    {},
    async ({ cloud, pass }) => {
      const server = await cloud.server()
      const reboot = { reboot: { type: 'SOFT' } }
      await cloud.ask('POST', `/servers/${server.id}/action`, { body: reboot })
      await held.waiting(1)
      await (await machineOf(cloud, server.id)).stop(server.id)
      await pass(600, 'power-sync')
      assert.deepEqual(await stateOf(cloud, server.id), ['REBOOT', 'reboot_started', 1])
      held.release()
      await cloud.settled()
      assert.deepEqual(await stateOf(cloud, server.id), ['ACTIVE', null, 1])
      assert.equal((await newest(cloud, server.id)).action, 'reboot')
    },
    held.wrap,
  )
})

test('a server that changes while its machine is looked at is left for the next round', () =>
  ticking({}, async ({ cloud, after }) => {
    const server = await cloud.server()
    const driver = await machineOf(cloud, server.id)
    await driver.stop(server.id)
    const { list } = driver
    const change = async () => {
      const seen = await list()
      await cloud.act(server, { 'os-stop': null })
      await cloud.act(server, { 'os-start': null })
      return seen
    }
    Object.assign(driver, { list: change })
    await after(600, 'power-sync')
    Object.assign(driver, { list })
    assert.deepEqual(await stateOf(cloud, server.id), ['ACTIVE', null, 1])
    assert.equal((await newest(cloud, server.id)).action, 'start')
    await driver.stop(server.id)
    await after(600, 'power-sync')
    assert.deepEqual(await stateOf(cloud, server.id), ['SHUTOFF', null, 4])
  }))

test('a host that does not answer keeps no other from being looked at', () =>
  ticking({}, async ({ cloud, after }) => {
    const servers = await Promise.all(Array.from({ length: 4 }, () => cloud.server()))
    for (const { id } of servers) await (await machineOf(cloud, id)).stop(id)
    const silent = await machineOf(cloud, servers[0].id)
    const { list } = silent
    Object.assign(silent, { list: () => Promise.reject(new Error('the hypervisor is away')) })
    await after(600, 'power-sync')
    Object.assign(silent, { list })
    for (const { id } of servers) {
      const isSilent = (await machineOf(cloud, id)) === silent
      assert.equal((await cloud.show(id)).status, isSilent ? 'ACTIVE' : 'SHUTOFF')
    }
    await after(600, 'power-sync')
    assert.equal((await cloud.show(servers[0].id)).status, 'SHUTOFF')
  }))
