// Resizes, migrations and other actions on servers: from the lines of hosts and conductors to the cause.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serverId } from '../../../test/support/log-records.ts'
import { acted, asked, told } from '../../../test/support/told.ts'

interface Story {
  readonly title: string
  readonly log: string
  readonly code: string
  readonly fault: 'request' | 'capacity' | 'cloud' | 'bug'
  readonly step: string | null
  readonly says?: RegExp
  readonly also?: readonly string[]
}

const migrateFails = (why: string) => `
  nova-conductor WARNING nova.scheduler.utils | Failed to compute_task_migrate_server: ${why}
  nova-conductor WARNING nova.scheduler.utils | Setting instance to ACTIVE state.: ${why}`
const handling = (method: string, exception: string) => `
  nova-compute ERROR oslo_messaging.rpc.server | Exception during message handling: ${exception}
  > Traceback (most recent call last):
  >   File "/usr/lib/python3/dist-packages/nova/exception_wrapper.py", line 63, in wrapped
  >     result = f(self, context, *args, **kw)
  >   File "/usr/lib/python3/dist-packages/nova/compute/manager.py", line 3100, in ${method}
  >     self.driver.do(instance)
  > ${exception}`

const stories: readonly Story[] = [
  {
    title: 'a resize on one host, which Nova keeps away from',
    log: `${acted}
      nova-scheduler INFO nova.scheduler.host_manager | Host filter ignoring hosts: compute1
      ${migrateFails('No valid host was found. There are not enough hosts available.')}`,
    code: 'NoHost.SameHost',
    fault: 'cloud',
    step: 'cold_migrate',
    says: /: no host can take it: 1 of 1 hosts is the server's current host and resize to the same host is off$/,
  },
  {
    title: 'a resize that placement has no room for',
    log: `${acted}
      nova-scheduler INFO nova.scheduler.manager | Got no allocation candidates from the Placement API. This could be due to insufficient resources or a temporary occurrence as compute nodes start up.
      ${migrateFails('No valid host was found. ')}`,
    code: 'NoHost.NoCandidates',
    fault: 'capacity',
    step: 'cold_migrate',
  },
  {
    title: 'the same, where placement says at DEBUG what there was too little of',
    log: `${acted}
      placement-api DEBUG placement.objects.research_context | found 0 providers with available 16384 MEMORY_MB get_provider_ids_matching /placement/objects/research_context.py:600
      nova-scheduler INFO nova.scheduler.manager | Got no allocation candidates from the Placement API. This could be due to insufficient resources or a temporary occurrence as compute nodes start up.
      ${migrateFails('No valid host was found. ')}`,
    code: 'NoHost.Capacity.Ram',
    fault: 'capacity',
    step: 'cold_migrate',
    says: /none has 16384 MB/,
  },
  {
    title: 'hosts that cannot copy files to each other',
    log: `${acted}
      nova-compute INFO nova.compute.manager | Migrating
      ${handling('resize_instance', 'nova.exception.ResizeError: Resize error: not able to execute ssh command: Unexpected error while running command. Stderr: Host key verification failed.')}`,
    code: 'Migration.Ssh',
    fault: 'cloud',
    step: 'compute_resize_instance',
  },
  {
    title: 'a resize to a smaller disk',
    log: `${acted}
      nova-compute INFO nova.compute.manager | Migrating
      ${handling('resize_instance', 'nova.exception.InstanceFaultRollback: Instance rollback performed due to: Resize error: Unable to resize disk down.')}`,
    code: 'Request.SmallerDisk',
    fault: 'request',
    step: 'compute_resize_instance',
  },
  {
    title: 'a new host that fills up while it is prepared',
    log: `${acted}
      ${handling('prep_resize', 'nova.exception.ComputeResourcesUnavailable: Insufficient compute resources: Free vcpu 1.00 VCPU < requested 4 VCPU.')}
      ${migrateFails('Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance 2a65.')}`,
    code: 'Build.ClaimFailed',
    fault: 'capacity',
    step: 'compute_prep_resize',
    also: ['Schedule.RetriesExhausted'],
  },
  {
    title: 'a live migration to a host with another CPU',
    log: `${acted}
      nova-compute ERROR nova.virt.libvirt.driver | CPU doesn't have compatibility.
      ${migrateFails("Migration pre-check error: Unacceptable CPU info: CPU doesn't have compatibility.")}`,
    code: 'Migration.Cpu',
    fault: 'cloud',
    step: 'cold_migrate',
  },
  {
    title: 'a live migration without shared storage',
    log: `${acted}${migrateFails('compute2 is not on shared storage: Shared storage live-migration requires either shared storage or boot-from-volume with no local disks.')}`,
    code: 'Migration.NotSharedStorage',
    fault: 'request',
    step: 'cold_migrate',
  },
  {
    title: 'a live migration to a host with too little disk',
    log: `${acted}${migrateFails('Migration pre-check error: Unable to migrate 2a65: Disk of instance is too large(available on destination host:1 < need:20)')}`,
    code: 'Migration.DiskTooSmall',
    fault: 'capacity',
    step: 'cold_migrate',
  },
  {
    title: 'a live migration that breaks while memory is copied',
    log: `${acted}
      nova-compute INFO nova.compute.manager | Took 3.00 seconds for pre_live_migration on destination host compute2.
      nova-compute ERROR nova.virt.libvirt.driver | Live Migration failure: operation failed: domain is not running
      nova-compute ERROR nova.virt.libvirt.driver | Migration operation has aborted`,
    code: 'Migration.CopyFailed',
    fault: 'cloud',
    step: 'compute_live_migration',
  },
  {
    title: 'a live migration whose hosts do not reach each other',
    log: `${acted}
      nova-compute ERROR nova.virt.libvirt.driver | Live Migration failure: operation failed: Failed to connect to remote libvirt URI qemu+tcp://compute2/system: unable to connect to server at 'compute2:16509': Connection refused: libvirt.libvirtError: operation failed
      nova-compute ERROR nova.virt.libvirt.driver | Migration operation has aborted`,
    code: 'Migration.Connect',
    fault: 'cloud',
    step: 'compute_live_migration',
    also: ['Migration.CopyFailed'],
  },
  {
    title: 'a live migration that does not end in time',
    log: `${acted}
      nova-compute WARNING nova.virt.libvirt.migration | Live migration not completed after 800 sec
      nova-compute WARNING nova.virt.libvirt.driver | Migration operation was cancelled`,
    code: 'Migration.Timeout',
    fault: 'cloud',
    step: 'compute_live_migration',
    also: ['Migration.Aborted'],
  },
  {
    title: 'a machine the hypervisor does not know',
    log: `${acted}${handling('reboot_instance', "libvirt.libvirtError: Domain not found: no domain with matching uuid '2a65' (instance-00000007)")}`,
    code: 'Driver.DomainNotFound',
    fault: 'cloud',
    step: 'compute_reboot_instance',
  },
  {
    title: 'a machine that cannot be powered off',
    log: `${acted}${handling('stop_instance', 'nova.exception.InstancePowerOffFailure: Failed to power off instance: timed out')}`,
    code: 'Driver.PowerOffFailed',
    fault: 'cloud',
    step: 'compute_stop_instance',
  },
  {
    title: 'a hypervisor that hangs',
    log: `${acted}${handling('pause_instance', 'libvirt.libvirtError: Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainSuspend)')}`,
    code: 'Driver.Busy',
    fault: 'cloud',
    step: 'compute_pause_instance',
  },
  {
    title: 'a host that cannot reach its hypervisor',
    log: `${acted}${handling('start_instance', 'nova.exception.HypervisorUnavailable: Connection to the hypervisor is broken on host')}`,
    code: 'Driver.ConnectionLost',
    fault: 'cloud',
    step: 'compute_start_instance',
  },
  {
    title: 'a snapshot for which the image store has no room',
    log: `${acted}
      glance-api ERROR glance.api.v2.image_data | Image storage media is full: There is not enough disk space on the image storage media.
      ${handling('snapshot_instance', 'glanceclient.exc.HTTPOverLimit: HTTP 413 Request Entity Too Large: Image storage media is full')}`,
    code: 'Image.StorageFull',
    fault: 'capacity',
    step: 'compute_snapshot_instance',
  },
  {
    title: 'a volume whose storage the host cannot reach',
    log: `${asked(`POST /v2.1/servers/${serverId}/os-volume_attachments 200`)}
      nova-compute ERROR nova.virt.block_device | Driver failed to attach volume 5d21 at /dev/vdb: os_brick.exception.VolumeDeviceNotFound: Volume device not found at /dev/disk/by-path/x.
      ${handling('attach_volume', 'os_brick.exception.VolumeDeviceNotFound: Volume device not found at /dev/disk/by-path/x.')}`,
    code: 'Volume.ConnectFailed',
    fault: 'cloud',
    step: 'compute_attach_volume',
    also: ['Volume.AttachFailed'],
  },
  {
    title: 'an image that is gone when a shelved server comes back',
    log: `${acted}
      nova-conductor ERROR nova.conductor.manager | Unshelve attempted but the image 713e cannot be found.
      nova-conductor WARNING nova.scheduler.utils | Setting instance to ERROR state.`,
    code: 'Image.NotFound',
    fault: 'request',
    step: 'nova-conductor',
  },
  {
    title: 'an action another one was in the way of',
    log: `${acted}${handling('stop_instance', "nova.exception.UnexpectedTaskStateError: Conflict updating instance 2a65. Expected: {'task_state': ['powering-off']}. Actual: {'task_state': 'resize_prep'}")}`,
    code: 'State.Changed',
    fault: 'request',
    step: 'compute_stop_instance',
  },
  {
    title: 'a compute service that is too old',
    log: `${acted}${handling('rebuild_instance', 'oslo_messaging.rpc.dispatcher.UnsupportedVersion: Endpoint does not support RPC version 6.2. Attempted method: rebuild_instance')}`,
    code: 'Host.TooOld',
    fault: 'cloud',
    step: 'compute_rebuild_instance',
  },
  {
    title: 'allocations that change while they are written',
    log: `${acted}
      nova-conductor ERROR nova.scheduler.client.report | Failed to update allocations for consumer 2a65. Error: another process changed the consumer 2a65 after the report client read the consumer state: consumer generation conflict
      ${migrateFails('Failed to move allocations: AllocationMoveFailed')}`,
    code: 'Placement.Conflict',
    fault: 'cloud',
    step: 'cold_migrate',
  },
]

