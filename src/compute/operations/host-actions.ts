// Operations that are one call to the server's host: start, stop, reboot, pause, suspend, rescue … and back.
import { assert } from '../../base/assert.ts'
import type { EventName } from '../../model/events.ts'
import { type PowerState, powerStates } from '../../model/server-states.ts'
import { ExplainedError, publicMessage } from '../errors.ts'
import { HostError } from '../failures.ts'
import type { HostCallName, HostCalls } from '../messages.ts'
import type { ImageSnapshot } from '../snapshots.ts'
import type { ServerPatch } from '../store/servers.ts'
import { errorOut, revertTask } from './failing.ts'
import { bringDisk, forgetLeftBehind, leftBehind, nothingLeft } from './left-behind.ts'
import { isInterruption, type Operation, operation, Superseded, step } from './operation.ts'
import { type ServerNotification, tell } from './tell.ts'
import type { Work } from './work.ts'

interface HostAction<Args, Name extends HostCallName> {
  readonly kind: string
  readonly event: EventName
  readonly notification: ServerNotification | null
  readonly call: Name
  args(work: Work<Args, object>): HostCalls[Name]['args']
  /** The server once the host is done; task_state is cleared with it, unless the action keeps it. */
  done(work: Work<Args, object>): ServerPatch
  readonly failed: Operation<Args, object>['failed']
  readonly withoutTask?: true
  /** The host's error as upstream raises it to whoever reads events and faults. */
  explain?(server: string, error: unknown): unknown
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
          try {
            await work.onHost(host, row.call, row.args(work))
          } catch (error) {
            throw isInterruption(error) ? error : (row.explain?.(work.server.id, error) ?? error)
          }
          await work.complete({ ...(row.withoutTask ? {} : { task_state: null }), ...row.done(work) })
          if (row.notification) tell(work, row.notification, 'end', host)
        },
      }),
    ],
    failed: row.failed,
    ...(row.withoutTask ? { withoutTask: true } : {}),
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

export interface RebootArgs {
  readonly type: 'SOFT' | 'HARD'
}

export const reboot = operation<RebootArgs, object>({
  kind: 'reboot',
  steps: [step('reboot', { event: 'compute_reboot_instance', at: 'host', run: rebootOnHost })],
  failed: errorOut,
})

const rebootTasks = {
  SOFT: ['reboot_pending', 'reboot_started'],
  HARD: ['reboot_pending_hard', 'reboot_started_hard'],
} as const

// nova/compute/manager.py, reboot_instance: after a failure a guest that still runs stays active, its fault hidden and
// the event a success; one that does not run ends in ERROR.
async function rebootOnHost(work: Work<RebootArgs, object>): Promise<void> {
  const { host } = work.server
  assert(host, 'an admitted server has a host')
  tell(work, 'reboot', 'start', host)
  const [pending, started] = rebootTasks[work.args.type]
  await work.change({ task_state: pending })
  try {
    await work.change({ task_state: started })
    // A hard reboot makes the machine anew from what there is of it, as libvirt's driver does.
    const left = work.args.type === 'HARD' ? await leftBehind(work) : nothingLeft
    await bringDisk(work, host, left)
    await work.onHost(host, 'reboot', { type: work.args.type })
    await forgetLeftBehind(work, host, left)
  } catch (error) {
    if (error instanceof Superseded || isInterruption(error)) throw error
    tell(work, 'reboot', 'error', host, { fault: error })
    if ((await powerOn(work, host)) !== RUNNING) throw error
    await work.recordFault(error, host)
    work.noteFailure(error)
    return work.complete({ vm_state: 'active', task_state: null, power_state: RUNNING })
  }
  await work.complete({ vm_state: 'active', task_state: null, power_state: RUNNING })
  tell(work, 'reboot', 'end', host)
}

/** The machine's power as far as it can be told. */
async function powerOn(work: Work<RebootArgs, object>, host: string): Promise<PowerState | null> {
  try {
    return await work.onHost(host, 'power', null)
  } catch (error) {
    if (isInterruption(error)) throw error
    work.log.warning('the power state could not be read', { server: work.server.id, error })
    return null
  }
}

export const rescue = hostAction<{ readonly image: ImageSnapshot }, 'rescue'>({
  kind: 'rescue',
  event: 'compute_rescue_instance',
  notification: 'rescue',
  call: 'rescue',
  args: ({ args }) => ({ image: args.image }),
  done: ({ server }) => ({ vm_state: 'rescued', power_state: RUNNING, previous_vm_state: server.vm_state }),
  failed: errorOut,
  // nova/compute/manager.py, rescue_instance: the one place where a driver's own text reaches the owner.
  explain(server, error) {
    const reason = error instanceof HostError ? error.message : publicMessage(error)
    const text = `Instance ${server} cannot be rescued: Driver Error: ${reason}`
    return new ExplainedError('InstanceNotRescuable', text, { admin: text, owner: text }, 400, {
      cause: error,
    })
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

export const triggerCrashDump = hostAction({
  kind: 'trigger_crash_dump',
  event: 'compute_trigger_crash_dump',
  notification: 'trigger_crash_dump',
  call: 'crashDump',
  args: nothing,
  done: () => ({}),
  failed: revertTask,
  withoutTask: true,
})
