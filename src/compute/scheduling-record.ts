// What is kept of a scheduling, and how it is told: to administrators with hosts, to owners with reasons and numbers
// only. Hosts that could have taken the server and were not chosen are a number; of the refused, at most
// limits.schedulingHostsMax are kept one by one.
import { hostCauses } from '../model/causes/hosts.ts'
import { limits } from '../model/limits.ts'
import { isOutside } from '../model/refusals.ts'
import type { Placement, PlacementHost, PlacementRefusal } from '../model/trace.ts'
import { explain } from './scheduler/explain.ts'
import type { Cause, Destination, NoHost, Placed, Refusal, Selection } from './scheduler/selection.ts'

export interface SchedulingRecord {
  /** Hosts there were to choose from. */
  readonly total: number
  readonly chosen: string | null
  /** Where no host was found: the cause most hosts are counted under. */
  readonly cause: string | null
  readonly refused: readonly Pick<Refusal, 'host' | 'all'>[]
  readonly counts: readonly { readonly filter: string; readonly start: number; readonly end: number }[]
  readonly sum: { readonly admin: string; readonly owner: string }
}

/** A record for each server of the request. */
export function recordsOf(selection: Selection, servers: readonly string[]): readonly SchedulingRecord[] {
  const common = record(selection, selection.counts)
  if (selection.kind === 'no-host') return servers.map(() => common)
  const hostOf = new Map(selection.placements.map(({ server, host }) => [server, host]))
  return servers.map(server => ({ ...common, chosen: hostOf.get(server) ?? null }))
}

/** The next of the hosts that were chosen for a server, after those before it did not work out. */
export function nextRecord(hosts: readonly Destination[], at: number, text: string): SchedulingRecord {
  const refusals = hosts.slice(0, at).map(({ host }): Refusal => {
    const first: Cause = { code: 'NoHost.AlreadyTried', filter: 'Retry', text }
    return { host, first, all: [first] }
  })
  const placed: Placed = {
    kind: 'placed',
    hosts: hosts.length,
    servers: 1,
    placements: [],
    refusals,
    counts: [],
  }
  return { ...record(placed, []), chosen: hosts[at]?.host ?? null }
}

function record(selection: Placed | NoHost, counts: Selection['counts']): SchedulingRecord {
  return {
    total: selection.hosts,
    chosen: null,
    cause: selection.kind === 'no-host' ? mostFrequent(selection.refusals) : null,
    refused: selection.refusals.slice(0, limits.schedulingHostsMax).map(({ host, all }) => ({ host, all })),
    counts: counts.map(({ filter, start, end }) => ({ filter, start, end })),
    sum: { admin: explain(selection, { showHosts: true }), owner: explain(selection) },
  }
}

/** Of the hosts the request is about, where there are any. */
function mostFrequent(refusals: readonly Refusal[]): string | null {
  const inside = refusals.filter(({ all }) => !isOutside(all))
  return mostOf(inside.length > 0 ? inside : refusals)
}

function mostOf(refusals: readonly Refusal[]): string | null {
  const counts = new Map<string, number>()
  for (const { first } of refusals) counts.set(first.code, (counts.get(first.code) ?? 0) + 1)
  let best: string | null = null
  for (const [code, count] of counts) if (best === null || count > (counts.get(best) ?? 0)) best = code
  return best
}

/** The record as a trace tells it. Owners read no host's name, and no administrator's words. */
export function placementOf(
  kept: SchedulingRecord,
  {
    attempt,
    at,
    showHosts,
  }: { readonly attempt: number; readonly at: string | null; readonly showHosts: boolean },
): Placement {
  const name = (host: string) => (showHosts ? host : null)
  const chosen: PlacementHost[] =
    kept.chosen === null ? [] : [{ host: name(kept.chosen), isChosen: true, first: null, all: [] }]
  const refused = kept.refused.map(({ host, all }): PlacementHost => {
    const told = all.map(cause => refusal(cause, showHosts))
    return { host: name(host), isChosen: false, first: told[0] ?? null, all: told }
  })
  return {
    attempt,
    at,
    hostsTotal: kept.total,
    hosts: [...chosen, ...refused],
    counts: kept.counts,
    sum: showHosts ? kept.sum.admin : kept.sum.owner,
  }
}

/** Owners read what they asked for and in general why it was refused; what a host has is the administrator's. */
const refusal = (cause: Cause, showHosts: boolean): PlacementRefusal => {
  const { one, input } = hostCauses[cause.code]
  const asked = { need: cause.need ?? null, unit: cause.unit ?? null, input }
  return showHosts
    ? {
        ...asked,
        code: cause.code,
        filter: cause.filter,
        text: cause.detail === undefined ? cause.text : `${cause.text}: ${cause.detail}`,
        have: cause.have ?? null,
        short: cause.short ?? null,
      }
    : { ...asked, code: cause.code, filter: cause.filter, text: one, have: null, short: null }
}
