// The calls as a tree, with calls that repeat folded into one line.
import type { TraceCall } from '../../model/trace.ts'

export interface CallNode {
  readonly call: TraceCall
  /** How often it was made, in the same words, one after the other. */
  readonly times: number
  readonly endedAt: string | null
  readonly children: readonly CallNode[]
}

/** Roots first, then those nobody is known to have called. A parent that is not there makes its child a root. */
export function callTree(
  calls: readonly TraceCall[],
  options: { readonly fold: boolean },
): readonly CallNode[] {
  const known = new Map(calls.map(call => [call.id, call]))
  const below = new Map<string | null, TraceCall[]>()
  for (const call of calls) {
    const parent =
      call.parent !== null && known.has(call.parent) && call.parent !== call.id ? call.parent : null
    below.set(parent, [...(below.get(parent) ?? []), call])
  }
  const placed = new Set<string>()
  const grow = (call: TraceCall): readonly CallNode[] => {
    if (placed.has(call.id)) return []
    placed.add(call.id)
    const children = (below.get(call.id) ?? []).flatMap(grow)
    return [{ call, times: 1, endedAt: call.endedAt, children: options.fold ? folded(children) : children }]
  }
  const roots = (below.get(null) ?? []).flatMap(grow)
  // Calls that are each other's parents hang on no root; they are shown all the same.
  const rest = calls.flatMap(grow)
  const all = [...roots, ...rest]
  return [
    ...all.filter(node => node.call.edge !== 'orphan'),
    ...(options.fold ? folded(all.filter(isOrphan)) : all.filter(isOrphan)),
  ]
}
const isOrphan = (node: CallNode): boolean => node.call.edge === 'orphan'

const ids = /[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/gi

/** What two calls have in common that need not be read twice; undefined for one that must be read. */
function sameAs({ call, children }: CallNode): string | undefined {
  if (children.length > 0 || call.isFailed || call.isOnFailedPath || call.edge === 'root') return undefined
  return JSON.stringify([
    call.edge,
    call.service,
    call.host,
    call.operation.replace(ids, '*').replace(/\?.*/s, '?'),
    call.status,
  ])
}

/** Three or more in a row become one. */
function folded(nodes: readonly CallNode[]): readonly CallNode[] {
  const result: CallNode[] = []
  for (let at = 0; at < nodes.length; ) {
    const first = nodes[at]! // at is below the length
    const key = sameAs(first)
    let end = at + 1
    while (key !== undefined && end < nodes.length && sameAs(nodes[end]!) === key) end++
    const run = nodes.slice(at, end)
    if (run.length < 3) result.push(...run)
    else result.push({ ...first, times: run.length, endedAt: run.at(-1)?.endedAt ?? null })
    at = end
  }
  return result
}
