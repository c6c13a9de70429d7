// The compute service's tables: shapes of their rows, and the migrations that make them.
// Instants are ms since the epoch; booleans 0 or 1; `*_json` holds JSON text written by us (types named beside it).
import type { Kysely } from 'kysely'
import type { TaskState, VmState } from '../model/server-states.ts'
import type { AnyTables, Migration } from '../platform/store/store.ts'

type Flag = 0 | 1

export interface ServersTable {
  id: string
  /** Grows by one for each server: order of creation, and `instance-%08x`. */
  seq: number
  project_id: string
  user_id: string
  reservation_id: string
  name: string
  description: string | null
  hostname: string
  host: string | null
  node: string | null
  vm_state: VmState
  task_state: TaskState | null
  power_state: number
  progress: number
  /** FlavorSnapshot (model of the flavor as it was when the server took it). */
  flavor_json: string
  /** The flavor a finished resize may be reverted to; null otherwise. */
  old_flavor_json: string | null
  /** Flavor id, for filters and sorting. */
  flavor_id: string
  /** Empty when booted from a volume. */
  image_id: string
  /** ImageSnapshot: the image's facts when the server took it. */
  image_json: string
  key_name: string | null
  user_data: string | null
  config_drive: Flag
  /** Zone of the host; null until scheduled. */
  availability_zone: string | null
  /** Zone asked for at create or unshelve; null when unpinned. */
  pinned_zone: string | null
  access_ipv4: string | null
  access_ipv6: string | null
  /** 1 = AUTO, 0 = MANUAL. */
  auto_disk_config: Flag
  metadata_json: string
  locked_by: 'owner' | 'admin' | null
  locked_reason: string | null
  hints_json: string
  group_id: string | null
  /** NetworkInfo: ports and addresses as the network service last told us. */
  network_json: string
  /** Names of security groups: string[]. */
  security_groups_json: string
  /** What was asked at create: RequestedNetworks. */
  requested_networks_json: string
  trusted_certs_json: string | null
  root_device_name: string | null
  launch_index: number
  /** vm_state to return to after resize, suspend or rescue. */
  previous_vm_state: VmState | null
  /** Image a shelved server is kept in; null otherwise. */
  shelved_image_id: string | null
  created_at: number
  updated_at: number
  launched_at: number | null
  terminated_at: number | null
  deleted: Flag
  deleted_at: number | null
  /** Grows with every change: rendered servers are remembered under it. */
  revision: number
}

export interface ServerTagsTable {
  server_id: string
  tag: string
}

export interface ServerFaultsTable {
  id: string
  server_id: string
  seq: number
  code: number
  message: string
  details: string
  host: string | null
  created_at: number
}

export interface InstanceActionsTable {
  id: string
  seq: number
  server_id: string
  action: string
  request_id: string
  user_id: string | null
  project_id: string | null
  start_time: number
  finish_time: number | null
  message: string | null
  updated_at: number
}

export interface InstanceActionEventsTable {
  id: string
  seq: number
  action_id: string
  event: string
  start_time: number
  finish_time: number | null
  result: 'Success' | 'Error' | null
  traceback: string | null
  /** What administrators read: Nova's words, then ours (host names included). */
  details: string | null
  /** What the owner may read of it: the same reason without host names. */
  owner_details: string | null
  host: string | null
}

/** A promise to be kept: one accepted request on one server, until it has ended. */
export interface OperationsTable {
  id: string
  seq: number
  kind: string
  server_id: string
  action_id: string | null
  /** OperationContext: ids and caller of the accepted request (never a token). */
  context_json: string
  /** What was asked; shape by kind. */
  args_json: string
  /** What steps have found out so far; shape by kind. */
  data_json: string
  state: 'accepted' | 'running' | 'undoing' | 'done' | 'failed' | 'superseded'
  /** Index of the step to run (or being run). */
  step: number
  /** How many times a process has taken it up. */
  attempts: number
  created_at: number
  updated_at: number
}

