// What a weigher is: a number for a host, of which more is better unless the multiplier is negative. Numbers are
// brought to 0…1 over the hosts that are left, multiplied, and summed (nova/weights.py).
import type { Ask } from '../filters/filter.ts'
import type { HostState } from '../snapshot.ts'

export interface Weigher {
  readonly name: string
  /** Option and aggregate-metadata key of the multiplier. */
  readonly option: string
  /** Nova's default. */
  readonly multiplier: number
  weigh(host: HostState, ask: Ask): number
}
