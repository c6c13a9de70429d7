// Fewer members of an anti-affinity group on the host than its rule lets it have; a server's own host passes.
import { cause, type Filter } from './filter.ts'

export const antiAffinity: Filter = {
  name: 'ServerGroupAntiAffinityFilter',
  stage: 'filter',
  prepare({ request, groupMembers }) {
    const { group, currentHost } = request
    if (group?.policy !== 'anti-affinity') return null
    const most = group.serversPerHostMax
    const refusal = cause(
      'ServerGroupAntiAffinityFilter',
      'NoHost.AntiAffinity',
      most === 1 ? undefined : `has ${most} members of the anti-affinity group already`,
    )
    return host => (host.host === currentHost || (groupMembers.get(host.host) ?? 0) < most ? null : refusal)
  },
}
