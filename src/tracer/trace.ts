// What happened to a request: from a handle and the places where something may be written about it to the record.
//   const trace = await traceHandle('req-…', [await openLogFiles(['/var/log/nova'], {})])
import type { Trace } from '../model/trace.ts'
import type { Facts } from '../model/trace-facts.ts'
import { assemble } from './assemble.ts'
import { clockOf, corrected, skewsOf } from './correlate/skew.ts'
import { type Branch, buildTree } from './correlate/tree.ts'
import { gather, inOrder } from './gather.ts'
import { type Handle, readHandle } from './handle.ts'
import { newestRequest } from './newest.ts'
import type { LogRecord } from './record.ts'
import type { Source, Window } from './source.ts'
import { forOwner } from './view.ts'

/** What a cloud's own database knows, as far as the viewer may. */
export interface Journal {
  /** The local id of the newest request the handle means; null when the database knows none. */
  resolve(handle: Handle): Promise<string | null>
  facts(requestId: string): Promise<Facts | null>
}

export interface TraceOptions {
  /** Shown in the record; by default the sources' names. */
  readonly source?: string
  readonly journal?: Journal
  /** An owner's view: only requests of this project, and of them only what owners may see. */
  readonly owner?: { readonly projectId: string }
  /** The request is not older nor newer than this. */
  readonly window?: Window | null
}

/** The record, or null when nothing is known of the handle (or nothing the viewer may know). */
export async function traceHandle(
  text: string,
  sources: readonly Source[],
  options: TraceOptions = {},
): Promise<Trace | null> {
  const { journal, owner } = options
  const handle = readHandle(text)
  const requestId = await resolve(handle, sources, options)
  if (requestId === null) return null
  const gathered = await gather(requestId, sources, options.window ?? null)
  const skews = skewsOf(gathered.records, referenceOf(gathered.records))
  const records = corrected(gathered.records, skews)
  const tree = buildTree(records, requestId)
  const branches = owner ? ownTrees(tree, owner.projectId) : tree
  const facts = await factsOf(journal, requestId, branches)
  if (branches.length === 0 && !facts) return null
  const own = new Set(branches.flatMap(({ node }) => node.records))
  const trace = assemble({
    handle: text.trim(),
    source: options.source ?? sources.map(({ name }) => name).join(', '),
    requestId,
    serverId: gathered.serverId,
    branches,
    records: inOrder([...own, ...corrected(gathered.beside, skews)]),
    readable: owner ? readableByOwner(branches) : () => true,
    facts,
    seen: { coverage: sources.flatMap(source => source.coverage()), skews, read: gathered.gaps },
  })
  return owner ? forOwner(trace) : trace
}

async function resolve(
  handle: Handle,
  sources: readonly Source[],
  { journal, owner, window }: TraceOptions,
): Promise<string | null> {
  if (handle.kind === 'request') return handle.id
  const known = await journal?.resolve(handle)
  // What owners may find by a name or as the newest is what the database says is theirs.
  return known ?? (owner ? null : newestRequest(handle, sources, window ?? null))
}

/** The clock all others are told by: that of the first request line. */
function referenceOf(records: readonly LogRecord[]): string {
  const first = records.find(({ access }) => access !== null) ?? records[0]
  return first ? clockOf(first) : ''
}

async function factsOf(
  journal: Journal | undefined,
  requestId: string,
  branches: readonly Branch[],
): Promise<Facts | null> {
  if (!journal) return null
  const asked = new Set([requestId, ...branches.flatMap(({ node, parent }) => (parent ? [] : node.localId))])
  for (const id of asked) {
    const facts = await journal.facts(id)
    if (facts) return facts
  }
  return null
}

/** Trees whose root somebody of the project asked for. */
function ownTrees(branches: readonly Branch[], projectId: string): readonly Branch[] {
  const isOwn = (branch: Branch): boolean =>
    branch.parent
      ? isOwn(branch.parent)
      : branch.node.records.length > 0 &&
        branch.node.records.every(record => record.projectId === null || record.projectId === projectId) &&
        branch.node.records.some(record => record.projectId === projectId)
  return branches.filter(isOwn)
}

/** The request line, and the refusal that was answered: what the caller was told. */
function readableByOwner(branches: readonly Branch[]): (record: LogRecord) => boolean {
  const told = new Set(
    branches
      .filter(({ parent }) => parent === null)
      .flatMap(({ node }) => node.records)
      .filter(({ access, message }) => access !== null || message.startsWith('HTTP exception thrown: ')),
  )
  return record => told.has(record)
}
