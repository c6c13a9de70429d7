import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { vmStates } from '../../../src/model/server-states.ts'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { holdings, roomOf } from '../../support/room.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud({ hosts: 3 })
after(() => cloud.close())
const { tell } = await storyteller(cloud)
await cloud.ask('PUT', `/os-quota-sets/${cloud.projectId.demo}`, {
  as: 'admin',
  body: { quota_set: { instances: -1, cores: -1, ram: -1 } },
})
const hosts = ['host-1', 'host-2', 'host-3']

const hostOf = async (id: string) => (await cloud.show(id))['OS-EXT-SRV-ATTR:host']
const forceDown = async (host: string, forced_down: boolean) => {
  const body = { host, binary: 'nova-compute', forced_down }
  const answer = await cloud.ask('PUT', '/os-services/force-down', { as: 'admin', version: '2.11', body })
  assert.equal(answer.status, 200)
}
const migrationOf = async (id: string) =>
  (await cloud.ask('GET', `/os-migrations?instance_uuid=${id}`, { as: 'admin' })).body.migrations[0]
const machinesOf = async (id: string): Promise<readonly string[]> => {
  const found: string[] = []
  for (const [host, driver] of cloud.cloud.drivers)
    if ((await driver.list()).some(machine => machine.id === id)) found.push(host)
  return found
}
/** Whatever state the server is in. */
const failing = (id: string, metadata: object) =>
  cloud.cloud.store.db
    .updateTable('servers')
    .set({ metadata_json: JSON.stringify(metadata) })
    .where('id', '=', id)
    .execute()
/** The dead host returns, and looks what was taken from it. */
const comeBack = async (host: string) => {
  await forceDown(host, false)
  await cloud.cloud.periodic.run('evacuated')
}
/** A server whose host has died; `more` as for `cloud.server`. */
const orphan = async (more: object = {}) => {
  const server = await cloud.server(more)
  const home: string = await hostOf(server.id)
  await forceDown(home, true)
  return { id: server.id as string, home }
}

test('a server of a dead host is built elsewhere and stopped; the old machine goes when its host returns', async () => {
  const { id, home } = await orphan()
  assert.deepEqual(await tell({ id }, { evacuate: {} }, 'admin'), {
    status: 200,
    states: [
      'active/rebuilding',
      'active/rebuild_block_device_mapping',
      'active/rebuild_spawning',
      'active/powering-off',
      'stopped/-',
    ],
    action: 'evacuate',
    events: [
      'rebuild_server Success controller',
      'compute_rebuild_instance Success away',
      'compute_stop_instance Success away',
    ],
    notifications: [
      'instance.evacuate controller',
      'instance.rebuild_scheduled controller',
      'instance.rebuild.start away',
      'instance.rebuild.end away',
      'instance.power_off.start away',
      'instance.power_off.end away',
    ],
  })
  const target = await hostOf(id)
  const migration = await migrationOf(id)
  assert.deepEqual(
    [migration.status, migration.migration_type, migration.source_compute, migration.dest_compute],
    ['done', 'evacuation', home, target],
  )
  assert.deepEqual([...(await machinesOf(id))].sort(), [home, target].sort())
  await cloud.cloud.periodic.run('evacuated')
  assert.equal((await machinesOf(id)).length, 2, 'a host that is down does nothing')
  await comeBack(home)
  assert.deepEqual(await machinesOf(id), [target])
  assert.equal((await migrationOf(id)).status, 'completed')
  assert.deepEqual(await roomOf(cloud, id), { claims: 1, allocations: 1, machines: 1 })
  assert.deepEqual([await holdings(cloud), await cloud.leaks()], [[], nothingLeaked])
})

