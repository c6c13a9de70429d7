// How a security group rule looks, alone and inside its group.
import { isoSeconds } from '../base/time.ts'
import { formatCidr, parseCidr } from './addresses.ts'
import type { View } from './resource.ts'
import type { SecurityGroupRulesTable } from './tables.ts'

/** A prefix without the bits of its host part. */
function normalCidr(prefix: string | null): string | null {
  const cidr = prefix === null ? undefined : parseCidr(prefix)
  return cidr ? formatCidr(cidr) : null
}

export const ruleView = (row: SecurityGroupRulesTable): View => ({
  id: row.id,
  tenant_id: row.project_id,
  project_id: row.project_id,
  security_group_id: row.security_group_id,
  ethertype: row.ethertype,
  direction: row.direction,
  protocol: row.protocol,
  port_range_min: row.port_range_min,
  port_range_max: row.port_range_max,
  remote_ip_prefix: row.remote_ip_prefix,
  remote_address_group_id: null,
  normalized_cidr: normalCidr(row.remote_ip_prefix),
  remote_group_id: row.remote_group_id,
  description: row.description,
  tags: [],
  created_at: isoSeconds(row.created_at),
  updated_at: isoSeconds(row.updated_at),
  revision_number: row.revision_number,
})
