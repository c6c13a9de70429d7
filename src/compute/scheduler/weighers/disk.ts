// More free disk first. What the host has, not what its ratio promises.
import type { Weigher } from './weigher.ts'

export const disk: Weigher = {
  name: 'DiskWeigher',
  option: 'disk_weight_multiplier',
  multiplier: 1,
  weigh: ({ diskGb }) => diskGb.total - diskGb.reserved - diskGb.used,
}
