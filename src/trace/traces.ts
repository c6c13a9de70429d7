// One request's trace: from what the database knows, and from the records of log files where there are some.
import { fault } from '../model/errors.ts'
import type { Trace } from '../model/trace.ts'
import type { KnownRequest, TraceViewer } from '../model/trace-facts.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { asAsked } from './asked.ts'
import type { TraceServiceDeps } from './deps.ts'
import { type Found, findRequest } from './handle.ts'
import { asOwner } from './owner-view.ts'
import { versionView } from './views.ts'

export type TraceCall = Call<TraceServiceDeps>

export const showVersion = (call: TraceCall): Reply => json(200, versionView(call.request.origin))

/** Administrators see everything; others what is of their project. */
export const viewerOf = (call: TraceCall): TraceViewer => ({
  isAdmin: call.allows('trace:view:administrator'),
  projectId: call.auth.project?.id ?? null,
})

export async function showTrace(call: TraceCall): Promise<Reply> {
  call.enforce('trace:traces:show')
  const handle = call.params.handle! // in the route's path
  const viewer = viewerOf(call)
  const found = await findRequest(call.deps, handle, viewer, call.query.one('server'))
  const trace = await traceOf(call.deps, handle, found, viewer)
  if (trace === null) throw fault('TraceNotFound', { handle })
  return json(200, trace)
}

/** Null when nothing is known of it, or nothing the viewer may know. */
export async function traceOf(
  deps: TraceServiceDeps,
  handle: string,
  { request, siblings, logHandle }: Found,
  viewer: TraceViewer,
): Promise<Trace | null> {
  const facts = request ? await deps.facts.of(request, viewer) : null
  // Its rules and formats are loaded with the first trace, so that a cloud nobody asks does not hold them.
  const { traceHandle } = await import('../tracer/trace.ts')
  const whole = await traceHandle(logHandle, deps.logs ? [deps.logs] : [], {
    source: `cloud ${deps.origin()}`,
    journal: {
      resolve: async () => request?.requestId ?? null,
      facts: async id => (id === request?.requestId || id === request?.globalId ? facts : null),
    },
    ...(viewer.isAdmin ? {} : { owner: { projectId: viewer.projectId ?? '' } }),
  })
  if (whole === null) return null
  const trace = {
    ...(request ? asAsked(whole, request) : whole),
    handle,
    gaps: [...whole.gaps, ...siblingGap(request, siblings)],
  }
  return viewer.isAdmin ? trace : asOwner(trace, viewer.projectId)
}

function siblingGap(request: KnownRequest | null, siblings: number): Trace['gaps'] {
  if (siblings === 0 || request === null) return []
  const text = `The request made ${siblings + 1} servers; this is of ${request.serverName}. Ask for another with ?server=ID.`
  return [{ kind: 'cut-off', service: null, count: siblings, text }]
}