export interface MigrationsTable {
  id: number
  uuid: string
  server_id: string
  migration_type: 'migration' | 'resize' | 'live-migration' | 'evacuation'
  status: string
  source_compute: string | null
  source_node: string | null
  dest_compute: string | null
  dest_node: string | null
  dest_host: string | null
  old_flavor_id: string
  new_flavor_id: string
  user_id: string
  project_id: string
  created_at: number
  updated_at: number
}

export interface FlavorsTable {
  id: string
  seq: number
  name: string
  vcpus: number
  memory_mb: number
  root_gb: number
  ephemeral_gb: number
  swap_mb: number
  rxtx_factor: number
  is_public: Flag
  disabled: Flag
  description: string | null
  /** Record<string, string>. */
  extra_specs_json: string
  created_at: number
  updated_at: number | null
}

export interface FlavorProjectsTable {
  flavor_id: string
  project_id: string
}

export interface KeypairsTable {
  seq: number
  user_id: string
  name: string
  type: 'ssh' | 'x509'
  public_key: string
  fingerprint: string
  created_at: number
}

export interface AggregatesTable {
  id: number
  uuid: string
  name: string
  /** Record<string, string>, `availability_zone` among them. */
  metadata_json: string
  created_at: number
  updated_at: number | null
}

export interface AggregateHostsTable {
  aggregate_id: number
  host: string
}

export interface ServicesTable {
  id: number
  uuid: string
  host: string
  binary: string
  topic: string
  disabled: Flag
  disabled_reason: string | null
  forced_down: Flag
  last_seen_at: number
  report_count: number
  created_at: number
}

/** A host as the scheduler sees it: what it has, and what claims take of it. */
export interface ComputeNodesTable {
  id: number
  /** Also its resource provider's id in placement. */
  uuid: string
  service_id: number
  host: string
  node: string
  host_ip: string
  hypervisor_type: string
  hypervisor_version: number
  /** JSON object: arch, model, vendor, features, topology. */
  cpu_info_json: string
  vcpus: number
  memory_mb: number
  local_gb: number
  vcpus_used: number
  memory_mb_used: number
  local_gb_used: number
  running_vms: number
  /** Builds that failed here since the last one that worked. */
  failed_builds: number
  created_at: number
  updated_at: number
}

/** Room a server takes on a host. `purpose` migration: held for the other end of a resize. */
export interface ClaimsTable {
  server_id: string
  host: string
  purpose: 'server' | 'migration'
  vcpus: number
  memory_mb: number
  disk_gb: number
}

export interface ServerGroupsTable {
  id: string
  seq: number
  name: string
  project_id: string
  user_id: string
  policy: string
  rules_json: string
  created_at: number
  deleted: Flag
}

export interface QuotasTable {
  project_id: string
  /** Empty: the project's own limit. */
  user_id: string
  resource: string
  hard_limit: number
}

export interface QuotaClassesTable {
  class_name: string
  resource: string
  hard_limit: number
}

/** Number sequences: both engines count in the same transaction, without gaps for what was rolled back. */
export interface CountersTable {
  name: string
  value: number
}

export interface ComputeTables {
  servers: ServersTable
  server_tags: ServerTagsTable
  server_faults: ServerFaultsTable
  instance_actions: InstanceActionsTable
  instance_action_events: InstanceActionEventsTable
  operations: OperationsTable
  migrations: MigrationsTable
  flavors: FlavorsTable
  flavor_projects: FlavorProjectsTable
  keypairs: KeypairsTable
  aggregates: AggregatesTable
  aggregate_hosts: AggregateHostsTable
  compute_services: ServicesTable
  compute_nodes: ComputeNodesTable
  claims: ClaimsTable
  server_groups: ServerGroupsTable
  quotas: QuotasTable
  quota_classes: QuotaClassesTable
  counters: CountersTable
}

