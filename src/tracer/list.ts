// `trace --list` over logs: the newest requests, each with its outcome as far as the newest lines tell it. For the whole
// of one of them there is the trace itself.
import { isoMillis } from '../base/time.ts'
import { limits } from '../model/limits.ts'
import type { Summary } from '../model/trace.ts'
import { callsOf } from './calls.ts'
import { type Group, groupRecords } from './correlate/groups.ts'
import { serverInPath } from './correlate/said.ts'
import { buildTree } from './correlate/tree.ts'
import { explain } from './explain/explain.ts'
import { inOrder } from './gather.ts'
import { recent } from './newest.ts'
import type { LogRecord } from './record.ts'
import type { Source, Window } from './source.ts'

export interface ListOptions {
  readonly window: Window | null
  readonly limit: number
}

/** Newest first; what only reads is left out, unless it was refused for a fault of the cloud. */
export async function listRequests(
  sources: readonly Source[],
  { window, limit }: ListOptions,
): Promise<readonly Summary[]> {
  const records = inOrder(await recent(sources)).filter(record => isWithin(record, window))
  return groupRecords(records)
    .filter(isWorthTelling)
    .sort((a, b) => (b.entry.startedAt ?? 0) - (a.entry.startedAt ?? 0))
    .slice(0, Math.min(limit, limits.pageItemsMax))
    .map(summaryOf)
}

const isWithin = ({ at }: LogRecord, window: Window | null): boolean =>
  window === null || at === null || (at >= window.from && at <= window.to)

/** Somebody's request: changes, and readings that the cloud failed. Periodic work has no user. */
function isWorthTelling({ entry, nodes }: Group): boolean {
  if (entry.access !== null) return entry.access.method !== 'GET' || entry.access.status >= 500
  return nodes.some(({ records }) => records.some(({ userId }) => userId !== null))
}

function summaryOf(group: Group): Summary {
  const records = inOrder(group.nodes.flatMap(node => node.records))
  const serverId =
    records.find(record => record.serverId !== null)?.serverId ??
    (group.entry.access && serverInPath(group.entry.access.path))
  const calls = callsOf(buildTree(records, group.localId))
  const { verdict } = explain({ requestId: group.localId, serverId, calls, records, facts: null })
  const caller = records.find(({ userId }) => userId !== null)
  return {
    requestId: group.localId,
    globalId: group.globalId,
    at: group.entry.startedAt === null ? null : isoMillis(group.entry.startedAt),
    what: group.entry.operation,
    outcome: verdict.outcome,
    cause: verdict.cause?.code ?? null,
    serverId,
    userId: caller?.userId ?? null,
    projectId: caller?.projectId ?? null,
    sentence: verdict.sentence,
  }
}
