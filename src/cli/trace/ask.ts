// Where the command gets its trace from: logs when they are named, else the cloud.
import type { Summary, Trace } from '../../model/trace.ts'
import type { Source } from '../../tracer/source.ts'
import type { LogFiles } from '../../tracer/sources/log-files.ts'
import type { Call } from '../row.ts'
import { fromInstanceActions, recentActions } from './api/ask.ts'
import { askTraceService, listTraceService } from './cloud.ts'
import { progressOn } from './progress.ts'
import { tracer } from './tracer.ts'
import { readableError } from './unreadable.ts'
import { instantOf, offsetOf } from './when.ts'

export interface Asking {
  /** Null: nothing is known of it. */
  trace(): Promise<Trace | null>
  list(limit: number): Promise<readonly Summary[]>
  /** For `not found`: where it was looked for. */
  readonly where: string
  readonly isCloud: boolean
  close(): Promise<void>
}

/** Logs are opened once, however often they are asked. */
export async function openAsking(call: Call, handle: string, logs: readonly string[]): Promise<Asking> {
  const elasticsearch = call.text('elasticsearch')
  const notifications = call.text('notifications')
  const names = [
    ...(logs.length > 0 ? [`the logs ${logs.join(', ')}`] : []),
    ...(elasticsearch === undefined ? [] : [`Elasticsearch at ${elasticsearch}`]),
    ...(notifications === undefined ? [] : [`the notifications of ${notifications}`]),
  ]
  return names.length === 0 ? askCloud(call, handle) : askLogs(call, handle, logs, names.join(' and '))
}

async function askCloud(call: Call, handle: string): Promise<Asking> {
  const hasTraces = await call.cloud.has('trace')
  return {
    where: hasTraces ? "the cloud's trace service" : "the actions of the cloud's servers",
    isCloud: hasTraces,
    trace: () => (hasTraces ? askTraceService(call, handle) : fromInstanceActions(call, handle)),
    list: limit => (hasTraces ? listTraceService(call, limit) : recentActions(call, limit)),
    close: async () => undefined,
  }
}

async function askLogs(call: Call, handle: string, logs: readonly string[], where: string): Promise<Asking> {
  const offsetMinutes = offsetOf(call.text('utc-offset'))
  const progress = progressOn(call.io)
  const sources: Source[] = []
  let files: LogFiles | null = null
  const elasticsearch = call.text('elasticsearch')
  const notifications = call.text('notifications')
  const options = { window: windowOf(call, offsetMinutes) }
  const reading = async <T>(read: () => Promise<T>): Promise<T> => {
    try {
      return await read()
    } catch (error) {
      throw readableError(error)
    } finally {
      progress.end()
    }
  }
  await reading(async () => {
    if (logs.length > 0) {
      files = await tracer.openLogFiles(call.io, logs, {
        utcOffsetMinutes: offsetMinutes,
        useIndex: !call.flag('no-index'),
        onProgress: progress.report,
      })
      sources.push(files)
    }
    if (elasticsearch !== undefined)
      sources.push(await tracer.openElasticsearch(elasticsearch, call.text('index'), offsetMinutes))
    if (notifications !== undefined) sources.push(await tracer.openNotifications(notifications))
  })
  return {
    where,
    isCloud: false,
    trace: () => reading(() => tracer.traceHandle(handle, sources, options)),
    list: limit => reading(() => tracer.listRequests(sources, { ...options, limit })),
    async close() {
      indexForNextTime(call, logs, files)
      for (const source of sources) await source.close()
    },
  }
}

/** Less than this is read again as quickly as it is looked up. */
const indexedByThemselvesMin = 64 * 1_048_576

/** Big logs that were read whole are indexed beside, as git tidies itself up: the answer is there already. */
function indexForNextTime(call: Call, logs: readonly string[], files: LogFiles | null): void {
  if (!files || logs.includes('-') || files.unindexedBytes() < indexedByThemselvesMin) return
  const offset = call.text('utc-offset')
  call.io.inBackground([
    'logs',
    'index',
    ...(offset === undefined ? [] : [`--utc-offset=${offset}`]),
    '--',
    ...logs,
  ])
}

/** The last a Date can be (ECMA-262, 21.4.1.1). */
const lastInstant = 8_640_000_000_000_000

function windowOf(call: Call, offsetMinutes: number) {
  const [since, until] = [call.text('since'), call.text('until')]
  if (since === undefined && until === undefined) return null
  const now = call.io.now()
  return {
    from: since === undefined ? 0 : instantOf('--since', since, now, offsetMinutes),
    to: until === undefined ? lastInstant : instantOf('--until', until, now, offsetMinutes),
  }
}
