// The scheduler's snapshot: hosts as they are now, from our tables, with the traits a request asks about from placement.
import type { Kysely } from 'kysely'
import { readJson } from '../../base/json.ts'
import { limits } from '../../model/limits.ts'
import { ratios, reserved } from '../../model/ratios.ts'
import type { TaskState } from '../../model/server-states.ts'
import { tables } from '../../platform/store/store.ts'
import type { OnBehalf } from '../neighbours/neighbours.ts'
import type { Aggregate, Amounts, HostState, Request } from '../scheduler/snapshot.ts'
import { defaultZone, zoneKey } from '../store/aggregates.ts'
import type { ComputeTables } from '../tables.ts'
import type { WorkDeps } from './work-deps.ts'

/** Hosts as they are now: what they have, what claims take, services, aggregates. Two queries, however many hosts, and one more a trait. */
export async function gatherHosts(
  deps: Pick<WorkDeps, 'store' | 'clock' | 'neighbours'>,
  on: OnBehalf,
  request: Request,
): Promise<readonly HostState[]> {
  const db = tables<ComputeTables>(deps.store)
  const [nodes, members, traits] = await Promise.all([
    db
      .selectFrom('compute_nodes')
      .innerJoin('compute_services', 'compute_services.id', 'compute_nodes.service_id')
      .leftJoin(ioOperations(db).as('io'), 'io.host', 'compute_nodes.host')
      .selectAll('compute_nodes')
      .select([
        'compute_services.disabled',
        'compute_services.disabled_reason',
        'compute_services.forced_down',
        'compute_services.last_seen_at',
        'io.count as io_ops',
      ])
      .orderBy('compute_nodes.id')
      .execute(),
    db
      .selectFrom('aggregate_hosts')
      .innerJoin('aggregates', 'aggregates.id', 'aggregate_hosts.aggregate_id')
      .select(['aggregate_hosts.host', 'aggregates.id', 'aggregates.name', 'aggregates.metadata_json'])
      .execute(),
    traitsAsked(deps, on, request),
  ])
  const aggregatesOf = new Map<string, Aggregate[]>()
  for (const { host, id, name, metadata_json } of members) {
    const list = aggregatesOf.get(host) ?? []
    list.push({ id, name, metadata: readJson(metadata_json) })
    aggregatesOf.set(host, list)
  }
  const now = deps.clock.now()
  return nodes.map(node => {
    const aggregates = aggregatesOf.get(node.host) ?? []
    const cpu = readJson<{ arch?: string }>(node.cpu_info_json)
    const amounts = (total: number, used: number, name: keyof typeof ratios): Amounts => ({
      total,
      used,
      reserved: reserved[name],
      ratio: ratios[name],
    })
    return {
      host: node.host,
      node: node.node,
      providerId: node.uuid,
      enabled: node.disabled === 0,
      disabledReason: node.disabled_reason,
      up: node.forced_down === 0 && now - node.last_seen_at <= limits.serviceDownMs,
      zone:
        aggregates.find(({ metadata }) => metadata[zoneKey] !== undefined)?.metadata[zoneKey] ?? defaultZone,
      aggregates,
      traits: traits.flatMap(({ trait, providers }) => (providers.has(node.uuid) ? [trait] : [])),
      vcpus: amounts(node.vcpus, node.vcpus_used, 'vcpus'),
      memoryMb: amounts(node.memory_mb, node.memory_mb_used, 'memoryMb'),
      diskGb: amounts(node.local_gb, node.local_gb_used, 'diskGb'),
      servers: node.running_vms,
      ioOps: Number(node.io_ops ?? 0),
      buildFailures: node.failed_builds,
      hypervisorType: node.hypervisor_type,
      hypervisorVersion: node.hypervisor_version,
      machines: [{ architecture: cpu.arch ?? 'x86_64', hypervisorType: node.hypervisor_type, vmMode: 'hvm' }],
      capabilities: {
        hypervisor_type: node.hypervisor_type,
        hypervisor_version: node.hypervisor_version,
        cpu_info: readJson(node.cpu_info_json),
      },
    }
  })
}

/**
 * Servers at work on the disk or the network of each host. Such a server has an operation that has not ended, so that
 * only those are looked through, however many servers there are; and its claim says where, before it is built too.
 */
const ioOperations = (db: Kysely<ComputeTables>) =>
  db
    .selectFrom('operations')
    .innerJoin('servers', 'servers.id', 'operations.server_id')
    .innerJoin('claims', 'claims.server_id', 'servers.id')
    .select(eb => ['claims.host', eb.fn.count<number>('servers.id').distinct().as('count')])
    .where('operations.state', 'in', ['accepted', 'running', 'undoing'])
    .where('claims.purpose', '=', 'server')
    .where('servers.deleted', '=', 0)
    .where(eb => eb.or([eb('vm_state', '=', 'building'), eb('task_state', 'in', ioTasks)]))
    .groupBy('claims.host')

// nova/compute/stats.py, io_workload: these, and whatever is being built.
const ioTasks: readonly TaskState[] = [
  'resize_migrating',
  'rebuilding',
  'resize_prep',
  'image_snapshot',
  'image_backup',
  'rescuing',
  'unshelving',
]

/** For each trait the request names: the providers that have it. */
async function traitsAsked(deps: Pick<WorkDeps, 'neighbours'>, on: OnBehalf, { flavor, image }: Request) {
  const names = [...Object.keys(flavor.extraSpecs), ...Object.keys(image?.properties ?? {})]
    .filter(key => key.startsWith(traitPrefix))
    .map(key => key.slice(traitPrefix.length))
  return Promise.all(
    [...new Set(names)].map(async trait => ({
      trait,
      providers: await deps.neighbours.placement.providersWith(on, trait),
    })),
  )
}

const traitPrefix = 'trait:'