type ColumnSpec = readonly [
  name: string,
  type: 'text' | 'integer' | 'bigint' | 'real',
  options?: 'null' | 'key',
]

async function createTable(
  db: Kysely<AnyTables>,
  name: string,
  columns: readonly ColumnSpec[],
  key?: readonly string[],
): Promise<void> {
  let table = db.schema.createTable(name)
  for (const [column, type, option] of columns)
    table = table.addColumn(column, type, col =>
      option === 'null' ? col : option === 'key' ? col.primaryKey().notNull() : col.notNull(),
    )
  if (key) table = table.addPrimaryKeyConstraint(`${name}_key`, key as never[]) // names of columns just added
  await table.execute()
}

const index = (
  db: Kysely<AnyTables>,
  name: string,
  table: string,
  columns: readonly string[],
  unique = false,
): Promise<void> => {
  const made = db.schema
    .createIndex(name)
    .on(table)
    .columns(columns as string[])
  return (unique ? made.unique() : made).execute()
}

async function createComputeTables(db: Kysely<AnyTables>): Promise<void> {
  await createTable(db, 'servers', [
    ['id', 'text', 'key'],
    ['seq', 'bigint'],
    ['project_id', 'text'],
    ['user_id', 'text'],
    ['reservation_id', 'text'],
    ['name', 'text'],
    ['description', 'text', 'null'],
    ['hostname', 'text'],
    ['host', 'text', 'null'],
    ['node', 'text', 'null'],
    ['vm_state', 'text'],
    ['task_state', 'text', 'null'],
    ['power_state', 'integer'],
    ['progress', 'integer'],
    ['flavor_json', 'text'],
    ['old_flavor_json', 'text', 'null'],
    ['flavor_id', 'text'],
    ['image_id', 'text'],
    ['image_json', 'text'],
    ['key_name', 'text', 'null'],
    ['user_data', 'text', 'null'],
    ['config_drive', 'integer'],
    ['availability_zone', 'text', 'null'],
    ['pinned_zone', 'text', 'null'],
    ['access_ipv4', 'text', 'null'],
    ['access_ipv6', 'text', 'null'],
    ['auto_disk_config', 'integer'],
    ['metadata_json', 'text'],
    ['locked_by', 'text', 'null'],
    ['locked_reason', 'text', 'null'],
    ['hints_json', 'text'],
    ['group_id', 'text', 'null'],
    ['network_json', 'text'],
    ['security_groups_json', 'text'],
    ['requested_networks_json', 'text'],
    ['trusted_certs_json', 'text', 'null'],
    ['root_device_name', 'text', 'null'],
    ['launch_index', 'integer'],
    ['previous_vm_state', 'text', 'null'],
    ['shelved_image_id', 'text', 'null'],
    ['created_at', 'bigint'],
    ['updated_at', 'bigint'],
    ['launched_at', 'bigint', 'null'],
    ['terminated_at', 'bigint', 'null'],
    ['deleted', 'integer'],
    ['deleted_at', 'bigint', 'null'],
    ['revision', 'bigint'],
  ])
  await index(db, 'servers_by_project', 'servers', ['project_id', 'deleted', 'created_at', 'seq'])
  await index(db, 'servers_by_age', 'servers', ['deleted', 'created_at', 'seq'])
  await index(db, 'servers_by_host', 'servers', ['host', 'deleted'])
  await index(db, 'servers_by_change', 'servers', ['updated_at'])
  await index(db, 'servers_by_group', 'servers', ['group_id'])
  await createTable(
    db,
    'server_tags',
    [
      ['server_id', 'text'],
      ['tag', 'text'],
    ],
    ['server_id', 'tag'],
  )
  await index(db, 'server_tags_by_tag', 'server_tags', ['tag'])
  await createTable(db, 'server_faults', [
    ['id', 'text', 'key'],
    ['server_id', 'text'],
    ['seq', 'bigint'],
    ['code', 'integer'],
    ['message', 'text'],
    ['details', 'text'],
    ['host', 'text', 'null'],
    ['created_at', 'bigint'],
  ])
  await index(db, 'server_faults_by_server', 'server_faults', ['server_id', 'seq'])
  await createTable(db, 'instance_actions', [
    ['id', 'text', 'key'],
    ['seq', 'bigint'],
    ['server_id', 'text'],
    ['action', 'text'],
    ['request_id', 'text'],
    ['user_id', 'text', 'null'],
    ['project_id', 'text', 'null'],
    ['start_time', 'bigint'],
    ['finish_time', 'bigint', 'null'],
    ['message', 'text', 'null'],
    ['updated_at', 'bigint'],
  ])
  await index(db, 'instance_actions_by_server', 'instance_actions', ['server_id', 'seq'])
  await index(db, 'instance_actions_by_request', 'instance_actions', ['request_id', 'server_id'])
  await createTable(db, 'instance_action_events', [
    ['id', 'text', 'key'],
    ['seq', 'bigint'],
    ['action_id', 'text'],
    ['event', 'text'],
    ['start_time', 'bigint'],
    ['finish_time', 'bigint', 'null'],
    ['result', 'text', 'null'],
    ['traceback', 'text', 'null'],
    ['details', 'text', 'null'],
    ['owner_details', 'text', 'null'],
    ['host', 'text', 'null'],
  ])
  await index(db, 'instance_action_events_by_action', 'instance_action_events', ['action_id', 'seq'])
  await createTable(db, 'operations', [
    ['id', 'text', 'key'],
    ['seq', 'bigint'],
    ['kind', 'text'],
    ['server_id', 'text'],
    ['action_id', 'text', 'null'],
    ['context_json', 'text'],
    ['args_json', 'text'],
    ['data_json', 'text'],
    ['state', 'text'],
    ['step', 'integer'],
    ['attempts', 'integer'],
    ['created_at', 'bigint'],
    ['updated_at', 'bigint'],
  ])
  await index(db, 'operations_by_state', 'operations', ['state', 'seq'])
  await index(db, 'operations_by_server', 'operations', ['server_id', 'seq'])
  await createTable(db, 'migrations', [
    ['id', 'integer', 'key'],
    ['uuid', 'text'],
    ['server_id', 'text'],
    ['migration_type', 'text'],
    ['status', 'text'],
    ['source_compute', 'text', 'null'],
    ['source_node', 'text', 'null'],
    ['dest_compute', 'text', 'null'],
    ['dest_node', 'text', 'null'],
    ['dest_host', 'text', 'null'],
    ['old_flavor_id', 'text'],
    ['new_flavor_id', 'text'],
    ['user_id', 'text'],
    ['project_id', 'text'],
    ['created_at', 'bigint'],
    ['updated_at', 'bigint'],
  ])
  await index(db, 'migrations_by_uuid', 'migrations', ['uuid'], true)
  await index(db, 'migrations_by_server', 'migrations', ['server_id', 'id'])
  await createTable(db, 'flavors', [
    ['id', 'text', 'key'],
    ['seq', 'bigint'],
    ['name', 'text'],
    ['vcpus', 'integer'],
    ['memory_mb', 'integer'],
    ['root_gb', 'integer'],
    ['ephemeral_gb', 'integer'],
    ['swap_mb', 'integer'],
    ['rxtx_factor', 'real'],
    ['is_public', 'integer'],
    ['disabled', 'integer'],
    ['description', 'text', 'null'],
    ['extra_specs_json', 'text'],
    ['created_at', 'bigint'],
    ['updated_at', 'bigint', 'null'],
  ])
  await index(db, 'flavors_by_name', 'flavors', ['name'], true)
  await createTable(
    db,
    'flavor_projects',
    [
      ['flavor_id', 'text'],
      ['project_id', 'text'],
    ],
    ['flavor_id', 'project_id'],
  )
  await createTable(
    db,
    'keypairs',
    [
      ['seq', 'bigint'],
      ['user_id', 'text'],
      ['name', 'text'],
      ['type', 'text'],
      ['public_key', 'text'],
      ['fingerprint', 'text'],
      ['created_at', 'bigint'],
    ],
    ['user_id', 'name'],
  )
  await createTable(db, 'aggregates', [
    ['id', 'integer', 'key'],
    ['uuid', 'text'],
    ['name', 'text'],
    ['metadata_json', 'text'],
    ['created_at', 'bigint'],
    ['updated_at', 'bigint', 'null'],
  ])
  await index(db, 'aggregates_by_name', 'aggregates', ['name'], true)
  await createTable(
    db,
    'aggregate_hosts',
    [
      ['aggregate_id', 'integer'],
      ['host', 'text'],
    ],
    ['aggregate_id', 'host'],
  )
  await createTable(db, 'compute_services', [
    ['id', 'integer', 'key'],
    ['uuid', 'text'],
    ['host', 'text'],
    ['binary', 'text'],
    ['topic', 'text'],
    ['disabled', 'integer'],
    ['disabled_reason', 'text', 'null'],
    ['forced_down', 'integer'],
    ['last_seen_at', 'bigint'],
    ['report_count', 'bigint'],
    ['created_at', 'bigint'],
  ])
  await index(db, 'compute_services_by_host', 'compute_services', ['host', 'binary'], true)
  await createTable(db, 'compute_nodes', [
    ['id', 'integer', 'key'],
    ['uuid', 'text'],
    ['service_id', 'integer'],
    ['host', 'text'],
    ['node', 'text'],
    ['host_ip', 'text'],
    ['hypervisor_type', 'text'],
    ['hypervisor_version', 'integer'],
    ['cpu_info_json', 'text'],
    ['vcpus', 'integer'],
    ['memory_mb', 'bigint'],
    ['local_gb', 'bigint'],
    ['vcpus_used', 'integer'],
    ['memory_mb_used', 'bigint'],
    ['local_gb_used', 'bigint'],
    ['running_vms', 'integer'],
    ['failed_builds', 'integer'],
    ['created_at', 'bigint'],
    ['updated_at', 'bigint'],
  ])
  await index(db, 'compute_nodes_by_host', 'compute_nodes', ['host'], true)
  await createTable(
    db,
    'claims',
    [
      ['server_id', 'text'],
      ['host', 'text'],
      ['purpose', 'text'],
      ['vcpus', 'integer'],
      ['memory_mb', 'bigint'],
      ['disk_gb', 'bigint'],
    ],
    ['server_id', 'host', 'purpose'],
  )
  await index(db, 'claims_by_host', 'claims', ['host'])
  await createTable(db, 'server_groups', [
    ['id', 'text', 'key'],
    ['seq', 'bigint'],
    ['name', 'text'],
    ['project_id', 'text'],
    ['user_id', 'text'],
    ['policy', 'text'],
    ['rules_json', 'text'],
    ['created_at', 'bigint'],
    ['deleted', 'integer'],
  ])
  await index(db, 'server_groups_by_project', 'server_groups', ['project_id', 'seq'])
  await createTable(
    db,
    'quotas',
    [
      ['project_id', 'text'],
      ['user_id', 'text'],
      ['resource', 'text'],
      ['hard_limit', 'bigint'],
    ],
    ['project_id', 'user_id', 'resource'],
  )
  await createTable(
    db,
    'quota_classes',
    [
      ['class_name', 'text'],
      ['resource', 'text'],
      ['hard_limit', 'bigint'],
    ],
    ['class_name', 'resource'],
  )
  await createTable(db, 'counters', [
    ['name', 'text', 'key'],
    ['value', 'bigint'],
  ])
}

export const computeMigrations: readonly Migration[] = [
  { name: 'compute_0001_tables', up: createComputeTables },
]
