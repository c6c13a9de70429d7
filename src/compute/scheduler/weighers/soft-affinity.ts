// More members of a soft-affinity group first.
import type { Weigher } from './weigher.ts'

export const softAffinity: Weigher = {
  name: 'ServerGroupSoftAffinityWeigher',
  option: 'soft_affinity_weight_multiplier',
  multiplier: 1,
  weigh: (host, { request, groupMembers }) =>
    request.group?.policy === 'soft-affinity' ? (groupMembers.get(host.host) ?? 0) : 0,
}
