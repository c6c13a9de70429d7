// What a service was asked for over RPC, as far as its lines tell: Nova does not log the method's name.
import type { LogRecord } from '../record.ts'

/** A service that is asked for one thing only. */
const only: Readonly<Record<string, string>> = { 'nova-scheduler': 'select_destinations' }

/** `Failed to compute_task_migrate_server: …` */
const task = /\bcompute_task_(\w+)/
/** The outermost frame of a traceback inside the manager that takes the calls. */
const frame = /\/(?:compute|conductor|volume|scheduler)\/manager\.py", line \d+, in (\w+)/

/** The method, or `work` where nothing names it. */
export function methodOf(service: string, records: readonly LogRecord[]): string {
  const known = only[service]
  if (known !== undefined) return known
  for (const { message, traceback } of records) {
    const named = task.exec(message)?.[1]
    if (named !== undefined) return named
    for (const line of traceback) {
      const inner = frame.exec(line)?.[1]
      if (inner !== undefined && inner !== 'decorated_function') return inner
    }
  }
  return 'work'
}
