// What the verdict is made from: the records of one request, put together, and what a cloud's own database adds.
import type { TraceCall } from '../model/trace.ts'
import type { Facts } from '../model/trace-facts.ts'
import type { LogRecord } from './record.ts'
import type { Coverage } from './source.ts'

/** A call, and the records said under it. */
export interface CallRecords {
  readonly call: TraceCall
  readonly records: readonly LogRecord[]
}

export interface Evidence {
  /** The request that was asked about: the root it belongs to. */
  readonly requestId: string | null
  readonly serverId: string | null
  /** Parents before children; the first is the root. */
  readonly calls: readonly CallRecords[]
  /** Everything that belongs, in the order of time. */
  readonly records: readonly LogRecord[]
  readonly facts: Facts | null
  /** What was there to be read: whether silence means anything depends on it. */
  readonly coverage?: readonly Coverage[]
}
