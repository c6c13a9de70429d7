// The compute service's tables: shapes of their rows. The migrations that make them are in schema-migrations.ts.
// Instants are ms since the epoch; booleans 0 or 1; `*_json` holds JSON text written by us (types named beside it).
import type { TaskState, VmState } from '../model/server-states.ts'

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
  /** Disks that are more than the flavor's: BlockDevice[]. */
  block_devices_json: string
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
  /** The id its caller gave; null when there was none. */
  global_request_id: string | null
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

/** What the scheduler found when a host was looked for: a row for each time, under the action it was for. */
export interface SchedulingsTable {
  action_id: string
  /** 1 for the first time. */
  attempt: number
  created_at: number
  /** Code of the most frequent refusal where no host was found; null where one was. */
  cause: string | null
  /** SchedulingRecord. */
  record_json: string
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
  /** What somebody asked of a live migration while it was under way. */
  wish: 'abort' | 'complete' | null
  memory_total: number | null
  memory_processed: number | null
  memory_remaining: number | null
  disk_total: number | null
  disk_processed: number | null
  disk_remaining: number | null
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

/** Who may reach which console, by a hash of the token in its URL. */
export interface ConsoleTokensTable {
  token_hash: string
  server_id: string
  /** The server's host when it was asked for: somewhere else it is worth nothing. */
  server_host: string
  console_type: string
  host: string
  port: number
  tls_port: number | null
  internal_access_path: string | null
  expires_at: number
}

/** Number sequences: both engines count in the same transaction, without gaps for what was rolled back. */
/** Images made for snapshots that nobody has accepted yet: a crash in between leaves them to the next start. */
export interface SnapshotImagesTable {
  image_id: string
  created_at: number
}

/** Images to be brought to the hosts of an aggregate; gone when every host has answered. */
export interface ImageCachingsTable {
  id: string
  seq: number
  /** AggregateRecord, as it was when it was asked for. */
  aggregate_json: string
  /** Ids of images. */
  images_json: string
  /** LogContext: ids and caller of the request. */
  context_json: string
  /** What became of each image, by host; null before it began. */
  results_json: string | null
  created_at: number
}

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
  schedulings: SchedulingsTable
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
  snapshot_images: SnapshotImagesTable
  console_tokens: ConsoleTokensTable
  image_cachings: ImageCachingsTable
  counters: CountersTable
}
