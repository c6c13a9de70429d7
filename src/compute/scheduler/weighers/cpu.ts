// More free vCPUs first, counted with the allocation ratio.
import type { Weigher } from './weigher.ts'

export const cpu: Weigher = {
  name: 'CPUWeigher',
  option: 'cpu_weight_multiplier',
  multiplier: 1,
  weigh: ({ vcpus }) => vcpus.total * vcpus.ratio - vcpus.used,
}
