// The compute API alone: no conductor, no agents, neighbours that answer what a test says. Rows that agents and
// conductors would write are put into the database by the functions here.
import type { Insertable } from 'kysely'
import type { Clock } from '../../src/base/time.ts'
import { defaultComputeSettings } from '../../src/compute/deps.ts'
import type { Neighbours } from '../../src/compute/neighbours/neighbours.ts'
import { computeMigrations } from '../../src/compute/schema-migrations.ts'
import { createComputeService } from '../../src/compute/service.ts'
import type { FlavorSnapshot } from '../../src/compute/snapshots.ts'
import type {
  ComputeNodesTable,
  ComputeTables,
  MigrationsTable,
  ServersTable,
  ServicesTable,
} from '../../src/compute/tables.ts'
import { memoryBus } from '../../src/platform/bus/memory/bus.ts'
import type { TokenChecker } from '../../src/platform/http/auth.ts'
import { silentLog } from '../../src/platform/journal/log.ts'
import { createNotifier, memorySink } from '../../src/platform/journal/notifications.ts'
import { type Store, tables } from '../../src/platform/store/store.ts'
import {
  type Answer,
  type Ask,
  callers,
  callerTokens,
  type RunningService,
  runService,
} from './one-service.ts'
import { testStore } from './store.ts'

export interface ComputeAsk extends Ask {
  /** Microversion: `2.53`, `latest`. */
  readonly at?: string
}

export interface RunningComputeApi extends RunningService {
  readonly store: Store
  readonly db: ReturnType<typeof tables<ComputeTables>>
  /** Set by tests; stands still. */
  readonly clock: { at: number } & Clock
  /** Ids identity does not know. */
  readonly unknownProjects: Set<string>
  /** Notifications sent so far, decoded. */
  readonly notifications: readonly Record<string, unknown>[]
  /** `ask` below `/compute/v2.1`. */
  api(method: string, path: string, ask?: ComputeAsk): Promise<Answer>
}

const notInThisTest = (what: string) => (): never => {
  throw new Error(`${what} is not part of this test`)
}

const absent = <T extends object>(what: string): T =>
  new Proxy({} as T, { get: (_target, name) => notInThisTest(`${what}.${String(name)}`) }) // every call throws

export async function startComputeApi(
  options: { readonly now?: number; readonly tokens?: TokenChecker } = {},
): Promise<RunningComputeApi> {
  const { now = Date.UTC(2026, 10, 23, 9, 30), tokens = callerTokens } = options
  const store = await testStore(computeMigrations)
  const clock = { at: now, now: () => clock.at }
  const unknownProjects = new Set<string>()
  const sink = memorySink()
  const neighbours: Neighbours = {
    identity: { projectExists: async (_on, id) => !unknownProjects.has(id) },
    image: absent('the image service'),
    network: absent('the network service'),
    placement: absent('placement'),
    volume: absent('the volume service'),
  }
  const running = await runService(
    createComputeService({
      store,
      clock,
      settings: defaultComputeSettings,
      notifier: createNotifier('both', sink),
      neighbours,
      client: absent('the client'),
      conductor: {
        wake: notInThisTest('the conductor'),
        begun: notInThisTest('the conductor'),
        ended: notInThisTest('the conductor'),
      },
      imageCaching: { wake: notInThisTest('image caching') },
      onPortEvent: notInThisTest('the ports of servers'),
      onVolumeNews: notInThisTest('the volumes of servers'),
      bus: memoryBus(),
      apiHost: 'api-1',
      log: silentLog,
      tokens,
    }),
  )
  return {
    ...running,
    store,
    db: tables<ComputeTables>(store),
    clock,
    unknownProjects,
    notifications: sink.messages,
    api: (method, path, { at, headers, ...ask } = {}) =>
      running.ask(method, `/compute/v2.1${path}`, {
        ...ask,
        headers: { ...(at === undefined ? {} : { 'openstack-api-version': `compute ${at}` }), ...headers },
      }),
    async close() {
      await running.close()
      await store.close()
    },
  }
}

export const aFlavor: FlavorSnapshot = {
  id: '1',
  name: 'm1.tiny',
  vcpus: 1,
  memoryMb: 512,
  rootGb: 1,
  ephemeralGb: 0,
  swapMb: 0,
  rxtxFactor: 1,
  isPublic: true,
  disabled: false,
  description: null,
  extraSpecs: {},
}

let serverSeq = 0

