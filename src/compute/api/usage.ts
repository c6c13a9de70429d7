// What projects used in a period: server hours, and what the servers took of hosts in them.
import { readJson } from '../../base/json.ts'
import { type Instant, isoMicros, parseIso } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import { findUsagePosition, listUsedServers, type UsedServer } from '../store/usage.ts'
import type { ComputeTables } from '../tables.ts'
import { type ComputeCall, pageLimit } from './call.ts'
import { nextLink } from './links.ts'
import { versionOf } from './negotiate.ts'

interface Period {
  readonly start: Instant
  readonly stop: Instant
}

export const listUsages = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-simple-tenant-usage:list')
  const detailed = call.query.many('detailed')[0] === '1'
  const period = periodOf(call)
  const { servers, next } = await usedServers(call, period, '/os-simple-tenant-usage')
  const byProject = Map.groupBy(servers, server => server.project_id)
  const usages = [...byProject].map(([id, used]) => summary(call, id, used, period, detailed))
  return json(200, { tenant_usages: usages, ...(next && { tenant_usages_links: next }) })
}

export const showUsage = async (call: ComputeCall): Promise<Reply> => {
  const projectId = call.params.id! // in the route's path
  call.enforce('os_compute_api:os-simple-tenant-usage:show', { projectId })
  const period = periodOf(call)
  const path = `/os-simple-tenant-usage/${projectId}`
  const { servers, next } = await usedServers(call, period, path, projectId)
  const usage = servers.length === 0 ? {} : summary(call, projectId, servers, period, true)
  return json(200, { tenant_usage: usage, ...(next && { tenant_usage_links: next }) })
}

// Nova takes three formats only, without a zone. It looks at its clock for each time that is absent, so that of two
// absent ones the start comes first.
const timePattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?| \d\d:\d\d:\d\d\.\d{1,6})$/

function periodOf(call: ComputeCall): Period {
  const now = call.deps.clock.now()
  const at = (name: string, absent: Instant): Instant => {
    const text = call.query.many(name)[0]
    if (text === undefined || text === '') return absent
    const read = timePattern.test(text) ? parseIso(text) : undefined
    if (read === undefined) throw fault('DatetimeInvalid')
    return read
  }
  const start = at('start', now - 1)
  const end = at('end', now)
  if (start >= end) throw fault('UsagePeriodInvalid')
  return { start, stop: Math.min(end, now) }
}

/** A page of servers; versions without pages get at most one, silently, as from Nova. */
async function usedServers(call: ComputeCall, period: Period, path: string, projectId?: string) {
  const isPaged = versionOf(call).has('usagePaging')
  const limit = isPaged ? pageLimit(call) : limits.pageItemsMax
  const marker = isPaged ? call.query.one('marker') : undefined
  const db = tables<ComputeTables>(call.deps.store)
  const after = marker === undefined ? undefined : await findUsagePosition(db, marker)
  if (marker !== undefined && !after) throw fault('MarkerNotFound', { marker })
  const servers = await listUsedServers(db, period, { projectId, after, limit })
  const ids = servers.map(server => server.id)
  return { servers, next: isPaged ? nextLink(call, path, limit, ids) : undefined }
}

const msPerHour = 3_600_000

function summary(
  call: ComputeCall,
  projectId: string,
  servers: readonly UsedServer[],
  period: Period,
  detailed: boolean,
) {
  const usages = servers.map(server => serverUsage(server, period, call.deps.clock.now()))
  const total = (of: (usage: (typeof usages)[number]) => number) =>
    usages.reduce((sum, usage) => sum + of(usage) * usage.hours, 0)
  return {
    tenant_id: projectId,
    start: isoMicros(period.start),
    stop: isoMicros(period.stop),
    total_hours: total(() => 1),
    total_vcpus_usage: total(usage => usage.vcpus),
    total_memory_mb_usage: total(usage => usage.memory_mb),
    total_local_gb_usage: total(usage => usage.local_gb),
    ...(detailed ? { server_usages: usages } : {}),
  }
}

function serverUsage(server: UsedServer, period: Period, now: Instant) {
  const flavor = readJson<FlavorSnapshot>(server.flavor_json)
  const startedAt = server.launched_at ?? now
  const endedAt = server.terminated_at
  const from = Math.max(startedAt, period.start)
  const to = Math.min(endedAt ?? period.stop, period.stop)
  return {
    instance_id: server.id,
    name: server.name,
    tenant_id: server.project_id,
    flavor: flavor.name,
    vcpus: flavor.vcpus,
    memory_mb: flavor.memoryMb,
    local_gb: flavor.rootGb + flavor.ephemeralGb,
    state: endedAt === null ? server.vm_state : 'terminated',
    started_at: isoMicros(startedAt),
    ended_at: endedAt === null ? null : isoMicros(endedAt),
    uptime: Math.floor(((endedAt ?? now) - startedAt) / 1000),
    hours: Math.max(0, to - from) / msPerHour,
  }
}
