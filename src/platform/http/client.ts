// How services call each other: an HTTP request, with its own request id at the other end, whoever is there.
// A service in this process is called directly (same pipeline, no socket); anything else goes over HTTP.
// Every call leaves keystoneauth's line in the caller's log, which is what call graphs are made of.
import { Readable } from 'node:stream'
import FindMyWay, { type HTTPMethod } from 'find-my-way'
import { limits } from '../../model/limits.ts'
import { callerOf, type Log } from '../journal/log.ts'
import type { RequestIds } from './call.ts'
import type { Service } from './service.ts'
import type { Incoming, MaybePromise, Method, Outgoing } from './types.ts'

export interface ClientRequest {
  readonly method: Method
  /** Below the service's endpoint, with its query: `/ports?device_id=…`. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is, instead of `body`; name its type in `headers`. */
  readonly raw?: Uint8Array | Readable
  /** `stream`: a body that is no refusal comes as `stream`, however long it is, and not as `text`. */
  readonly wants?: 'stream'
  readonly headers?: Readonly<Record<string, string>>
  readonly token: string
  /** Whose behalf: the global id (or else the local one) is passed on. */
  readonly ids: RequestIds
  readonly log: Log
}

export interface ClientReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON; undefined when there is none. */
  readonly body: unknown
  readonly text: string
  /** Where it was asked for (`wants`). */
  readonly stream?: Readable
}

export interface Client {
  call(service: string, request: ClientRequest): Promise<ClientReply>
}

/** Where a service is: in this process, or at a URL from the catalogue. */
export type Endpoint =
  | { readonly kind: 'local'; readonly service: Service; readonly url: string }
  | { readonly kind: 'remote'; readonly url: string }

/** The other end could not be reached, or did not answer in time. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

export function createClient(endpointOf: (service: string) => Endpoint): Client {
  let place: string | undefined
  const routers = new Map<
    Service,
    (method: string, path: string, request: Incoming) => MaybePromise<Outgoing>
  >()
  const routerOf = (service: Service) => {
    let router = routers.get(service)
    if (!router) {
      router = localRouter(service)
      routers.set(service, router)
    }
    return router
  }
  return {
    async call(serviceType, request) {
      // `..` is a path's own word: as a name it can be no resource's, and a URL would swallow it and its neighbour.
      if (hasDotSegment(request.path)) return { status: 404, headers: {}, body: undefined, text: '' }
      const endpoint = endpointOf(serviceType)
      const url = endpoint.url + request.path
      const reply =
        endpoint.kind === 'local'
          ? await callLocal(routerOf(endpoint.service), url, request)
          : await callRemote(url, request)
      const peerId = reply.headers['x-openstack-request-id'] ?? reply.headers['x-compute-request-id']
      if (peerId !== undefined) {
        const log = request.log.named('keystoneauth.session')
        if (log.isOn('DEBUG')) {
          // On by default and always from here: the place is looked up once.
          place ??= callerOf(new Error('place'))
          log.debug(`${request.method} call to ${serviceType} for ${url} used request id ${peerId}`, {
            place,
          })
        }
      }
      return reply
    },
  }
}

const dotSegment = /^(?:\.|%2e){1,2}$/i

const hasDotSegment = (path: string): boolean =>
  path
    .split('?', 1)[0]!
    .split('/')
    .some(segment => dotSegment.test(segment)) // split gives one part at least

const requestHeaders = (request: ClientRequest): Record<string, string> => ({
  accept: 'application/json',
  'user-agent': 'faultline',
  'x-auth-token': request.token,
  'x-openstack-request-id': request.ids.globalRequestId ?? request.ids.requestId,
  ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
  ...request.headers,
})

function localRouter(service: Service) {
  const router = FindMyWay({ maxParamLength: 1000 })
  for (const route of service.routes)
    for (const path of route.paths)
      router.on(route.method as HTTPMethod, path.replace(/\{(\w+)\}/g, ':$1'), () => {}, route)
  type Found = Service['routes'][number]
  return (method: string, path: string, request: Incoming): MaybePromise<Outgoing> => {
    const found = router.find(method as HTTPMethod, path)
    if (!found) return service.unmatched(request)
    const route = found.store as Found // put there above
    return route.run(request, found.params as Record<string, string>)
  }
}

async function callLocal(
  router: ReturnType<typeof localRouter>,
  url: string,
  request: ClientRequest,
): Promise<ClientReply> {
  const { origin, pathname, search } = new URL(url)
  const body = request.raw ?? (request.body === undefined ? null : Buffer.from(JSON.stringify(request.body)))
  const outgoing = await router(request.method, pathname, {
    method: request.method,
    path: pathname,
    search: search.slice(1),
    headers: requestHeaders(request),
    body,
    remoteAddress: '127.0.0.1',
    origin,
  })
  const headers: Record<string, string> = {}
  for (let i = 0; i < outgoing.headers.length; i += 2)
    headers[outgoing.headers[i]!.toLowerCase()] = outgoing.headers[i + 1]!
  const { body: answered } = outgoing
  if (request.wants === 'stream' && outgoing.status < 300) {
    const stream =
      answered === null || typeof answered === 'string'
        ? Readable.from([Buffer.from(answered ?? '')])
        : answered
    return { status: outgoing.status, headers, text: '', body: undefined, stream }
  }
  const text = typeof answered === 'string' ? answered : answered === null ? '' : await readAll(answered)
  return { status: outgoing.status, headers, text, body: parse(text, headers['content-type']) }
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts).toString()
}

async function callRemote(url: string, request: ClientRequest): Promise<ClientReply> {
  const isStreaming = request.wants === 'stream' || request.raw instanceof Readable
  try {
    const response = await fetch(url, {
      method: request.method,
      headers: requestHeaders(request),
      body:
        request.raw instanceof Readable
          ? Readable.toWeb(request.raw)
          : ((request.raw as Uint8Array<ArrayBuffer> | undefined) ??
            (request.body === undefined ? undefined : JSON.stringify(request.body))),
      duplex: 'half',
      // How long a stream takes depends on how much there is.
      ...(isStreaming ? {} : { signal: AbortSignal.timeout(limits.clientTimeoutMs) }),
    })
    const headers = Object.fromEntries(response.headers)
    if (request.wants === 'stream' && response.status < 300)
      return {
        status: response.status,
        headers,
        text: '',
        body: undefined,
        stream: response.body ? Readable.fromWeb(response.body) : Readable.from([]),
      }
    const text = await response.text()
    return { status: response.status, headers, text, body: parse(text, headers['content-type']) }
  } catch (cause) {
    throw new Unreachable(`${request.method} ${url} got no answer`, { cause })
  }
}

function parse(text: string, type: string | undefined): unknown {
  if (text === '' || !type?.includes('json')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
