// What of a trace is worth a person's first look: the log lines that matter, hosts by the reason they were refused.
import { hostCauses } from '../../model/causes/hosts.ts'
import type { Placement, PlacementHost, PlacementRefusal, Trace, TraceLog } from '../../model/trace.ts'
import { amount } from './words.ts'

export interface Lines {
  readonly lines: readonly TraceLog[]
  /** Lines that are in the record and not shown. */
  readonly left: number
  /** True when nothing was marked and these are simply the loudest. */
  readonly isGuess: boolean
}

const loud = new Set(['WARNING', 'ERROR', 'CRITICAL'])

/** The lines marked as mattering; when none is, warnings and errors. The last `most` of them. */
export function linesThatMatter(trace: Trace, most: number): Lines {
  const marked = trace.logs.filter(log => log.matters)
  const isGuess = marked.length === 0
  const chosen = isGuess ? trace.logs.filter(log => loud.has(log.level ?? '')) : marked
  const lines = chosen.slice(-most)
  return { lines, left: trace.logs.length - lines.length, isGuess }
}

export interface HostGroup {
  /** Null: it could take the server. */
  readonly code: string | null
  readonly hosts: readonly PlacementHost[]
  /** `27 have too little memory` */
  readonly text: string
  /** `need 2048 MB, have 0 to 512 MB`; empty without numbers. */
  readonly numbers: string
}

/** Every host once, under its first refusal; the largest group first, those that could take it last. */
export function hostGroups(placement: Placement): readonly HostGroup[] {
  const groups = Map.groupBy(placement.hosts, host =>
    host.first ? `${host.first.code} ${wordsFor(host.first)}` : null,
  )
  return [...groups]
    .sort(([a, some], [b, others]) => (a === null ? 1 : b === null ? -1 : others.length - some.length))
    .map(([, hosts]) => {
      const first = hosts[0]?.first ?? null
      return { code: first?.code ?? null, hosts, text: groupText(first, hosts), numbers: groupNumbers(hosts) }
    })
}

const rowFor = (code: string) =>
  code in hostCauses ? hostCauses[code as keyof typeof hostCauses] : undefined // `in` says so

/** After one host's name; a cause nobody has a row for speaks for itself. */
export const reasonOf = (refusal: PlacementRefusal): string => rowFor(refusal.code)?.one ?? refusal.text

const wordsFor = (refusal: PlacementRefusal): string => (rowFor(refusal.code) ? '' : refusal.filter)

function groupText(first: PlacementRefusal | null, hosts: readonly PlacementHost[]): string {
  const count = hosts.length
  if (!first) {
    const chosen = hosts.filter(host => host.isChosen).length
    return chosen > 0 ? `${count} can take it, ${chosen} chosen` : `${count} can take it`
  }
  const row = rowFor(first.code)
  return row ? `${count} ${count === 1 ? row.one : row.many}` : `${count} refused by ${first.filter}`
}

function groupNumbers(hosts: readonly PlacementHost[]): string {
  const refusals = hosts.flatMap(({ first }) =>
    first && first.need !== null && first.have !== null ? [first] : [],
  )
  const first = refusals[0]
  if (!first) return ''
  const range = (of: (refusal: PlacementRefusal) => number | null): string => {
    const values = refusals.flatMap(refusal => of(refusal) ?? [])
    const least = Math.min(...values)
    const most = Math.max(...values)
    return least === most ? amount(least, first.unit) : `${least} to ${amount(most, first.unit)}`
  }
  return `need ${range(({ need }) => need)}, have ${range(({ have }) => have)}`
}

/** Hosts the source counts but does not name. */
export const unnamedHosts = (placement: Placement): number =>
  Math.max(0, (placement.hostsTotal ?? 0) - placement.hosts.length)

/** Events of which the action tried more than one. */
export const triedAgain = (trace: Trace): ReadonlySet<string> =>
  new Set((trace.action?.events ?? []).filter(event => event.attempt > 1).map(event => event.name))

const frameLines = 5
/** The end of a traceback, where it says what went wrong. */
export function lastFrames(traceback: readonly string[], full: boolean): readonly string[] {
  if (full || traceback.length <= frameLines + 1) return traceback
  return [`... ${traceback.length - frameLines} lines above ...`, ...traceback.slice(-frameLines)]
}
