// Every operation that ends as OpenTelemetry spans, sent to a collector (`up --otlp URL`). Beside the work: what the
// collector cannot take in time is dropped and counted, and nobody waits for it.
import { limits } from '../model/limits.ts'
import type { Log } from '../platform/journal/log.ts'
import type { Sending } from '../tracer/render/otlp/send.ts'
import type { TraceServiceDeps } from './deps.ts'
import { traceOf } from './traces.ts'

export interface ExportOptions extends TraceServiceDeps, Sending {
  readonly url: string
  readonly log: Log
}

export interface TraceExport {
  /** An operation has come to an end. */
  ended(operation: Ended): void
  /** Resolves when what is waiting was sent, or `ms` have passed. */
  close(ms: number): Promise<void>
}

interface Ended {
  readonly requestId: string
  readonly serverId: string
}

const everything = { isAdmin: true, projectId: null }

export function exportTraces(options: ExportOptions): TraceExport {
  const waiting: Ended[] = []
  let dropped = 0
  let working: Promise<void> | null = null
  let isClosed = false

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next && !isClosed; next = waiting.shift()) {
      try {
        await send(options, next)
      } catch (error) {
        dropped += 1
        // The first of many says it; a collector that is away is no reason to fill the log.
        if (dropped === 1 || dropped % limits.traceExportWaitingMax === 0)
          options.log.warning(`${dropped} traces could not be sent to ${options.url}`, { error })
      }
    }
    working = null
  }

  return {
    ended(operation) {
      if (isClosed) return
      if (waiting.length >= limits.traceExportWaitingMax) {
        waiting.shift()
        dropped += 1
      }
      waiting.push(operation)
      working ??= work()
    },
    async close(ms) {
      const late = new Promise<void>(resolve => setTimeout(resolve, ms).unref())
      while (working) {
        const done = await Promise.race([working.then(() => true), late.then(() => false)])
        if (!done) break
      }
      isClosed = true
    },
  }
}

async function send(options: ExportOptions, { requestId, serverId }: Ended): Promise<void> {
  const [request] = await options.facts.byRequest(requestId, everything, serverId)
  if (!request) return
  const trace = await traceOf(options, requestId, { request, siblings: 0, logHandle: requestId }, everything)
  if (!trace) return
  const [{ renderOtlp }, { sendOtlp }] = await Promise.all([
    import('../tracer/render/otlp.ts'),
    import('../tracer/render/otlp/send.ts'),
  ])
  await sendOtlp(options.url, renderOtlp(trace), options)
}
