// Failures asked for with `faultline:fail`: at every driver call, phase of a build and step of a move; each Nova
// exception and foreign ones; once and always; on one host and on three.
import type { CauseCode } from '../../../../src/model/causes.ts'
import type { Account } from '../../../support/cloud.ts'
import { type Scenario, type Stage, scenarios, type Told } from '../../../support/scenarios.ts'

const build = 'compute__do_build_and_run_instance'
const schedule = 'conductor_schedule_and_build_instances'
const failing = (what: string) => ({ metadata: { 'faultline:fail': what } })

type Row = readonly [fail: string, code: CauseCode, fault: Told['fault'], more?: Partial<Scenario>]

/** A create that fails, on whatever host. */
const builds = (rows: readonly Row[]): Scenario[] =>
  rows.map(([fail, code, fault, more]) => ({
    name: `create with ${fail}`,
    ask: stage => stage.create(failing(fail)),
    status: 202,
    outcome: 'failed',
    code,
    fault: fault!,
    step: build,
    ...more,
  }))

const aborted: readonly Row[] = [
  ['spawn:ImageUnacceptable', 'Image.Unacceptable', 'request'],
  ['spawn:ImageNotFound', 'Image.NotFound', 'request'],
  ['spawn:FlavorDiskTooSmall', 'Image.TooLarge', 'request'],
  ['spawn:FlavorDiskSmallerThanImage', 'Image.TooLarge', 'request'],
  ['networking:PortBindingFailed', 'Port.BindingFailed', 'cloud'],
  ['networking:VirtualInterfaceCreateException', 'Port.VifFailed', 'cloud'],
  ['networking:NoMoreFixedIps', 'Network.NoMoreAddresses', 'capacity'],
  ['spawn:PortBindingFailed', 'Port.BindingFailed', 'cloud'],
  ['spawn:VirtualInterfaceCreateException', 'Port.VifFailed', 'cloud'],
]
const tried: readonly Row[] = [
  ['claim:ComputeResourcesUnavailable', 'Build.ClaimFailed', 'capacity'],
  ['spawn:DiskNotFound', 'Driver.DiskMissing', 'cloud'],
  ['spawn:LibvirtError', 'Driver.Failed', 'cloud'],
  ['spawn:OSError', 'Driver.Spawn', 'cloud'],
  ['spawn:Boom', 'Driver.Spawn', 'cloud'],
  ['spawn:TimeoutError', 'Driver.Spawn', 'cloud'],
  ['networking:NeutronClientException', 'Network.Failed', 'cloud'],
  ['networking:Boom', 'Network.Failed', 'cloud'],
  ['block_device_mapping:Boom', 'Build.Disks', 'cloud'],
  ['block_device_mapping:VolumeNotCreated', 'Volume.CreateFailed', 'cloud'],
  ['claim:Boom', 'Driver.Spawn', 'cloud'],
]

scenarios('failures asked for, on one host', { hosts: 1 }, [
  ...builds([...aborted, ...tried]),
  ...builds([
    ['select_destinations:NoValidHost', 'Schedule.NoHost', 'capacity', { step: schedule }],
    ['select_destinations:Boom', 'Bug.Unexpected', 'bug', { step: schedule }],
    [`${build}:LibvirtError`, 'Driver.Failed', 'cloud'],
    [`${schedule}:NoValidHost`, 'Schedule.NoHost', 'capacity', { step: schedule }],
  ]),
  ...actions(),
])

const deletion =
  (fail: string): Scenario['ask'] =>
  async stage => {
    const { id } = await stage.cloud.server({ name: 'mine', ...failing(fail) })
    return stage.send('DELETE', `/servers/${id}`)
  }

