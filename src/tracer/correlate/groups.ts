// Records under one local request id: the service that took the request, and those it was passed on to over RPC.
import type { Instant } from '../../base/time.ts'
import type { Access, LogRecord } from '../record.ts'
import { methodOf } from './rpc-method.ts'
import { isFront } from './services.ts'

/** What one service on one host did under one local id: a call of the tree. */
export interface Node {
  readonly localId: string
  readonly service: string
  readonly host: string | null
  readonly records: readonly LogRecord[]
  /** Over HTTP from somebody, or over RPC under the same id. */
  readonly kind: 'http' | 'rpc'
  /** `POST /v2.1/servers`, or the method that was called over RPC. */
  readonly operation: string
  /** What was answered; null over RPC, and where no request line tells. */
  readonly status: number | null
  /** The request line; null for what came over RPC, and where it was not logged. */
  readonly access: Access | null
  readonly startedAt: Instant | null
  readonly endedAt: Instant | null
}

export interface Group {
  readonly localId: string
  readonly globalId: string | null
  /** Took the request over HTTP, or saw it first. */
  readonly entry: Node
  readonly nodes: readonly Node[]
}

/** Groups in the order of time. `records` are in the order of time. */
export function groupRecords(records: readonly LogRecord[]): readonly Group[] {
  const byId = new Map<string, LogRecord[]>()
  for (const record of records) {
    if (record.localId === null) continue
    const group = byId.get(record.localId)
    if (group) group.push(record)
    else byId.set(record.localId, [record])
  }
  return [...byId].map(([localId, own]) => groupOf(localId, own))
}

function groupOf(localId: string, records: readonly LogRecord[]): Group {
  const parts = new Map<string, LogRecord[]>()
  for (const record of records) {
    const key = `${record.service}\n${record.host ?? ''}`
    const part = parts.get(key)
    if (part) part.push(record)
    else parts.set(key, [record])
  }
  const nodes = withKnownHosts([...parts.values()]).map(own => nodeOf(localId, own))
  const entry =
    nodes.find(({ kind }) => kind === 'http') ?? nodes.find(({ service }) => isFront(service)) ?? nodes[0]! // a group has records
  return {
    localId,
    globalId: records.find(({ globalId }) => globalId !== null)?.globalId ?? null,
    entry,
    nodes,
  }
}

/** Lines of a service that name no host are those of the one host that its other lines name, where it is one. */
function withKnownHosts(parts: readonly (readonly LogRecord[])[]): readonly (readonly LogRecord[])[] {
  return parts.flatMap(part => {
    const [first] = part
    const others = parts.filter(other => other !== part && other[0]?.service === first?.service)
    const [other] = others
    if (!other || others.length > 1) return [part]
    const isNamed = first?.host !== null
    if (isNamed === (other[0]?.host !== null)) return [part]
    return isNamed ? [[...part, ...other].sort((a, b) => (a.at ?? 0) - (b.at ?? 0))] : []
  })
}

function nodeOf(localId: string, records: readonly LogRecord[]): Node {
  const [{ service }] = records as [LogRecord, ...LogRecord[]] // parts are made with their first record
  const host = records.find(record => record.host !== null)?.host ?? null
  const told = records.find(({ access }) => access !== null)
  const access = told?.access ?? null
  const times = records.flatMap(({ at }) => at ?? [])
  // The request line is written when the answer is: the request began as much earlier as it took.
  const began = told?.at != null && access?.durationMs != null ? [told.at - access.durationMs] : []
  const starts = [...times, ...began]
  return {
    localId,
    service,
    host,
    records,
    kind: access === null && !isFront(service) ? 'rpc' : 'http',
    operation: access === null ? methodOf(service, records) : `${access.method} ${access.path}`,
    status: access?.status ?? null,
    access,
    startedAt: starts.length === 0 ? null : Math.min(...starts),
    endedAt: times.length === 0 ? null : Math.max(...times),
  }
}
