// What people have in hand (a request's id, a server's id or name, `last`) into the request it stands for.
import { isRequestId, isUuidLike } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { KnownRequest, TraceFacts, TraceViewer } from '../model/trace-facts.ts'
import type { TraceDeps } from './deps.ts'
import { recentRefusals } from './refusals.ts'

export interface Found {
  /** Null: the database knows nothing of it; the logs may. */
  readonly request: KnownRequest | null
  /** Further servers of the same request. */
  readonly siblings: number
  /** What to look for in the logs. */
  readonly logHandle: string
}

/** Throws TraceNotFound for what cannot be anything, and TraceServerAmbiguous for a name several servers have. */
export async function findRequest(
  deps: Pick<TraceDeps, 'facts' | 'logs'>,
  handle: string,
  viewer: TraceViewer,
  serverId?: string,
): Promise<Found> {
  if (handle === 'last' || handle === 'last-failed') return last(deps, handle, viewer)
  const lower = handle.toLowerCase()
  if (isRequestId(lower)) {
    const known = await deps.facts.byRequest(lower, viewer, serverId)
    // A global id may stand for several requests: one that failed is what people ask about.
    const request = known.find(({ outcome }) => outcome === 'failed') ?? known[0] ?? null
    const siblings = known.filter(other => other.requestId === request?.requestId).length - 1
    return { request, siblings: Math.max(0, siblings), logHandle: lower }
  }
  const request = await ofServer(deps.facts, handle, viewer)
  if (request === null) throw fault('TraceNotFound', { handle })
  return { request, siblings: 0, logHandle: request.requestId }
}

async function ofServer(
  facts: TraceFacts,
  handle: string,
  viewer: TraceViewer,
): Promise<KnownRequest | null> {
  if (isUuidLike(handle)) {
    const known = await facts.byServer(dashed(handle.toLowerCase()), viewer)
    if (known) return known
  }
  const [id, ...others] = await facts.serversNamed(handle, viewer)
  if (others.length > 0)
    throw fault('TraceServerAmbiguous', { name: handle, ids: [id, ...others].slice(0, 5).join(', ') })
  return id === undefined ? null : facts.byServer(id, viewer)
}

/** The newest of the caller's project, by the database or, where it was refused at once, by the logs. */
async function last(
  { facts, logs }: Pick<TraceDeps, 'facts' | 'logs'>,
  handle: 'last' | 'last-failed',
  viewer: TraceViewer,
): Promise<Found> {
  const outcome = handle === 'last-failed' ? { outcome: 'failed' as const } : {}
  const [[request], [refusal]] = await Promise.all([
    facts.list({ limit: 1, ...outcome }, viewer),
    recentRefusals(logs, viewer),
  ])
  const isRefused = refusal !== undefined && Date.parse(refusal.at ?? '') > (request?.startedAt ?? 0)
  if (isRefused) return { request: null, siblings: 0, logHandle: refusal.requestId }
  if (!request) throw fault('TraceNotFound', { handle })
  return { request, siblings: 0, logHandle: request.requestId }
}

const dashed = (id: string): string =>
  id.replaceAll('-', '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
