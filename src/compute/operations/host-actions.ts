// Operations that are one call to the server's host: start, stop, reboot, pause, suspend, rescue … and back.
import { assert } from '../../base/assert.ts'
import type { EventName } from '../../model/events.ts'
import { powerStates } from '../../model/server-states.ts'
import { ExplainedError, publicMessage } from '../errors.ts'
import type { HostCallName, HostCalls } from '../messages.ts'
import type { ImageSnapshot } from '../snapshots.ts'
import type { ServerPatch } from '../store/servers.ts'
import { errorOut, revertTask } from './failing.ts'
import { type Operation, operation, step } from './operation.ts'
import { type ServerNotification, tell } from './tell.ts'
import type { Work } from './work.ts'

interface HostAction<Args, Name extends HostCallName> {
  readonly kind: string
  readonly event: EventName
  readonly notification: ServerNotification | null
  readonly call: Name
  args(work: Work<Args, object>): HostCalls[Name]['args']
  /** task_states the server passes through before the call, each visible. */
  readonly passing?: (args: Args) => readonly ServerPatch['task_state'][]
  /** The server once the host is done; task_state is cleared with it. */
  done(work: Work<Args, object>): ServerPatch
  readonly failed: Operation<Args, object>['failed']
}

const { RUNNING, PAUSED, SHUTDOWN, SUSPENDED } = powerStates

function hostAction<Args, Name extends HostCallName>(row: HostAction<Args, Name>): Operation<Args, object> {
  return operation<Args, object>({
    kind: row.kind,
    steps: [
      step(row.kind, {
        event: row.event,
        at: 'host',
        async run(work) {
          const { host } = work.server
          assert(host, 'an admitted server has a host')
          if (row.notification) tell(work, row.notification, 'start', host)
          for (const task of row.passing?.(work.args) ?? []) await work.change({ task_state: task })
          await work.onHost(host, row.call, row.args(work))
          await work.change({ task_state: null, ...row.done(work) })
          if (row.notification) tell(work, row.notification, 'end', host)
        },
      }),
    ],
    failed: row.failed,
  })
}

const nothing = () => null

export const start = hostAction({
  kind: 'start',
  event: 'compute_start_instance',
  notification: 'power_on',
  call: 'start',
  args: nothing,
  done: () => ({ vm_state: 'active', power_state: RUNNING }),
  failed: revertTask,
})

export const stop = hostAction({
  kind: 'stop',
  event: 'compute_stop_instance',
  notification: 'power_off',
  call: 'stop',
  args: nothing,
  done: () => ({ vm_state: 'stopped', power_state: SHUTDOWN, progress: 0 }),
  failed: revertTask,
})

export const pause = hostAction({
  kind: 'pause',
  event: 'compute_pause_instance',
  notification: 'pause',
  call: 'pause',
  args: nothing,
  done: () => ({ vm_state: 'paused', power_state: PAUSED }),
  failed: revertTask,
})

export const unpause = hostAction({
  kind: 'unpause',
  event: 'compute_unpause_instance',
  notification: 'unpause',
  call: 'unpause',
  args: nothing,
  done: () => ({ vm_state: 'active', power_state: RUNNING }),
  failed: revertTask,
})

export const suspend = hostAction({
  kind: 'suspend',
  event: 'compute_suspend_instance',
  notification: 'suspend',
  call: 'suspend',
  args: nothing,
  done: ({ server }) => ({
    vm_state: 'suspended',
    power_state: SUSPENDED,
    previous_vm_state: server.vm_state,
  }),
  failed: errorOut,
})

export const resume = hostAction({
  kind: 'resume',
  event: 'compute_resume_instance',
  notification: 'resume',
  call: 'resume',
  args: nothing,
  done: ({ server }) => ({
    vm_state: server.previous_vm_state ?? 'active',
    power_state: RUNNING,
    previous_vm_state: null,
  }),
  failed: errorOut,
})

export const reboot = hostAction<{ readonly type: 'SOFT' | 'HARD' }, 'reboot'>({
  kind: 'reboot',
  event: 'compute_reboot_instance',
  notification: 'reboot',
  call: 'reboot',
  args: ({ args }) => ({ type: args.type }),
  passing: ({ type }) =>
    type === 'SOFT' ? ['reboot_pending', 'reboot_started'] : ['reboot_pending_hard', 'reboot_started_hard'],
  done: () => ({ vm_state: 'active', power_state: RUNNING }),
  failed: rebootFailed,
})

// nova/compute/manager.py, reboot_instance: a guest that still runs stays active and the fault is hidden; one that does
// not ends in ERROR.
async function rebootFailed(work: Work<unknown, object>, error: unknown): Promise<ServerPatch> {
  const { host } = work.server
  const power = host === null ? null : await work.onHost(host, 'power', null)
  if (host !== null) tell(work, 'reboot', 'error', host, { fault: error })
  return power === RUNNING
    ? { ...(await revertTask(work, error)), vm_state: 'active', power_state: RUNNING }
    : errorOut(work, error)
}

export const rescue = hostAction<{ readonly image: ImageSnapshot }, 'rescue'>({
  kind: 'rescue',
  event: 'compute_rescue_instance',
  notification: 'rescue',
  call: 'rescue',
  args: ({ args }) => ({ image: args.image }),
  done: ({ server }) => ({ vm_state: 'rescued', power_state: RUNNING, previous_vm_state: server.vm_state }),
  async failed(work, error) {
    const text = `Instance ${work.server.id} cannot be rescued: Driver Error: ${publicMessage(error)}`
    await work.recordFault(
      new ExplainedError('InstanceNotRescuable', text, { admin: text, owner: text }, 400),
      work.server.host,
    )
    return { vm_state: 'error' }
  },
})

export const unrescue = hostAction({
  kind: 'unrescue',
  event: 'compute_unrescue_instance',
  notification: 'unrescue',
  call: 'unrescue',
  args: nothing,
  done: () => ({ vm_state: 'active', power_state: RUNNING, previous_vm_state: null }),
  failed: errorOut,
})
