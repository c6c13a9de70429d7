// The shapes that pass between the outside (fastify, or another service in this process) and a service's routes.
import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'

/** A request as it came in, before anything is believed about it. */
export interface Incoming {
  readonly method: string
  /** Path without the query, as sent (not decoded). */
  readonly path: string
  /** The query without its `?`; empty when there is none. */
  readonly search: string
  /** Lower-case names, as node:http gives them. */
  readonly headers: IncomingHttpHeaders
  /** Unread body; null where the method or the framing says there is none. */
  readonly body: Readable | Uint8Array | null
  readonly remoteAddress: string
  /** `http://127.0.0.1:8774`: where the caller reached us; links are built on it. */
  readonly origin: string
}

/** What a handler answers. `json` is serialised once; `text` goes out as it is; `stream` is piped. */
export interface Reply {
  readonly status: number
  readonly json?: unknown
  readonly text?: string
  readonly stream?: Readable
  readonly contentType?: string
  /** An array gives one header line for each item (two `Vary` lines, as Nova sends). */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

export type MaybePromise<T> = T | Promise<T>

export const json = (status: number, body: unknown, headers?: Reply['headers']): Reply => ({
  status,
  json: body,
  headers,
})
export const empty = (status: number, headers?: Reply['headers']): Reply => ({ status, headers })

/** A reply as it leaves: everything decided, body serialised. */
export interface Outgoing {
  readonly status: number
  /** Flat name, value, name, value …: what `writeHead` takes, repeated names allowed. */
  readonly headers: string[]
  readonly body: string | Readable | null
  /** The body has only ASCII characters: it is written byte by byte, without looking for others. */
  readonly isAscii?: boolean
}
