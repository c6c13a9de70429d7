// A request followed live, as server-sent events: the trace as it is, each change, the verdict when it is over.
import { Readable } from 'node:stream'
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Trace } from '../model/trace.ts'
import type { TraceViewer } from '../model/trace-facts.ts'
import type { Reply } from '../platform/http/types.ts'
import type { TraceServiceDeps } from './deps.ts'
import { type Found, findRequest } from './handle.ts'
import { type TraceCall, traceOf, viewerOf } from './traces.ts'

export async function followRequest(call: TraceCall): Promise<Reply> {
  call.enforce('trace:requests:follow')
  const { deps } = call
  const handle = call.params.id! // in the route's path
  const viewer = viewerOf(call)
  const found = await findRequest(deps, handle, viewer, call.query.one('server'))
  const first = await traceOf(deps, handle, found, viewer)
  if (first === null) throw fault('TraceNotFound', { handle })
  if (deps.followers.size >= limits.traceFollowersMax) throw fault('TraceFollowersTooMany')
  const follower = Symbol(handle)
  deps.followers.add(follower)
  const stream = Readable.from(messages(deps, handle, found, viewer, first), { objectMode: false })
  // Whether it came to its end, or its reader went away.
  stream.once('close', () => deps.followers.delete(follower))
  return {
    status: 200,
    stream,
    contentType: 'text/event-stream',
    headers: { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
  }
}

async function* messages(
  deps: TraceServiceDeps,
  handle: string,
  found: Found,
  viewer: TraceViewer,
  first: Trace,
): AsyncGenerator<string> {
  yield message('trace', first)
  let before = first
  const { request } = found
  let mark = request && (await deps.facts.mark(request))
  let quietMs = 0
  for (let ms = 0; request && !before.verdict.isOver && ms < limits.traceFollowMs; ms += limits.tracePollMs) {
    await pause(deps.closing)
    if (deps.closing.aborted) return
    const now = await deps.facts.mark(request)
    if (now === mark) {
      quietMs += limits.tracePollMs
      if (quietMs % limits.traceHeartbeatMs < limits.tracePollMs) yield ': nothing new\n\n'
      continue
    }
    mark = now
    quietMs = 0
    const after = await traceAgain(deps, handle, found, viewer)
    if (after === null) return
    for (const change of changes(before, after)) yield change
    before = after
  }
  if (before.verdict.isOver) yield message('trace', before) + message('verdict', before.verdict)
}

/** The same request as it is now: its outcome is a fact that changes. */
async function traceAgain(
  deps: TraceServiceDeps,
  handle: string,
  found: Found,
  viewer: TraceViewer,
): Promise<Trace | null> {
  const { request } = found
  if (request === null) return null
  const [now] = await deps.facts.byRequest(request.requestId, viewer, request.serverId)
  return now ? traceOf(deps, handle, { ...found, request: now }, viewer) : null
}

function* changes(before: Trace, after: Trace): Generator<string> {
  const key = (event: { readonly name: string; readonly attempt: number }) => `${event.name} ${event.attempt}`
  const known = new Map((before.action?.events ?? []).map(event => [key(event), event]))
  for (const event of after.action?.events ?? []) {
    const was = known.get(key(event))
    if (!was) yield message('event-started', event)
    if (event.finishedAt !== null && (was?.finishedAt ?? null) === null)
      yield message('event-finished', event)
  }
  for (const attempt of after.placement.slice(before.placement.length)) yield message('placement', attempt)
  const seen = new Set(before.logs.map(logKey))
  for (const log of after.logs) if (!seen.has(logKey(log))) yield message('log', log)
}

const logKey = ({ at, file, offset, message: text }: Trace['logs'][number]) =>
  `${at} ${file} ${offset} ${text}`

// JSON has no line breaks of its own, so one `data:` line holds it.
const message = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

const pause = (closing: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (closing.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      closing.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, limits.tracePollMs)
    closing.addEventListener('abort', end)
  })
