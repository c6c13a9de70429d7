// Clocks of several hosts: each pair of matching lines bounds how far two clocks can be apart. A called service's
// request line cannot be older than the caller's request, nor newer than the caller's line that tells its id.
import type { Instant } from '../../base/time.ts'
import { limits } from '../../model/limits.ts'
import type { LogRecord } from '../record.ts'
import { type Group, groupRecords } from './groups.ts'
import { usedId } from './said.ts'

/** How much later than the reference a host's clock shows, in ms; hosts that agree are not there. */
export type Skews = ReadonlyMap<string, number>

/** Whose clock a record was stamped by: its host, or, where no host is told, the folder its file is in. */
export const clockOf = ({ host, place }: LogRecord): string =>
  host ?? place.file.slice(0, Math.max(0, place.file.lastIndexOf('/')))

interface Bounds {
  /** The callee's clock is ahead of the caller's by at least `low` and at most `high`. */
  low: number
  high: number
}

/** Skews against the clock that the request's entry was stamped by, from the pairs that are there. */
export function skewsOf(records: readonly LogRecord[], reference: string): Skews {
  const pairs = new Map<string, Bounds>()
  const note = (caller: string, callee: string, low: number, high: number) => {
    if (caller === callee) return
    const key = `${caller}\n${callee}`
    const bounds = pairs.get(key) ?? {
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    }
    pairs.set(key, { low: Math.max(bounds.low, low), high: Math.min(bounds.high, high) })
  }
  const groups = new Map(groupRecords(records).map(group => [group.localId, group]))
  for (const group of groups.values()) {
    noteCalls(group, groups, note)
    noteWork(group, note)
  }
  return settle(pairs, reference)
}

type Note = (caller: string, callee: string, low: number, high: number) => void

function noteCalls(group: Group, groups: ReadonlyMap<string, Group>, note: Note): void {
  for (const node of group.nodes)
    for (const record of node.records) {
      const callee = groups.get(usedId(record.message)?.id ?? '')?.entry
      if (!callee || record.at === null) continue
      const first = callee.records[0]!
      if (callee.startedAt === null || callee.endedAt === null || callee.access === null) continue
      note(
        clockOf(record),
        clockOf(first),
        callee.endedAt - record.at,
        callee.startedAt - (node.startedAt ?? record.at),
      )
    }
}

/** What goes on over RPC cannot have begun before the request it belongs to. */
function noteWork(group: Group, note: Note): void {
  const { entry } = group
  if (entry.access === null || entry.startedAt === null) return
  for (const node of group.nodes)
    if (node.startedAt !== null && node.kind === 'rpc' && node.records.length > 0)
      note(
        clockOf(entry.records[0]!),
        clockOf(node.records[0]!),
        Number.NEGATIVE_INFINITY,
        node.startedAt - entry.startedAt,
      )
}

/** Walks from the reference over the pairs; of what the bounds leave open, the least difference is taken. */
function settle(pairs: ReadonlyMap<string, Bounds>, reference: string): Skews {
  const skews = new Map<string, number>([[reference, 0]])
  for (let isNew = true; isNew; ) {
    isNew = false
    for (const [key, bounds] of pairs) {
      const [caller, callee] = key.split('\n') as [string, string] // joined by us
      const [from, to, sign] = skews.has(caller) ? [caller, callee, 1] : [callee, caller, -1]
      const base = skews.get(from)
      if (base === undefined || skews.has(to)) continue
      skews.set(to, base + sign * leastIn(bounds))
      isNew = true
    }
  }
  for (const [clock, skew] of skews) if (Math.abs(skew) < limits.traceSkewMs) skews.delete(clock)
  return skews
}

/** The difference nearest to none that the bounds allow; contradictory ones allow none to be known. */
function leastIn({ low, high }: Bounds): number {
  if (low > high) return 0
  if (low > 0) return low
  return high < 0 ? high : 0
}

/** The records by the reference's clock. */
export const corrected = (records: readonly LogRecord[], skews: Skews): readonly LogRecord[] =>
  skews.size === 0
    ? records
    : records.map(record => {
        const skew = skews.get(clockOf(record))
        return skew === undefined || record.at === null ? record : { ...record, at: shifted(record.at, skew) }
      })

const shifted = (at: Instant, skew: number): Instant => at - skew
