// One request and its reply: headers, debug lines, faults into errors. Knows no service.
import type { Readable } from 'node:stream'
import { CliError, HttpError } from '../errors.ts'
import type { Io } from '../io.ts'
import { hintFor } from './hints.ts'
import { maskHeader, maskSecrets } from './mask.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Request {
  readonly method: Method
  readonly url: string
  /** The service's type, for debug lines and messages: `compute`. */
  readonly service: string
  /** Sent as JSON, with the content type given or application/json. */
  readonly body?: unknown
  /** Sent as it is, instead of a body. */
  readonly upload?: Readable
  readonly headers?: Readonly<Record<string, string>>
  /** Statuses ≥ 400 that are an answer here and no error. */
  readonly allow?: readonly number[]
  /** True: the body is left unread in `stream`. */
  readonly download?: boolean
}

export interface Reply {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** Parsed JSON; undefined when it is none. */
  readonly body: unknown
  /** The service's own id of this request. */
  readonly requestId: string | undefined
  readonly stream: ReadableStream<Uint8Array> | null
}

export interface HttpSettings {
  readonly debug: boolean
  /** Sent as X-OpenStack-Request-ID with every request. */
  readonly globalRequestId: string | undefined
}

export type Http = (request: Request) => Promise<Reply>

export function createHttp(io: Io, settings: HttpSettings): Http {
  return async request => {
    const headers: Record<string, string> = {
      Accept: 'application/json',
      'User-Agent': 'faultline',
      ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(settings.globalRequestId === undefined
        ? {}
        : { 'X-OpenStack-Request-ID': settings.globalRequestId }),
      ...request.headers,
    }
    if (settings.debug) debugRequest(io, request, headers)
    const response = await send(io, request, headers)
    const replyHeaders = Object.fromEntries(response.headers)
    const wantsStream = request.download === true && response.ok
    const text = wantsStream ? '' : await response.text()
    const reply: Reply = {
      status: response.status,
      headers: replyHeaders,
      text,
      body: parse(text),
      requestId: replyHeaders['x-openstack-request-id'] ?? replyHeaders['x-compute-request-id'],
      stream: wantsStream ? response.body : null,
    }
    if (settings.debug) debugReply(io, request, reply)
    if (reply.status >= 400 && !request.allow?.includes(reply.status)) throw toError(reply)
    return reply
  }
}

/** The error a refused request becomes. */
export function toError(reply: Reply): HttpError {
  const reason = faultMessage(reply.body, reply.text) || `the service answered ${reply.status}`
  return new HttpError({ ...reply, reason, hint: hintFor(reply.status, reason) })
}

async function send(io: Io, request: Request, headers: Record<string, string>): Promise<Response> {
  try {
    return await io.fetch(request.url, {
      method: request.method,
      headers,
      redirect: 'follow',
      ...(request.upload
        ? // A readable is an async iterable of bytes, which fetch takes though its type does not say so.
          ({ body: request.upload as unknown as RequestInit['body'], duplex: 'half' } as RequestInit)
        : { body: request.body === undefined ? undefined : JSON.stringify(request.body) }),
    })
  } catch (error) {
    throw unreachable(request, error)
  }
}

function unreachable(request: Request, error: unknown): CliError {
  const { cause } = error as { readonly cause?: { readonly code?: string; readonly message?: string } } // fetch's
  const { origin } = new URL(request.url)
  if (cause?.code === 'ECONNREFUSED')
    return new CliError(`no cloud answers at ${origin}`, {
      hint: 'start one with: faultline up',
      cause: error,
    })
  const what = cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error))
  return new CliError(`${request.method} ${request.url} got no answer (${what})`, { cause: error })
}

function parse(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The sentence for the user in a fault of any of the services: `{itemNotFound: {message}}` (compute),
 * `{error: {message}}` (identity), `{NeutronError: {message}}`, `{errors: [{detail}]}` (placement), or HTML (image).
 */
function faultMessage(body: unknown, text: string): string {
  if (typeof body === 'object' && body !== null) {
    for (const value of Object.values(body)) {
      if (typeof value === 'string' && value !== '') return value
      const inner = Array.isArray(value) ? value[0] : value
      if (typeof inner !== 'object' || inner === null) continue
      const { message, detail } = inner as { readonly message?: unknown; readonly detail?: unknown } // an object
      if (typeof message === 'string') return message.trim()
      if (typeof detail === 'string') return detail.trim()
    }
  }
  if (/^\s*</.test(text))
    return text
      .replace(/<head>.*?<\/head>/is, '')
      .replace(/<h1>.*?<\/h1>/is, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  return body === undefined ? text.trim().slice(0, 500) : ''
}

// The lines below have keystoneauth's form, so that whatever reads those reads these.

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

function debugRequest(io: Io, request: Request, headers: Readonly<Record<string, string>>): void {
  const shown = Object.entries(headers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ` -H "${name}: ${maskHeader(name, value)}"`)
    .join('')
  const data = request.upload
    ? " -d '<data>'"
    : request.body === undefined
      ? ''
      : ` -d ${quote(JSON.stringify(maskSecrets(request.body)))}`
  const url = request.url.includes('&') || request.url.includes('?') ? `"${request.url}"` : request.url
  io.stderr(`REQ: curl -g -i -X ${request.method} ${url}${shown}${data}\n`)
}

function debugReply(io: Io, request: Request, reply: Reply): void {
  const shown = Object.entries(reply.headers)
    .map(([name, value]) => `${name}: ${maskHeader(name, value)}`)
    .join(' ')
  io.stderr(`RESP: [${reply.status}] ${shown}\n`)
  if (reply.stream !== null) io.stderr('RESP BODY: (data)\n')
  else if (reply.text !== '')
    io.stderr(
      `RESP BODY: ${reply.body === undefined ? reply.text : JSON.stringify(maskSecrets(reply.body))}\n`,
    )
  if (reply.requestId !== undefined)
    io.stderr(
      `${request.method} call to ${request.service} for ${request.url} used request id ${reply.requestId}\n`,
    )
}
