// From evidence to the verdict: what came of the request, why, and what the verdict rests on. Rules are data (rules/);
// which of the things found is the root is decided in one place (root.ts).
import type { Placement, Verdict } from '../../model/trace.ts'
import type { Evidence } from '../evidence.ts'
import type { LogRecord } from '../record.ts'
import { findingsIn } from './findings.ts'
import { judge } from './outcome.ts'
import { placementsIn } from './placement/read.ts'
import { chooseRoot } from './root.ts'
import { wordVerdict } from './words.ts'

export interface Explained {
  readonly verdict: Verdict
  readonly placement: readonly Placement[]
  /** Records that show the cause, or lead to it. */
  readonly matters: ReadonlySet<LogRecord>
}

export function explain(evidence: Evidence): Explained {
  const findings = findingsIn(evidence)
  const judged = judge(evidence)
  const read = placementsIn(evidence, judged.kind)
  const chosen = chooseRoot(judged, findings, read.placement)
  const matters = new Set([
    ...judged.records,
    ...read.records,
    ...chosen.findings.flatMap(({ record }) => record ?? []),
  ])
  return { verdict: wordVerdict(evidence, judged, chosen), placement: read.placement, matters }
}
