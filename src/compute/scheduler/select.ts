// Chooses hosts for servers: a snapshot in, hosts or reasons out. No I/O, no clock; chance only through `random`.
// The shapes: snapshot.ts (HostState, Request, Settings) and selection.ts (Selection, Refusal, Cause).
import { assert } from '../../base/assert.ts'
import { resourcesOf } from '../../model/resources.ts'
import { explain } from './explain.ts'
import type { Ask, Check, Filter } from './filters/filter.ts'
import { alwaysChecked, filters } from './filters/table.ts'
import type {
  Cause,
  Destination,
  FilterCount,
  NoHost,
  PlacedServer,
  Refusal,
  Selection,
} from './selection.ts'
import type { Amounts, HostState, Request, Settings } from './snapshot.ts'
import { createScale } from './weigh.ts'

/**
 * Places all servers of `request` or none. Hosts of equal weight are taken in the order of the snapshot. `random`
 * answers numbers in [0, 1); it is only asked when `settings.hostSubsetSize` is above 1.
 */
export function select(
  snapshot: readonly HostState[],
  request: Request,
  settings: Settings,
  random: () => number,
): Selection {
  const hosts = [...snapshot]
  const groupMembers = new Map(request.group?.membersByHost)
  const needs = resourcesOf(request.flavor, request.bootsFromVolume)
  const ask: Ask = { request, settings, hosts: snapshot, needs, groupMembers }
  const checks = prepareChecks(ask)
  const judged = judge(hosts, checks)
  let fitting = judged.fitting
  const placed: { readonly server: string; readonly index: number }[] = []
  const scale = fitting.length === 0 ? null : createScale(hosts, ask)
  for (const server of request.servers) {
    if (fitting.length === 0 || scale === null) return noHost(hosts, placed.length, checks, ask)
    const index = pick(fitting, scale.weigh(fitting), settings.hostSubsetSize, random)
    placed.push({ server, index })
    const host = withServer(hosts[index]!, needs) // index of a fitting host
    hosts[index] = host
    groupMembers.set(host.host, (groupMembers.get(host.host) ?? 0) + 1)
    scale.update(index, host)
    // Placing a server changes its host; only an affinity group also changes what other hosts may take.
    const isChanged = (other: number) => request.group?.policy === 'affinity' || other === index
    fitting = fitting.filter(other => !isChanged(other) || fits(hosts[other]!, checks))
  }
  const alternates = request.alternates > 0 && scale ? ranked(fitting, scale.weigh(fitting)) : []
  return {
    kind: 'placed',
    hosts: hosts.length,
    servers: request.servers.length,
    placements: placed.map(
      ({ server, index }): PlacedServer => ({
        server,
        ...destination(hosts[index]!),
        alternates: firstOthers(alternates, index, request.alternates).map(other =>
          destination(hosts[other]!),
        ),
      }),
    ),
    refusals: judged.refusals,
    counts: judged.counts,
  }
}

interface PreparedCheck {
  readonly filter: Filter
  readonly check: Check
}

function prepareChecks(ask: Ask): readonly PreparedCheck[] {
  const { request, settings } = ask
  const configured = settings.filters.map(name => {
    const filter = filters.find(row => row.name === name)
    assert(filter, `there is no filter called ${name}`)
    return filter
  })
  // A forced host is not asked about filters (nova/scheduler/host_manager.py, get_filtered_hosts).
  const applied = request.force ? alwaysChecked : [...alwaysChecked, ...configured]
  return applied
    .filter(filter => !request.isRebuild || filter.onRebuild)
    .flatMap(filter => {
      const check = filter.prepare(ask)
      return check ? [{ filter, check }] : []
    })
}

interface Judgement {
  readonly fitting: readonly number[]
  readonly refusals: readonly Refusal[]
  readonly counts: readonly FilterCount[]
}

