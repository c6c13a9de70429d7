// Work that comes round by itself. What a round finds to be done it has accepted as any caller would: an action and an
// operation, so that it leaves a record.
import type { Timers } from '../../base/time.ts'
import type { Log } from '../../platform/journal/log.ts'

export interface PeriodicTask {
  readonly name: string
  /** From the beginning of one round to the next. */
  readonly everyMs: number
  /** One round; leaves the rest to the next one when `signal` says that the process stops. */
  run(signal: AbortSignal): Promise<void>
}

export interface Periodic {
  /** A round of the task now; the one that is running, if there is one. Resolves when it has ended, well or not. */
  run(name: string): Promise<void>
  /** Begins no further round; resolves when running ones have ended or `ms` have passed. */
  drain(ms: number): Promise<void>
}

/** Runs each task by its interval. A task never overlaps itself; a round that fails is logged, and the next one tried. */
export function startPeriodic(tasks: readonly PeriodicTask[], timers: Timers, log: Log): Periodic {
  const running = new Map<string, Promise<void>>()
  const stopping = new AbortController()

  async function round(task: PeriodicTask): Promise<void> {
    try {
      await task.run(stopping.signal)
    } catch (error) {
      log.error(`Error during the periodic task ${task.name}; it is tried again in its next round`, { error })
    } finally {
      running.delete(task.name)
    }
  }

  function begin(task: PeriodicTask): Promise<void> {
    if (stopping.signal.aborted) return Promise.resolve()
    const known = running.get(task.name)
    if (known) return known
    // Entered before it begins, so that a round that ends at once is taken out again.
    const mine = Promise.resolve().then(() => round(task))
    running.set(task.name, mine)
    return mine
  }

  const stops = tasks.map(task => timers.every(task.everyMs, () => void begin(task)))
  return {
    run(name) {
      const task = tasks.find(one => one.name === name)
      return task ? begin(task) : Promise.reject(new Error(`no periodic task ${name} is on`))
    },
    async drain(ms) {
      for (const stop of stops) stop()
      stopping.abort()
      const over = Promise.withResolvers<void>()
      const timer = setTimeout(over.resolve, ms)
      await Promise.race([Promise.all(running.values()), over.promise])
      clearTimeout(timer)
    },
  }
}
