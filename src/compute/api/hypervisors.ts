// Hypervisors: compute nodes with what they have and what is taken of it, in all of Nova's forms.
import { isUuidLike } from '../../base/ids.ts'
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import {
  findHypervisor,
  type Hypervisor,
  isUp,
  listHypervisors,
  serversOnHosts,
  workloads,
} from '../store/services.ts'
import type { ComputeTables } from '../tables.ts'
import { uptimeText } from '../uptime.ts'
import { type ComputeCall, pageLimit, readBoolean } from './call.ts'
import { nextLink } from './links.ts'
import { versionOf } from './negotiate.ts'
import {
  type HypervisorFacts,
  listHypervisorView,
  showHypervisorView,
  statisticsView,
  uptimeView,
} from './views/services.ts'

export const listHypervisorNames = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-hypervisors:list')
  return listPage(call, '/os-hypervisors', listHypervisorView(versionOf(call)))
}

export const listHypervisorDetails = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-hypervisors:list-detail')
  return listPage(call, '/os-hypervisors/detail', showHypervisorView(versionOf(call)))
}

async function listPage(
  call: ComputeCall,
  path: string,
  show: (facts: HypervisorFacts) => object,
): Promise<Reply> {
  const version = versionOf(call)
  const match = version.has('serviceUuids') ? call.query.one('hypervisor_hostname_pattern') : undefined
  const isPaged = version.has('hypervisorPaging')
  if (match !== undefined) {
    if (call.query.has('limit') || call.query.has('marker')) throw fault('HypervisorPatternPaged')
    const found = await matching(call, match)
    return json(200, { hypervisors: (await withFacts(call, found)).map(show) })
  }
  const limit = isPaged ? pageLimit(call) : undefined
  const after = isPaged ? await markerNumber(call) : undefined
  const page = await listHypervisors(tables<ComputeTables>(call.deps.store), { after, limit })
  const next =
    limit === undefined
      ? undefined
      : nextLink(
          call,
          path,
          limit,
          page.map(({ node }) => (version.has('serviceUuids') ? node.uuid : String(node.id))),
        )
  return json(200, {
    hypervisors: (await withFacts(call, page)).map(show),
    ...(next && { hypervisors_links: next }),
  })
}

async function markerNumber(call: ComputeCall): Promise<number | undefined> {
  const marker = call.query.one('marker')
  if (marker === undefined) return undefined
  const found = await lookUp(call, marker)
  if (!found) throw fault('HypervisorMarkerNotFound', { marker })
  return found.node.id
}

/** By uuid from 2.53, by number before; undefined for what is neither. */
async function lookUp(call: ComputeCall, id: string): Promise<Hypervisor | undefined> {
  const db = tables<ComputeTables>(call.deps.store)
  if (versionOf(call).has('serviceUuids'))
    return isUuidLike(id) ? findHypervisor(db, { uuid: id }) : undefined
  return /^\d{1,9}$/.test(id) ? findHypervisor(db, { id: Number(id) }) : undefined
}

async function matching(call: ComputeCall, pattern: string): Promise<readonly Hypervisor[]> {
  const found = await listHypervisors(tables<ComputeTables>(call.deps.store), { match: pattern })
  if (found.length === 0) throw fault('HypervisorMatchNotFound', { pattern })
  return found
}

/** Adds what is not in the rows: state, workload, and servers where they were asked for. */
async function withFacts(
  call: ComputeCall,
  hypervisors: readonly Hypervisor[],
  withServers = wantsServers(call),
): Promise<readonly HypervisorFacts[]> {
  const version = versionOf(call)
  const db = tables<ComputeTables>(call.deps.store)
  const now = call.deps.clock.now()
  const busy: ReadonlyMap<string, number> = version.has('slimHypervisors') ? new Map() : await workloads(db)
  const servers = withServers
    ? await serversOnHosts(
        db,
        hypervisors.map(({ node }) => node.host),
      )
    : undefined
  return hypervisors.map(({ node, service }) => ({
    node,
    service,
    isUp: isUp(service, now),
    workload: busy.get(node.host) ?? 0,
    // Hosts without servers have the key from 2.75 on.
    servers: servers && (servers.get(node.host) ?? (version.has('strictQueries') ? [] : undefined)),
    // The agent writes its node's row when it starts.
    uptime: isUp(service, now) ? uptimeText(node.updated_at, now) : null,
  }))
}

const wantsServers = (call: ComputeCall): boolean =>
  versionOf(call).has('serviceUuids') && readBoolean(call.query.one('with_servers') ?? 'no') === true

async function hypervisorInPath(call: ComputeCall): Promise<Hypervisor> {
  const id = call.params.id! // in the route's path
  if (versionOf(call).has('serviceUuids') && !isUuidLike(id)) throw fault('UuidInvalid', { id })
  const found = await lookUp(call, id)
  if (!found) throw fault('HypervisorNotFound', { hypervisor: id })
  return found
}

export const showHypervisor = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-hypervisors:show')
  const [facts] = await withFacts(call, [await hypervisorInPath(call)])
  return json(200, { hypervisor: showHypervisorView(versionOf(call))(facts!) }) // one in, one out
}

/** How long the host has been up; refused (400) when it does not answer. */
export const showUptime = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-hypervisors:uptime')
  const [facts] = await withFacts(call, [await hypervisorInPath(call)])
  const { node, uptime } = facts! // one in, one out
  if (uptime === null) throw fault('ComputeServiceDown', { host: node.host })
  return json(200, { hypervisor: uptimeView(versionOf(call))(facts!) })
}

export const searchHypervisors = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-hypervisors:search')
  const found = await matching(call, call.params.id!) // in the route's path
  return answer(call, await withFacts(call, found))
}

export const listHypervisorServers = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-hypervisors:servers')
  const found = await matching(call, call.params.id!) // in the route's path
  return answer(call, await withFacts(call, found, true))
}

function answer(call: ComputeCall, facts: readonly HypervisorFacts[]): Reply {
  const show = listHypervisorView(versionOf(call))
  return json(200, { hypervisors: facts.map(one => show(one)) })
}

export const showStatistics = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-hypervisors:statistics')
  const db = tables<ComputeTables>(call.deps.store)
  const hypervisors = await listHypervisors(db)
  const busy = await workloads(db)
  const workload = hypervisors
    .filter(({ service }) => service.disabled === 0)
    .reduce((total, { node }) => total + (busy.get(node.host) ?? 0), 0)
  return json(200, { hypervisor_statistics: statisticsView(hypervisors, workload) })
}