const patient = { reclaimSeconds: 3600, shelvedOffloadSeconds: -1 }
scenarios('failures asked for, where servers are kept for a while', { compute: patient }, [
  {
    name: 'a shelved server its host does not let go',
    ask: stage =>
      actAfter(
        stage,
        [{ shelve: null }],
        { shelveOffload: null },
        'compute_shelve_offload_instance:LibvirtError',
        { as: 'admin' },
      ),
    status: 202,
    outcome: 'failed',
    code: 'Driver.Failed',
    fault: 'cloud',
    step: 'compute_shelve_offload_instance',
  },
  {
    name: 'a soft deletion whose host fails',
    ask: deletion('compute_soft_delete_instance:InstancePowerOffFailure'),
    status: 204,
    outcome: 'failed',
    code: 'Driver.PowerOffFailed',
    fault: 'cloud',
    step: 'compute_soft_delete_instance',
  },
  {
    name: 'a restoration whose host fails',
    ask: stage => actAfter(stage, [], { restore: null }, 'compute_restore_instance:Boom', { isGone: true }),
    status: 202,
    outcome: 'failed',
    code: 'Driver.PowerOnFailed',
    fault: 'cloud',
    step: 'compute_restore_instance',
  },
])

scenarios('failures asked for, by a flavor', {}, [
  {
    name: 'a create with a flavor that fails',
    ask: async stage =>
      stage.create({ flavorRef: await stage.flavor({}, { 'faultline:fail': 'spawn:NoMoreFixedIps' }) }),
    status: 202,
    outcome: 'failed',
    code: 'Network.NoMoreAddresses',
    fault: 'capacity',
    step: build,
  },
  {
    name: 'a deletion whose host fails',
    ask: deletion('compute_terminate_instance:LibvirtError'),
    status: 204,
    outcome: 'failed',
    code: 'Driver.Failed',
    fault: 'cloud',
    step: 'compute_terminate_instance',
  },
])

scenarios('failures asked for, on three hosts', { hosts: 3 }, [
  ...builds([...aborted.slice(0, 2), ...tried]),
  ...moves(),
  {
    name: 'create that fails once and is built on another host',
    ask: stage => stage.create(failing('spawn:LibvirtError:once')),
    status: 202,
    outcome: 'succeeded',
    code: null,
    step: null,
  },
  {
    name: 'create whose first host had no room',
    ask: stage => stage.create(failing('claim:ComputeResourcesUnavailable:once')),
    status: 202,
    outcome: 'succeeded',
    code: null,
    step: null,
  },
  {
    name: 'create whose image is refused the first time, which is once too often',
    ask: stage => stage.create(failing('spawn:ImageUnacceptable:once')),
    status: 202,
    outcome: 'failed',
    code: 'Image.Unacceptable',
    fault: 'request',
    step: build,
  },
])

