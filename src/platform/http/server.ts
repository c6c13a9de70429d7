// The outside: fastify takes the sockets and matches the paths; the services' own pipeline does the rest.
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { limits } from '../../model/limits.ts'
import type { Log } from '../journal/log.ts'
import { refuseBroken } from './broken.ts'
import type { Params } from './call.ts'
import type { Service } from './service.ts'
import type { Incoming, MaybePromise, Outgoing } from './types.ts'

export interface HttpServer {
  /** `http://127.0.0.1:8774`, with the port that was really taken. */
  readonly origin: string
  /** Requests being answered right now. */
  readonly running: () => number
  /** Stops taking connections, lets running requests end (at most `drainMs`), then closes. */
  close(drainMs: number): Promise<void>
}

export interface HttpServerOptions {
  readonly host: string
  readonly port: number
  readonly services: readonly Service[]
  /** Plain routes outside any service: `/healthz`, version lists. */
  readonly extra?: readonly { readonly path: string; handler(request: Incoming): MaybePromise<Outgoing> }[]
  /** Answers below a path that no service and no route does, `/compute/foo`. */
  readonly elsewhere?: readonly { readonly below: string; handler(request: Incoming): Outgoing }[]
  readonly log: Log
}

/** A reply that is known and not sent yet. */
interface Due {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly outgoing: Outgoing
}

const fastifyPath = (path: string) =>
  path.replaceAll('{project_id}', ':project_id(^[0-9a-fA-F-]+$)').replace(/\{(\w+)\}/g, ':$1')

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const app = fastify({
    routerOptions: { maxParamLength: 1000, caseSensitive: true },
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    keepAliveTimeout: 75_000,
    requestTimeout: 0,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    // Paths that cannot be decoded (`%ff`): nothing is there, said by the service they lie below.
    frameworkErrors: (_error, request, reply) => void unmatched(request, reply),
    clientErrorHandler: refuseBroken,
  })
  app.removeAllContentTypeParsers()
  // Bodies are read by the services' pipeline, after the caller is known and with the service's own limit.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined))
  let running = 0
  let origin = ''
  const lost = (reply: FastifyReply, error: unknown) => {
    options.log.error('reply could not be sent', { error })
    reply.raw.destroy()
  }
  const finished = () => {
    running -= 1
  }
  const due: Due[] = []
  /** A client that sleeps is woken once for all replies of a turn, and not once for each: a tenth of what a read costs. */
  const sendThisTurn = (request: FastifyRequest, reply: FastifyReply, outgoing: Outgoing): void => {
    running += 1
    if (due.push({ request, reply, outgoing }) === 1) setImmediate(sendDue)
  }
  const sendDue = (): void => {
    for (const { request, reply, outgoing } of due.splice(0)) {
      try {
        sendNow(request.raw, reply.raw, outgoing)
      } catch (error) {
        lost(reply, error)
      }
      finished()
    }
  }
  /** What is known at once is sent in the same turn of the event loop; only what has to wait costs a promise. */
  const serve = (
    incoming: FastifyRequest,
    reply: FastifyReply,
    run: (request: Incoming) => MaybePromise<Outgoing>,
  ): void => {
    reply.hijack()
    try {
      const outgoing = run(toIncoming(incoming.raw, origin))
      if (!(outgoing instanceof Promise) && !isStream(outgoing.body)) {
        sendThisTurn(incoming, reply, outgoing)
        return
      }
      running += 1
      Promise.resolve(outgoing)
        .then(ready => send(incoming.raw, reply.raw, ready, options.log))
        .catch(error => lost(reply, error))
        .finally(finished)
    } catch (error) {
      lost(reply, error)
    }
  }
  for (const service of options.services)
    for (const route of service.routes)
      for (const path of route.paths)
        app.route({
          method: route.method,
          url: fastifyPath(path),
          handler: (request, reply) =>
            serve(request, reply, incoming => route.run(incoming, request.params as Params)),
        })
  for (const extra of options.extra ?? [])
    for (const path of [extra.path, `${extra.path}/`])
      app.get(path, (request, reply) => serve(request, reply, extra.handler))
  const answerUnmatched = (incoming: Incoming): MaybePromise<Outgoing> => {
    const service = options.services.find(candidate =>
      candidate.prefixes.some(prefix => isBelow(incoming.path, prefix)),
    )
    if (service) return service.unmatched(incoming)
    const other = options.elsewhere?.find(({ below }) => isBelow(incoming.path, below))
    return other ? other.handler(incoming) : nowhere()
  }
  const unmatched = (request: FastifyRequest, reply: FastifyReply) => serve(request, reply, answerUnmatched)
  app.setNotFoundHandler(unmatched)
  app.setErrorHandler((_error, request, reply) => unmatched(request, reply))
  // Nobody tunnels through us: a CONNECT is one more method that no route has. Node hands it over without a response.
  app.server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket)
    response.on('finish', () => socket.end())
    socket.on('error', () => socket.destroy())
    Promise.resolve(answerUnmatched(toIncoming(request, origin)))
      .then(outgoing => send(request, response, outgoing, options.log))
      .catch(() => socket.destroy())
  })
  await listen(app, options)
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  origin = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`
  return {
    origin,
    running: () => running,
    async close(drainMs) {
      const closed = app.close()
      const end = Date.now() + drainMs
      while (running > 0 && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 10))
      app.server.closeAllConnections()
      await closed
    },
  }
}

const listen = (app: FastifyInstance, options: HttpServerOptions) =>
  app.listen({ host: options.host, port: options.port, backlog: 1024 })

const isBelow = (path: string, prefix: string) => path === prefix || path.startsWith(`${prefix}/`)

const nowhere = (): Outgoing => {
  const body = JSON.stringify({
    error: {
      code: 404,
      title: 'Not Found',
      message: 'Nothing is served at this path. The catalogue is at /identity/v3.',
    },
  })
  return {
    status: 404,
    headers: ['Content-Type', 'application/json', 'Content-Length', String(Buffer.byteLength(body))],
    body,
  }
}

function toIncoming(raw: IncomingMessage, origin: string): Incoming {
  const url = raw.url ?? '/'
  const mark = url.indexOf('?')
  const { headers, method } = raw
  const hasBody =
    method !== 'GET' &&
    method !== 'HEAD' &&
    (headers['content-length'] !== undefined
      ? headers['content-length'] !== '0'
      : headers['transfer-encoding'] !== undefined)
  return {
    method: method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    search: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    body: hasBody ? raw : null,
    remoteAddress: raw.socket.remoteAddress ?? '-',
    origin: headers.host === undefined ? origin : originOf(headers.host),
  }
}

const origins = new Map<string, string>()

/** The origin a caller used; the same text object each time, so that look-ups by it are quick. */
function originOf(host: string): string {
  let origin = origins.get(host)
  if (origin === undefined) {
    if (origins.size >= limits.headerCacheEntriesMax) origins.clear()
    origin = `http://${host}`
    origins.set(host, origin)
  }
  return origin
}

