// The call tree as the record has it: branches with names, outcomes, and the path that failed.
import { isoMillis } from '../base/time.ts'
import type { TraceCall } from '../model/trace.ts'
import type { Branch } from './correlate/tree.ts'
import type { CallRecords } from './evidence.ts'
import type { LogRecord } from './record.ts'

/** One call a branch, in the same order; nothing is on a failed path yet. */
export function callsOf(branches: readonly Branch[]): readonly CallRecords[] {
  const ids = new Map(branches.map((branch, at) => [branch, `c${at + 1}`]))
  return branches.map(branch => {
    const { node } = branch
    const call: TraceCall = {
      id: ids.get(branch)!, // every branch has one
      parent: (branch.parent && ids.get(branch.parent)) ?? null,
      edge: branch.edge,
      proof: branch.proof,
      kind: node.kind,
      service: node.service,
      host: node.host,
      localId: node.localId,
      globalId: branch.globalId,
      operation: node.operation,
      status: node.status,
      startedAt: node.startedAt === null ? null : isoMillis(node.startedAt),
      endedAt: node.endedAt === null ? null : isoMillis(node.endedAt),
      isFailed: (node.status ?? 0) >= 400 || node.records.some(isError),
      isOnFailedPath: false,
    }
    return { call, records: node.records }
  })
}

const isError = ({ level, traceback }: LogRecord): boolean =>
  level === 'ERROR' || level === 'CRITICAL' || traceback.length > 0

/** Marks the calls that said what matters, and everything above them; the root at least. */
export function withFailedPath(
  calls: readonly CallRecords[],
  matters: ReadonlySet<LogRecord>,
): readonly TraceCall[] {
  const byId = new Map(calls.map(({ call }) => [call.id, call]))
  const failed = new Set<string>()
  const mark = (id: string | null): void => {
    for (let at = id; at !== null && !failed.has(at); at = byId.get(at)?.parent ?? null) failed.add(at)
  }
  for (const { call, records } of calls) if (records.some(record => matters.has(record))) mark(call.id)
  if (failed.size === 0) mark(calls[0]?.call.id ?? null)
  return calls.map(({ call }) => (failed.has(call.id) ? { ...call, isOnFailedPath: true } : call))
}
