// Keeps the promises: runs every accepted operation to its end, one at a time for each server, whatever happens to the
// process. What a crash leaves unfinished is taken up at the next start, with a mark that says so.
import { readJson } from '../../base/json.ts'
import { limits } from '../../model/limits.ts'
import type { LogContext } from '../../platform/journal/log.ts'
import { tables } from '../../platform/store/store.ts'
import type { Conductor, Promised } from '../deps.ts'
import { Draining } from '../operations/operation.ts'
import { operations } from '../operations/table.ts'
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
  /** The last operation in line for each server; those that run beside others have a line of their own. */
  const lines = new Map<string, Promise<void>>()
  const watchers = new Map<string, () => void>()
  const waiting: (() => void)[] = []
  /** Accepted before `recover` was called: hosts may not answer yet. */
  const early = new Map<string, Promised>()
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

  function enqueue({ operationId: id, serverId, kind }: Promised, after: TakenUp): void {
    const isBeside = operations[kind]?.beside === true
    const line = isBeside ? `${serverId} beside` : serverId
    const before = lines.get(line) ?? Promise.resolve()
    const mine = before.then(async () => {
      if (!isDraining()) await drive(id, isBeside, after)
    })
    held.set(id, mine)
    lines.set(line, mine)
    void mine.finally(() => {
      if (held.get(id) === mine) held.delete(id)
      watchers.get(id)?.()
      if (lines.get(line) === mine) lines.delete(line)
    })
  }

  async function drive(id: string, isBeside: boolean, after: TakenUp): Promise<void> {
    let takenUp = after
    for (let attempt = 0; !isDraining(); attempt += 1) {
      // What ends an operation that runs must not wait for it: it takes none of the places.
      if (!isBeside) await takeSlot()
      try {
        const row = await readOperation(tables<ComputeTables>(deps.store), id)
        if (!row) return
        await runOperation(deps, row, {
          takenUp,
          isLastTry: attempt >= limits.storeTriesMax,
          isDraining,
          onStep: () => watchers.get(id)?.(),
        })
        onEnd({ requestId: readJson<LogContext>(row.context_json).requestId, serverId: row.server_id })
        return
      } catch (error) {
        if (error instanceof Draining) return
        // Only the store failing brings us here: everything else is an end of the operation. The promise stands, so
        // this goes on until the store is back.
        deps.logs.conductor.error(`operation ${id} could not be recorded`, { error })
        takenUp = 'store-failure'
      } finally {
        if (!isBeside) giveSlot()
      }
      const ms = Math.min(limits.storeRetryMsMax, storeRetryMs * 2 ** attempt)
      await Promise.race([new Promise(resolve => setTimeout(resolve, ms).unref()), drainBegins])
    }
  }

  return {
    wake(promised) {
      if (isDraining()) return
      if (isStarted) enqueue(promised, 'accepted')
      else early.set(promised.operationId, promised)
    },
    async begun(id) {
      const over = Promise.withResolvers<void>()
      watchers.set(id, over.resolve)
      try {
        const row = await readOperation(tables<ComputeTables>(deps.store), id)
        if (row && !hasBegun(row)) await Promise.race([over.promise, drainBegins])
      } finally {
        watchers.delete(id)
      }
    },
    async recover() {
      const left = await unfinishedOperations(tables<ComputeTables>(deps.store))
      isStarted = true
      const mine = left.filter(({ id }) => !early.has(id))
      for (const { id, server_id, kind } of mine)
        enqueue({ operationId: id, serverId: server_id, kind }, 'restart')
      for (const promised of early.values()) enqueue(promised, 'accepted')
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

/** Its first step is over, or the whole of it is. */
const hasBegun = ({ state, step }: OperationRow): boolean =>
  state === 'running' ? step > 0 : state !== 'accepted' && state !== 'undoing'

const storeRetryMs = 100