function judge(hosts: readonly HostState[], checks: readonly PreparedCheck[]): Judgement {
  const fitting: number[] = []
  const refusals: Refusal[] = []
  const removed = new Array<number>(checks.length).fill(0)
  hosts.forEach((host, index) => {
    let all: Cause[] | undefined
    for (let at = 0; at < checks.length; at += 1) {
      const cause = checks[at]!.check(host) // at < length
      if (cause === null) continue
      if (all) all.push(cause)
      else {
        all = [cause]
        removed[at]! += 1
      }
    }
    if (all) refusals.push({ host: host.host, first: all[0]!, all })
    else fitting.push(index)
  })
  let left = hosts.length
  const counts = checks.map(({ filter }, at) => {
    const start = left
    left -= removed[at]!
    return { filter: filter.name, stage: filter.stage, start, end: left }
  })
  return { fitting, refusals, counts }
}

const fits = (host: HostState, checks: readonly PreparedCheck[]) =>
  checks.every(({ check }) => check(host) === null)

/** The heaviest; the earlier of equals. With a subset size above 1, one of that many heaviest by chance. */
function pick(
  indexes: readonly number[],
  weights: Float64Array,
  subsetSize: number,
  random: () => number,
): number {
  if (subsetSize > 1) {
    const best = ranked(indexes, weights).slice(0, subsetSize)
    return best[Math.min(best.length - 1, Math.floor(random() * best.length))]! // never empty
  }
  let best = 0
  for (let at = 1; at < weights.length; at += 1) if (weights[at]! > weights[best]!) best = at
  return indexes[best]! // never empty
}

const ranked = (indexes: readonly number[], weights: Float64Array): number[] =>
  indexes
    .map((index, at) => ({ index, weight: weights[at]! })) // one weight for each index
    .sort((a, b) => b.weight - a.weight)
    .map(({ index }) => index)

function firstOthers(indexes: readonly number[], own: number, count: number): number[] {
  const found: number[] = []
  for (const index of indexes) {
    if (found.length >= count) break
    if (index !== own) found.push(index)
  }
  return found
}

const destination = ({ host, node, providerId }: HostState): Destination => ({ host, node, providerId })

/** The host once a server of this request is on it (nova's consume_from_request). */
function withServer(host: HostState, needs: ReadonlyMap<string, number>): HostState {
  const take = (amounts: Amounts, name: string): Amounts => ({
    ...amounts,
    used: amounts.used + (needs.get(name) ?? 0),
  })
  return {
    ...host,
    vcpus: take(host.vcpus, 'VCPU'),
    memoryMb: take(host.memoryMb, 'MEMORY_MB'),
    diskGb: take(host.diskGb, 'DISK_GB'),
    otherResources:
      host.otherResources &&
      Object.fromEntries(
        Object.entries(host.otherResources).map(([name, amounts]) => [name, take(amounts, name)]),
      ),
    servers: host.servers + 1,
    ioOps: host.ioOps + 1,
  }
}

function noHost(
  hosts: readonly HostState[],
  fitted: number,
  checks: readonly PreparedCheck[],
  { request }: Ask,
): NoHost {
  const { refusals, counts } = judge(hosts, checks)
  const reason = reasonOf(hosts, fitted, counts, request)
  const refused = {
    kind: 'no-host',
    reason,
    hosts: hosts.length,
    servers: request.servers.length,
    fitted,
    refusals,
    counts,
  } as const
  return { ...refused, upstreamReason: upstreamReason(reason, request), sum: explain(refused) }
}

function reasonOf(
  hosts: readonly HostState[],
  fitted: number,
  counts: readonly FilterCount[],
  { force }: Request,
): NoHost['reason'] {
  if (fitted > 0) return 'NotEnough'
  if (
    force &&
    !hosts.some(
      ({ host, node }) =>
        (force.host === null || force.host === host) && (force.node === null || force.node === node),
    )
  )
    return 'NoSuchHost'
  const candidates = counts.findLast(({ stage }) => stage === 'placement')?.end ?? hosts.length
  return candidates === 0 ? 'NoCandidates' : 'Filtered'
}

// nova/scheduler/manager.py and utils.py; the trailing blank is theirs.
function upstreamReason(reason: NoHost['reason'], { force }: Request): string {
  switch (reason) {
    case 'NoCandidates':
      return ''
    case 'NoSuchHost':
      return `No such host - host: ${force?.host ?? 'None'} node: ${force?.node ?? 'None'} `
    default:
      return 'There are not enough hosts available.'
  }
}
