// Requests, newest first: those that left an action, and those the logs say were refused at once.
import { parseIso } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Summary } from '../model/trace.ts'
import type { KnownRequest, RequestFilter, TraceViewer } from '../model/trace-facts.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { recentRefusals } from './refusals.ts'
import { type TraceCall, viewerOf } from './traces.ts'
import { summaryView } from './views.ts'

/** Where the page before ended. */
interface Marker {
  readonly known: KnownRequest | null
  readonly at: number
}

export async function listRequests(call: TraceCall): Promise<Reply> {
  call.enforce('trace:requests:list')
  const viewer = viewerOf(call)
  const { deps, query } = call
  const limit = Math.min(Number(query.one('limit') ?? limits.pageItemsMax), limits.pageItemsMax)
  const refusals = await recentRefusals(deps.logs, viewer)
  const marker = await markerOf(call, viewer, refusals)
  const filter = filterOf(call, limit, marker)
  const known = (await deps.facts.list(filter, viewer)).map(
    (one): Line => ({ summary: summaryView(one, viewer), marker: `${one.requestId}:${one.serverId}` }),
  )
  const refused = refusals
    .filter(refusal => fits(refusal, filter, marker))
    .map((refusal): Line => ({ summary: refusal, marker: refusal.requestId }))
  const page = merged(known, refused).slice(0, limit)
  const next = page.length === limit ? page.at(-1)?.marker : undefined
  return json(200, {
    requests: page.map(({ summary }) => summary),
    ...(next === undefined ? {} : { requests_links: [{ rel: 'next', href: nextHref(call, next) }] }),
  })
}

interface Line {
  readonly summary: Summary
  /** What the page after it goes on from. */
  readonly marker: string
}

/** By time, and each of the two in the order it has: actions of one request begin at the same moment. */
function merged(known: readonly Line[], refused: readonly Line[]): readonly Line[] {
  const lines: Line[] = []
  let at = 0
  for (const line of known) {
    while (at < refused.length && timeIn(refused[at]!) > timeIn(line)) lines.push(refused[at++]!) // at < length
    lines.push(line)
  }
  return [...lines, ...refused.slice(at)]
}

const timeIn = ({ summary }: Line): string => summary.at ?? ''

function filterOf({ query }: TraceCall, limit: number, marker: Marker | null): RequestFilter {
  const text = (name: string) => query.one(name)
  const [userId, projectId, serverId, cause] = [text('user'), text('project'), text('server'), text('cause')]
  const outcome = text('outcome') as RequestFilter['outcome'] // the schema takes only these
  const since = timeOf('since', text('since'))
  const asked = timeOf('before', text('before'))
  // A request the logs alone know has no place in the order of actions: what began before it follows.
  const before = marker && !marker.known ? Math.min(marker.at, asked ?? marker.at) : asked
  return {
    limit,
    ...(userId === undefined ? {} : { userId }),
    ...(projectId === undefined ? {} : { projectId }),
    ...(serverId === undefined ? {} : { serverId }),
    ...(cause === undefined ? {} : { cause }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(since === undefined ? {} : { since }),
    ...(before === undefined ? {} : { before }),
    ...(marker?.known ? { after: marker.known } : {}),
  }
}

function timeOf(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const at = parseIso(value)
  if (at === undefined) throw fault('TraceTimeInvalid', { name, value })
  return at
}

async function markerOf(
  { deps, query }: TraceCall,
  viewer: TraceViewer,
  refusals: readonly Summary[],
): Promise<Marker | null> {
  const marker = query.one('marker')
  if (marker === undefined) return null
  const [requestId = '', serverId] = marker.split(':')
  const known = (await deps.facts.byRequest(requestId, viewer, serverId)).at(-1)
  if (known) return { known, at: known.startedAt }
  const refusal = refusals.find(one => one.requestId === requestId)
  if (!refusal) throw fault('TraceMarkerNotFound', { marker })
  return { known: null, at: Date.parse(refusal.at ?? '') }
}

function fits(refusal: Summary, filter: RequestFilter, marker: Marker | null): boolean {
  const at = Date.parse(refusal.at ?? '')
  return (
    (filter.userId === undefined || filter.userId === refusal.userId) &&
    (filter.projectId === undefined || filter.projectId === refusal.projectId) &&
    (filter.serverId === undefined || filter.serverId === refusal.serverId) &&
    (filter.cause === undefined || filter.cause === refusal.cause) &&
    (filter.outcome === undefined || filter.outcome === 'failed') &&
    (filter.since === undefined || at >= filter.since) &&
    (filter.before === undefined || at < filter.before) &&
    (marker === null || at < marker.at)
  )
}

function nextHref({ request, query }: TraceCall, marker: string): string {
  const next = new URLSearchParams()
  for (const name of query.names) if (name !== 'marker') next.set(name, query.one(name) ?? '')
  next.set('marker', marker)
  return `${request.origin}${request.path}?${next}`
}
