// Each operation failing at each of its steps, with an error of Nova's own (its text is public) and with a foreign one
// (only its class is): how the server is left, what its owner and its administrator are told, and that deleting the
// server leaves nothing (facts: states.md §5).
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { failureKey } from '../../../src/compute/failures.ts'
import { type Account, nothingLeaked, startTestCloud, type TestCloud } from '../../support/cloud.ts'
import { holdings } from '../../support/room.ts'
import { storyteller } from '../../support/story.ts'

interface Row {
  /** The value of `faultline:fail`. */
  readonly fail: string
  /** `vm_state/task_state` at the end. */
  readonly left: string
  /** The fault shown; null when there is none to see. `ID` stands for the server's id. */
  readonly fault: string | null
  readonly code?: number
  /** `event result`, in order. */
  readonly events: readonly string[]
  /** It failed though none of its events did. */
  readonly quietly?: true
  /** Of the first event that failed, for owner and administrator alike. */
  readonly details?: string
}

interface Operation {
  readonly name: string
  /** Done before, without failures. */
  readonly first?: readonly (readonly [body: unknown, as?: Account])[]
  readonly body: unknown
  readonly as?: Account
  readonly rows: readonly Row[]
}

const cloud = await startTestCloud({ hosts: 3 })
after(() => cloud.close())
const teller = await storyteller(cloud)
const keeping = await startTestCloud({
  hosts: 1,
  compute: { shelvedOffloadSeconds: -1, reclaimSeconds: 3600 },
})
after(() => keeping.close())
const keepingTeller = await storyteller(keeping)

const poweroff = 'Failed to power off instance: asked for by faultline:fail.'
const noHost = 'No valid host was found. Asked for by faultline:fail.'
const noRoom = 'Insufficient compute resources: asked for by faultline:fail.'
const exhausted =
  'Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance ID.'
const migrated = ['conductor_migrate_server Success', 'cold_migrate Success']
const checked = [
  'conductor_live_migrate_instance Success',
  'compute_check_can_live_migrate_destination Success',
  'compute_check_can_live_migrate_source Success',
]
const queued = [...checked, 'compute_live_migration Success']
const rolledBack = 'compute_rollback_live_migration_at_destination Success'
const prepared = [...migrated, 'compute_prep_resize Success']

