// The network service's tables: shapes of their rows, and the migrations that make them.
// Instants are ms since the epoch; booleans 0 or 1; `*_json` holds JSON text written by us (types named beside it).
import { type Kysely, sql } from 'kysely'
import type { AnyTables, Migration } from '../platform/store/store.ts'

export type Flag = 0 | 1

interface Standard {
  id: string
  /** Empty for ports the service makes for itself (gateways, floating addresses). */
  project_id: string
  description: string
  created_at: number
  updated_at: number
  /** Grows by one with each change. */
  revision_number: number
}

export interface NetworksTable extends Standard {
  name: string
  admin_state_up: Flag
  status: string
  shared: Flag
  external: Flag
  is_default: Flag
  mtu: number
  port_security_enabled: Flag
  network_type: string
  physical_network: string | null
  segmentation_id: number | null
  /** What no two networks may share: `vlan:physnet1:12`, `vxlan:77`, `flat:public`; null for local networks. */
  segment_key: string | null
}

export interface SubnetsTable extends Standard {
  name: string
  network_id: string
  ip_version: number
  cidr: string
  /** The pool it was cut from. */
  subnetpool_id: string | null
  gateway_ip: string | null
  enable_dhcp: Flag
  ipv6_ra_mode: string | null
  ipv6_address_mode: string | null
  /** AllocationPool[] */
  allocation_pools_json: string
  /** string[] */
  dns_nameservers_json: string
  /** HostRoute[] */
  host_routes_json: string
}

export interface SubnetPoolsTable extends Standard {
  name: string
  ip_version: 4 | 6
  /** string[], in as few as there can be */
  prefixes_json: string
  min_prefixlen: number
  max_prefixlen: number
  default_prefixlen: number
  /** How much of it one project may have; null: all. */
  default_quota: number | null
  shared: Flag
  is_default: Flag
  /** The version it is the default of; unique. */
  default_of: 4 | 6 | null
}

/** Where the search for a free address begins, as a distance from the subnet's first address. */
export interface SubnetCursorsTable {
  subnet_id: string
  position: number
}

export interface PortsTable extends Standard {
  name: string
  network_id: string
  mac_address: string
  admin_state_up: Flag
  status: string
  device_id: string
  device_owner: string
  port_security_enabled: Flag
  host_id: string
  vnic_type: string
  vif_type: string
  /** Record<string, unknown> */
  profile_json: string
  /** AddressPair[] */
  allowed_address_pairs_json: string
  /** DhcpOption[] */
  extra_dhcp_opts_json: string
}

export interface IpAllocationsTable {
  subnet_id: string
  ip_address: string
  port_id: string
  /** Distance from the subnet's first address; null where that is beyond 2^53. */
  position: number | null
  /** Order of the port's addresses. */
  ordinal: number
}

export interface PortSecurityGroupsTable {
  port_id: string
  security_group_id: string
}

export interface SecurityGroupsTable extends Standard {
  name: string
  stateful: Flag
}

export interface SecurityGroupRulesTable extends Standard {
  security_group_id: string
  direction: string
  ethertype: string
  protocol: string | null
  port_range_min: number | null
  port_range_max: number | null
  remote_ip_prefix: string | null
  remote_group_id: string | null
  /** Everything that makes a rule what it is; two equal ones in a group are a conflict. */
  fingerprint: string
}

export interface RoutersTable extends Standard {
  name: string
  admin_state_up: Flag
  status: string
  external_network_id: string | null
  gateway_port_id: string | null
  enable_snat: Flag
  /** HostRoute[] */
  routes_json: string
}

export interface FloatingIpsTable extends Standard {
  floating_network_id: string
  floating_ip_address: string
  floating_port_id: string
  fixed_port_id: string | null
  fixed_ip_address: string | null
  router_id: string | null
  status: string
}

export interface NetworkTagsTable {
  resource_id: string
  tag: string
}

export interface NetworkQuotasTable {
  project_id: string
  resource: string
  limit_value: number
}

export interface NetworkUsagesTable {
  project_id: string
  resource: string
  used: number
}

/** What was done once and is not done again. */
export interface NetworkMarksTable {
  name: string
  at: number
}

export interface NetworkTables {
  networks: NetworksTable
  subnets: SubnetsTable
  subnetpools: SubnetPoolsTable
  subnet_cursors: SubnetCursorsTable
  ports: PortsTable
  ip_allocations: IpAllocationsTable
  port_security_groups: PortSecurityGroupsTable
  security_groups: SecurityGroupsTable
  security_group_rules: SecurityGroupRulesTable
  routers: RoutersTable
  floating_ips: FloatingIpsTable
  network_tags: NetworkTagsTable
  network_quotas: NetworkQuotasTable
  network_usages: NetworkUsagesTable
  network_marks: NetworkMarksTable
}

