// Keeps the promises: runs every accepted operation to its end, one at a time for each server, whatever happens to the
// process. What a crash leaves unfinished is taken up at the next start, with a mark that says so.

import { limits } from '../../model/limits.ts'
import { tables } from '../../platform/store/store.ts'
import type { Conductor } from '../deps.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { Superseded } from '../operations/operation.ts'
import { operations } from '../operations/table.ts'
import { Work } from '../operations/work.ts'
import type { WorkDeps } from '../operations/work-deps.ts'
import { finishAction, openEvents } from '../store/actions.ts'
import {
  type OperationRow,
  patchOperation,
  readOperation,
  unfinishedOperations,
} from '../store/operations.ts'
import { readServer } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'

export interface RunningConductor extends Conductor {
  /** Takes up what an earlier process left; answers how many operations that were. */
  recover(): Promise<number>
  /** Resolves when nothing is running or waiting. */
  idle(): Promise<void>
  /** Starts no further step; resolves when running steps have ended or `ms` have passed. The rest waits in the store. */
  drain(ms: number): Promise<void>
}

/** The process is stopping: the operation stays where it is, for the next start. */
class Draining extends Error {}

export function createConductor(deps: WorkDeps): RunningConductor {
  /** The last operation in line for each server. */
  const lines = new Map<string, Promise<void>>()
  const waiting: (() => void)[] = []
  let running = 0
  let draining = false

  const takeSlot = async (): Promise<void> => {
    if (running >= limits.operationsRunningMax) await new Promise<void>(resolve => waiting.push(resolve))
    running += 1
  }
  const giveSlot = () => {
    running -= 1
    waiting.shift()?.()
  }

  function enqueue(row: Pick<OperationRow, 'id' | 'server_id'>): void {
    const before = lines.get(row.server_id) ?? Promise.resolve()
    const mine = before.then(async () => {
      if (draining) return
      await takeSlot()
      try {
        await drive(row.id)
      } finally {
        giveSlot()
      }
    })
    lines.set(row.server_id, mine)
    void mine.finally(() => {
      if (lines.get(row.server_id) === mine) lines.delete(row.server_id)
    })
  }

  async function drive(id: string): Promise<void> {
    for (let attempt = 0; ; attempt += 1)
      try {
        const row = await readOperation(tables<ComputeTables>(deps.store), id)
        if (row && row.state !== 'done' && row.state !== 'failed' && row.state !== 'superseded')
          await runOperation(deps, row, () => draining)
        return
      } catch (error) {
        if (error instanceof Draining) return
        // Only the store failing brings us here: everything else is an end of the operation. Try again, then leave it
        // for the next start rather than spin.
        deps.logs.conductor.error(`operation ${id} could not be recorded`, { error })
        if (attempt >= storeRetriesMax || draining) return
        await new Promise(resolve => setTimeout(resolve, storeRetryMs * 2 ** attempt))
      }
  }

  return {
    wake(operationId, serverId) {
      if (!draining) enqueue({ id: operationId, server_id: serverId })
    },
    async recover() {
      const left = await unfinishedOperations(tables<ComputeTables>(deps.store))
      for (const row of left) enqueue(row)
      return left.length
    },
    async idle() {
      while (lines.size > 0) await Promise.all(lines.values())
    },
    async drain(ms) {
      draining = true
      const end = Date.now() + ms
      while (running > 0 && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 5))
    },
  }
}

const storeRetriesMax = 5
const storeRetryMs = 100