const operations: readonly Operation[] = [
  {
    name: 'start',
    first: [[{ 'os-stop': null }]],
    body: { 'os-start': null },
    rows: [
      {
        fail: 'start:InstancePowerOnFailure',
        left: 'stopped/-',
        fault: null,
        events: ['compute_start_instance Error'],
        details: 'Failed to power on instance: asked for by faultline:fail.',
      },
      {
        fail: 'start:LibvirtError:once',
        left: 'stopped/-',
        fault: null,
        events: ['compute_start_instance Error'],
        details: 'LibvirtError',
      },
      {
        fail: 'compute_start_instance:LibvirtError',
        left: 'stopped/-',
        fault: null,
        events: ['compute_start_instance Error'],
        details: 'LibvirtError',
      },
    ],
  },
  {
    name: 'stop',
    body: { 'os-stop': null },
    rows: [
      {
        fail: 'stop:InstancePowerOffFailure',
        left: 'active/-',
        fault: null,
        events: ['compute_stop_instance Error'],
        details: poweroff,
      },
    ],
  },
  {
    name: 'stop of a server in ERROR',
    first: [[{ 'os-resetState': { state: 'error' } }, 'admin']],
    body: { 'os-stop': null },
    rows: [
      {
        fail: 'stop:InstancePowerOffFailure',
        left: 'error/-',
        fault: poweroff,
        events: ['compute_stop_instance Error'],
      },
      {
        fail: 'stop:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['compute_stop_instance Error'],
      },
    ],
  },
  {
    name: 'reboot of a machine that runs on',
    body: { reboot: { type: 'SOFT' } },
    rows: [
      {
        fail: 'reboot:LibvirtError',
        left: 'active/-',
        fault: null,
        events: ['compute_reboot_instance Success'],
      },
      {
        fail: 'reboot:LibvirtError,power:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['compute_reboot_instance Error'],
        details: 'LibvirtError',
      },
    ],
  },
  {
    name: 'reboot of a machine that does not run',
    first: [[{ 'os-stop': null }]],
    body: { reboot: { type: 'HARD' } },
    rows: [
      {
        fail: 'reboot:InstancePowerOnFailure',
        left: 'error/-',
        fault: 'Failed to power on instance: asked for by faultline:fail.',
        events: ['compute_reboot_instance Error'],
      },
    ],
  },
  {
    name: 'pause',
    body: { pause: null },
    rows: [
      { fail: 'pause:LibvirtError', left: 'active/-', fault: null, events: ['compute_pause_instance Error'] },
    ],
  },
  {
    name: 'unpause',
    first: [[{ pause: null }]],
    body: { unpause: null },
    rows: [
      {
        fail: 'unpause:LibvirtError',
        left: 'paused/-',
        fault: null,
        events: ['compute_unpause_instance Error'],
      },
    ],
  },
  {
    name: 'suspend',
    body: { suspend: null },
    rows: [
      {
        fail: 'suspend:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['compute_suspend_instance Error'],
      },
      {
        fail: 'suspend:NotImplementedError',
        left: 'active/-',
        fault: null,
        events: ['compute_suspend_instance Error'],
        details: 'NotImplementedError',
      },
    ],
  },
  {
    name: 'resume',
    first: [[{ suspend: null }]],
    body: { resume: null },
    rows: [
      {
        fail: 'resume:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['compute_resume_instance Error'],
      },
    ],
  },
  {
    name: 'rescue',
    body: { rescue: null },
    rows: [
      {
        fail: 'rescue:LibvirtError',
        left: 'error/-',
        fault: 'Instance ID cannot be rescued: Driver Error: asked for by faultline:fail at rescue',
        code: 400,
        events: ['compute_rescue_instance Error'],
        details: 'Instance ID cannot be rescued: Driver Error: asked for by faultline:fail at rescue',
      },
    ],
  },
  {
    name: 'unrescue',
    first: [[{ rescue: null }]],
    body: { unrescue: null },
    rows: [
      {
        fail: 'unrescue:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['compute_unrescue_instance Error'],
      },
    ],
  },
  {
    name: 'resize',
    body: { resize: { flavorRef: '2' } },
    rows: [
      {
        fail: 'select_destinations:NoValidHost',
        left: 'active/-',
        fault: null,
        events: ['conductor_migrate_server Error', 'cold_migrate Error'],
        details: noHost,
      },
      {
        fail: 'cold_migrate:RuntimeError',
        left: 'active/-',
        fault: null,
        events: ['conductor_migrate_server Error', 'cold_migrate Error'],
        details: 'RuntimeError',
      },
      {
        fail: 'conductor_migrate_server:RuntimeError',
        left: 'active/-',
        fault: null,
        events: ['conductor_migrate_server Error'],
      },
      {
        fail: 'prep_resize:ComputeResourcesUnavailable:once',
        left: 'resized/-',
        fault: null,
        events: [
          ...prepared,
          ...prepared,
          'compute_resize_instance Success',
          'compute_finish_resize Success',
        ],
      },
      {
        fail: 'compute_prep_resize:RuntimeError:once',
        left: 'resized/-',
        fault: null,
        events: [
          ...prepared,
          ...prepared,
          'compute_resize_instance Success',
          'compute_finish_resize Success',
        ],
      },
      {
        fail: 'prep_resize:ComputeResourcesUnavailable',
        left: 'active/-',
        fault: null,
        events: [...prepared, ...prepared, 'conductor_migrate_server Error', 'cold_migrate Error'],
        details: `${exhausted} the last try failed: ${noRoom}`,
      },
      {
        fail: 'pack:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: [...prepared, 'compute_resize_instance Error'],
        details: 'LibvirtError',
      },
      {
        fail: 'pack:ResizeError',
        left: 'active/-',
        fault: null,
        events: [...prepared, 'compute_resize_instance Error'],
        details: 'Resize error: asked for by faultline:fail',
      },
      {
        fail: 'compute_resize_instance:RuntimeError',
        left: 'error/-',
        fault: 'RuntimeError',
        events: [...prepared, 'compute_resize_instance Error'],
      },
      {
        fail: 'spawn:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: [...prepared, 'compute_resize_instance Success', 'compute_finish_resize Error'],
        details: 'LibvirtError',
      },
      {
        fail: 'compute_finish_resize:MigrationError',
        left: 'error/-',
        fault: 'Migration error: asked for by faultline:fail',
        events: [...prepared, 'compute_resize_instance Success', 'compute_finish_resize Error'],
      },
    ],
  },
  {
    name: 'migrate to a named host',
    body: { migrate: { host: 'OTHER' } },
    as: 'admin',
    rows: [
      {
        fail: 'prep_resize:ComputeResourcesUnavailable',
        left: 'error/-',
        fault: noRoom,
        events: [...migrated, 'compute_prep_resize Error'],
        details: noRoom,
      },
    ],
  },
  {
    name: 'live migration',
    body: { 'os-migrateLive': { host: null, block_migration: 'auto' } },
    as: 'admin',
    rows: [
      {
        fail: 'select_destinations:NoValidHost',
        left: 'active/-',
        fault: null,
        events: ['conductor_live_migrate_instance Error'],
        details: noHost,
      },
      {
        fail: 'conductor_live_migrate_instance:RuntimeError',
        left: 'error/-',
        fault: 'RuntimeError',
        events: ['conductor_live_migrate_instance Error'],
        details: 'RuntimeError',
      },
      {
        fail: 'checkOutgoing:RuntimeError',
        left: 'error/-',
        fault: 'RuntimeError',
        events: [
          'conductor_live_migrate_instance Error',
          'compute_check_can_live_migrate_destination Error',
          'compute_check_can_live_migrate_source Error',
        ],
      },
      {
        fail: 'compute_live_migration:RuntimeError',
        left: 'active/-',
        fault: null,
        events: [...checked, 'compute_live_migration Error'],
      },
      {
        fail: 'receive:LibvirtError',
        left: 'active/-',
        fault: null,
        events: [...queued, 'compute_pre_live_migration Error', rolledBack],
        details: 'LibvirtError',
      },
      {
        fail: 'live_migration:RuntimeError',
        left: 'error/-',
        fault: 'RuntimeError',
        events: [...queued, 'compute_pre_live_migration Success', rolledBack],
        quietly: true,
      },
      {
        fail: 'send:LibvirtError',
        left: 'active/-',
        fault: null,
        events: [...queued, 'compute_pre_live_migration Success', rolledBack],
        quietly: true,
      },
      {
        fail: 'send:LibvirtError,destroy:LibvirtError',
        left: 'active/-',
        fault: null,
        events: [
          ...queued,
          'compute_pre_live_migration Success',
          'compute_rollback_live_migration_at_destination Error',
        ],
      },
      {
        fail: 'compute_post_live_migration_at_destination:RuntimeError',
        left: 'error/-',
        fault: 'RuntimeError',
        events: [
          ...queued,
          'compute_pre_live_migration Success',
          'compute_post_live_migration_at_destination Error',
        ],
      },
    ],
  },
  {
    name: 'confirmResize',
    first: [[{ resize: { flavorRef: '2' } }]],
    body: { confirmResize: null },
    rows: [
      {
        fail: 'destroy:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['compute_confirm_resize Error'],
      },
      {
        fail: 'compute_confirm_resize:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['compute_confirm_resize Error'],
      },
    ],
  },
  {
    name: 'revertResize',
    first: [[{ resize: { flavorRef: '2' } }]],
    body: { revertResize: null },
    rows: [
      {
        fail: 'destroy:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['compute_revert_resize Error'],
      },
      {
        fail: 'start:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['compute_revert_resize Success', 'compute_finish_revert_resize Error'],
      },
    ],
  },
  {
    name: 'rebuild',
    body: { rebuild: { imageRef: cloud.imageId } },
    rows: [
      {
        fail: 'rebuild_server:RuntimeError',
        left: 'error/-',
        fault: 'RuntimeError',
        events: ['rebuild_server Error'],
      },
      {
        fail: 'claim:ComputeResourcesUnavailable',
        left: 'active/-',
        fault: null,
        events: ['rebuild_server Success', 'compute_rebuild_instance Error'],
        details: noRoom,
      },
      {
        fail: 'destroy:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['rebuild_server Success', 'compute_rebuild_instance Error'],
      },
      {
        fail: 'spawn:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['rebuild_server Success', 'compute_rebuild_instance Error'],
      },
    ],
  },
  {
    name: 'rebuild of a stopped server',
    first: [[{ 'os-stop': null }]],
    body: { rebuild: { imageRef: cloud.imageId } },
    rows: [
      {
        fail: 'stop:InstancePowerOffFailure',
        left: 'active/-',
        fault: null,
        events: ['rebuild_server Success', 'compute_rebuild_instance Success', 'compute_stop_instance Error'],
        details: poweroff,
      },
    ],
  },
  {
    name: 'createImage',
    body: { createImage: { name: 'half' } },
    rows: [
      {
        fail: 'snapshot:LibvirtError',
        left: 'active/-',
        fault: null,
        events: ['compute_snapshot_instance Error'],
      },
      {
        fail: 'upload:ImageNotFound',
        left: 'active/-',
        fault: null,
        events: ['compute_snapshot_instance Error'],
        details: `Image ${cloud.imageId} could not be found.`,
      },
    ],
  },
  {
    name: 'createBackup',
    body: { createBackup: { name: 'half', backup_type: 'daily', rotation: 1 } },
    rows: [
      {
        fail: 'snapshot:LibvirtError',
        left: 'active/-',
        fault: null,
        events: ['compute_backup_instance Error'],
        details: 'LibvirtError',
      },
      {
        fail: 'upload:ImageNotFound',
        left: 'active/-',
        fault: null,
        events: ['compute_backup_instance Error'],
        details: `Image ${cloud.imageId} could not be found.`,
      },
      {
        fail: 'compute_backup_instance:RuntimeError',
        left: 'active/-',
        fault: null,
        events: ['compute_backup_instance Error'],
      },
    ],
  },
  {
    name: 'shelve',
    body: { shelve: null },
    rows: [
      { fail: 'stop:LibvirtError', left: 'active/-', fault: null, events: ['compute_shelve_instance Error'] },
      {
        fail: 'snapshot:LibvirtError',
        left: 'active/-',
        fault: null,
        events: ['compute_shelve_instance Error'],
      },
      {
        fail: 'upload:LibvirtError',
        left: 'active/-',
        fault: null,
        events: ['compute_shelve_instance Error'],
      },
      {
        fail: 'destroy:LibvirtError',
        left: 'shelved/-',
        fault: null,
        events: ['compute_shelve_instance Error'],
      },
    ],
  },
  {
    name: 'unshelve',
    first: [[{ shelve: null }]],
    body: { unshelve: null },
    rows: [
      {
        fail: 'get_image_info:RuntimeError',
        left: 'shelved_offloaded/-',
        fault: null,
        events: ['get_image_info Error'],
      },
      {
        fail: 'select_destinations:NoValidHost',
        left: 'shelved_offloaded/-',
        fault: null,
        events: ['get_image_info Success', 'schedule_instances Error'],
        details: noHost,
      },
      {
        fail: 'spawn:LibvirtError',
        left: 'shelved_offloaded/-',
        fault: null,
        events: ['get_image_info Success', 'schedule_instances Success', 'compute_unshelve_instance Error'],
        details: 'LibvirtError',
      },
    ],
  },
  {
    name: 'delete',
    body: { forceDelete: null },
    rows: [
      {
        fail: 'destroy:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['compute_terminate_instance Error'],
        details: 'LibvirtError',
      },
      {
        fail: 'compute_terminate_instance:LibvirtError',
        left: 'error/-',
        fault: 'LibvirtError',
        events: ['compute_terminate_instance Error'],
      },
    ],
  },
]

