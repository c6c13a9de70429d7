// Log records as the trace shows them: in the order of time, with what is said again and again told once.

import { isoMillis } from '../base/time.ts'
import { limits } from '../model/limits.ts'
import type { TraceLog } from '../model/trace.ts'
import type { LogRecord } from './record.ts'

export interface Folded {
  readonly logs: readonly TraceLog[]
  /** Lines that were left out, because a trace holds only so many. */
  readonly leftOut: number
}

export function foldRecords(records: readonly LogRecord[], matters: ReadonlySet<LogRecord>): Folded {
  const byText = new Map<string, number>()
  const logs: TraceLog[] = []
  for (const record of records) {
    const key = [record.service, record.host, record.localId, record.level, record.message].join('\n')
    const at = byText.get(key)
    const before = at === undefined ? undefined : logs[at]
    if (at !== undefined && before) {
      logs[at] = {
        ...before,
        repeated: before.repeated + 1,
        matters: before.matters || matters.has(record),
      }
      continue
    }
    byText.set(key, logs.length)
    logs.push(logOf(record, matters.has(record)))
  }
  const kept = logs.length <= limits.traceLogsMax ? logs : mostTelling(logs)
  return { logs: kept, leftOut: logs.length - kept.length }
}

const logOf = (record: LogRecord, isTelling: boolean): TraceLog => ({
  at: record.at === null ? null : isoMillis(record.at),
  level: record.level,
  service: record.service,
  host: record.host,
  logger: record.logger,
  localId: record.localId,
  serverId: record.serverId,
  message: record.message,
  traceback: record.traceback,
  repeated: 1,
  matters: isTelling,
  file: record.place.file,
  offset: record.place.offset,
})

/** Of too many lines those that matter and those of a high level stay, in their order. */
function mostTelling(logs: readonly TraceLog[]): readonly TraceLog[] {
  const rank = ({ matters, level }: TraceLog) =>
    matters
      ? 0
      : level === 'ERROR' || level === 'CRITICAL'
        ? 1
        : level === 'WARNING'
          ? 2
          : level === 'DEBUG'
            ? 4
            : 3
  const order = logs
    .map((log, at) => ({ at, rank: rank(log) }))
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
  const kept = new Set(order.slice(0, limits.traceLogsMax).map(({ at }) => at))
  return logs.filter((_, at) => kept.has(at))
}
