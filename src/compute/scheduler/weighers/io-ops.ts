// Fewer builds, moves and snapshots in progress first.
import type { Weigher } from './weigher.ts'

export const ioOps: Weigher = {
  name: 'IoOpsWeigher',
  option: 'io_ops_weight_multiplier',
  multiplier: -1,
  weigh: host => host.ioOps,
}
