// The trace record from its parts.
import { isoMillis } from '../base/time.ts'
import { type Trace, type TraceCall, type TraceRequest, traceFormat } from '../model/trace.ts'
import type { Facts } from '../model/trace-facts.ts'
import { callsOf, withFailedPath } from './calls.ts'
import type { Branch } from './correlate/tree.ts'
import type { Evidence } from './evidence.ts'
import { explain } from './explain/explain.ts'
import { foldRecords } from './fold.ts'
import { gapsOf, type Seen } from './gaps.ts'
import type { LogRecord } from './record.ts'

export interface Parts {
  readonly handle: string
  readonly source: string
  readonly requestId: string
  readonly serverId: string | null
  readonly branches: readonly Branch[]
  /** Of the tree, and those beside it, in the order of time. */
  readonly records: readonly LogRecord[]
  /** The verdict is made from these alone; all of them for administrators. */
  readonly readable: (record: LogRecord) => boolean
  readonly facts: Facts | null
  readonly seen: Omit<Seen, 'records' | 'branches' | 'leftOut'>
}

export function assemble(parts: Parts): Trace {
  const { branches, facts, records } = parts
  const calls = callsOf(branches)
  const evidence: Evidence = {
    requestId: branches[0]?.node.localId ?? parts.requestId,
    serverId: facts?.server?.id ?? parts.serverId,
    calls: calls.map(({ call, records: own }) => ({ call, records: own.filter(parts.readable) })),
    records: records.filter(parts.readable),
    facts,
    coverage: parts.seen.coverage,
  }
  const { verdict, placement, matters } = explain(evidence)
  const isFailed = verdict.outcome === 'failed' || verdict.outcome === 'lost'
  const told = isFailed ? withFailedPath(calls, matters) : calls.map(({ call }) => call)
  const { logs, leftOut } = foldRecords(records, matters)
  return {
    format: traceFormat,
    handle: parts.handle,
    view: 'administrator',
    source: parts.source,
    request: requestOf(parts),
    server: facts?.server
      ? { id: facts.server.id, name: facts.server.name }
      : parts.serverId === null
        ? null
        : { id: parts.serverId, name: null },
    verdict,
    calls: told.length > 0 ? told : knownCall(facts, isFailed),
    action: facts?.action ?? null,
    placement,
    logs,
    gaps: gapsOf({ ...parts.seen, records, branches, leftOut }),
  }
}

function requestOf({ branches, records, requestId, facts }: Parts): TraceRequest {
  const root = branches[0]
  const access = root?.node.access ?? null
  const caller = root?.node.records.find(({ userId, projectId }) => userId !== null || projectId !== null)
  const last = records.reduce<number | null>(
    (latest, { at }) => Math.max(latest ?? 0, at ?? 0) || latest,
    null,
  )
  const action = facts?.action ?? null
  return {
    localId: root?.node.localId ?? action?.requestId ?? requestId,
    globalId: root?.globalId ?? null,
    service: root?.node.service ?? (action ? 'nova-api' : null),
    method: access?.method ?? null,
    path: access?.path ?? null,
    status: root?.node.status ?? null,
    microversion: access?.microversion ?? null,
    userId: action?.userId ?? caller?.userId ?? null,
    projectId: action?.projectId ?? caller?.projectId ?? null,
    startedAt: root?.node.startedAt == null ? (action?.startedAt ?? null) : isoMillis(root.node.startedAt),
    endedAt: last === null ? (action?.finishedAt ?? null) : isoMillis(last),
  }
}

/** Without any log line, the action alone says that there was a request. */
function knownCall(facts: Facts | null, isFailed: boolean): readonly TraceCall[] {
  const action = facts?.action
  if (!action) return []
  return [
    {
      id: 'c1',
      parent: null,
      edge: 'root',
      proof: null,
      kind: 'http',
      service: 'nova-api',
      host: null,
      localId: action.requestId,
      globalId: null,
      operation: action.name,
      status: null,
      startedAt: action.startedAt,
      endedAt: action.finishedAt,
      isFailed,
      isOnFailedPath: isFailed,
    },
  ]
}