const standard = (db: Kysely<AnyTables>, name: string) =>
  db.schema
    .createTable(name)
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('project_id', 'text', column => column.notNull())
    .addColumn('description', 'text', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .addColumn('revision_number', 'integer', column => column.notNull())

const index = (db: Kysely<AnyTables>, table: string, ...columns: readonly string[]) =>
  db.schema
    .createIndex(`${table}_${columns.join('_')}`)
    .on(table)
    .columns([...columns])

export const networkMigrations: readonly Migration[] = [
  {
    name: 'network_0001_start',
    async up(db) {
      await standard(db, 'networks')
        .addColumn('name', 'text', column => column.notNull())
        .addColumn('admin_state_up', 'integer', column => column.notNull())
        .addColumn('status', 'text', column => column.notNull())
        .addColumn('shared', 'integer', column => column.notNull())
        .addColumn('external', 'integer', column => column.notNull())
        .addColumn('is_default', 'integer', column => column.notNull())
        .addColumn('mtu', 'integer', column => column.notNull())
        .addColumn('port_security_enabled', 'integer', column => column.notNull())
        .addColumn('network_type', 'text', column => column.notNull())
        .addColumn('physical_network', 'text')
        .addColumn('segmentation_id', 'integer')
        .addColumn('segment_key', 'text', column => column.unique())
        .execute()
      await index(db, 'networks', 'project_id').execute()
      await standard(db, 'subnets')
        .addColumn('name', 'text', column => column.notNull())
        .addColumn('network_id', 'text', column => column.notNull().references('networks.id'))
        .addColumn('ip_version', 'integer', column => column.notNull())
        .addColumn('cidr', 'text', column => column.notNull())
        .addColumn('gateway_ip', 'text')
        .addColumn('enable_dhcp', 'integer', column => column.notNull())
        .addColumn('ipv6_ra_mode', 'text')
        .addColumn('ipv6_address_mode', 'text')
        .addColumn('allocation_pools_json', 'text', column => column.notNull())
        .addColumn('dns_nameservers_json', 'text', column => column.notNull())
        .addColumn('host_routes_json', 'text', column => column.notNull())
        .addUniqueConstraint('subnets_network_id_cidr', ['network_id', 'cidr'])
        .execute()
      await index(db, 'subnets', 'project_id').execute()
      await db.schema
        .createTable('subnet_cursors')
        .addColumn('subnet_id', 'text', column =>
          column.primaryKey().references('subnets.id').onDelete('cascade'),
        )
        .addColumn('position', 'bigint', column => column.notNull())
        .execute()
      await standard(db, 'ports')
        .addColumn('name', 'text', column => column.notNull())
        .addColumn('network_id', 'text', column => column.notNull().references('networks.id'))
        .addColumn('mac_address', 'text', column => column.notNull())
        .addColumn('admin_state_up', 'integer', column => column.notNull())
        .addColumn('status', 'text', column => column.notNull())
        .addColumn('device_id', 'text', column => column.notNull())
        .addColumn('device_owner', 'text', column => column.notNull())
        .addColumn('port_security_enabled', 'integer', column => column.notNull())
        .addColumn('host_id', 'text', column => column.notNull())
        .addColumn('vnic_type', 'text', column => column.notNull())
        .addColumn('vif_type', 'text', column => column.notNull())
        .addColumn('profile_json', 'text', column => column.notNull())
        .addColumn('allowed_address_pairs_json', 'text', column => column.notNull())
        .addColumn('extra_dhcp_opts_json', 'text', column => column.notNull())
        .addUniqueConstraint('ports_network_id_mac_address', ['network_id', 'mac_address'])
        .execute()
      await index(db, 'ports', 'project_id').execute()
      await index(db, 'ports', 'device_id').execute()
      await db.schema
        .createTable('ip_allocations')
        .addColumn('subnet_id', 'text', column => column.notNull().references('subnets.id'))
        .addColumn('ip_address', 'text', column => column.notNull())
        .addColumn('port_id', 'text', column => column.notNull().references('ports.id').onDelete('cascade'))
        .addColumn('position', 'bigint')
        .addColumn('ordinal', 'integer', column => column.notNull())
        .addPrimaryKeyConstraint('ip_allocations_primary', ['subnet_id', 'ip_address'])
        .execute()
      await index(db, 'ip_allocations', 'subnet_id', 'position').execute()
      await index(db, 'ip_allocations', 'port_id').execute()
      await index(db, 'ip_allocations', 'ip_address').execute()
      await standard(db, 'security_groups')
        .addColumn('name', 'text', column => column.notNull())
        .addColumn('stateful', 'integer', column => column.notNull())
        .execute()
      await index(db, 'security_groups', 'project_id', 'name').execute()
      // A project has one default group, whoever makes it first.
      await db.schema
        .createIndex('security_groups_default')
        .unique()
        .on('security_groups')
        .column('project_id')
        .where(sql.ref('name'), '=', 'default')
        .execute()
      await standard(db, 'security_group_rules')
        .addColumn('security_group_id', 'text', column => column.notNull().references('security_groups.id'))
        .addColumn('direction', 'text', column => column.notNull())
        .addColumn('ethertype', 'text', column => column.notNull())
        .addColumn('protocol', 'text')
        .addColumn('port_range_min', 'integer')
        .addColumn('port_range_max', 'integer')
        .addColumn('remote_ip_prefix', 'text')
        .addColumn('remote_group_id', 'text', column => column.references('security_groups.id'))
        .addColumn('fingerprint', 'text', column => column.notNull())
        .addUniqueConstraint('security_group_rules_fingerprint', ['security_group_id', 'fingerprint'])
        .execute()
      await index(db, 'security_group_rules', 'remote_group_id').execute()
      await db.schema
        .createTable('port_security_groups')
        .addColumn('port_id', 'text', column => column.notNull().references('ports.id').onDelete('cascade'))
        .addColumn('security_group_id', 'text', column => column.notNull().references('security_groups.id'))
        .addPrimaryKeyConstraint('port_security_groups_primary', ['port_id', 'security_group_id'])
        .execute()
      await index(db, 'port_security_groups', 'security_group_id').execute()
      await standard(db, 'routers')
        .addColumn('name', 'text', column => column.notNull())
        .addColumn('admin_state_up', 'integer', column => column.notNull())
        .addColumn('status', 'text', column => column.notNull())
        .addColumn('external_network_id', 'text', column => column.references('networks.id'))
        .addColumn('gateway_port_id', 'text', column => column.references('ports.id'))
        .addColumn('enable_snat', 'integer', column => column.notNull())
        .addColumn('routes_json', 'text', column => column.notNull())
        .execute()
      await index(db, 'routers', 'project_id').execute()
      await index(db, 'routers', 'gateway_port_id').execute()
      await standard(db, 'floating_ips')
        .addColumn('floating_network_id', 'text', column => column.notNull().references('networks.id'))
        .addColumn('floating_ip_address', 'text', column => column.notNull())
        .addColumn('floating_port_id', 'text', column => column.notNull().references('ports.id'))
        .addColumn('fixed_port_id', 'text', column => column.references('ports.id'))
        .addColumn('fixed_ip_address', 'text')
        .addColumn('router_id', 'text', column => column.references('routers.id'))
        .addColumn('status', 'text', column => column.notNull())
        // One floating address of a network for each fixed one.
        .addUniqueConstraint('floating_ips_fixed', [
          'floating_network_id',
          'fixed_port_id',
          'fixed_ip_address',
        ])
        .execute()
      await index(db, 'floating_ips', 'project_id').execute()
      await index(db, 'floating_ips', 'fixed_port_id').execute()
      await index(db, 'floating_ips', 'floating_port_id').execute()
      await index(db, 'floating_ips', 'router_id').execute()
      await db.schema
        .createTable('network_tags')
        .addColumn('resource_id', 'text', column => column.notNull())
        .addColumn('tag', 'text', column => column.notNull())
        .addPrimaryKeyConstraint('network_tags_primary', ['resource_id', 'tag'])
        .execute()
      await db.schema
        .createTable('network_quotas')
        .addColumn('project_id', 'text', column => column.notNull())
        .addColumn('resource', 'text', column => column.notNull())
        .addColumn('limit_value', 'bigint', column => column.notNull())
        .addPrimaryKeyConstraint('network_quotas_primary', ['project_id', 'resource'])
        .execute()
      await db.schema
        .createTable('network_usages')
        .addColumn('project_id', 'text', column => column.notNull())
        .addColumn('resource', 'text', column => column.notNull())
        .addColumn('used', 'bigint', column => column.notNull())
        .addPrimaryKeyConstraint('network_usages_primary', ['project_id', 'resource'])
        .execute()
      await db.schema
        .createTable('network_marks')
        .addColumn('name', 'text', column => column.primaryKey())
        .addColumn('at', 'bigint', column => column.notNull())
        .execute()
    },
  },
  {
    name: 'network_0002_subnet_pools',
    async up(db) {
      await standard(db, 'subnetpools')
        .addColumn('name', 'text', column => column.notNull())
        .addColumn('ip_version', 'integer', column => column.notNull())
        .addColumn('prefixes_json', 'text', column => column.notNull())
        .addColumn('min_prefixlen', 'integer', column => column.notNull())
        .addColumn('max_prefixlen', 'integer', column => column.notNull())
        .addColumn('default_prefixlen', 'integer', column => column.notNull())
        .addColumn('default_quota', 'bigint')
        .addColumn('shared', 'integer', column => column.notNull())
        .addColumn('is_default', 'integer', column => column.notNull())
        .addColumn('default_of', 'integer', column => column.unique())
        .execute()
      await index(db, 'subnetpools', 'project_id').execute()
      await db.schema
        .alterTable('subnets')
        .addColumn('subnetpool_id', 'text', column => column.references('subnetpools.id'))
        .execute()
      await index(db, 'subnets', 'subnetpool_id').execute()
    },
  },
]