for (const { title, log, code, fault, step, says, also = [] } of stories)
  test(title, async () => {
    const { verdict } = await told(log)
    assert.deepEqual(
      [verdict.outcome, verdict.cause?.code, verdict.cause?.fault, verdict.step, verdict.isOver],
      ['failed', code, fault, step, true],
    )
    if (says) assert.match(verdict.sentence, says)
    for (const other of also)
      assert.ok(
        verdict.also.some(cause => cause.code === other),
        other,
      )
  })

const ends: readonly (readonly [what: string, log: string])[] = [
  [
    'resize',
    'nova-compute INFO nova.compute.manager | Migrating\nnova-compute INFO nova.virt.libvirt.driver | Instance running successfully.',
  ],
  ['revertResize', "nova-compute INFO nova.compute.manager | Updating instance to original state: 'active'"],
  [
    'reboot',
    'nova-compute INFO nova.compute.manager | Rebooting instance\nnova-compute INFO nova.virt.libvirt.driver | Instance rebooted successfully.',
  ],
  [
    'createImage',
    'nova-compute INFO nova.compute.manager | instance snapshotting\nnova-compute INFO nova.virt.libvirt.driver | Snapshot image upload complete',
  ],
  [
    'live-migration',
    'nova-compute INFO nova.compute.manager | Took 1.00 seconds for pre_live_migration on destination host compute2.\nnova-compute INFO nova.compute.manager | Migrating instance to compute2 finished successfully.',
  ],
  [
    'rebuild',
    'nova-compute INFO nova.compute.manager | Rebuilding instance\nnova-compute INFO nova.virt.libvirt.driver | Instance spawned successfully.',
  ],
]

for (const [what, log] of ends)
  test(`${what}: the line it ends with shows that it succeeded`, async () => {
    const { verdict } = await told(`${acted}\n${log}`)
    assert.deepEqual([verdict.outcome, verdict.isOver, verdict.cause], ['succeeded', true, null])
    assert.equal(verdict.sentence, `${what} of server ${serverId} succeeded`)
  })

test('a deletion has succeeded when the network is given back; a failed build that gives it back has not', async () => {
  const line =
    'nova-compute INFO nova.compute.manager | Took 0.11 seconds to deallocate network for instance.'
  const deleted = await told(`${asked(`DELETE /v2.1/servers/${serverId} 204`)}\n${line}`)
  assert.equal(deleted.verdict.outcome, 'succeeded')
  assert.equal((await told(`${acted}\n${line}`)).verdict.outcome, 'unknown')
})
