// The trace service's parts: the database's facts, the cloud's own logs, and, where a collector is named, a trace of
// every operation sent there.
import type { Clock } from '../base/time.ts'
import type { EndedOperation } from '../compute/conductor/conductor.ts'
import { createTraceFacts, type TraceFactsDeps } from '../compute/trace-facts.ts'
import type { TokenChecker } from '../platform/http/auth.ts'
import type { Client } from '../platform/http/client.ts'
import type { Service } from '../platform/http/service.ts'
import type { Log } from '../platform/journal/log.ts'
import { exportTraces } from '../trace/export.ts'
import { createTraceService } from '../trace/service.ts'
import type { Source } from '../tracer/source.ts'

export interface TracePartsOptions extends TraceFactsDeps {
  readonly tokens: TokenChecker
  readonly client: Client
  readonly clock: Clock
  readonly logs: Source | null
  origin(): string
  readonly log: Log
  /** Collector for a trace of every operation; none when empty. */
  readonly otlpUrl: string
}

export interface TraceParts {
  readonly service: Service
  /** An operation has come to an end. */
  ended(operation: EndedOperation): void
  /** Nobody is followed any longer, and what waits for the collector is sent, within `ms`. */
  close(ms: number): Promise<void>
}

export function assembleTrace(options: TracePartsOptions): TraceParts {
  const { tokens, log, otlpUrl, logs, client, origin } = options
  const closing = new AbortController()
  const facts = createTraceFacts(options)
  const deps = { facts, logs, client, origin, closing: closing.signal }
  const sent =
    otlpUrl === ''
      ? null
      : exportTraces({
          ...deps,
          followers: new Set(),
          url: otlpUrl,
          fetch: globalThis.fetch,
          sleep: ms => new Promise(resolve => setTimeout(resolve, ms).unref()),
          now: () => options.clock.now(),
          log,
        })
  return {
    service: createTraceService({ ...deps, tokens, log }),
    ended: operation => sent?.ended(operation),
    async close(ms) {
      closing.abort()
      await sent?.close(ms)
      await logs?.close()
    },
  }
}
