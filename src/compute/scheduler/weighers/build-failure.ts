// Hosts whose builds failed lately come last.
import type { Weigher } from './weigher.ts'

export const buildFailure: Weigher = {
  name: 'BuildFailureWeigher',
  option: 'build_failure_weight_multiplier',
  multiplier: 1_000_000,
  weigh: host => -host.buildFailures,
}