test('up to 2.94 it ends as it was, one in ERROR runs; up to 2.13 a password is told', async () => {
  const { id, home } = await orphan()
  await cloud.act({ id }, { 'os-resetState': { state: 'error' } }, 'admin')
  const old = await cloud.act(
    { id },
    { evacuate: { onSharedStorage: 'False', adminPass: 'sesame' } },
    'admin',
    '2.13',
  )
  assert.deepEqual([old.status, old.body], [200, { adminPass: 'sesame' }])
  assert.equal((await cloud.show(id)).status, 'ACTIVE')
  await comeBack(home)
  const stopped = await cloud.server()
  await cloud.act(stopped, { 'os-stop': null })
  const host = await hostOf(stopped.id)
  await forceDown(host, true)
  const newer = await cloud.act(stopped, { evacuate: {} }, 'admin', '2.94')
  assert.deepEqual([newer.status, newer.text], [200, ''])
  assert.equal((await cloud.show(stopped.id)).status, 'SHUTOFF')
  await comeBack(host)
})

test('one that runs runs at its destination up to 2.94, and is stopped there from 2.95 on', async () => {
  for (const [version, status] of [
    ['2.94', 'ACTIVE'],
    ['2.95', 'SHUTOFF'],
  ] as const) {
    const { id, home } = await orphan()
    assert.equal((await cloud.act({ id }, { evacuate: {} }, 'admin', version)).status, 200)
    assert.equal((await cloud.show(id)).status, status, version)
    await comeBack(home)
  }
})

test('to the host that is named, forced or not', async () => {
  for (const [version, more] of [
    ['2.14', {}],
    ['2.29', { force: true }],
    ['2.67', { force: false }],
    ['2.68', {}],
  ] as const) {
    const { id, home } = await orphan()
    const host = hosts.find(name => name !== home)
    assert.equal((await cloud.act({ id }, { evacuate: { host, ...more } }, 'admin', version)).status, 200)
    assert.equal(await hostOf(id), host, version)
    await comeBack(home)
  }
})

test('what cannot be is refused', async () => {
  const server = await cloud.server()
  const home = await hostOf(server.id)
  const refusal = async (value: object, version = 'latest') => {
    const { status, body } = await cloud.act(server, { evacuate: value }, 'admin', version)
    return [status, (Object.values(body)[0] as { readonly message: string }).message]
  }
  assert.deepEqual(await refusal({}), [400, `Compute service of ${home} is still in use.`])
  assert.deepEqual(await refusal({ host: 'host-9' }), [404, 'Compute host host-9 not found.'])
  assert.deepEqual(await refusal({ host: home }), [400, "The target host can't be the same one."])
  assert.deepEqual(await refusal({ force: true }, '2.29'), [400, "Can't force to a non-provided destination"])
  for (const [version, value] of [
    ['2.13', {}],
    ['2.14', { onSharedStorage: true }],
    ['2.28', { force: true }],
    ['2.68', { force: true }],
  ] as const)
    assert.equal((await cloud.act(server, { evacuate: value }, 'admin', version)).status, 400, version)
  assert.equal((await cloud.act(server, { evacuate: {} })).status, 403)
})

test('it is taken in three states, whatever task was left when the host died', async () => {
  const { id, home } = await orphan()
  const states = (patch: object) =>
    cloud.cloud.store.db.updateTable('servers').set(patch).where('id', '=', id).execute()
  for (const vm_state of vmStates.filter(state => state !== 'deleted')) {
    await states({ vm_state, task_state: 'powering-off' })
    const answer = await cloud.act({ id }, { evacuate: {} }, 'admin')
    if (['active', 'stopped', 'error'].includes(vm_state)) {
      assert.equal(answer.status, 200, vm_state)
      await states({ host: home, node: home })
    } else
      assert.deepEqual(
        [answer.status, answer.body.conflictingRequest.message],
        [409, `Cannot 'evacuate' instance ${id} while it is in vm_state ${vm_state}`],
      )
  }
  await states({ vm_state: 'active', task_state: null })
  await cloud.act({ id }, { forceDelete: null }, 'admin')
  await comeBack(home)
})