const keepingOperations: readonly Operation[] = [
  {
    name: 'unshelve of a server that kept its host',
    first: [[{ shelve: null }]],
    body: { unshelve: null },
    rows: [
      {
        fail: 'start:LibvirtError',
        left: 'shelved/-',
        fault: null,
        events: ['compute_start_instance Error'],
      },
    ],
  },
  {
    name: 'shelveOffload',
    first: [[{ shelve: null }]],
    body: { shelveOffload: null },
    as: 'admin',
    rows: [
      {
        fail: 'destroy:LibvirtError',
        left: 'shelved/-',
        fault: null,
        events: ['compute_shelve_offload_instance Error'],
      },
    ],
  },
  {
    name: 'restore',
    first: [['DELETE']],
    body: { restore: null },
    rows: [
      {
        fail: 'start:LibvirtError',
        left: 'soft-delete/-',
        fault: null,
        events: ['compute_restore_instance Error'],
      },
    ],
  },
  {
    name: 'soft delete',
    body: 'DELETE',
    rows: [
      {
        fail: 'stop:LibvirtError',
        left: 'active/-',
        fault: null,
        events: ['compute_soft_delete_instance Error'],
      },
    ],
  },
]

const failing = (on: TestCloud, id: string, value: string | null) =>
  on.cloud.store.db
    .updateTable('servers')
    .set({ metadata_json: JSON.stringify(value === null ? {} : { [failureKey]: value }) })
    .where('id', '=', id)
    .execute()

