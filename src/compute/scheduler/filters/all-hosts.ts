// Refuses no host: for an operator who wants none of the other filters.
import type { Filter } from './filter.ts'

export const allHosts: Filter = {
  name: 'AllHostsFilter',
  stage: 'filter',
  prepare: () => null,
}
