// A service: rows (method, path, handler) and the fixed order every request goes through:
//   ids → size → caller → version → content type → body → schemas → handler → reply → request line in the log.
// The same order whether a request comes over a socket (server.ts) or from another service (client.ts).
import type { Readable } from 'node:stream'
import { isRequestId, newRequestId, type RequestId } from '../../base/ids.ts'
import { holdsSecret, secretNames } from '../../base/secrets.ts'
import { type ErrorCode, Fault, fault, isFault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import type { Log } from '../journal/log.ts'
import { violation } from '../store/violations.ts'
import type { Auth, TokenChecker } from './auth.ts'
import { Call, type Params } from './call.ts'
import type { Incoming, MaybePromise, Method, Outgoing, Reply } from './types.ts'
import { bodyMessage, type Invalid, queryMessage, validator } from './validate.ts'

export type Handler<D> = (call: Call<D>) => MaybePromise<Reply>

/** A schema, or one chosen by the call (its microversion, its action). */
export type SchemaFor<D> = object | ((call: Call<D>) => object)

export interface RouteOptions<D> {
  /** JSON Schema of the body; the route then requires a JSON body. */
  readonly body?: SchemaFor<D>
  /** JSON Schema of the query, every value a list of strings (query.ts `querySchema`). */
  readonly query?: SchemaFor<D>
  /** `open`: no token is needed. `optional`: one is read when it is there. */
  readonly auth?: 'required' | 'open' | 'optional'
  /** `stream`: the handler reads `call.request.body` itself. `json` (with or without a schema) is parsed first. */
  readonly reads?: 'json' | 'stream' | 'nothing'
  /** First and last microversion that has this route, as minors. */
  readonly since?: number
  readonly until?: number
}

export interface Route<D> extends RouteOptions<D> {
  readonly method: Method
  /** `/servers/{id}`, relative to the service's prefix. */
  readonly path: string
  readonly handler: Handler<D>
}

/** A row of a route table. */
export const row = <D>(
  method: Method,
  path: string,
  handler: Handler<D>,
  options: RouteOptions<D> = {},
): Route<D> => ({
  method,
  path,
  handler,
  ...options,
})

export interface ServiceDefinition<D> {
  /** Catalogue type: `compute`, `network` … */
  readonly type: string
  /** Paths the routes hang below, for example `/compute/v2.1`. The first is the canonical one. */
  readonly prefixes: readonly string[]
  /** Routes also answer below `prefix/{project_id}` (Nova, Cinder). */
  readonly projectPrefix?: boolean
  /**
   * A path with a slash at its end is no route, apart from the root's: services whose paths are matched by Python's
   * Routes (Nova, Cinder, Glance), where `/servers/` is a server without an id. The others take it as the same path.
   */
  readonly isSlashStrict?: boolean
  readonly deps: D
  readonly routes: readonly Route<D>[]
  readonly tokens: TokenChecker
  readonly log: Log
  /** Logger of the request line, `nova.api.openstack.requestlog`. */
  readonly requestLogger: string
  readonly bodyBytesMax?: number
  /** Content types that are read; by default every JSON there is. */
  readonly contentTypes?: ReadonlySet<string>
  /** The body as its schema is to see it; by default as it was sent. */
  bodyFor?(call: Call<D>, schema: object, body: unknown): unknown
  /** Negotiates the version; sets `call.version`. Runs after the caller is known. */
  negotiate?(call: Call<D>): void
  /** Headers every reply carries beside the request id (flat name, value list). */
  replyHeaders?(call: Call<D>, out: string[]): void
  /** The header names that carry the local request id; default `x-openstack-request-id`. */
  readonly requestIdHeaders?: readonly string[]
  /** How this service words a refusal. */
  renderFault(fault: Fault, call: Call<D>): Reply
}

/** What the transports need: how to match, how to run. */
export interface Service {
  readonly type: string
  readonly prefixes: readonly string[]
  readonly routes: readonly {
    readonly method: Method
    readonly paths: readonly string[]
    run(request: Incoming, params: Params): MaybePromise<Outgoing>
  }[]
  /** No route matched below a prefix: answered like any other request (caller checked, then 404). */
  unmatched(request: Incoming): MaybePromise<Outgoing>
}

const jsonType = 'application/json'

export function defineService<D>(definition: ServiceDefinition<D>): Service {
  const { deps, tokens, prefixes } = definition
  const idHeaders = definition.requestIdHeaders ?? ['x-openstack-request-id']
  const bodyBytesMax = definition.bodyBytesMax ?? limits.jsonBodyBytesMax
  const notFound: Route<D> = row(
    'GET',
    '/',
    () => {
      throw fault('RouteNotFound')
    },
    { reads: 'nothing' },
  )

  function run(route: Route<D>, request: Incoming, params: Params): MaybePromise<Outgoing> {
    const asked = request.headers['x-openstack-request-id']
    const globalId = typeof asked === 'string' && isRequestId(asked) ? asked : null
    const call = begin(request, params, globalId)
    try {
      call.routed = route !== notFound
      if (route.reads !== 'stream' && announcedBytes(request) > bodyBytesMax) throw tooLarge(bodyBytesMax)
      const caller = identify(route, call)
      if (caller instanceof Promise)
        return caller.then(auth => admit(route, call, auth)).catch(error => failed(call, error))
      const reply = admit(route, call, caller)
      return reply instanceof Promise ? reply.catch(error => failed(call, error)) : reply
    } catch (error) {
      return failed(call, error)
    }
  }

  function begin(request: Incoming, params: Params, globalId: RequestId | null): Call<D> {
    const requestId = newRequestId()
    return new Call(deps, request, params, requestId, globalId, performance.now(), definition.log)
  }

  function identify(route: Route<D>, call: Call<D>): MaybePromise<Auth | null> {
    const token = call.request.headers['x-auth-token']
    if (route.auth === 'open' || typeof token !== 'string' || token === '') return null
    return tokens.check(token)
  }

  function admit(route: Route<D>, call: Call<D>, auth: Auth | null): MaybePromise<Outgoing> {
    if (auth) call.caller = auth
    else if (route.auth !== 'open' && route.auth !== 'optional') throw fault('Unauthenticated')
    if (definition.negotiate && route !== notFound) definition.negotiate(call)
    if (
      call.version &&
      ((route.since ?? 0) > call.version.minor ||
        call.version.minor > (route.until ?? Number.POSITIVE_INFINITY))
    )
      throw fault('RouteNotFound')
    if (route.reads === 'stream') return answer(route, call)
    checkContentType(call, definition.contentTypes)
    if (takesBody(route))
      return readBody(call.request, bodyBytesMax).then(bytes => withBody(route, call, bytes))
    checkQuery(route, call)
    return answer(route, call)
  }

  function withBody(route: Route<D>, call: Call<D>, bytes: Uint8Array): MaybePromise<Outgoing> {
    call.body = bytes.length === 0 ? undefined : parseJson(bytes)
    checkQuery(route, call)
    if (route.body) {
      const schema = typeof route.body === 'function' ? route.body(call) : route.body
      if (definition.bodyFor) call.body = definition.bodyFor(call, schema, call.body)
      const invalid = validator(schema)(call.body ?? null)
      if (invalid) throw fault('InvalidInput', { reason: bodyMessage(invalid), invalid })
    }
    return answer(route, call)
  }

  function checkQuery(route: Route<D>, call: Call<D>): void {
    if (!route.query) return
    const schema = typeof route.query === 'function' ? route.query(call) : route.query
    if (!call.query.isUtf8) throw fault('InvalidInput', { reason: 'Query string is not UTF-8 encoded' })
    const invalid = validator(schema)(call.query.all)
    if (invalid) throw fault('InvalidInput', { reason: queryMessage(invalid), invalid })
  }

  function answer(route: Route<D>, call: Call<D>): MaybePromise<Outgoing> {
    const reply = route.handler(call)
    return reply instanceof Promise ? reply.then(done => finish(call, done)) : finish(call, reply)
  }

  function failed(call: Call<D>, thrown: unknown): Outgoing {
    const error = asRefusal(thrown)
    // Upstream the reader of the body stands in front of the service, which then adds nothing of its own.
    if (isFault(error, 'BodyTooLarge')) call.version = null
    let refusal: Fault
    if (error instanceof Fault) {
      refusal = error
      // 501 and 503 are answers, not accidents.
      if (refusal.status === 500) call.log.error(refusal.message, { error })
      else call.log.info(`HTTP exception thrown: ${forLog(refusal)}`)
    } else {
      call.log.error('Unexpected exception in API method', { error })
      refusal = fault(
        'Unexpected',
        { type: `<class '${error instanceof Error ? error.name : typeof error}'>` },
        { cause: error },
      )
    }
    const reply = definition.renderFault(refusal, call)
    return finish(
      call,
      refusal.headers ? { ...reply, headers: { ...reply.headers, ...refusal.headers } } : reply,
    )
  }

  function finish(call: Call<D>, reply: Reply): Outgoing {
    const body = reply.stream ?? reply.text ?? (reply.json === undefined ? null : JSON.stringify(reply.json))
    const headers: string[] = []
    const isText = typeof body === 'string'
    const length = isText ? Buffer.byteLength(body) : body === null ? 0 : -1
    if (length >= 0 && reply.status !== 204) headers.push('Content-Length', String(length))
    const type = reply.contentType ?? jsonType
    if (reply.status !== 204 || reply.contentType !== undefined) headers.push('Content-Type', type)
    definition.replyHeaders?.(call, headers)
    for (const name of idHeaders) headers.push(name, call.requestId)
    if (reply.headers)
      for (const [name, value] of Object.entries(reply.headers))
        if (typeof value === 'string') headers.push(name, value)
        else for (const item of value) headers.push(name, item)
    logRequest(call, reply.status, Math.max(length, 0))
    return { status: reply.status, headers, body, isAscii: isText && length === body.length }
  }

  function logRequest(call: Call<D>, status: number, length: number): void {
    const { request } = call
    const path = request.search === '' ? request.path : `${request.path}?${request.search}`
    const seconds = secondsText(performance.now() - call.startedAt)
    call.log
      .named(definition.requestLogger)
      .info(
        `${request.remoteAddress} "${request.method} ${path}" status: ${status} len: ${length} microversion: ${call.version?.text ?? '-'} time: ${seconds}`,
      )
  }

  const spellings = (prefix: string, path: string): string[] => {
    if (path === '/') return [prefix, `${prefix}/`]
    return definition.isSlashStrict ? [prefix + path] : [prefix + path, `${prefix}${path}/`]
  }

  return {
    type: definition.type,
    prefixes,
    routes: definition.routes.map(route => ({
      method: route.method,
      paths: prefixes
        .flatMap(prefix => (definition.projectPrefix ? [prefix, `${prefix}/{project_id}`] : [prefix]))
        .flatMap(prefix => spellings(prefix, route.path)),
      run: (request, params) => run(hasEmpty(params) ? notFound : route, request, params),
    })),
    unmatched: request => run(notFound, request, {}),
  }
}

/** Routers let `/servers/{id}` match `/servers/`. */
function hasEmpty(params: Params): boolean {
  for (const name in params) if (params[name] === '') return true
  return false
}

/** Milliseconds as seconds with six decimals; by hand, because every request pays for it. */
function secondsText(ms: number): string {
  const micros = Math.round(ms * 1000)
  const whole = Math.floor(micros / 1_000_000)
  return `${whole}.${String(micros - whole * 1_000_000).padStart(6, '0')}`
}

const takesBody = <D>(route: Route<D>): boolean =>
  route.reads === 'json' ||
  route.body !== undefined ||
  (route.reads === undefined &&
    (route.method === 'POST' || route.method === 'PUT' || route.method === 'PATCH'))

// nova/api/openstack/wsgi.py, Request.get_content_type: checked on every method.
function checkContentType<D>(call: Call<D>, accepted: ReadonlySet<string> | undefined): void {
  const header = call.request.headers['content-type']
  if (header === undefined || header === '') return
  const type = header.split(';', 1)[0]!.trim().toLowerCase()
  const isAccepted = accepted
    ? accepted.has(type)
    : type === jsonType ||
      type === 'text/plain' ||
      /^application\/[a-z0-9.+-]+json$/.test(type) ||
      /^application\/openstack/.test(type)
  if (!isAccepted) throw fault('UnsupportedContentType')
}

/** How long the body says it is; 0 where it comes without a length and is counted as it is read. */
const announcedBytes = ({ body, headers }: Incoming): number =>
  body instanceof Uint8Array ? body.length : Number(headers['content-length'] ?? 0)

async function readBody({ body }: Incoming, limit: number): Promise<Uint8Array> {
  if (body === null) return new Uint8Array(0)
  return body instanceof Uint8Array ? body : collect(body, limit)
}

/** Reads a stream into memory, refusing more than `limit` bytes. */
export async function collect(body: Readable, limit: number): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of body as AsyncIterable<Buffer>) {
    length += part.length
    if (length > limit) throw tooLarge(limit)
    parts.push(part)
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/** The sentence of a refusal without the value it quotes, where that is secret or holds what is. */
function forLog({ code, message, params }: Fault): string {
  if (code === 'BodyTooLarge') return message.replace('%s', String(params.limit))
  const invalid = params.invalid as Invalid | undefined // put there by whoever validates
  if (!invalid || !(invalid.path.some(name => secretNames.has(String(name))) || holdsSecret(invalid.value)))
    return message
  const reason = reasonsWithoutValue.has(invalid.keyword) ? invalid.reason : invalid.keyword
  return `Invalid input for field/attribute ${invalid.path.at(-1) ?? 'body'}. Value: ***. ${reason}`
}
const reasonsWithoutValue = new Set(['required', 'additionalProperties', 'unevaluatedProperties'])

/** What only the database could find wrong with the request is the request's fault. */
function asRefusal(error: unknown): unknown {
  switch (violation(error)) {
    case 'text':
      return fault('NullCharacter', {}, { cause: error })
    case 'pattern':
      return fault('PatternInvalid', {}, { cause: error })
    default:
      return error
  }
}

const tooLarge = (limit: number) => fault('BodyTooLarge' satisfies ErrorCode, { limit })

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parseJson(bytes: Uint8Array): unknown {
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(bytes))
  } catch (cause) {
    throw fault('MalformedBody', {}, { cause })
  }
  if (isDeeper(value, limits.jsonDepthMax))
    throw fault('MalformedBody', {}, { cause: new Error('nested too deeply') })
  return value
}

// Whoever walks a body later does it by recursion; a body of brackets alone would use the stack up.
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some(inner => isDeeper(inner, levels - 1))
}
