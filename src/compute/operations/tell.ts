// Notifications of operations, under the name of the host, the conductor or the scheduler that would send them.
import type { Binary, InstanceAction, InstancePhase } from '../../model/notifications.ts'
import type { VmState } from '../../model/server-states.ts'
import { publicMessage } from '../errors.ts'
import type { TaskMethod } from '../notifications/compute-task.ts'
import type { ServerExtra } from '../notifications/instance-actions.ts'
import {
  notifyComputeTask,
  notifyException,
  notifySelectDestinations,
  notifyServer,
} from '../notifications/notify.ts'
import { type RequestFacts, requestOf } from '../notifications/request-spec.ts'
import type { Sender } from '../notifications/sender.ts'
import type { Request } from '../scheduler/snapshot.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import type { Work } from './work.ts'

// biome-ignore lint/suspicious/noExplicitAny: works of every operation can tell
type AnyWork = Work<any, any>

/** `instance.*` actions that operations announce with a start and an end. */
export type ServerNotification = Exclude<
  InstanceAction,
  'update' | 'exists' | 'lock' | 'unlock' | 'evacuate' | 'rebuild_scheduled'
>

const sender = (work: AnyWork, binary: Binary, host: string): Sender => ({
  notifier: work.deps.notifier,
  clock: work.deps.clock,
  host,
  binary,
  context: work.context,
})

/** Sends `instance.<action>.<phase>` for the server as it is now, from its compute host. */
export function tell<A extends ServerNotification>(
  work: AnyWork,
  action: A,
  phase: InstancePhase<A>,
  host: string,
  extra: ServerExtra = {},
): void {
  notifyServer(sender(work, 'nova-compute', host), action, phase, work.server, extra)
}

/** The conductor has chosen where a server is built anew. */
export function tellScheduled(work: AnyWork): void {
  notifyServer(
    sender(work, 'nova-conductor', work.deps.conductorHost),
    'rebuild_scheduled',
    null,
    work.server,
  )
}

/** A deletion without a host is done, and announced, by the API. */
export function tellLocally(work: AnyWork, action: 'delete', phase: 'start' | 'end'): void {
  notifyServer(sender(work, 'nova-api', work.deps.conductorHost), action, phase, work.server)
}

/** The scheduler is asked, or has answered (no `end` when it found nobody). */
export function tellScheduling(work: AnyWork, phase: 'start' | 'end', request: Request): void {
  notifySelectDestinations(
    sender(work, 'nova-scheduler', work.deps.conductorHost),
    phase,
    requestFacts(work, request),
  )
}

const requestFacts = (work: AnyWork, request: Request): RequestFacts =>
  requestOf(work.server, {
    servers: request.servers.length,
    ignoreHosts: request.ignore.length === 0 ? null : request.ignore.map(({ host }) => host),
    force: request.force,
    requested: request.requested?.host
      ? { host: request.requested.host, node: request.requested.node }
      : null,
  })

/** The conductor gave up: `compute_task.<method>.error`. */
export function tellTaskFailed(
  work: AnyWork,
  method: TaskMethod,
  error: unknown,
  state: VmState,
  flavor?: FlavorSnapshot,
): void {
  // nova/scheduler/utils.py, set_vm_state_and_notify: the two lines people look for.
  const log = work.log.named('nova.scheduler.utils')
  log.warning(`Failed to compute_task_${method}: ${publicMessage(error)}`)
  log.warning(`Setting instance to ${state.toUpperCase()} state.`, { server: work.server.id, summary: error })
  const request = requestOf(work.server, flavor === undefined ? {} : { flavor })
  notifyComputeTask(sender(work, 'nova-conductor', work.deps.conductorHost), method, {
    request,
    state,
    error,
  })
}

/** An exception escaped something a compute host was doing: `compute.exception`. */
export function tellException(work: AnyWork, error: unknown, functionName: string, host: string): void {
  notifyException(sender(work, 'nova-compute', host), error, functionName, {})
}
