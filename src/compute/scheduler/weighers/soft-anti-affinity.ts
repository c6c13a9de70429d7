// Fewer members of a soft-anti-affinity group first.
import type { Weigher } from './weigher.ts'

export const softAntiAffinity: Weigher = {
  name: 'ServerGroupSoftAntiAffinityWeigher',
  option: 'soft_anti_affinity_weight_multiplier',
  multiplier: 1,
  weigh: (host, { request, groupMembers }) =>
    request.group?.policy === 'soft-anti-affinity' ? -(groupMembers.get(host.host) ?? 0) : 0,
}