/** Hosts that have a machine of the server. */
async function machinesOf(on: TestCloud, id: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const [host, driver] of on.cloud.drivers)
    if ((await driver.list()).some(machine => machine.id === id)) found.push(host)
  return found
}

const act = (on: TestCloud, id: string, body: unknown, as: Account = 'demo') =>
  body === 'DELETE'
    ? on.ask('DELETE', `/servers/${id}`, { as })
    : on.ask('POST', `/servers/${id}/action`, { as, body })

async function deletedCleanly(on: TestCloud, id: string): Promise<void> {
  await failing(on, id, null)
  await act(on, id, { forceDelete: null }, 'admin')
  await on.settled()
  assert.equal((await on.ask('GET', `/servers/${id}`, { as: 'admin' })).status, 404)
  assert.deepEqual(await on.leaks(), nothingLeaked)
  const { body } = await on.ask('GET', '/image/v2/images', { as: 'admin' })
  assert.equal(body.images.length, 1, 'no half-made image stays')
}

async function tellsWhy(on: TestCloud, id: string, details: string | undefined): Promise<void> {
  const [{ request_id }] = await on.actions(id)
  const path = `/servers/${id}/os-instance-actions/${request_id}`
  const eventOf = async (as: Account) => {
    const { body } = await on.ask('GET', path, { as })
    return body.instanceAction.events.findLast(({ result }: { result: string }) => result === 'Error')
  }
  const [owner, admin] = [await eventOf('demo'), await eventOf('admin')]
  if (!admin) return
  if (details !== undefined)
    assert.deepEqual([owner.details, admin.details], [details.replace('ID', id), details.replace('ID', id)])
  assert.ok(owner.details)
  assert.ok(!('traceback' in owner))
  assert.match(admin.traceback, /^ {2}File "/)
}

for (const [on, { tellOf }, all] of [
  [cloud, teller, operations],
  [keeping, keepingTeller, keepingOperations],
] as const)
  for (const { name, first = [], body, as, rows } of all)
    for (const row of rows)
      test(`${name}, with ${row.fail}: ${row.left}`, async () => {
        const server = await on.server()
        for (const [before, who] of first) {
          assert.ok((await act(on, server.id, before, who)).status < 300)
          await on.settled()
        }
        await failing(on, server.id, row.fail)
        const other = server['OS-EXT-SRV-ATTR:host'] === 'host-2' ? 'host-3' : 'host-2'
        const asked = JSON.parse(JSON.stringify(body).replace('OTHER', other))
        const story = await tellOf(server, () => act(on, server.id, asked, as))
        assert.ok(story.status < 300)
        const failed = row.events.some(event => event.endsWith(' Error'))
        assert.deepEqual(
          [story.states.at(-1), story.events.map(event => event.replace(/ \S+$/, ''))],
          [row.left, row.events],
        )
        assert.equal(story.action.endsWith(' Error'), failed || row.quietly === true)
        const { fault } = await on.show(server.id)
        assert.deepEqual(
          fault === undefined ? null : [fault.message, fault.code],
          row.fault === null ? null : [row.fault.replace('ID', server.id), row.code ?? 500],
        )
        await tellsWhy(on, server.id, row.details)
        await deletedCleanly(on, server.id)
      })

const builds: readonly Row[] = [
  {
    fail: 'select_destinations:NoValidHost',
    left: 'error/-',
    fault: noHost,
    events: ['conductor_schedule_and_build_instances Error'],
    details: noHost,
  },
  ...[
    'claim:ComputeResourcesUnavailable',
    'networking:NeutronClientException',
    'block_device_mapping:LibvirtError',
  ].map(fail => ({
    fail,
    left: 'error/-',
    fault: exhausted,
    events: Array.from({ length: 3 }, () => 'compute__do_build_and_run_instance Success'),
  })),
  ...[
    'claim:ComputeResourcesUnavailable',
    'networking:NeutronClientException',
    'block_device_mapping:LibvirtError',
    'spawn:LibvirtError',
    'compute__do_build_and_run_instance:LibvirtError',
  ].map(fail => ({
    fail: `${fail}:once`,
    left: 'active/-',
    fault: null,
    events: Array.from({ length: 2 }, () => 'compute__do_build_and_run_instance Success'),
  })),
  {
    fail: 'networking:PortBindingFailed',
    left: 'error/-',
    fault:
      'Build of instance ID aborted: Binding failed for port, please check neutron logs for more information.',
    events: ['compute__do_build_and_run_instance Success'],
  },
  {
    fail: 'spawn:FlavorDiskTooSmall:once',
    left: 'error/-',
    fault: "Build of instance ID aborted: The created instance's disk would be too small.",
    events: ['compute__do_build_and_run_instance Success'],
  },
  {
    fail: 'spawn:LibvirtError,destroy:LibvirtError',
    left: 'error/-',
    fault: exhausted,
    events: Array.from({ length: 3 }, () => 'compute__do_build_and_run_instance Success'),
  },
]

for (const row of builds)
  test(`create, with ${row.fail}: ${row.left}`, async () => {
    const { server, story } = await teller.create({ metadata: { [failureKey]: row.fail } })
    assert.deepEqual(
      [story.states.at(-1), story.events.map(event => event.replace(/ \S+$/, ''))],
      [row.left, row.events],
    )
    const { fault } = await cloud.show(server.id)
    assert.deepEqual(
      fault === undefined ? null : [fault.message, fault.code],
      row.fault === null ? null : [row.fault.replace('ID', server.id), 500],
    )
    await tellsWhy(cloud, server.id, row.details)
    await deletedCleanly(cloud, server.id)
  })

test('a rollback leaves the machine running on its host; an error there does too, under ERROR', async () => {
  for (const fail of ['pack:ResizeError', 'compute_resize_instance:RuntimeError']) {
    const server = await cloud.server()
    await failing(cloud, server.id, fail)
    await cloud.act(server, { resize: { flavorRef: '2' } })
    const shown = await cloud.show(server.id)
    assert.deepEqual(
      [shown['OS-EXT-SRV-ATTR:host'], shown['OS-EXT-STS:power_state'], shown.flavor.original_name],
      [server['OS-EXT-SRV-ATTR:host'], 1, 'm1.tiny'],
    )
    const { body } = await cloud.ask('GET', `/os-migrations?instance_uuid=${server.id}`, { as: 'admin' })
    assert.equal(body.migrations[0].status, 'error')
    assert.deepEqual(await cloud.leaks(), nothingLeaked)
    await deletedCleanly(cloud, server.id)
  }
})

test('a server whose target could not finish stays on it, with its old flavor', async () => {
  const server = await cloud.server()
  await failing(cloud, server.id, 'spawn:LibvirtError')
  await cloud.act(server, { resize: { flavorRef: '2' } })
  const shown = await cloud.show(server.id)
  assert.notEqual(shown['OS-EXT-SRV-ATTR:host'], server['OS-EXT-SRV-ATTR:host'])
  assert.equal(shown.flavor.original_name, 'm1.tiny')
  const { allocations } = await cloud.leaks()
  assert.deepEqual(allocations, [])
  assert.equal((await machinesOf(cloud, server.id)).length, 1)
  await deletedCleanly(cloud, server.id)
  assert.deepEqual(await machinesOf(cloud, server.id), [])
})

for (const [name, recover] of [
  [
    'reset and rebooted, it runs there on its old disk',
    async (id: string) => {
      await cloud.act({ id }, { 'os-resetState': { state: 'active' } }, 'admin')
      await cloud.act({ id }, { reboot: { type: 'HARD' } })
    },
  ],
  ['rebuilt, it runs there', (id: string) => cloud.act({ id }, { rebuild: { imageRef: cloud.imageId } })],
] as const)
  test(`a server whose target could not finish: ${name}, and nothing is left on the source`, async () => {
    const server = await cloud.server()
    await failing(cloud, server.id, 'spawn:LibvirtError')
    await cloud.act(server, { resize: { flavorRef: '2' } })
    await failing(cloud, server.id, null)
    const target = (await cloud.show(server.id))['OS-EXT-SRV-ATTR:host']
    assert.deepEqual(await machinesOf(cloud, server.id), [server['OS-EXT-SRV-ATTR:host']])
    await recover(server.id)
    const shown = await cloud.show(server.id)
    assert.deepEqual(
      [shown.status, shown['OS-EXT-SRV-ATTR:host'], shown['OS-EXT-STS:power_state'], shown.fault],
      ['ACTIVE', target, 1, undefined],
    )
    assert.deepEqual(await machinesOf(cloud, server.id), [target])
    assert.deepEqual([await holdings(cloud), await cloud.leaks()], [[], nothingLeaked])
    await deletedCleanly(cloud, server.id)
    assert.deepEqual(await machinesOf(cloud, server.id), [])
  })

test('the extra spec of the flavor that is asked for counts in a resize', async () => {
  const flavor = { id: 'fragile', name: 'fragile', vcpus: 1, ram: 256, disk: 1 }
  await cloud.ask('POST', '/flavors', { as: 'admin', body: { flavor } })
  const spec = { extra_specs: { [failureKey]: 'cold_migrate:NoValidHost' } }
  await cloud.ask('POST', '/flavors/fragile/os-extra_specs', { as: 'admin', body: spec })
  const server = await cloud.server()
  const { events } = await teller.tell(server, { resize: { flavorRef: 'fragile' } })
  assert.deepEqual(events, ['conductor_migrate_server Error controller', 'cold_migrate Error controller'])
  await deletedCleanly(cloud, server.id)
})

test('an image the host cannot take: ERROR, and the image is the old one again', async () => {
  const made = await cloud.ask('POST', '/image/v2/images', {
    body: { name: 'arm', disk_format: 'raw', container_format: 'bare', hw_architecture: 'aarch64' },
  })
  await cloud.ask('PUT', `/image/v2/images/${made.body.id}/file`, {
    raw: 'disk',
    headers: { 'content-type': 'application/octet-stream' },
  })
  const server = await cloud.server()
  const story = await teller.tell(server, { rebuild: { imageRef: made.body.id } })
  assert.deepEqual([story.states.at(-1), story.events], ['error/-', ['rebuild_server Error controller']])
  const shown = await cloud.show(server.id)
  assert.equal(shown.image.id, cloud.imageId)
  assert.match(shown.fault.message, /^No valid host was found\. /)
  await cloud.ask('DELETE', `/image/v2/images/${made.body.id}`)
  await deletedCleanly(cloud, server.id)
})
