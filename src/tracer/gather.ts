// From one id to all records that belong: what the first ones name is looked for next, until nothing new is named.
// Later rounds look only near the time of what was found, which on big logs costs next to nothing.
import type { Instant } from '../base/time.ts'
import { limits } from '../model/limits.ts'
import type { Gap } from '../model/trace.ts'
import { serverInPath, thingsIn, usedId } from './correlate/said.ts'
import type { LogRecord } from './record.ts'
import type { Source, Window } from './source.ts'

export interface Gathered {
  /** Ids of requests that belong to the one asked for. */
  readonly requestIds: ReadonlySet<string>
  /** Records that carry one of them, in the order of time. */
  readonly records: readonly LogRecord[]
  /** Records without such an id that are about the same server, port, volume or image at the same time. */
  readonly beside: readonly LogRecord[]
  readonly serverId: string | null
  readonly gaps: readonly Gap[]
}

/** `first`: where the first round need not look beyond; later ones look around what was found. */
export async function gather(
  requestId: string,
  sources: readonly Source[],
  first: Window | null = null,
): Promise<Gathered> {
  const known = new Set<string>()
  const kept = new Map<string, LogRecord>()
  const gaps: Gap[] = []
  let next = new Set([requestId])
  for (let round = 0; next.size > 0 && round < limits.traceRoundsMax; round += 1) {
    for (const id of next) known.add(id)
    const found = await findIn(
      sources,
      next,
      round === 0 ? first : around(kept.values(), limits.traceMarginMs),
    )
    gaps.push(...found.gaps)
    for (const record of found.records) if (belongs(record, known)) kept.set(keyOf(record), record)
    next = new Set(named(kept.values()).filter(id => !known.has(id)))
  }
  const records = inOrder(withoutCopies([...kept.values()]))
  const serverId = serverOf(records)
  const near = await findBeside(sources, records, serverId, known)
  return { requestIds: known, records, beside: near.records, serverId, gaps: [...gaps, ...near.gaps] }
}

const belongs = ({ localId, globalId }: LogRecord, known: ReadonlySet<string>): boolean =>
  (localId !== null && known.has(localId)) || (globalId !== null && known.has(globalId))

/** Request ids the records name: their own, those their callers gave them, those of the services they called. */
function named(records: Iterable<LogRecord>): string[] {
  const ids: string[] = []
  for (const { localId, globalId, message } of records) {
    if (localId !== null) ids.push(localId)
    if (globalId !== null) ids.push(globalId)
    const callee = usedId(message)
    if (callee) ids.push(callee.id)
  }
  return ids
}

/**
 * What has another request's id or none, and is about the same things at the same time: a hypervisor's events, an
 * agent that could not bind the port, the volume's driver. Other users' requests for the same server do not belong.
 */
async function findBeside(
  sources: readonly Source[],
  records: readonly LogRecord[],
  serverId: string | null,
  known: ReadonlySet<string>,
): Promise<{ readonly records: readonly LogRecord[]; readonly gaps: readonly Gap[] }> {
  const things = new Set(serverId === null ? [] : [serverId])
  for (const { message } of records) {
    for (const thing of thingsIn(message)) things.add(thing)
    if (things.size >= limits.traceThingsMax) break
  }
  const window = around(records, limits.traceBesideMs)
  if (things.size === 0 || window === null) return { records: [], gaps: [] }
  const found = await findIn(sources, things, window)
  const beside = found.records.filter(
    record =>
      !belongs(record, known) &&
      record.at !== null &&
      record.at >= window.from &&
      record.at <= window.to &&
      isByItself(record, serverId),
  )
  return {
    records: inOrder(new Map(beside.map(record => [keyOf(record), record])).values()),
    gaps: found.gaps,
  }
}

/**
 * Said in nobody's request, or trouble with a port, volume or image. Other requests for the same server are matters of
 * their own, and so is what they say when all is well.
 */
const isByItself = (record: LogRecord, serverId: string | null): boolean =>
  record.access === null &&
  (record.localId === null || record.userId === null || (isTrouble(record) && record.serverId !== serverId))

const isTrouble = ({ level }: LogRecord): boolean => level === 'ERROR' || level === 'WARNING'

async function findIn(
  sources: readonly Source[],
  texts: ReadonlySet<string>,
  window: Window | null,
): Promise<{ readonly records: readonly LogRecord[]; readonly gaps: readonly Gap[] }> {
  const found = await Promise.all(sources.map(source => source.find(texts, window)))
  return { records: found.flatMap(({ records }) => records), gaps: found.flatMap(one => one.gaps) }
}

/** From `marginMs` before the first record to as long after the last; null without any time. */
function around(records: Iterable<LogRecord>, marginMs: number): Window | null {
  let [from, to]: [Instant, Instant] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { at } of records) {
    if (at === null) continue
    from = Math.min(from, at)
    to = Math.max(to, at)
  }
  return from > to ? null : { from: from - marginMs, to: to + marginMs }
}

const keyOf = ({ place }: LogRecord): string => `${place.file}\n${place.offset}`

/** Of a line that stands in several files (copies, extracts, two shippers) that file's are kept which has the most. */
function withoutCopies(records: readonly LogRecord[]): readonly LogRecord[] {
  const saidAlike = ({ at, service, process, localId, level, message }: LogRecord) =>
    [at, service, process, localId, level, message].join('\n')
  return [...Map.groupBy(records, saidAlike).values()].flatMap(alike =>
    alike[0]?.at === null ? alike : fullest([...Map.groupBy(alike, ({ place }) => place.file).values()]),
  )
}

const fullest = (files: readonly LogRecord[][]): readonly LogRecord[] =>
  files.reduce((best, file) => (file.length > best.length ? file : best))

/** By time; records without one stay behind the one they stand after in their file. */
export function inOrder(records: Iterable<LogRecord>): LogRecord[] {
  return [...records].sort(
    (a, b) =>
      (a.at ?? 0) - (b.at ?? 0) ||
      (a.place.file === b.place.file
        ? a.place.offset - b.place.offset
        : a.place.file < b.place.file
          ? -1
          : 1),
  )
}

/** The server most records are about; a request that only names one in its path is about that. */
function serverOf(records: readonly LogRecord[]): string | null {
  const counts = new Map<string, number>()
  for (const { serverId, access } of records) {
    const id = serverId ?? (access && serverInPath(access.path))
    if (id) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  let best: string | null = null
  for (const [id, count] of counts) if (best === null || count > counts.get(best)!) best = id
  return best
}
