// Quota sets: a project's limits, or a user's within it.
import { fault } from '../../model/errors.ts'
import type { PolicyRule } from '../../model/policies.ts'
import type { QuotaLimits, QuotaResource } from '../../model/quotas.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import {
  clearLimits,
  countServerGroups,
  defaultLimits,
  limitsOf,
  type QuotaOwner,
  serverUsage,
  writeLimits,
} from '../store/quotas.ts'
import type { ComputeTables } from '../tables.ts'
import { bodyOf, type ComputeCall, readBoolean } from './call.ts'
import { versionOf } from './negotiate.ts'
import { projectExists } from './projects.ts'
import { setResources, type UpdateQuotaSetBody } from './schemas/quotas.ts'

/** The project in the path (policy is asked first, then identity) and the user in the query. */
async function target(
  call: ComputeCall,
  rule: PolicyRule,
): Promise<{ readonly projectId: string; readonly userId: string | undefined }> {
  const projectId = call.params.id! // in the route's path
  call.enforce(rule, { projectId })
  if (!(await projectExists(call, projectId))) throw fault('ProjectInvalid', { project: projectId })
  return { projectId, userId: call.query.many('user_id')[0] }
}

const view = (call: ComputeCall, of: (resource: QuotaResource) => unknown): Record<string, unknown> =>
  Object.fromEntries(setResources(versionOf(call)).map(name => [name, of(name)]))

async function readLimits(
  call: ComputeCall,
  projectId: string,
  userId: string | undefined,
): Promise<QuotaLimits> {
  const found = await limitsOf(tables<ComputeTables>(call.deps.store), projectId, userId)
  return found.user
}

export const showQuotaSet = async (call: ComputeCall): Promise<Reply> => {
  const { projectId, userId } = await target(call, 'os_compute_api:os-quota-sets:show')
  const limits = await readLimits(call, projectId, userId)
  return json(200, { quota_set: { id: projectId, ...view(call, name => limits[name]) } })
}

export const showQuotaDetail = async (call: ComputeCall): Promise<Reply> => {
  const { projectId, userId } = await target(call, 'os_compute_api:os-quota-sets:detail')
  const limits = await readLimits(call, projectId, userId)
  const used = await usage(call, projectId, userId)
  return json(200, {
    quota_set: {
      id: projectId,
      ...view(call, name => ({ limit: limits[name], in_use: used[name] ?? 0, reserved: 0 })),
    },
  })
}

export const showQuotaDefaults = async (call: ComputeCall): Promise<Reply> => {
  const { projectId } = await target(call, 'os_compute_api:os-quota-sets:defaults')
  const limits = await defaultLimits(tables<ComputeTables>(call.deps.store))
  return json(200, { quota_set: { id: projectId, ...view(call, name => limits[name]) } })
}

/** What is counted for a project; everything else is limited per server or per user and shows 0. */
async function usage(
  call: ComputeCall,
  projectId: string,
  userId: string | undefined,
): Promise<Partial<Record<QuotaResource, number>>> {
  const db = tables<ComputeTables>(call.deps.store)
  return {
    ...(await serverUsage(db, projectId, userId)),
    server_groups: await countServerGroups(db, projectId, userId),
  }
}

export const updateQuotaSet = async (call: ComputeCall): Promise<Reply> => {
  const { projectId, userId } = await target(call, 'os_compute_api:os-quota-sets:update')
  const { force, ...asked } = bodyOf<UpdateQuotaSetBody>(call).quota_set
  const wanted = Object.fromEntries(
    Object.entries(asked).map(([name, value]) => [name, Number(value)]),
  ) as Partial<Record<QuotaResource, number>> // the schema takes these names only
  if (!isForced(force)) await checkBounds(call, wanted, projectId, userId)
  const owner: QuotaOwner = { projectId, userId: userId ?? '' }
  await call.deps.store.accept<ComputeTables, void>(tx => writeLimits(tx, owner, wanted))
  const limits = await readLimits(call, projectId, userId)
  return json(200, { quota_set: view(call, name => limits[name]) })
}

const isForced = (force: boolean | string | undefined): boolean =>
  typeof force === 'string' ? readBoolean(force) === true : force === true

const orInfinite = (limit: number): number => (limit < 0 ? Number.POSITIVE_INFINITY : limit)

/** Not below what is used; a user's limit not above the project's. */
async function checkBounds(
  call: ComputeCall,
  wanted: Partial<Record<QuotaResource, number>>,
  projectId: string,
  userId: string | undefined,
): Promise<void> {
  const used = await usage(call, projectId, userId)
  const { project } = await limitsOf(tables<ComputeTables>(call.deps.store), projectId)
  for (const [resource, limit] of Object.entries(wanted) as [QuotaResource, number][]) {
    const minimum = used[resource] ?? 0
    if (orInfinite(limit) < minimum) throw fault('QuotaBelowUsage', { limit, resource, minimum })
    if (userId !== undefined && orInfinite(limit) > orInfinite(project[resource]))
      throw fault('QuotaAboveProject', { limit, resource, maximum: project[resource] })
  }
}

export const deleteQuotaSet = async (call: ComputeCall): Promise<Reply> => {
  const { projectId, userId } = await target(call, 'os_compute_api:os-quota-sets:delete')
  await call.deps.store.accept<ComputeTables, void>(tx => clearLimits(tx, projectId, userId))
  return empty(202)
}
