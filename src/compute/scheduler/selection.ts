// What the scheduler answers: hosts, or why not, with every host of the snapshot counted exactly once.
import type { HostCauseCode } from '../../model/causes/hosts.ts'

/** One reason one host cannot take the server. */
export interface Cause {
  readonly code: HostCauseCode
  /** The check or filter that said no. */
  readonly filter: string
  /** For the owner: no host names, no operator's words. `memory: needs 2048 MB, has 512 MB, short 1536 MB`. */
  readonly text: string
  /** For administrators only, where there is more to say (the reason a service is disabled). */
  readonly detail?: string
  readonly need?: number
  readonly have?: number
  readonly short?: number
  /** `MB`, `GB`, `vCPU`, or a resource class. */
  readonly unit?: string
}

export interface Refusal {
  readonly host: string
  /** The cause that came first in the order the checks run; the one the host is counted under. */
  readonly first: Cause
  readonly all: readonly Cause[]
}

export interface Destination {
  readonly host: string
  readonly node: string
  readonly providerId: string
}

export interface PlacedServer extends Destination {
  readonly server: string
  readonly alternates: readonly Destination[]
}

/** How many hosts went into a check and came out, in the order they run: nova's `Filter results`. */
export interface FilterCount {
  readonly filter: string
  readonly stage: Stage
  readonly start: number
  readonly end: number
}

/** placement: what the placement query decides. host: ignored and forced hosts. filter: the configured filters. */
export type Stage = 'placement' | 'host' | 'filter'

interface Counted {
  /** Hosts in the snapshot. */
  readonly hosts: number
  /** Servers asked for. */
  readonly servers: number
  readonly refusals: readonly Refusal[]
  readonly counts: readonly FilterCount[]
}

/** Every server has a host. `refusals` and `counts` are about the first server; hosts − refusals could take it. */
export interface Placed extends Counted {
  readonly kind: 'placed'
  readonly placements: readonly PlacedServer[]
}

/** Nothing is placed. `refusals` names every host once, as things stood for the server that found none. */
export interface NoHost extends Counted {
  readonly kind: 'no-host'
  /**
   * NoCandidates: placement's checks left none (Nova gives no reason). Filtered: ignored hosts or filters removed the
   * last ones. NotEnough: some servers of the request fit, not all. NoSuchHost: the forced host does not exist.
   */
  readonly reason: 'NoCandidates' | 'Filtered' | 'NotEnough' | 'NoSuchHost'
  /** Servers of the request that did fit before one did not. */
  readonly fitted: number
  /** Nova's words after `No valid host was found. `; empty where Nova's are. */
  readonly upstreamReason: string
  /** The owner's sentence: `explain(selection, { showHosts: false })`. */
  readonly sum: string
}

export type Selection = Placed | NoHost