/** Puts a server into the database: active, of user and project `demo`, unless told otherwise. */
export async function addServer(
  { db, clock }: RunningComputeApi,
  server: Partial<Insertable<ServersTable>> & { readonly flavor?: FlavorSnapshot } = {},
): Promise<string> {
  const { flavor = aFlavor, ...given } = server
  serverSeq += 1
  const row: Insertable<ServersTable> = {
    id: `00000000-0000-4000-8000-${String(serverSeq).padStart(12, '0')}`,
    seq: serverSeq,
    project_id: callers.demo.project!.id,
    user_id: callers.demo.userId,
    reservation_id: 'r-00000000',
    name: `server-${serverSeq}`,
    description: null,
    hostname: `server-${serverSeq}`,
    host: null,
    node: null,
    vm_state: 'active',
    task_state: null,
    power_state: 1,
    progress: 0,
    flavor_json: JSON.stringify(flavor),
    old_flavor_json: null,
    flavor_id: flavor.id,
    image_id: '',
    image_json: '{}',
    key_name: null,
    user_data: null,
    config_drive: 0,
    availability_zone: null,
    pinned_zone: null,
    access_ipv4: null,
    access_ipv6: null,
    auto_disk_config: 0,
    metadata_json: '{}',
    locked_by: null,
    locked_reason: null,
    hints_json: '{}',
    group_id: null,
    network_json: '[]',
    block_devices_json: '[]',
    security_groups_json: '[]',
    requested_networks_json: '"none"',
    trusted_certs_json: null,
    root_device_name: null,
    launch_index: 0,
    previous_vm_state: null,
    shelved_image_id: null,
    created_at: clock.at,
    updated_at: clock.at,
    launched_at: clock.at,
    terminated_at: null,
    deleted: 0,
    deleted_at: null,
    revision: 1,
    ...given,
  }
  await db.insertInto('servers').values(row).execute()
  return row.id
}

/** Puts a service into the database, seen just now; with `node`, its compute node too. */
export async function addService(
  { db, clock }: RunningComputeApi,
  service: Partial<Insertable<ServicesTable>> & { readonly id: number; readonly host: string },
  node?: Partial<Insertable<ComputeNodesTable>>,
): Promise<void> {
  const binary = service.binary ?? 'nova-compute'
  await db
    .insertInto('compute_services')
    .values({
      uuid: `11111111-0000-4000-8000-${String(service.id).padStart(12, '0')}`,
      binary,
      topic: binary.replace('nova-', ''),
      disabled: 0,
      disabled_reason: null,
      forced_down: 0,
      last_seen_at: clock.at,
      report_count: 1,
      created_at: clock.at,
      ...service,
    })
    .execute()
  if (!node) return
  await db
    .insertInto('compute_nodes')
    .values({
      id: service.id,
      uuid: `22222222-0000-4000-8000-${String(service.id).padStart(12, '0')}`,
      service_id: service.id,
      host: service.host,
      node: service.host,
      host_ip: '127.0.0.1',
      hypervisor_type: 'fake',
      hypervisor_version: 1000,
      cpu_info_json: JSON.stringify({ arch: 'x86_64', topology: { cores: 1, threads: 1, sockets: 4 } }),
      vcpus: 4,
      memory_mb: 8192,
      local_gb: 100,
      vcpus_used: 1,
      memory_mb_used: 512,
      local_gb_used: 1,
      running_vms: 1,
      failed_builds: 0,
      created_at: clock.at,
      updated_at: clock.at,
      ...node,
    })
    .execute()
}

/** Puts a migration into the database: a finished resize, unless told otherwise. */
export async function addMigration(
  { db, clock }: RunningComputeApi,
  migration: Partial<Insertable<MigrationsTable>> & { readonly id: number; readonly server_id: string },
): Promise<void> {
  await db
    .insertInto('migrations')
    .values({
      uuid: `33333333-0000-4000-8000-${String(migration.id).padStart(12, '0')}`,
      migration_type: 'resize',
      status: 'finished',
      source_compute: 'host-1',
      source_node: 'host-1',
      dest_compute: 'host-2',
      dest_node: 'host-2',
      dest_host: '127.0.0.2',
      old_flavor_id: '1',
      new_flavor_id: '2',
      user_id: callers.demo.userId,
      project_id: callers.demo.project!.id,
      created_at: clock.at,
      updated_at: clock.at,
      ...migration,
    })
    .execute()
}
