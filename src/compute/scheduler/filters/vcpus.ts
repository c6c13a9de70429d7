// Free vCPUs, as placement counts them.
import { lacking } from './amount.ts'
import type { Filter } from './filter.ts'

const words = {
  filter: 'Vcpus',
  label: 'vCPUs',
  unit: 'vCPU',
  tooSmall: 'NoHost.HostTooSmall.Vcpu',
  tooFull: 'NoHost.Capacity.Vcpu',
} as const

export const vcpus: Filter = {
  name: 'Vcpus',
  stage: 'placement',
  prepare({ needs }) {
    const need = needs.get('VCPU')
    return need === undefined ? null : host => lacking(host.vcpus, need, words)
  },
}
