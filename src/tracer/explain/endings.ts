// The lines an operation ends with: what Nova and Cinder say at INFO when it is done, and when it is given up.
// https://opendev.org/openstack/nova/src/branch/master/nova/compute/manager.py, …/virt/libvirt/driver.py
import type { LogRecord } from '../record.ts'
import type { Kind } from './kinds.ts'

export interface Ending {
  readonly means: 'success' | 'failure'
  /** Said by others too, there meaning less; absent: whatever was asked. */
  readonly of?: readonly Kind[]
  readonly match: RegExp
  readonly example: string
}

export const endings: readonly Ending[] = [
  success(/^Took [\d.]{1,12} seconds to build instance/, 'Took 1.00 seconds to build instance.'),
  success(/^Instance spawned successfully/, 'Instance spawned successfully.', [
    'create',
    'rebuild',
    'evacuate',
    'unshelve',
  ]),
  success(
    /^Took [\d.]{1,12} seconds to deallocate network for instance/,
    'Took 0.11 seconds to deallocate network for instance.',
    ['delete'],
  ),
  success(
    /^instance's host \S{1,255} is down, deleting from database/,
    "instance's host None is down, deleting from database",
  ),
  success(/^Deleted allocations? for instance/, 'Deleted allocations for instance 7e', ['delete']),
  success(/^Instance (?:soft )?rebooted successfully/, 'Instance rebooted successfully.', [
    'reboot',
    'start',
    'resume',
    'other',
  ]),
  success(/^Instance shutdown successfully/, 'Instance shutdown successfully after 3 seconds.', [
    'stop',
    'other',
  ]),
  success(/^Instance destroyed successfully/, 'Instance destroyed successfully.', ['stop']),
  success(/^Snapshot image upload complete/, 'Snapshot image upload complete', ['createImage', 'other']),
  success(
    /^Took [\d.]{1,12} seconds to snapshot the instance on the hypervisor/,
    'Took 3.10 seconds to snapshot the instance on the hypervisor.',
    ['createImage', 'other'],
  ),
  success(
    /^(?:Migrating instance to \S{1,255} finished successfully|Migration operation has completed)/,
    'Migrating instance to compute2 finished successfully.',
  ),
  success(/^Instance running successfully/, 'Instance running successfully.', [
    'resize',
    'migrate',
    'revertResize',
    'other',
  ]),
  success(/^Updating instance to original state: /, "Updating instance to original state: 'active'"),
  success(/^(?:Admin|Root) password set/, 'Root password set'),
  success(/^Created volume successfully|: created successfully$/, 'Created volume successfully.'),
  success(
    /^(?:Deleted|Attach|Detach|Extend) volume (?:completed )?successfully/,
    'Deleted volume successfully.',
  ),
  // Notifications, by event type. Those of a part (`resize_prep.end`, `resize.end` of the old host, `shutdown.end`) are
  // not the end of the whole.
  success(
    /^(?:compute\.)?instance\.(?:create|delete|soft_delete|finish_resize|resize_finish|resize[._]confirm|resize[._]revert|reboot|rebuild|power_on|power_off|pause|unpause|suspend|resume|shelve|shelve_offload|unshelve|snapshot|rescue|unrescue|restore|live[._]migration[._]post[._]dest|(?:interface|volume)[._](?:at|de)tach|trigger_crash_dump|lock|unlock)\.end\b/,
    'instance.create.end (active)',
  ),
  success(/^[a-zA-Z]{1,40} is done$/, 'resize is done'),
  failure(
    /^(?:compute\.)?(?:instance|compute_task)\.[\w.]{1,60}\.error\b/,
    'compute_task.migrate_server.error: NoValidHost: No valid host was found. ',
  ),
  failure(
    /^Setting instance to \w{1,30} state\./,
    'Setting instance to ERROR state.: nova.exception_Remote.NoValidHost_Remote: No valid host was found. ',
  ),
  failure(
    /^Failed to compute_task_\w{1,40}: /,
    'Failed to compute_task_migrate_server: No valid host was found. ',
  ),
  failure(/^Setting instance vm_state to ERROR/, 'Setting instance vm_state to ERROR: boom'),
  failure(/^Failed to schedule instances/, 'Failed to schedule instances: boom'),
  failure(/^No valid host found for unshelve instance/, 'No valid host found for unshelve instance'),
  failure(
    /^(?:Live Migration failure|Migration operation has aborted|Migration operation was cancelled|Live migration failed)/,
    'Live Migration failure: operation failed',
  ),
  failure(/^[a-zA-Z]{1,40} failed at \w{1,60}/, 'resize failed at choose'),
  failure(/^Build of instance \S{1,60} aborted: /, 'Build of instance 7e aborted: boom'),
  failure(
    /^Instance build timed out\. Set to error state\./,
    'Instance build timed out. Set to error state.',
  ),
  failure(/^Unexpected exception in API method/, 'Unexpected exception in API method'),
  failure(/^Exception during message handling/, 'Exception during message handling: boom'),
]

function success(match: RegExp, example: string, of?: readonly Kind[]): Ending {
  return of ? { means: 'success', match, example, of } : { means: 'success', match, example }
}

function failure(match: RegExp, example: string): Ending {
  return { means: 'failure', match, example }
}

/** What the record says of the end; a record at ERROR is a failure that nothing may have followed. */
export function endingOf(record: LogRecord, kind: string): Ending['means'] | null {
  const ending = endings.find(
    row => (!row.of || row.of.some(of => of === kind)) && row.match.test(record.message),
  )
  if (ending) return ending.means
  return record.level === 'ERROR' || record.level === 'CRITICAL' ? 'failure' : null
}
