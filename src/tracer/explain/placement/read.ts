// The placement tables of the evidence: the cloud's own, or what the scheduler's log tells of each attempt, as far as
// it tells.
import { type HostCauseCode, hostCauses } from '../../../model/causes/hosts.ts'
import { sumOf } from '../../../model/refusals.ts'
import type { Placement, PlacementHost, PlacementRefusal } from '../../../model/trace.ts'
import type { Evidence } from '../../evidence.ts'
import type { LogRecord } from '../../record.ts'
import { type Attempt, attemptsIn } from './attempts.ts'
import { refusalsOf } from './causes.ts'
import { filterCause } from './filters.ts'
import { refusalOf } from './host-lines.ts'
import { readSum } from './own-sum.ts'

export interface ReadPlacement {
  readonly placement: readonly Placement[]
  /** The records they were read from. */
  readonly records: readonly LogRecord[]
}

/** `kind` is what was asked of the server: it tells why hosts are ignored. */
export function placementsIn({ facts, records }: Evidence, kind: string): ReadPlacement {
  if (facts && facts.placement.length > 0) return { placement: facts.placement, records: [] }
  const read = attemptsIn(records)
  if (read.attempts.length === 0) return { placement: fromDetails(facts), records: [] }
  return {
    placement: read.attempts.map((attempt, index) => placementOf(attempt, index + 1, kind)),
    records: read.records,
  }
}

/** Details of an event end in the sum line, where no table came along. */
function fromDetails(facts: Evidence['facts']): Placement[] {
  const texts = [...(facts?.action?.events ?? []).map(({ details }) => details), facts?.fault?.message]
  for (const text of texts) {
    const sum = /(?:\d{1,9} of \d{1,9} servers fit; then )?0 of \d{1,9} hosts can take [^\n]{1,4000}/.exec(
      text ?? '',
    )?.[0]
    const told = sum === undefined ? null : readSum(sum)
    if (told && sum !== undefined) return [{ attempt: 1, at: null, counts: [], sum, ...told }]
  }
  return []
}

function placementOf(attempt: Attempt, number: number, kind: string): Placement {
  const told = attempt.sum === null ? null : readSum(attempt.sum)
  const hosts = told?.hosts ?? hostsOf(attempt, kind)
  const hostsTotal = told?.hostsTotal ?? totalOf(attempt)
  const table = {
    attempt: number,
    at: attempt.at === null ? null : new Date(attempt.at).toISOString(),
    hostsTotal,
    hosts,
    counts: countsOf(attempt),
    sum: '',
  }
  return { ...table, sum: attempt.sum ?? wordSum(table, attempt) }
}

function wordSum(table: Placement, { chosen, noCandidates, mismatched, isOver }: Attempt): string {
  const total = table.hostsTotal
  const refused = refusalsOf(table)
  if (total !== null) return sumOf(`${total - refused.length} of ${total} hosts can take it`, refused)
  if (chosen.length > 0) return 'a host was found'
  if (noCandidates) return 'placement has no host with enough of what is asked for'
  if (mismatched !== null) return 'no candidate is the host that was asked for'
  return sumOf(isOver ? 'no host can take it' : 'which host was chosen is not said', refused)
}

/** Hosts before the filters and the ignored ones; null when no line says. */
function totalOf({ ignored, start, steps, isOver, noCandidates, chosen, refusals }: Attempt): number | null {
  const filtered = steps[0]?.start ?? start
  if (filtered !== null) return ignored.length + filtered
  // Nothing came after they were ignored: they were all there were.
  if (isOver && !noCandidates && ignored.length > 0 && chosen.length === 0) return ignored.length
  const named = new Set(refusals.map(({ host }) => host)).size
  return named > 0 && isOver && chosen.length === 0 ? ignored.length + named : null
}

function countsOf({ ignored, start, steps, isOver }: Attempt): Placement['counts'] {
  const filters = steps.map(({ filter, start, end }) => ({ filter, start, end }))
  if (ignored.length === 0 || (steps.length === 0 && start === null && !isOver)) return filters
  const after = steps[0]?.start ?? start ?? 0
  return [{ filter: 'IgnoredHosts', start: after + ignored.length, end: after }, ...filters]
}

function hostsOf(attempt: Attempt, kind: string): PlacementHost[] {
  const { ignored, steps, chosen } = attempt
  const named = new Map<string, PlacementRefusal[]>()
  const add = (host: string, refusal: PlacementRefusal): void => {
    const all = named.get(host)
    if (!all) named.set(host, [refusal])
    else if (!all.some(({ code }) => code === refusal.code)) all.push(refusal)
  }
  ignored.forEach((host, index) => {
    const code = ignoredCode(kind, index)
    add(host, refusalOf('IgnoredHosts', code, hostCauses[code].one))
  })
  for (const { host, refusal } of attempt.refusals) add(host, refusal)
  const unnamed: PlacementHost[] = []
  steps.forEach(({ filter, start, end, passed }, index) => {
    const { code, text } = filterCause(filter)
    const before = steps[index - 1]?.passed
    const lost = before && passed ? before.filter(host => !passed.includes(host)) : []
    for (const host of lost) if (!named.has(host)) add(host, refusalOf(filter, code, text))
    const known = [...named.values()].filter(
      ([first]) => first?.filter === filter || isSameFilter(first, filter),
    ).length
    for (let rest = start - end - known; rest > 0; rest -= 1)
      unnamed.push(hostOf(null, [refusalOf(filter, code, text)]))
  })
  const taken = chosen.map(host => ({ host, isChosen: true, first: null, all: [] }))
  return [...taken, ...[...named].map(([host, all]) => hostOf(host, all)), ...unnamed]
}

const hostOf = (host: string | null, all: readonly PlacementRefusal[]): PlacementHost => ({
  host,
  isChosen: false,
  first: all[0] ?? null,
  all,
})

/** Filters that count per aggregate say the same of a host as the plain ones. */
const isSameFilter = (first: PlacementRefusal | undefined, filter: string): boolean =>
  first !== undefined && (filter === `Aggregate${first.filter}` || filter === `Exact${first.filter}`)

/** Nova ignores a server's own host first, and then those that were tried. */
function ignoredCode(kind: string, index: number): HostCauseCode {
  if (index > 0) return 'NoHost.AlreadyTried'
  if (kind === 'resize') return 'NoHost.SameHost'
  if (['migrate', 'live-migration', 'evacuate', 'unshelve'].includes(kind)) return 'NoHost.CurrentHost'
  return kind === 'create' ? 'NoHost.AlreadyTried' : 'NoHost.SameHost'
}
