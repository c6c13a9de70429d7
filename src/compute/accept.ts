// Accepting work on a server: the state change, the action record and the operation in one durable transaction.
// After it commits the request is a promise; before it, nothing has happened.
import type { Transaction } from 'kysely'
import { newUuid } from '../base/ids.ts'
import type { Instant } from '../base/time.ts'
import { fault, isFault } from '../model/errors.ts'
import type { ActionName } from '../model/events.ts'
import { type AdmissionName, type AdmissionRow, admission } from '../model/server-states.ts'
import type { LogContext } from '../platform/journal/log.ts'
import type { ComputeCall } from './api/call.ts'
import type { ComputeDeps, Promised } from './deps.ts'
import { addAction } from './store/actions.ts'
import { addOperation } from './store/operations.ts'
import { patchServer, type ServerPatch, type ServerRow } from './store/servers.ts'
import type { ComputeTables } from './tables.ts'

/** Ids and caller of a call, as operations, logs and notifications keep them. Never the token. */
export const contextOf = (call: ComputeCall): LogContext => ({
  requestId: call.requestId,
  globalRequestId: call.globalRequestId,
  auth: call.auth,
})

/** When the call arrived: what start_time of its action says. */
export const arrivalOf = (call: ComputeCall): number =>
  Math.round(call.deps.clock.now() - (performance.now() - call.startedAt))

/**
 * Nova's checks in Nova's order: lock, then states (nova/compute/api.py, check_instance_lock and check_instance_state).
 * `name` is the action as the error names it, where that is not the row's own.
 */
export function checkAdmission(
  call: ComputeCall,
  server: ServerRow,
  action: AdmissionName,
  name: string = action,
): void {
  const row: AdmissionRow = admission[action]
  if (row.lock && server.locked_by !== null && !call.auth.isAdmin)
    throw row.lock === 'as-state'
      ? fault('ServerInvalidState', { action: name, server: server.id })
      : fault('ServerLocked', { server: server.id })
  const wrong = (attribute: string, value: string | null) =>
    value === null
      ? fault('ServerInvalidState', { action: name, server: server.id })
      : fault('ServerWrongState', { action: name, server: server.id, attribute, value })
  if (row.vm !== 'any' && !row.vm.includes(server.vm_state)) throw wrong('vm_state', server.vm_state)
  if (row.task !== 'any' && !row.task.includes(server.task_state))
    throw wrong('task_state', server.task_state)
  if (row.launched && server.launched_at === null) throw wrong('launched_at', null)
}

export interface Acceptance {
  readonly kind: string
  readonly action: ActionName
  /** The action as a conflict names it. */
  readonly name: string
  readonly server: ServerRow
  readonly patch: ServerPatch
  readonly args: unknown
  /** The operation's id, for callers that wait for its end; a new one if not said. */
  readonly operationId?: string
  /** The server must be as it was at this revision: for findings, which are true of a moment. */
  readonly revision?: number
  /** More to be written in the same transaction: quota checks, records. */
  also?(tx: Transaction<ComputeTables>): Promise<void>
}

/** What accepting needs of the service. */
type PromiseDeps = Pick<ComputeDeps, 'store' | 'clock' | 'conductor'>

/** Where work comes from: a request, or a finding of our own (`auth` null). */
export interface Origin {
  readonly context: LogContext
  /** When it arrived: start_time of the action. */
  readonly at: Instant
}

/** Accepts what a caller asked for. */
export const accept = (call: ComputeCall, acceptance: Acceptance): Promise<ServerRow> =>
  acceptFrom(call.deps, { context: contextOf(call), at: arrivalOf(call) }, acceptance)

/**
 * Writes the change, the action and the operation, and wakes the conductor. The server must still be in the states the
 * admission saw: who comes second gets the conflict.
 */
export async function acceptFrom(
  deps: PromiseDeps,
  { context, at }: Origin,
  acceptance: Acceptance,
): Promise<ServerRow> {
  const { server, kind, action, patch, args, revision } = acceptance
  const id = acceptance.operationId ?? newUuid()
  const promised = { operationId: id, serverId: server.id, kind }
  const changed = await promise<ServerRow>({ deps }, [promised], async tx => {
    const now = deps.clock.now()
    const row = await patchServer(tx, server.id, patch, now, {
      vmState: server.vm_state,
      taskState: server.task_state,
      ...(revision === undefined ? {} : { revision }),
    })
    if (!row)
      throw fault('ServerWrongState', {
        action: acceptance.name,
        server: server.id,
        attribute: 'task_state',
        value: 'changing: another request came first',
      })
    await acceptance.also?.(tx)
    const actionId = await addAction(tx, { ...actorOf(context), serverId: server.id, action, at })
    await addOperation(tx, { id, kind, serverId: server.id, actionId, context, args }, now)
    return row
  })
  deps.conductor.wake(promised)
  return changed
}

/**
 * A durable transaction that writes operations. When its answer is lost on the way from the database, nobody knows
 * whether it was committed: the caller gets the error, and the conductor looks whether the promise stands.
 */
export async function promise<R>(
  { deps }: { readonly deps: Pick<PromiseDeps, 'store' | 'conductor'> },
  promised: readonly Promised[],
  work: (tx: Transaction<ComputeTables>) => Promise<R>,
): Promise<R> {
  try {
    return await deps.store.accept(work)
  } catch (error) {
    if (!isFault(error)) for (const one of promised) deps.conductor.wake(one)
    throw error
  }
}

/** Who acts, as an action record keeps it. */
export const actor = (call: ComputeCall) => actorOf(contextOf(call))

const actorOf = ({ requestId, globalRequestId, auth }: LogContext) => ({
  requestId,
  globalRequestId,
  userId: auth?.userId ?? null,
  projectId: auth?.project?.id ?? null,
})

/** For calls to other services in the course of an API call. */
export const behalfOf = (call: ComputeCall) => ({ ids: call, log: call.log })
