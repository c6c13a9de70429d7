// More servers first with a positive multiplier, fewer with a negative one; off by default.
import type { Weigher } from './weigher.ts'

export const numInstances: Weigher = {
  name: 'NumInstancesWeigher',
  option: 'num_instances_weight_multiplier',
  multiplier: 0,
  weigh: host => host.servers,
}