/** One action each, on a server that is ready for it. */
function actions(): Scenario[] {
  const one = (
    body: object,
    fail: string,
    code: CauseCode,
    fault: Told['fault'],
    step: string,
    first: readonly object[] = [],
  ): Scenario => ({
    name: `${Object.keys(body)[0]} with ${fail}`,
    ask: stage => actAfter(stage, first, body, fail),
    status: 202,
    outcome: 'failed',
    code,
    fault: fault!,
    step,
  })
  const stop = { 'os-stop': null }
  return [
    one(stop, 'stop:InstancePowerOffFailure', 'Driver.PowerOffFailed', 'cloud', 'compute_stop_instance'),
    one(stop, 'stop:LibvirtError', 'Driver.Failed', 'cloud', 'compute_stop_instance'),
    one(stop, 'stop:Boom', 'Driver.PowerOffFailed', 'cloud', 'compute_stop_instance'),
    one(
      { 'os-start': null },
      'start:InstancePowerOnFailure',
      'Driver.PowerOnFailed',
      'cloud',
      'compute_start_instance',
      [stop],
    ),
    one({ 'os-start': null }, 'start:Boom', 'Driver.PowerOnFailed', 'cloud', 'compute_start_instance', [
      stop,
    ]),
    one(
      { reboot: { type: 'HARD' } },
      'reboot:LibvirtError',
      'Driver.Failed',
      'cloud',
      'compute_reboot_instance',
    ),
    one({ reboot: { type: 'HARD' } }, 'reboot:Boom', 'Driver.Failed', 'cloud', 'compute_reboot_instance'),
    one(
      { reboot: { type: 'SOFT' } },
      'reboot:DiskNotFound',
      'Driver.DiskMissing',
      'cloud',
      'compute_reboot_instance',
    ),
    one({ pause: null }, 'pause:LibvirtError', 'Driver.Failed', 'cloud', 'compute_pause_instance'),
    one({ unpause: null }, 'unpause:Boom', 'Driver.Failed', 'cloud', 'compute_unpause_instance', [
      { pause: null },
    ]),
    one({ suspend: null }, 'suspend:LibvirtError', 'Driver.Failed', 'cloud', 'compute_suspend_instance'),
    one({ resume: null }, 'resume:Boom', 'Driver.Failed', 'cloud', 'compute_resume_instance', [
      { suspend: null },
    ]),
    {
      ...one({ rescue: null }, 'rescue:LibvirtError', 'Driver.Failed', 'cloud', 'compute_rescue_instance'),
      status: 200,
    },
    one({ unrescue: null }, 'unrescue:Boom', 'Driver.Failed', 'cloud', 'compute_unrescue_instance', [
      { rescue: null },
    ]),
    one(
      { createImage: { name: 'i' } },
      'snapshot:Boom',
      'Image.SnapshotFailed',
      'cloud',
      'compute_snapshot_instance',
    ),
    one(
      { createImage: { name: 'i' } },
      'snapshot:LibvirtError',
      'Driver.Failed',
      'cloud',
      'compute_snapshot_instance',
    ),
    {
      ...one(
        { changePassword: { adminPass: 'x' } },
        'setPassword:Boom',
        'Driver.PasswordNotSet',
        'cloud',
        'compute_set_admin_password',
      ),
      status: 409,
    },
    one({ shelve: null }, 'snapshot:Boom', 'Image.SnapshotFailed', 'cloud', 'compute_shelve_instance'),
    one(
      { shelve: null },
      'compute_shelve_instance:LibvirtError',
      'Driver.Failed',
      'cloud',
      'compute_shelve_instance',
    ),
    one(
      { unshelve: null },
      'schedule_instances:NoValidHost',
      'Schedule.NoHost',
      'capacity',
      'schedule_instances',
      [{ shelve: null }],
    ),
    one({ unshelve: null }, 'select_destinations:Boom', 'Bug.Unexpected', 'bug', 'schedule_instances', [
      { shelve: null },
    ]),
    one({ unshelve: null }, 'get_image_info:ImageNotFound', 'Image.NotFound', 'request', 'get_image_info', [
      { shelve: null },
    ]),
    one(
      { unshelve: null },
      'compute_unshelve_instance:PortBindingFailed',
      'Port.BindingFailed',
      'cloud',
      'compute_unshelve_instance',
      [{ shelve: null }],
    ),
    one(
      { createImage: { name: 'i' } },
      'upload:Boom',
      'Image.SnapshotFailed',
      'cloud',
      'compute_snapshot_instance',
    ),
    one(
      { createImage: { name: 'i' } },
      'snapshot:KeyError',
      'Bug.Unexpected',
      'bug',
      'compute_snapshot_instance',
    ),
    {
      ...one(
        { rescue: null },
        'compute_rescue_instance:Boom',
        'Driver.Failed',
        'cloud',
        'compute_rescue_instance',
      ),
      status: 200,
    },
    one(
      { 'os-stop': null },
      'compute_stop_instance:MessagingTimeout',
      'Rpc.Timeout',
      'cloud',
      'compute_stop_instance',
    ),
    one(
      { pause: null },
      'compute_pause_instance:DBDeadlock',
      'Database.Deadlock',
      'cloud',
      'compute_pause_instance',
    ),
    one({ unshelve: null }, 'spawn:Boom', 'Driver.Spawn', 'cloud', 'compute_unshelve_instance', [
      { shelve: null },
    ]),
    one(
      { forceDelete: null },
      'destroy:LibvirtError',
      'Driver.Failed',
      'cloud',
      'compute_terminate_instance',
    ),
  ]
}

