// Asking the scheduler from an operation: gathers the snapshot, says in the log what nova-scheduler would say, and
// turns "no host" into an error that carries Nova's words and ours.
import { readJson } from '../../base/json.ts'
import { limits } from '../../model/limits.ts'
import { ratios, reserved } from '../../model/ratios.ts'
import type { GroupPolicy } from '../../model/server-groups.ts'
import { tables } from '../../platform/store/store.ts'
import { ExplainedError } from '../errors.ts'
import { explain } from '../scheduler/explain.ts'
import { select } from '../scheduler/select.ts'
import type { NoHost, Placed } from '../scheduler/selection.ts'
import {
  type Amounts,
  defaultSettings,
  type GroupAsk,
  type HostState,
  type Request,
} from '../scheduler/snapshot.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import { flavorOf, hintsOf, imageOf, type ServerRow } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { tellScheduling } from './tell.ts'
import type { Work } from './work.ts'
import type { WorkDeps } from './work-deps.ts'

export const defaultZone = 'nova'

/** Hosts as they are now: what they have, what claims take, services, aggregates. Three queries, however many hosts. */
export async function gatherHosts(deps: WorkDeps): Promise<readonly HostState[]> {
  const db = tables<ComputeTables>(deps.store)
  const [nodes, members] = await Promise.all([
    db
      .selectFrom('compute_nodes')
      .innerJoin('compute_services', 'compute_services.id', 'compute_nodes.service_id')
      .selectAll('compute_nodes')
      .select([
        'compute_services.disabled',
        'compute_services.disabled_reason',
        'compute_services.forced_down',
        'compute_services.last_seen_at',
      ])
      .orderBy('compute_nodes.id')
      .execute(),
    db
      .selectFrom('aggregate_hosts')
      .innerJoin('aggregates', 'aggregates.id', 'aggregate_hosts.aggregate_id')
      .select(['aggregate_hosts.host', 'aggregates.id', 'aggregates.name', 'aggregates.metadata_json'])
      .execute(),
  ])
  const now = deps.clock.now()
  return nodes.map(node => {
    const aggregates = members
      .filter(({ host }) => host === node.host)
      .map(({ id, name, metadata_json }) => ({
        id,
        name,
        metadata: readJson<Record<string, string>>(metadata_json),
      }))
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
        aggregates.find(({ metadata }) => metadata.availability_zone !== undefined)?.metadata
          .availability_zone ?? defaultZone,
      aggregates,
      traits: [],
      vcpus: amounts(node.vcpus, node.vcpus_used, 'vcpus'),
      memoryMb: amounts(node.memory_mb, node.memory_mb_used, 'memoryMb'),
      diskGb: amounts(node.local_gb, node.local_gb_used, 'diskGb'),
      servers: node.running_vms,
      ioOps: 0,
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

/** The scheduler's request for a server as it is; callers change what their operation needs. */
export async function requestFor(
  deps: WorkDeps,
  server: ServerRow,
  flavor: FlavorSnapshot = flavorOf(server),
): Promise<Request> {
  const hints = hintsOf(server)
  const image = imageOf(server)
  return {
    servers: [server.id],
    projectId: server.project_id,
    flavor,
    bootsFromVolume: server.image_id === '',
    image: { id: image.id, properties: image.properties },
    zone: server.pinned_zone,
    force: null,
    requested: null,
    ignore: [],
    group: server.group_id === null ? null : await groupAsk(deps, server.group_id, server.id),
    sameHost: await hinted(deps, hints.same_host),
    differentHost: await hinted(deps, hints.different_host),
    currentHost: server.host,
    isRebuild: false,
    alternates: 0,
  }
}

async function groupAsk(deps: WorkDeps, groupId: string, except: string): Promise<GroupAsk | null> {
  const db = tables<ComputeTables>(deps.store)
  const group = await db
    .selectFrom('server_groups')
    .selectAll()
    .where('id', '=', groupId)
    .where('deleted', '=', 0)
    .executeTakeFirst()
  if (!group) return null
  const members = await db
    .selectFrom('servers')
    .select(['host', eb => eb.fn.countAll<number>().as('count')])
    .where('group_id', '=', groupId)
    .where('deleted', '=', 0)
    .where('id', '!=', except)
    .where('host', 'is not', null)
    .groupBy('host')
    .execute()
  const rules = readJson<{ max_server_per_host?: number }>(group.rules_json)
  return {
    id: groupId,
    policy: group.policy as GroupPolicy, // the API takes only these
    serversPerHostMax: rules.max_server_per_host ?? 1,
    membersByHost: new Map(members.map(({ host, count }) => [host!, Number(count)])), // host is not null, by the query
  }
}

async function hinted(deps: WorkDeps, hint: unknown): Promise<Request['sameHost']> {
  const ids = (Array.isArray(hint) ? hint : hint === undefined ? [] : [hint]).map(String)
  if (ids.length === 0) return []
  const rows = await tables<ComputeTables>(deps.store)
    .selectFrom('servers')
    .select(['id', 'host'])
    .where('id', 'in', ids)
    .where('deleted', '=', 0)
    .execute()
  return ids.map(id => ({ id, host: rows.find(row => row.id === id)?.host ?? null }))
}

/** Hosts for the request; throws NoValidHost with every host accounted for. `novaReason` replaces the scheduler's own words. */
export async function selectHosts(
  work: Work<unknown, unknown>,
  request: Request,
  novaReason?: string,
): Promise<Placed> {
  const { deps } = work
  const log = deps.logs.scheduler.under(work.context).named('nova.filters')
  const settings =
    deps.settings.filters === undefined
      ? defaultSettings
      : { ...defaultSettings, filters: deps.settings.filters }
  tellScheduling(work, 'start', request)
  await work.failIfAsked('select_destinations')
  const selection = select(await gatherHosts(deps), request, settings, deps.random)
  if (selection.kind === 'placed') {
    log.debug(`Placed ${selection.placements.map(({ server, host }) => `${server} on ${host}`).join(', ')}`)
    tellScheduling(work, 'end', request)
    return selection
  }
  const counts = selection.counts.filter(({ stage }) => stage === 'filter')
  if (selection.reason === 'NoCandidates')
    log
      .named('nova.scheduler.manager')
      .info(
        'Got no allocation candidates from the Placement API. This could be due to insufficient resources or a temporary occurrence as compute nodes start up.',
      )
  else
    log.info(
      `Filtering removed all hosts for the request with instance ID '${request.servers[0]}'. Filter results: [${counts.map(({ filter, start, end }) => `'${filter}: (start: ${start}, end: ${end})'`).join(', ')}]`,
    )
  log
    .named('faultline.scheduler')
    .info(explain(selection, { showHosts: true }), { server: request.servers[0] })
  throw noValidHost(selection, novaReason)
}

export function noValidHost(
  selection: NoHost,
  novaReason: string = selection.upstreamReason,
): ExplainedError {
  const message = `No valid host was found. ${novaReason}`
  // Room for both: Nova's words come first in details, and all of it is cut to 255 bytes.
  const bytesMax = limits.faultMessageBytesMax - Buffer.byteLength(message) - 2
  return new ExplainedError('NoValidHost', message, {
    admin: explain(selection, { showHosts: true, maxBytes: bytesMax }),
    owner: explain(selection, { showHosts: false, maxBytes: bytesMax }),
  })
}
