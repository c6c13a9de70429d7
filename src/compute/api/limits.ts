// What a project may have and what it has of it (facts: limits-quotas.md §1).
import type { ComputeFeature } from '../../model/microversions.ts'
import type { QuotaLimits, QuotaResource } from '../../model/quotas.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { countServerGroups, limitsOf, type ServerUsage, serverUsage } from '../store/quotas.ts'
import type { ComputeTables } from '../tables.ts'
import { type ComputeCall, projectOf } from './call.ts'
import { versionOf } from './negotiate.ts'
import { compileView, type ViewRow } from './views/compile.ts'

interface Absolute {
  readonly limits: QuotaLimits
  readonly usage: ServerUsage
  readonly groups: number
}

const limitRow = (key: string, resource: QuotaResource, until?: ComputeFeature): ViewRow<Absolute> => ({
  key,
  until,
  value: absolute => absolute.limits[resource],
})

const absoluteView = compileView<Absolute>([
  limitRow('maxTotalInstances', 'instances'),
  limitRow('maxTotalCores', 'cores'),
  limitRow('maxTotalRAMSize', 'ram'),
  limitRow('maxServerMeta', 'metadata_items'),
  limitRow('maxImageMeta', 'metadata_items', 'noImageMetadataProxy'),
  limitRow('maxTotalKeypairs', 'key_pairs'),
  limitRow('maxServerGroups', 'server_groups'),
  limitRow('maxServerGroupMembers', 'server_group_members'),
  limitRow('maxPersonality', 'injected_files', 'noPersonality'),
  limitRow('maxPersonalitySize', 'injected_file_content_bytes', 'noPersonality'),
  limitRow('maxTotalFloatingIps', 'floating_ips', 'noProxies'),
  limitRow('maxSecurityGroups', 'security_groups', 'noProxies'),
  limitRow('maxSecurityGroupRules', 'security_group_rules', 'noProxies'),
  { key: 'totalInstancesUsed', value: ({ usage }) => usage.instances },
  { key: 'totalCoresUsed', value: ({ usage }) => usage.cores },
  { key: 'totalRAMUsed', value: ({ usage }) => usage.ram },
  { key: 'totalServerGroupsUsed', value: ({ groups }) => groups },
  // Counted by the network service since Nova lost its own networks.
  { key: 'totalFloatingIpsUsed', until: 'noProxies', value: () => 0 },
  { key: 'totalSecurityGroupsUsed', until: 'noProxies', value: () => 0 },
])

export const showLimits = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:limits')
  const own = projectOf(call)
  const projectId = call.query.one('tenant_id') ?? own
  if (projectId !== own) call.enforce('os_compute_api:limits:other_project', { projectId })
  const db = tables<ComputeTables>(call.deps.store)
  const absolute = {
    limits: (await limitsOf(db, projectId)).project,
    usage: await serverUsage(db, projectId),
    groups: await countServerGroups(db, projectId),
  }
  return json(200, { limits: { rate: [], absolute: absoluteView(versionOf(call))(absolute) } })
}
