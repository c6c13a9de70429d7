// One record of a log: what every format is read into, and all the tracer knows of a line from then on.
import type { Instant } from '../base/time.ts'

/** A request as an access line or a request line tells it. */
export interface Access {
  readonly method: string
  /** With its query, without the origin. */
  readonly path: string
  readonly status: number
  readonly microversion: string | null
  readonly durationMs: number | null
  readonly remoteAddress: string | null
}

/** Where a record stands: `offset` is that of its first byte, in the unpacked file; `length` its bytes. */
export interface Place {
  readonly file: string
  readonly offset: number
  readonly length: number
}

export interface LogRecord {
  /** ms since the epoch; null when the line has no time that can be read. */
  readonly at: Instant | null
  /** `DEBUG INFO WARNING ERROR CRITICAL`, in oslo.log's spelling. */
  readonly level: string | null
  /** `nova.compute.manager` */
  readonly logger: string | null
  /** `nova-api`, `nova-compute`, `neutron-server` …: from the file's name, the prefix or the logger, in this order. */
  readonly service: string
  readonly host: string | null
  readonly process: number | null
  readonly globalId: string | null
  readonly localId: string | null
  readonly userId: string | null
  readonly projectId: string | null
  /** From `[instance: …]`, or the field of a JSON record. */
  readonly serverId: string | null
  /** Without prefix, brackets, debug suffix and colour codes; lines that belong to it are joined with newlines. */
  readonly message: string
  /** Lines of the traceback that follows it, without their prefixes. */
  readonly traceback: readonly string[]
  readonly access: Access | null
  readonly place: Place
}
