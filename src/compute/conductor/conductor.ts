// Keeps the promises: runs every accepted operation to its end, one at a time for each server, whatever happens to the
// process. What a crash leaves unfinished is taken up at the next start, with a mark that says so.
import { readJson } from '../../base/json.ts'
import { limits } from '../../model/limits.ts'
import type { LogContext } from '../../platform/journal/log.ts'
import { tables } from '../../platform/store/store.ts'
import type { Conductor } from '../deps.ts'
import { Draining } from '../operations/operation.ts'
import type { WorkDeps } from '../operations/work-deps.ts'
import { type OperationRow, readOperation, unfinishedOperations } from '../store/operations.ts'
import type { ComputeTables } from '../tables.ts'
import { gateStore } from './gate.ts'
import { runOperation, type TakenUp } from './run.ts'

export interface RunningConductor extends Conductor {
  /** Begins: takes up what an earlier process left, and answers how many operations that were. */
  recover(): Promise<number>
  /** True while this process has the operation in hand: it runs, or waits for its turn. */
  holds(operationId: string): boolean
  /** Resolves when nothing is running or waiting. */
  idle(): Promise<void>
  /**
   * Starts no further step; resolves when running steps have ended or `ms` have passed. The rest waits in the store,
   * and what still runs can change nothing there any more.
   */
  drain(ms: number): Promise<void>
}

/** The request whose operation has come to an end, and the server it was for. */
export interface EndedOperation {
  readonly requestId: string
  readonly serverId: string
}

export function createConductor(
  given: WorkDeps,
  onEnd: (operation: EndedOperation) => void = () => {},
): RunningConductor {
  /** The last operation in line for each server. */
  const lines = new Map<string, Promise<void>>()
  const waiting: (() => void)[] = []
  /** Accepted before `recover` was called: hosts may not answer yet. */
  const early = new Map<string, string>()
  const held = new Map<string, Promise<void>>()
  let isStarted = false
  let running = 0
  let state: 'open' | 'draining' | 'stopped' = 'open'
  let wakeSleepers = () => {}
  const drainBegins = new Promise<void>(resolve => {
    wakeSleepers = resolve
  })
  const started = Promise.withResolvers<void>()
  const isDraining = () => state !== 'open'
  const deps: WorkDeps = { ...given, store: gateStore(given.store, () => state !== 'stopped') }

  const takeSlot = async (): Promise<void> => {
    if (running >= limits.operationsRunningMax) await new Promise<void>(resolve => waiting.push(resolve))
    running += 1
  }
  const giveSlot = () => {
    running -= 1
    waiting.shift()?.()
  }

  function enqueue(row: Pick<OperationRow, 'id' | 'server_id'>, after: TakenUp): void {
    const before = lines.get(row.server_id) ?? Promise.resolve()
    const mine = before.then(async () => {
      if (!isDraining()) await drive(row.id, after)
    })
    held.set(row.id, mine)
    lines.set(row.server_id, mine)
    void mine.finally(() => {
      if (held.get(row.id) === mine) held.delete(row.id)
      if (lines.get(row.server_id) === mine) lines.delete(row.server_id)
    })
  }

  async function drive(id: string, after: TakenUp): Promise<void> {
    let takenUp = after
    for (let attempt = 0; !isDraining(); attempt += 1) {
      await takeSlot()
      try {
        const row = await readOperation(tables<ComputeTables>(deps.store), id)
        if (!row) return
        await runOperation(deps, row, takenUp, attempt >= limits.storeTriesMax, isDraining)
        onEnd({ requestId: readJson<LogContext>(row.context_json).requestId, serverId: row.server_id })
        return
      } catch (error) {
        if (error instanceof Draining) return
        // Only the store failing brings us here: everything else is an end of the operation. The promise stands, so
        // this goes on until the store is back.
        deps.logs.conductor.error(`operation ${id} could not be recorded`, { error })
        takenUp = 'store-failure'
      } finally {
        giveSlot()
      }
      const ms = Math.min(limits.storeRetryMsMax, storeRetryMs * 2 ** attempt)
      await Promise.race([new Promise(resolve => setTimeout(resolve, ms).unref()), drainBegins])
    }
  }

  return {
    wake(operationId, serverId) {
      if (isDraining()) return
      if (isStarted) enqueue({ id: operationId, server_id: serverId }, 'accepted')
      else early.set(operationId, serverId)
    },
    async recover() {
      const left = await unfinishedOperations(tables<ComputeTables>(deps.store))
      isStarted = true
      const mine = left.filter(({ id }) => !early.has(id))
      for (const row of mine) enqueue(row, 'restart')
      for (const [id, server_id] of early) enqueue({ id, server_id }, 'accepted')
      started.resolve()
      return mine.length
    },
    async ended(operationId) {
      await Promise.race([started.promise, drainBegins])
      await held.get(operationId)
    },
    holds: id => held.has(id) || (!isStarted && early.has(id)),
    async idle() {
      while (lines.size > 0) await Promise.all(lines.values())
    },
    async drain(ms) {
      state = 'draining'
      wakeSleepers()
      const end = Date.now() + ms
      while (running > 0 && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 5))
      state = 'stopped'
    },
  }
}

const storeRetryMs = 100