const isStream = (body: Outgoing['body']): body is Readable => body !== null && typeof body !== 'string'

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  outgoing: Outgoing,
  log: Log,
): Promise<void> {
  if (!isStream(outgoing.body)) {
    sendNow(request, response, outgoing)
    return
  }
  response.writeHead(outgoing.status, outgoing.headers)
  await pipeline(outgoing.body, response).catch((error: unknown) => {
    log.warning('reply was cut short', { error })
  })
  drain(request)
}

function sendNow(request: IncomingMessage, response: ServerResponse, outgoing: Outgoing): void {
  // A body nobody reads would stand in the way of the next request on the connection.
  if (!request.complete && isLong(request)) outgoing.headers.push('Connection', 'close')
  response.writeHead(outgoing.status, outgoing.headers)
  if (typeof outgoing.body !== 'string' || request.method === 'HEAD') response.end()
  else response.end(outgoing.body, outgoing.isAscii ? 'latin1' : 'utf8')
  if (!request.complete) drain(request)
}

const isLong = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] === undefined
    ? headers['transfer-encoding'] !== undefined
    : Number(headers['content-length']) > limits.jsonBodyBytesMax

/** Lets a refused body run out, so that the caller reads the answer and not a reset; but not for ever. */
function drain(request: IncomingMessage): void {
  if (request.complete) return
  request.resume()
  if (isLong(request)) setTimeout(() => request.complete || request.destroy(), limits.refusedBodyMs).unref()
}
