// Quotas: show, defaults, details with usage, change, back to the defaults (neutron/extensions/quotasv2.py).
import { pythonRepr } from '../base/python.ts'
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { authorise, projectOf } from './access.ts'
import { attribute, bodyItem, readUpdate } from './attributes.ts'
import type { NetworkDeps } from './deps.ts'
import { boolean, integer } from './parsers.ts'
import { change } from './store.ts'
import type { NetworkTables } from './tables.ts'
import { type QuotaResource, quotaDefaults } from './usage.ts'

const resources = Object.keys(quotaDefaults) as readonly QuotaResource[] // its own keys

const quotaAttributes = {
  ...Object.fromEntries(
    resources.map(name => [name, attribute(integer(-1, limits.quotaValueMax), { default: undefined })]),
  ),
  force: attribute(boolean, { default: false }),
  check_limit: attribute(boolean, { default: false }),
}

export async function listQuotas(call: Call<NetworkDeps>): Promise<Reply> {
  authorise(call, 'get_quotas', projectOf(call.auth))
  const rows = await tables<NetworkTables>(call.deps.store)
    .selectFrom('network_quotas')
    .selectAll()
    .orderBy('project_id')
    .execute()
  const byProject = Map.groupBy(rows, row => row.project_id)
  return json(200, {
    quotas: [...byProject].map(([project, own]) => ({
      ...quotaDefaults,
      ...Object.fromEntries(own.map(row => [row.resource, row.limit_value])),
      tenant_id: project,
      project_id: project,
    })),
  })
}

/** `GET /quotas/tenant` and `/quotas/project`: whose quotas a caller's own are. */
export const showQuotaProject =
  (member: 'tenant' | 'project') =>
  (call: Call<NetworkDeps>): Reply =>
    json(200, {
      [member]: { tenant_id: call.auth.project?.id ?? null, project_id: call.auth.project?.id ?? null },
    })

export async function showQuota(call: Call<NetworkDeps>): Promise<Reply> {
  const project = target(call)
  return json(200, { quota: await limitsOf(call, project) })
}

export function showDefaultQuota(call: Call<NetworkDeps>): Reply {
  target(call)
  return json(200, { quota: quotaDefaults })
}

export async function showQuotaDetails(call: Call<NetworkDeps>): Promise<Reply> {
  const project = target(call)
  const [quota, used] = await Promise.all([limitsOf(call, project), usageOf(call, project)])
  return json(200, {
    quota: Object.fromEntries(
      resources.map(name => [name, { limit: quota[name], used: used[name] ?? 0, reserved: 0 }]),
    ),
  })
}

export async function updateQuota(call: Call<NetworkDeps>): Promise<Reply> {
  const project = call.params.project!
  authorise(call, 'update_quota', project)
  if (project.includes('\0') || project.length > 255) throw fault('NetworkQuotaNotFound', { project })
  const { values } = readUpdate(quotaAttributes, bodyItem(call.body, 'quota'))
  const wanted: Readonly<Record<string, unknown>> = values
  const rows = resources.flatMap(resource => {
    const limit = wanted[resource]
    return typeof limit === 'number' ? [{ project_id: project, resource, limit_value: limit }] : []
  })
  if (values.check_limit) {
    const used = await usageOf(call, project)
    const below = rows.filter(row => row.limit_value >= 0 && row.limit_value < (used[row.resource] ?? 0))
    if (below.length > 0)
      throw fault('NetworkQuotaBelowUsage', { resources: pythonRepr(below.map(row => row.resource)) })
  }
  if (rows.length > 0)
    await change(call.deps, call.log, ({ tx }) =>
      tx
        .insertInto('network_quotas')
        .values(rows)
        .onConflict(conflict =>
          conflict
            .columns(['project_id', 'resource'])
            .doUpdateSet(eb => ({ limit_value: eb.ref('excluded.limit_value') })),
        )
        .execute(),
    )
  return json(200, { quota: await limitsOf(call, project) })
}

export async function deleteQuota(call: Call<NetworkDeps>): Promise<Reply> {
  const project = call.params.project!
  authorise(call, 'delete_quota', project)
  if (project.includes('\0')) throw fault('NetworkQuotaNotFound', { project })
  const { numDeletedRows } = await change(call.deps, call.log, ({ tx }) =>
    tx.deleteFrom('network_quotas').where('project_id', '=', project).executeTakeFirst(),
  )
  if (numDeletedRows === 0n) throw fault('NetworkQuotaNotFound', { project })
  return empty(204)
}

function target(call: Call<NetworkDeps>): string {
  const project = call.params.project! // the routes have {project}
  authorise(call, 'get_quota', project)
  return project
}

async function limitsOf(call: Call<NetworkDeps>, project: string): Promise<Record<QuotaResource, number>> {
  if (project.includes('\0')) return { ...quotaDefaults }
  const rows = await tables<NetworkTables>(call.deps.store)
    .selectFrom('network_quotas')
    .select(['resource', 'limit_value'])
    .where('project_id', '=', project)
    .execute()
  return { ...quotaDefaults, ...Object.fromEntries(rows.map(row => [row.resource, row.limit_value])) }
}

async function usageOf(call: Call<NetworkDeps>, project: string): Promise<Readonly<Record<string, number>>> {
  if (project.includes('\0')) return {}
  const rows = await tables<NetworkTables>(call.deps.store)
    .selectFrom('network_usages')
    .select(['resource', 'used'])
    .where('project_id', '=', project)
    .execute()
  return Object.fromEntries(rows.map(row => [row.resource, row.used]))
}
