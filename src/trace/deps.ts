// What the trace service is given by main: facts of the cloud's own database, records of its logs, and somebody to ask
// what would become of a request.
import type { TraceFacts } from '../model/trace-facts.ts'
import type { Client } from '../platform/http/client.ts'
import type { Source } from '../tracer/source.ts'

export interface TraceDeps {
  readonly facts: TraceFacts
  /** Records of the log files; null where none are written. */
  readonly logs: Source | null
  /** Has the service `foresight`. */
  readonly client: Client
  /** Aborted when the process begins to stop: nobody is followed any longer. */
  readonly closing: AbortSignal
  /** Where this cloud is reached, for the record's `source`. */
  origin(): string
}

/** What handlers get beside: who is being followed. */
export interface TraceServiceDeps extends TraceDeps {
  readonly followers: Set<symbol>
}
