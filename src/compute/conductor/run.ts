// One operation from where it stands to its end: its steps in order, or back through their undos.

import { tables } from '../../platform/store/store.ts'
import { ExplainedError } from '../errors.ts'
import {
  type AnyOperation,
  Draining,
  isInterruption,
  StoreFailed,
  Superseded,
} from '../operations/operation.ts'
import { operations } from '../operations/table.ts'
import { type AnyWork, Work } from '../operations/work.ts'
import type { WorkDeps } from '../operations/work-deps.ts'
import { closeAction } from '../store/actions.ts'
import { type OperationRow, patchOperation } from '../store/operations.ts'
import { readServer, type ServerPatch } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'

/** What brought the operation here: a request, a process that ended before it did, or a store that failed it. */
export type TakenUp = 'accepted' | 'restart' | 'store-failure'

export interface Run {
  readonly takenUp: TakenUp
  /** A store that fails it again and again is an end of it too. */
  readonly isLastTry: boolean
  isDraining(): boolean
  /** A step is over. */
  onStep(): void
}

/**
 * Throws StoreFailed, whatever the store throws on reading, and Draining; everything else is an end of the operation.
 */
export async function runOperation(
  deps: WorkDeps,
  row: OperationRow,
  { takenUp, isLastTry, isDraining, onStep }: Run,
): Promise<void> {
  if (row.state === 'done' || row.state === 'failed' || row.state === 'superseded') return
  const definition = operations[row.kind]
  const server = await readServer(tables<ComputeTables>(deps.store), row.server_id)
  if (!definition || !server) {
    const lack = definition ? 'no server' : 'no definition'
    return deps.logs.conductor.error(`operation ${row.id} of kind ${row.kind} has ${lack}: it stays as it is`)
  }
  const work: AnyWork = new Work(deps, row, server, definition)
  await work.transaction(tx =>
    patchOperation(
      tx,
      row.id,
      { state: row.state === 'undoing' ? 'undoing' : 'running', attempts: row.attempts + 1 },
      deps.clock.now(),
    ),
  )
  if (takenUp !== 'accepted') await leaveMark(work, definition, row, takenUp)
  if (row.state === 'undoing') return undo(definition, work, row.step, reasonOf(work), isLastTry)
  for (let at = row.step; at < definition.steps.length; at += 1) {
    try {
      // A deletion whose last word was lost to a crash finds the server gone, and no step left to look at it.
      if (at === row.step) await work.stillWanted()
      if (isDraining()) throw new Draining('the process is stopping')
      await runStep(definition, at, work)
    } catch (error) {
      if (error instanceof Draining || (error instanceof StoreFailed && !isLastTry)) throw error
      if (!work.isPassed) return fail(definition, work, at, error, isLastTry)
      // It did what it had to: an event that could not be closed, or a notification, does not take that back.
      work.log.error(`${definition.kind}: after its step ${definition.steps[at]?.name}`, {
        server: server.id,
        error,
      })
    }
    await work.nextStep()
    onStep()
  }
  await work.transaction(tx => close(tx, work, 'done'))
  // Logs alone must tell that it went well: silence is no success.
  work.log.info(`${definition.kind} is done`, { server: server.id })
}

const reasonOf = (work: AnyWork): Error => work.failure ?? new Error('interrupted while it was being undone')

async function leaveMark(
  work: AnyWork,
  definition: AnyOperation,
  row: OperationRow,
  takenUp: Exclude<TakenUp, 'accepted'>,
): Promise<void> {
  const when = takenUp === 'restart' ? 'after a restart' : 'after the database failed'
  const name = definition.steps[row.step]?.name
  const [found, done] =
    row.state === 'accepted'
      ? ['accepted and not begun', 'it is begun now']
      : row.state === 'undoing'
        ? [`failed and not undone from step ${name ?? 'end'}`, 'its undoing is finished now']
        : name === undefined
          ? ['done and not closed', 'it is closed now']
          : [`unfinished at step ${name}`, 'it is taken up again there']
  const text = `Found ${row.kind} ${found} ${when}; ${done}.`
  work.log.warning(text, { server: row.server_id })
  await work.mark('conductor_recover_operation', text)
}

async function runStep(definition: AnyOperation, at: number, work: AnyWork): Promise<void> {
  const step = definition.steps[at]! // at < length
  const host = step.at === 'host' ? (work.server.host ?? work.deps.conductorHost) : work.deps.conductorHost
  if (step.event) await work.event(step.event, host, () => step.run(work))
  else await step.run(work)
}

async function fail(
  definition: AnyOperation,
  work: AnyWork,
  at: number,
  error: unknown,
  isLastTry: boolean,
): Promise<void> {
  const { log, server } = work
  if (error instanceof Superseded)
    log.info(`${definition.kind} ends: the server is being deleted`, { server: server.id })
  else
    log.warning(`${definition.kind} failed at ${definition.steps[at]?.name ?? 'its end'}`, {
      server: server.id,
      // A refusal that explains itself is no bug: its sentence is enough.
      ...(error instanceof ExplainedError ? { summary: error } : { error }),
    })
  await work.startUndoing(error)
  await undo(definition, work, at, error, isLastTry)
}

/** From the step that failed back to the first; then the server is left as the operation says. */
async function undo(
  definition: AnyOperation,
  work: AnyWork,
  at: number,
  error: unknown,
  isLastTry: boolean,
): Promise<void> {
  for (let index = Math.min(at, definition.steps.length - 1); index >= 0; index -= 1) {
    const step = definition.steps[index]! // between 0 and length
    try {
      await step.undo?.(work)
    } catch (undoError) {
      if (undoError instanceof Draining || (undoError instanceof StoreFailed && !isLastTry)) throw undoError
      // What could not be taken back is removed with the server.
      if (!(undoError instanceof Superseded))
        work.log.error(`${definition.kind}: undoing ${step.name} failed`, {
          server: work.server.id,
          error: undoError,
        })
    }
  }
  if (!(error instanceof Superseded) && (await leaveServer(definition, work, error))) return
  await work.transaction(tx => close(tx, work, 'superseded'))
}

/** The server's last change and the end of the operation, in one go; false when the server is being deleted. */
async function leaveServer(definition: AnyOperation, work: AnyWork, error: unknown): Promise<boolean> {
  const idle = definition.withoutTask ? {} : { task_state: null }
  const patch = { ...idle, ...(await patchAfter(definition, work, error)) }
  try {
    await work.change(patch, tx => close(tx, work, 'failed'))
    return true
  } catch (lateError) {
    if (lateError instanceof Superseded) return false
    throw lateError
  }
}

async function patchAfter(definition: AnyOperation, work: AnyWork, error: unknown): Promise<ServerPatch> {
  try {
    return (await definition.failed?.(work, error)) ?? {}
  } catch (lateError) {
    if (isInterruption(lateError)) throw lateError
    work.log.error(`${definition.kind}: cleaning up after its failure failed`, {
      server: work.server.id,
      error: lateError,
    })
    await work.recordFault(error, work.server.host)
    return {}
  }
}

/** Closes the operation, its action and whatever event a dead process left open. */
async function close(
  tx: Parameters<Parameters<AnyWork['transaction']>[0]>[0],
  work: AnyWork,
  state: 'done' | 'failed' | 'superseded',
): Promise<void> {
  const now = work.deps.clock.now()
  await patchOperation(tx, work.operationId, { state }, now)
  if (work.actionId !== null)
    await closeAction(tx, work.actionId, state === 'done' ? 'Success' : 'Error', now)
}