/** With the failure asked for, `first` done, and `body` then; `isGone`: after its deletion. */
async function actAfter(
  { cloud }: Stage,
  first: readonly object[],
  body: object,
  fail: string,
  { isGone = false, as = 'demo' }: { readonly isGone?: boolean; readonly as?: Account } = {},
) {
  const server = await cloud.server({ name: 'mine' })
  await cloud.ask('POST', `/servers/${server.id}/metadata`, { body: failing(fail) })
  for (const before of first) await cloud.act(server, before)
  if (isGone) {
    await cloud.ask('DELETE', `/servers/${server.id}`)
    await cloud.settled()
  }
  return cloud.act(server, body, as)
}

/** Resizes and migrations, with somewhere to go. */
function moves(): Scenario[] {
  const one = (
    fail: string,
    code: CauseCode,
    fault: Told['fault'],
    step: string,
    body: object = { resize: { flavorRef: '2' } },
    first: readonly object[] = [],
  ): Scenario => ({
    name: `${Object.keys(body)[0]} with ${fail}`,
    ask: stage => actAfter(stage, first, body, fail),
    status: 202,
    outcome: 'failed',
    code,
    fault: fault!,
    step,
  })
  const resize = { resize: { flavorRef: '2' } }
  const revert = { revertResize: null }
  const confirm = { confirmResize: null }
  const rebuild = (stage: Stage) => ({ rebuild: { imageRef: stage.cloud.imageId } })
  return [
    one('conductor_migrate_server:NoValidHost', 'Schedule.NoHost', 'capacity', 'conductor_migrate_server'),
    one('cold_migrate:NoValidHost', 'Schedule.NoHost', 'capacity', 'cold_migrate'),
    one('select_destinations:NoValidHost', 'Schedule.NoHost', 'capacity', 'cold_migrate'),
    one(
      'compute_prep_resize:ComputeResourcesUnavailable',
      'Build.ClaimFailed',
      'capacity',
      'compute_prep_resize',
    ),
    one('compute_resize_instance:ResizeError', 'Migration.ResizeFailed', 'cloud', 'compute_resize_instance'),
    one(
      'compute_resize_instance:MigrationError',
      'Migration.ResizeFailed',
      'cloud',
      'compute_resize_instance',
    ),
    one('compute_resize_instance:Boom', 'Migration.ResizeFailed', 'cloud', 'compute_resize_instance'),
    one('pack:LibvirtError', 'Driver.Failed', 'cloud', 'compute_resize_instance'),
    one('compute_finish_resize:DiskNotFound', 'Driver.DiskMissing', 'cloud', 'compute_finish_resize'),
    one('compute_finish_resize:Boom', 'Migration.ResizeFailed', 'cloud', 'compute_finish_resize'),
    one('compute_revert_resize:Boom', 'Migration.ResizeFailed', 'cloud', 'compute_revert_resize', revert, [
      resize,
    ]),
    {
      ...one(
        'compute_confirm_resize:LibvirtError',
        'Driver.Failed',
        'cloud',
        'compute_confirm_resize',
        confirm,
        [resize],
      ),
      status: 204,
    },
    one(
      'compute_finish_revert_resize:Boom',
      'Migration.ResizeFailed',
      'cloud',
      'compute_finish_revert_resize',
      revert,
      [resize],
    ),
    {
      name: 'rebuild with compute_rebuild_instance:ImageUnacceptable',
      ask: stage => actAfter(stage, [], rebuild(stage), 'compute_rebuild_instance:ImageUnacceptable'),
      status: 202,
      outcome: 'failed',
      code: 'Image.Unacceptable',
      fault: 'request',
      step: 'compute_rebuild_instance',
    },
    {
      name: 'rebuild with spawn:Boom',
      ask: stage => actAfter(stage, [], rebuild(stage), 'spawn:Boom'),
      status: 202,
      outcome: 'failed',
      code: 'Driver.Spawn',
      fault: 'cloud',
      step: 'compute_rebuild_instance',
    },
  ]
}
