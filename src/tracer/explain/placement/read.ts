// The placement tables of the evidence: the cloud's own, or what the scheduler's log tells of each attempt.
import type { Placement } from '../../../model/trace.ts'
import type { Evidence } from '../../evidence.ts'
import type { LogRecord } from '../../record.ts'

export interface ReadPlacement {
  readonly placement: readonly Placement[]
  /** The records they were read from. */
  readonly records: readonly LogRecord[]
}

export function placementsIn({ facts }: Evidence): ReadPlacement {
  return { placement: facts?.placement ?? [], records: [] }
}
