// Who may do what in the compute service, by default (facts: api-surface.md §2; names are Nova's).
import type { PolicyCheck } from '../policies.ts'

export const computePolicies = {
  'os_compute_api:extensions': 'any',

  // Flavors
  'os_compute_api:os-flavor-manage:create': 'admin',
  'os_compute_api:os-flavor-manage:update': 'admin',
  'os_compute_api:os-flavor-manage:delete': 'admin',
  'os_compute_api:os-flavor-access': 'admin',
  'os_compute_api:os-flavor-access:add_tenant_access': 'admin',
  'os_compute_api:os-flavor-access:remove_tenant_access': 'admin',
  'os_compute_api:os-flavor-extra-specs:index': 'reader',
  'os_compute_api:os-flavor-extra-specs:show': 'reader',
  'os_compute_api:os-flavor-extra-specs:create': 'admin',
  'os_compute_api:os-flavor-extra-specs:update': 'admin',
  'os_compute_api:os-flavor-extra-specs:delete': 'admin',

  // Key pairs
  'os_compute_api:os-keypairs:index': 'owner',
  'os_compute_api:os-keypairs:create': 'owner',
  'os_compute_api:os-keypairs:show': 'owner',
  'os_compute_api:os-keypairs:delete': 'owner',

  // Zones, limits, quotas
  'os_compute_api:os-availability-zone:list': 'any',
  'os_compute_api:os-availability-zone:detail': 'admin',
  'os_compute_api:limits': 'any',
  'os_compute_api:limits:other_project': 'admin',
  'os_compute_api:os-quota-sets:show': 'reader',
  'os_compute_api:os-quota-sets:detail': 'reader',
  'os_compute_api:os-quota-sets:defaults': 'any',
  'os_compute_api:os-quota-sets:update': 'admin',
  'os_compute_api:os-quota-sets:delete': 'admin',
  'os_compute_api:os-quota-class-sets:show': 'admin',
  'os_compute_api:os-quota-class-sets:update': 'admin',
  'os_compute_api:os-simple-tenant-usage:list': 'admin',
  'os_compute_api:os-simple-tenant-usage:show': 'reader',
  'os_compute_api:os-instance-usage-audit-log:list': 'admin',
  'os_compute_api:os-instance-usage-audit-log:show': 'admin',

  // The cloud's own machinery
  'os_compute_api:os-services:list': 'admin',
  'os_compute_api:os-services:update': 'admin',
  'os_compute_api:os-services:delete': 'admin',
  'os_compute_api:os-hypervisors:list': 'admin',
  'os_compute_api:os-hypervisors:list-detail': 'admin',
  'os_compute_api:os-hypervisors:statistics': 'admin',
  'os_compute_api:os-hypervisors:show': 'admin',
  'os_compute_api:os-hypervisors:uptime': 'admin',
  'os_compute_api:os-hypervisors:search': 'admin',
  'os_compute_api:os-hypervisors:servers': 'admin',
  'os_compute_api:os-hosts:list': 'admin',
  'os_compute_api:os-hosts:show': 'admin',
  'os_compute_api:os-hosts:update': 'admin',
  'os_compute_api:os-hosts:reboot': 'admin',
  'os_compute_api:os-hosts:shutdown': 'admin',
  'os_compute_api:os-hosts:start': 'admin',
  'os_compute_api:os-aggregates:index': 'admin',
  'os_compute_api:os-aggregates:create': 'admin',
  'os_compute_api:os-aggregates:show': 'admin',
  'os_compute_api:os-aggregates:update': 'admin',
  'os_compute_api:os-aggregates:delete': 'admin',
  'os_compute_api:os-aggregates:add_host': 'admin',
  'os_compute_api:os-aggregates:remove_host': 'admin',
  'os_compute_api:os-aggregates:set_metadata': 'admin',

  // Migrations
  'os_compute_api:os-migrations:index': 'manager',
  'os_compute_api:os-migrations:index:all_projects': 'admin',
  'os_compute_api:os-migrations:index:host': 'admin',
  'os_compute_api:servers:migrations:index': 'manager',
  'os_compute_api:servers:migrations:index:host': 'admin',
  'os_compute_api:servers:migrations:show': 'admin',

  // Server groups
  'os_compute_api:os-server-groups:index': 'reader',
  'os_compute_api:os-server-groups:index:all_projects': 'admin',
  'os_compute_api:os-server-groups:create': 'member',
  'os_compute_api:os-server-groups:show': 'reader',
  'os_compute_api:os-server-groups:delete': 'member',

  // Instance actions
  'os_compute_api:os-instance-actions:list': 'reader',
  'os_compute_api:os-instance-actions:show': 'reader',
  'os_compute_api:os-instance-actions:events': 'admin',
  'os_compute_api:os-instance-actions:events:details': 'admin',
  // Ours: owners are told the reason, without host names (docs/differences.md).
  'faultline:events:owner-details': 'reader',
} satisfies Record<string, PolicyCheck>
