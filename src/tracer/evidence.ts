// What the verdict is made from: the records of one request, put together, and what a cloud's own database adds.
import type { Placement, TraceAction, TraceCall } from '../model/trace.ts'
import type { LogRecord } from './record.ts'
import type { Coverage } from './source.ts'

/** What only our own cloud knows; logs of others have none of it. */
export interface Facts {
  readonly server: {
    readonly id: string
    readonly name: string | null
    readonly status: string | null
  } | null
  /** With details in the words the viewer may read. */
  readonly action: TraceAction | null
  readonly placement: readonly Placement[]
  /** The operation behind the action: what it waits for, or that it has ended. */
  readonly operation: {
    readonly state: 'accepted' | 'running' | 'undoing' | 'done' | 'failed' | 'superseded'
    readonly step: string | null
    /** A process is at work on it now. */
    readonly isHeld: boolean
  } | null
  /** The newest instance fault of the server that this request left. */
  readonly fault: { readonly code: number; readonly message: string } | null
}

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
