// The call tree of a request: which call was made by which. An edge is proven where a pair of ids was seen, inferred
// where time and a shared global id say so, and a call that neither explains is an orphan and stays visible.
import type { Instant } from '../../base/time.ts'
import type { LogRecord } from '../record.ts'
import { type Group, groupRecords, type Node } from './groups.ts'
import { pathOf, type UsedId, usedId } from './said.ts'
import { rowOf, serviceOfType } from './services.ts'

export interface Branch {
  readonly node: Node
  readonly globalId: string | null
  readonly parent: Branch | null
  readonly edge: 'root' | 'proven' | 'inferred' | 'orphan'
  /** What shows who called, in words. */
  readonly proof: string | null
}

/**
 * Parents before children, siblings in the order of time. Of several requests under one global id only the tree that
 * `requestId` is in is kept, unless it is that global id itself.
 */
export function buildTree(records: readonly LogRecord[], requestId: string): readonly Branch[] {
  const groups = groupRecords(records)
  const callers = callersOf(groups)
  const branches: Branch[] = []
  const entries = new Map<string, Branch>()
  const place = (group: Group, under: ReadonlySet<string>): Branch => {
    const made = entries.get(group.localId)
    if (made) return made
    const caller = callers.get(group.localId)
    // A ring of ids is somebody's forgery; where it closes, the call has no parent.
    const parentGroup = caller && !under.has(caller.group.localId) ? caller.group : null
    if (parentGroup) place(parentGroup, new Set([...under, group.localId]))
    const parent = parentGroup && caller ? (branches.find(({ node }) => node === caller.node) ?? null) : null
    const edge = parent && caller ? caller.edge : group.entry.kind === 'http' ? 'root' : 'orphan'
    const entry: Branch = {
      node: group.entry,
      globalId: group.globalId,
      parent,
      edge,
      proof: parent && caller ? caller.proof : null,
    }
    branches.push(entry)
    entries.set(group.localId, entry)
    placeWork(group, entry, branches)
    return entry
  }
  for (const group of groups) place(group, new Set())
  placeUnseen(groups, branches, entries)
  return inTreeOrder(keptFor(branches, requestId))
}

interface Caller {
  readonly group: Group
  readonly node: Node
  readonly edge: 'proven' | 'inferred'
  readonly proof: string
}

/** Who called each group's request, by the strongest sign there is. */
function callersOf(groups: readonly Group[]): ReadonlyMap<string, Caller> {
  const byId = new Map(groups.map(group => [group.localId, group]))
  const callers = new Map<string, Caller>()
  for (const group of groups)
    for (const node of group.nodes)
      for (const { message } of node.records) {
        const callee = usedId(message)
        if (callee && callee.id !== group.localId && byId.has(callee.id) && !callers.has(callee.id))
          callers.set(callee.id, {
            group,
            node,
            edge: 'proven',
            proof: `${node.service} says it used ${callee.id}`,
          })
      }
  for (const group of groups) {
    if (callers.has(group.localId) || group.globalId === null) continue
    const caller = byId.get(group.globalId)
    if (caller && caller !== group)
      callers.set(group.localId, {
        group: caller,
        node: nodeAt(caller, group.entry.startedAt),
        edge: 'proven',
        proof: `it carries ${caller.localId} as its global id`,
      })
  }
  for (const group of groups) {
    if (callers.has(group.localId) || group.globalId === null) continue
    const caller = enclosing(group, groups)
    if (caller)
      callers.set(group.localId, {
        group: caller,
        node: nodeAt(caller, group.entry.startedAt),
        edge: 'inferred',
        proof: `same global id, while ${caller.entry.service} was at work`,
      })
  }
  return callers
}

/** The request with the same global id that was at work when this one came: the first to begin of those. */
function enclosing(group: Group, groups: readonly Group[]): Group | null {
  const at = group.entry.startedAt
  if (at === null) return null
  return (
    groups.find(
      other =>
        other !== group &&
        other.globalId === group.globalId &&
        other.entry.service !== group.entry.service &&
        spanOf(other).from < at &&
        at <= spanOf(other).to,
    ) ?? null
  )
}

function spanOf(group: Group): { readonly from: Instant; readonly to: Instant } {
  const from = Math.min(...group.nodes.map(({ startedAt }) => startedAt ?? Number.POSITIVE_INFINITY))
  const to = Math.max(...group.nodes.map(({ endedAt }) => endedAt ?? Number.NEGATIVE_INFINITY))
  return { from, to }
}

