// What brings the compute service's tables (tables.ts) up to date, in order. A released migration is never changed.
import type { Kysely } from 'kysely'
import type { AnyTables, Migration } from '../platform/store/store.ts'

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

const createSnapshotImages = (db: Kysely<AnyTables>): Promise<void> =>
  createTable(db, 'snapshot_images', [
    ['image_id', 'text', 'key'],
    ['created_at', 'bigint'],
  ])

/** What tells of a request afterwards: what the scheduler found, and ways to find an action by whatever is known of it. */
async function addTraces(db: Kysely<AnyTables>): Promise<void> {
  await createTable(
    db,
    'schedulings',
    [
      ['action_id', 'text'],
      ['attempt', 'integer'],
      ['created_at', 'bigint'],
      ['cause', 'text', 'null'],
      ['record_json', 'text'],
    ],
    ['action_id', 'attempt'],
  )
  await db.schema.alterTable('instance_actions').addColumn('global_request_id', 'text').execute()
  await index(db, 'instance_actions_by_global', 'instance_actions', ['global_request_id', 'seq'])
  await index(db, 'instance_actions_by_age', 'instance_actions', ['seq'])
  await index(db, 'instance_actions_by_project', 'instance_actions', ['project_id', 'seq'])
  await index(db, 'instance_actions_by_result', 'instance_actions', ['message', 'seq'])
  await index(db, 'operations_by_action', 'operations', ['action_id'])
  await index(db, 'servers_by_name', 'servers', ['name', 'project_id'])
}

async function createConsoleTokens(db: Kysely<AnyTables>): Promise<void> {
  await createTable(db, 'console_tokens', [
    ['token_hash', 'text', 'key'],
    ['server_id', 'text'],
    ['server_host', 'text'],
    ['console_type', 'text'],
    ['host', 'text'],
    ['port', 'integer'],
    ['tls_port', 'integer', 'null'],
    ['internal_access_path', 'text', 'null'],
    ['expires_at', 'bigint'],
  ])
  await index(db, 'console_tokens_by_age', 'console_tokens', ['expires_at'])
}

/** What live migrations tell while they are under way, and what is asked of them then. */
async function addLiveMigrations(db: Kysely<AnyTables>): Promise<void> {
  await db.schema.alterTable('migrations').addColumn('wish', 'text').execute()
  for (const what of ['memory', 'disk'])
    for (const part of ['total', 'processed', 'remaining'])
      await db.schema.alterTable('migrations').addColumn(`${what}_${part}`, 'bigint').execute()
}

const addBlockDevices = (db: Kysely<AnyTables>): Promise<void> =>
  db.schema
    .alterTable('servers')
    .addColumn('block_devices_json', 'text', column => column.notNull().defaultTo('[]'))
    .execute()
const createImageCachings = (db: Kysely<AnyTables>): Promise<void> =>
  createTable(db, 'image_cachings', [
    ['id', 'text', 'key'],
    ['seq', 'bigint'],
    ['aggregate_json', 'text'],
    ['images_json', 'text'],
    ['context_json', 'text'],
    ['results_json', 'text', 'null'],
    ['created_at', 'bigint'],
  ])

/** Pages in the orders people ask for, each begun where it starts. */
async function addPageIndexes(db: Kysely<AnyTables>): Promise<void> {
  await index(db, 'servers_by_project_name', 'servers', ['project_id', 'deleted', 'name'])
  await index(db, 'servers_by_project_change', 'servers', ['project_id', 'updated_at'])
  await index(db, 'servers_by_project_id', 'servers', ['project_id', 'id'])
}

export const computeMigrations: readonly Migration[] = [
  { name: 'compute_0001_tables', up: createComputeTables },
  { name: 'compute_0002_snapshot_images', up: createSnapshotImages },
  { name: 'compute_0003_traces', up: addTraces },
  { name: 'compute_0004_console_tokens', up: createConsoleTokens },
  { name: 'compute_0005_live_migrations', up: addLiveMigrations },
  { name: 'compute_0006_block_devices', up: addBlockDevices },
  { name: 'compute_0007_image_cachings', up: createImageCachings },
  { name: 'compute_0008_page_indexes', up: addPageIndexes },
]
