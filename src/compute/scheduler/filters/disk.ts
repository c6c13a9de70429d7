// Free disk, as placement counts it.
import { lacking } from './amount.ts'
import type { Filter } from './filter.ts'

const words = {
  filter: 'Disk',
  label: 'disk',
  unit: 'GB',
  tooSmall: 'NoHost.HostTooSmall.Disk',
  tooFull: 'NoHost.Capacity.Disk',
} as const

export const disk: Filter = {
  name: 'Disk',
  stage: 'placement',
  prepare({ needs }) {
    const need = needs.get('DISK_GB')
    return need === undefined ? null : host => lacking(host.diskGb, need, words)
  },
}
