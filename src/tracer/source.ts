// Where records come from: log files, an Elasticsearch index, notifications, our own cloud. All of them answer the same
// two questions, so that everything behind them is written once.
import type { Instant } from '../base/time.ts'
import type { Gap } from '../model/trace.ts'
import type { LogRecord } from './record.ts'

export interface Window {
  readonly from: Instant
  readonly to: Instant
}

export interface Found {
  /** In no order. A record is there once, however many of the ids it has. */
  readonly records: readonly LogRecord[]
  /** What could not be read on the way. */
  readonly gaps: readonly Gap[]
}

/** What a source has of one service on one host: for saying what is missing. */
export interface Coverage {
  readonly service: string
  readonly host: string | null
  readonly from: Instant | null
  readonly to: Instant | null
  readonly hasDebug: boolean
}

export interface Source {
  /** For the trace record: `logs /var/log/nova`. */
  readonly name: string
  /**
   * Every record that carries one of the texts (request ids, ids of servers, ports, volumes, images; lower case),
   * whole, with what belongs to it. `window` is a permission to leave out what is older or newer, not a promise.
   */
  find(texts: ReadonlySet<string>, window: Window | null): Promise<Found>
  /** What there is, from whatever has been read so far; nothing is read for it. */
  coverage(): readonly Coverage[]
  /** The newest records that tell of requests (request lines) or failures, newest first, at most `limit`. */
  recent(limit: number): Promise<readonly LogRecord[]>
  close(): Promise<void>
}
