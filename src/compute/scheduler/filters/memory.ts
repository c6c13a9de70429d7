// Free memory, as placement counts it.
import { lacking } from './amount.ts'
import type { Filter } from './filter.ts'

const words = {
  filter: 'Memory',
  label: 'memory',
  unit: 'MB',
  tooSmall: 'NoHost.HostTooSmall.Ram',
  tooFull: 'NoHost.Capacity.Ram',
} as const

export const memory: Filter = {
  name: 'Memory',
  stage: 'placement',
  prepare({ needs }) {
    const need = needs.get('MEMORY_MB')
    return need === undefined ? null : host => lacking(host.memoryMb, need, words)
  },
}
