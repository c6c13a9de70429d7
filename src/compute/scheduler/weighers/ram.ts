// More free memory first, so that servers spread. What the host has, not what its ratio promises.
import type { Weigher } from './weigher.ts'

export const ram: Weigher = {
  name: 'RAMWeigher',
  option: 'ram_weight_multiplier',
  multiplier: 1,
  weigh: ({ memoryMb }) => memoryMb.total - memoryMb.reserved - memoryMb.used,
}