async function runOperation(deps: WorkDeps, row: OperationRow, isDraining: () => boolean): Promise<void> {
  const definition = operations[row.kind]
  const server = await readServer(tables<ComputeTables>(deps.store), row.server_id)
  if (!definition || !server)
    throw new Error(
      `operation ${row.id} of kind ${row.kind} has ${definition ? 'no server' : 'no definition'}`,
    )
  const work = new Work<unknown, unknown>(deps, row, server, definition.deletes === true)
  // A deletion whose last word was lost to a crash: the server is gone, so is the work.
  if (definition.deletes && server.deleted === 1) return end(work, 'done')
  const now = deps.clock.now()
  await deps.store.transaction<ComputeTables, void>(tx =>
    patchOperation(
      tx,
      row.id,
      { state: row.state === 'undoing' ? 'undoing' : 'running', attempts: row.attempts + 1 },
      now,
    ),
  )
  if (row.attempts > 0) await leaveMark(work, definition, row)
  let at = row.step
  try {
    if (row.state === 'undoing') throw new Error('interrupted while it was being undone')
    await work.stillWanted()
    for (; at < definition.steps.length; at += 1) {
      if (isDraining()) throw new Draining()
      await runStep(definition, at, work)
      const next = at + 1
      await deps.store.transaction<ComputeTables, void>(tx =>
        patchOperation(tx, row.id, { step: next }, deps.clock.now()),
      )
    }
    await end(work, 'done')
  } catch (error) {
    if (error instanceof Draining) throw error
    await fail(definition, work, at, error)
  }
}

async function leaveMark(
  work: Work<unknown, unknown>,
  definition: AnyOperation,
  row: OperationRow,
): Promise<void> {
  const name = definition.steps[row.step]?.name ?? 'end'
  const done = row.state === 'undoing' ? 'its undoing is finished now' : 'it is taken up again there'
  const text = `Found ${row.kind} unfinished at step ${name} after a restart; ${done}.`
  work.log.warning(text, { server: row.server_id })
  await work.mark('conductor_recover_operation', text)
}

async function runStep(definition: AnyOperation, at: number, work: Work<unknown, unknown>): Promise<void> {
  const step = definition.steps[at]! // at < length
  const host = step.at === 'host' ? (work.server.host ?? work.deps.conductorHost) : work.deps.conductorHost
  if (step.event) await work.event(step.event, host, () => step.run(work))
  else await step.run(work)
}

async function fail(
  definition: AnyOperation,
  work: Work<unknown, unknown>,
  at: number,
  error: unknown,
): Promise<void> {
  const { log, server } = work
  const superseded = error instanceof Superseded
  if (superseded) log.info(`${definition.kind} ends: the server is being deleted`, { server: server.id })
  else
    log.warning(`${definition.kind} failed at ${definition.steps[at]?.name ?? 'its end'}`, {
      server: server.id,
      error,
    })
  await work.deps.store.transaction<ComputeTables, void>(tx =>
    patchOperation(tx, work.operationId, { state: 'undoing', step: at }, work.deps.clock.now()),
  )
  for (let index = Math.min(at, definition.steps.length - 1); index >= 0; index -= 1) {
    const step = definition.steps[index]! // between 0 and length
    try {
      await step.undo?.(work)
    } catch (undoError) {
      if (!(undoError instanceof Superseded))
        log.error(`${definition.kind}: undoing ${step.name} failed`, { server: server.id, error: undoError })
    }
  }
  if (!superseded) {
    try {
      const patch = (await definition.failed?.(work, error)) ?? {}
      await work.change({ task_state: null, ...patch })
    } catch (lateError) {
      if (!(lateError instanceof Superseded)) throw lateError
    }
  }
  await end(work, superseded ? 'superseded' : 'failed')
}

/** Closes the action and whatever event a dead process left open, and the operation with them, in one go. */
async function end(work: Work<unknown, unknown>, state: 'done' | 'failed' | 'superseded'): Promise<void> {
  const { actionId, deps } = work
  const now = deps.clock.now()
  await deps.store.transaction<ComputeTables, void>(async tx => {
    await patchOperation(tx, work.operationId, { state }, now)
    if (actionId === null) return
    for (const event of await openEvents(tx, actionId)) // at most the two a step nests
      await tx
        .updateTable('instance_action_events')
        .set({ finish_time: now, result: state === 'done' ? 'Success' : 'Error' })
        .where('id', '=', event.id)
        .execute()
    await finishAction(tx, actionId, now)
  })
}