for (const { fail, left, status, fault, events } of [
  {
    fail: 'select_destinations:NoValidHost',
    left: 'error/-',
    status: 'error',
    fault: 'No valid host was found. Asked for by faultline:fail.',
    events: ['rebuild_server Error controller'],
  },
  {
    fail: 'claim:ComputeResourcesUnavailable',
    left: 'active/-',
    status: 'error',
    fault: undefined,
    events: ['rebuild_server Success controller', 'compute_rebuild_instance Error away'],
  },
  {
    fail: 'spawn:LibvirtError',
    left: 'error/-',
    status: 'failed',
    fault: 'LibvirtError',
    events: ['rebuild_server Success controller', 'compute_rebuild_instance Error away'],
  },
  {
    fail: 'stop:InstancePowerOffFailure',
    left: 'active/-',
    status: 'done',
    fault: undefined,
    events: [
      'rebuild_server Success controller',
      'compute_rebuild_instance Success away',
      'compute_stop_instance Error away',
    ],
  },
])
  test(`with ${fail} it ends ${left}, its migration ${status}, and can be evacuated again`, async () => {
    const { id, home } = await orphan()
    await failing(id, { 'faultline:fail': fail })
    const story = await tell({ id }, { evacuate: {} }, 'admin')
    assert.deepEqual([story.states.at(-1), story.events], [left, events])
    assert.equal((await migrationOf(id)).status, status)
    assert.equal((await cloud.show(id)).fault?.message, fault)
    if (status !== 'done') {
      assert.equal(await hostOf(id), home)
      await failing(id, {})
      assert.equal((await cloud.act({ id }, { evacuate: {} }, 'admin')).status, 200)
      assert.equal((await cloud.show(id)).status, 'SHUTOFF')
    }
    await comeBack(home)
    assert.deepEqual([await holdings(cloud), await cloud.leaks()], [[], nothingLeaked])
    await cloud.act({ id }, { forceDelete: null }, 'admin')
    assert.deepEqual(await machinesOf(id), [])
    assert.deepEqual(await cloud.leaks(), nothingLeaked)
  })

test('a forced host without room leaves the server as it was', async () => {
  await using small = await startTestCloud({ hosts: 2, hostRamMb: 1024 })
  const servers = [await small.server(), await small.server()]
  const [home, other] = await Promise.all(
    servers.map(async ({ id }) => (await small.show(id))['OS-EXT-SRV-ATTR:host']),
  )
  assert.notEqual(home, other)
  const body = { host: home, binary: 'nova-compute', forced_down: true }
  await small.ask('PUT', '/os-services/force-down', { as: 'admin', version: '2.11', body })
  const ask = { evacuate: { host: other, force: true } }
  assert.equal((await small.act(servers[0], ask, 'admin', '2.29')).status, 200)
  const shown = await small.show(servers[0].id)
  assert.deepEqual([shown.status, shown['OS-EXT-SRV-ATTR:host']], ['ACTIVE', home])
  const [{ events }] = await small.actions(servers[0].id)
  assert.match(events[0].details, /There is not enough capacity on the host for the instance\.$/)
  assert.deepEqual([await holdings(small), await small.leaks()], [[], nothingLeaked])
})

test('a server that is deleted before its host returns leaves nothing on it', async () => {
  const { id, home } = await orphan()
  await cloud.act({ id }, { evacuate: {} }, 'admin')
  await cloud.act({ id }, { forceDelete: null }, 'admin')
  assert.equal((await migrationOf(id)).status, 'completed')
  await comeBack(home)
  assert.deepEqual(await machinesOf(id), [])
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('one that was moved back is left where it is when the host looks', async () => {
  const { id, home } = await orphan()
  await cloud.act({ id }, { evacuate: {} }, 'admin')
  await forceDown(home, false)
  await cloud.act({ id }, { migrate: { host: home } }, 'admin')
  await cloud.act({ id }, { confirmResize: null })
  assert.equal(await hostOf(id), home)
  await cloud.cloud.periodic.run('evacuated')
  assert.deepEqual(await machinesOf(id), [home])
  assert.deepEqual([await holdings(cloud), await cloud.leaks()], [[], nothingLeaked])
})
