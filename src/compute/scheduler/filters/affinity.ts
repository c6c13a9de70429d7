// All members of an affinity group on one host: the first may go anywhere.
import { cause, type Filter } from './filter.ts'

export const affinity: Filter = {
  name: 'ServerGroupAffinityFilter',
  stage: 'filter',
  prepare({ request, groupMembers }) {
    if (request.group?.policy !== 'affinity') return null
    const refusal = cause('ServerGroupAffinityFilter', 'NoHost.Affinity')
    return host => (groupMembers.size === 0 || groupMembers.has(host.host) ? null : refusal)
  },
}