/** The part of a request that was at work at that time: the one that began last of those that had not ended. */
function nodeAt(group: Group, at: Instant | null): Node {
  if (at === null) return group.entry
  const running = group.nodes.filter(
    ({ startedAt, endedAt }) => startedAt !== null && endedAt !== null && startedAt <= at && at <= endedAt,
  )
  return running.reduce(
    (last, node) => (node.startedAt! >= last.startedAt! ? node : last),
    running[0] ?? group.entry,
  ) // all have times
}

/** Services the request was passed on to over RPC: the same local id, so who called whom is known by what they are. */
function placeWork(group: Group, entry: Branch, branches: Branch[]): void {
  const placed = [entry]
  const waiting = group.nodes.filter(node => node !== entry.node)
  // Those that get work from others first of all: a parent must stand before its children.
  for (const node of waiting.sort((a, b) => depthOf(a) - depthOf(b))) {
    const parent = workParent(node, placed) ?? entry
    const branch: Branch = {
      node,
      globalId: group.globalId,
      parent,
      edge: 'proven',
      proof: `the same request id as ${parent.node.service}`,
    }
    placed.push(branch)
    branches.push(branch)
  }
}

function depthOf(node: Node): number {
  const from = rowOf(node.service)?.workFrom ?? []
  return from.length === 0 ? 0 : node.service === 'nova-conductor' ? 1 : 2
}

function workParent(node: Node, placed: readonly Branch[]): Branch | undefined {
  for (const service of rowOf(node.service)?.workFrom ?? []) {
    const before = placed.filter(branch => branch.node.service === service)
    if (before.length > 0)
      return before.findLast(branch => (branch.node.startedAt ?? 0) <= (node.startedAt ?? 0)) ?? before[0]
  }
  return undefined
}

/** Calls of which only the caller's line tells: the other service's log is not there, or has nothing of it. */
function placeUnseen(
  groups: readonly Group[],
  branches: Branch[],
  entries: ReadonlyMap<string, Branch>,
): void {
  const told = new Set<string>()
  for (const group of groups)
    for (const node of group.nodes)
      for (const record of node.records) {
        const callee = usedId(record.message)
        if (!callee || entries.has(callee.id) || told.has(callee.id)) continue
        told.add(callee.id)
        const parent = branches.find(branch => branch.node === node) ?? entries.get(group.localId) ?? null
        branches.push({
          node: unseen(callee, record),
          globalId: null,
          parent,
          edge: parent ? 'proven' : 'orphan',
          proof: `${node.service} says it used ${callee.id}`,
        })
      }
}

const unseen = (callee: UsedId, { at }: LogRecord): Node => ({
  localId: callee.id,
  service: serviceOfType(callee.to ?? 'unknown'),
  host: null,
  records: [],
  kind: 'http',
  operation: `${callee.method} ${pathOf(callee.url)}`,
  status: null,
  access: null,
  startedAt: at,
  endedAt: at,
})

const rootOf = (branch: Branch): Branch => {
  let at = branch
  while (at.parent) at = at.parent
  return at
}

function keptFor(branches: readonly Branch[], requestId: string): readonly Branch[] {
  const own = branches.find(({ node }) => node.localId === requestId)
  if (!own) return branches
  const root = rootOf(own)
  // An orphan has no parent by definition, and may belong: it is kept where it shares the id.
  return branches.filter(branch => {
    const top = rootOf(branch)
    return top === root || (top.edge === 'orphan' && top.globalId === requestId)
  })
}

/** Depth first, so that a reader finds what a call led to right below it; orphans last. */
function inTreeOrder(branches: readonly Branch[]): readonly Branch[] {
  const children = new Map<Branch | null, Branch[]>()
  for (const branch of branches) {
    const siblings = children.get(branch.parent)
    if (siblings) siblings.push(branch)
    else children.set(branch.parent, [branch])
  }
  const ordered: Branch[] = []
  const walk = (parent: Branch | null): void => {
    const rank = (branch: Branch) => (branch.edge === 'orphan' ? 1 : 0)
    const siblings = [...(children.get(parent) ?? [])].sort(
      (a, b) => rank(a) - rank(b) || (a.node.startedAt ?? 0) - (b.node.startedAt ?? 0),
    )
    for (const branch of siblings) {
      ordered.push(branch)
      walk(branch)
    }
  }
  walk(null)
  return ordered
}
