// What a filter is. Placement's own checks have the same shape, so that every refusal is told the same way.
import { type HostCauseCode, hostCauses } from '../../../model/causes/hosts.ts'
import type { Resources } from '../../../model/resources.ts'
import type { Cause, Stage } from '../selection.ts'
import type { HostState, Request, Settings } from '../snapshot.ts'

/** A request made ready for filters and weighers. */
export interface Ask {
  readonly request: Request
  readonly settings: Settings
  /** The snapshot the answer is about; a host's later state (servers of this request on it) comes as the argument. */
  readonly hosts: readonly HostState[]
  readonly needs: Resources
  /** Members of the request's group by host, those placed by this request included. */
  readonly groupMembers: ReadonlyMap<string, number>
}

/** Null: the host passes. */
export type Check = (host: HostState) => Cause | null

export interface Filter {
  /** Nova's class name, or for placement's and the host manager's own checks a name of the same kind. */
  readonly name: string
  readonly stage: Stage
  /** Runs for a rebuild too (nova's RUN_ON_REBUILD). */
  readonly onRebuild?: true
  /** Looks at the request once; null when it asks nothing this filter could refuse. */
  prepare(ask: Ask): Check | null
}

/** A cause in the words of its row; `text` says more where the row cannot. */
export const cause = (
  filter: string,
  code: HostCauseCode,
  text: string = hostCauses[code].one,
  detail?: string,
): Cause => (detail === undefined ? { code, filter, text } : { code, filter, text, detail })
