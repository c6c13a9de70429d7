// Newer hypervisors first.
import type { Weigher } from './weigher.ts'

export const hypervisorVersion: Weigher = {
  name: 'HypervisorVersionWeigher',
  option: 'hypervisor_version_weight_multiplier',
  multiplier: 1,
  weigh: host => host.hypervisorVersion,
}
