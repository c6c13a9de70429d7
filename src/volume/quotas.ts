// Quota sets and limits: what a project may have and what it has, changed and put back (cinder/api/contrib/quotas.py).
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import type { VolumeDeps } from './deps.ts'
import { isTrue } from './input.ts'
import type { VolumeTransaction } from './store.ts'
import type { VolumeTables } from './tables.ts'
import { isQuotaResource, type Limits, limitsOf, quotaDefaults, quotaResources, usageOf } from './usage.ts'

type VolumeCall = Call<VolumeDeps>

export async function showQuotas(call: VolumeCall): Promise<Reply> {
  const project = target(call)
  const db = tables<VolumeTables>(call.deps.store)
  const limits = await limitsOf(db, project)
  if (!isTrue(call.query.one('usage'))) return json(200, { quota_set: { id: project, ...limits } })
  const used = await usageOf(db, project)
  const details = quotaResources.map(name => [
    name,
    { limit: limits[name], in_use: used[name] ?? 0, reserved: 0 },
  ])
  return json(200, { quota_set: { id: project, ...Object.fromEntries(details) } })
}

export const showDefaultQuotas = (call: VolumeCall): Reply =>
  json(200, { quota_set: { id: target(call), ...quotaDefaults } })

/** The same limits as a class, which is where they come from in Cinder. */
export function showQuotaClass(call: VolumeCall): Reply {
  call.enforce('volume_extension:quota_classes:get')
  return json(200, { quota_class_set: { id: call.params.class!, ...quotaDefaults } }) // in the route's path
}

function target(call: VolumeCall): string {
  const project = call.params.project! // in the route's path
  call.enforce('volume_extension:quotas:show', { projectId: project })
  return project
}

export async function updateQuotas(call: VolumeCall): Promise<Reply> {
  const project = call.params.project! // in the route's path
  call.enforce('volume_extension:quotas:update', { projectId: project })
  const { quota_set: given } = call.body as { readonly quota_set: Readonly<Record<string, number | string>> } // its schema's
  const unknown = Object.keys(given).filter(name => name !== 'tenant_id' && !isQuotaResource(name))
  if (unknown.length > 0)
    throw fault('VolumeBadRequest', { reason: `Bad key(s) in quota set: ${unknown.join(', ')}` })
  const rows = Object.entries(given).flatMap(([resource, limit]) =>
    isQuotaResource(resource) ? [{ project_id: project, resource, limit_value: Number(limit) }] : [],
  )
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    if (rows.length > 0)
      await tx
        .insertInto('volume_quotas')
        .values(rows)
        .onConflict(conflict =>
          conflict
            .columns(['project_id', 'resource'])
            .doUpdateSet(eb => ({ limit_value: eb.ref('excluded.limit_value') })),
        )
        .execute()
  })
  return json(200, { quota_set: await limitsOf(tables<VolumeTables>(call.deps.store), project) })
}

export async function deleteQuotas(call: VolumeCall): Promise<Reply> {
  const project = call.params.project! // in the route's path
  call.enforce('volume_extension:quotas:delete', { projectId: project })
  await call.deps.store.accept((tx: VolumeTransaction) =>
    tx.deleteFrom('volume_quotas').where('project_id', '=', project).execute(),
  )
  return empty(200)
}

/** GET /limits: of the caller's project, or from 3.39 on of the one an administrator names. */
export async function showLimits(call: VolumeCall): Promise<Reply> {
  const asked = call.query.one('project_id') ?? call.query.one('tenant_id')
  const project = (call.auth.isAdmin ? asked : undefined) ?? call.auth.project?.id ?? ''
  call.enforce('limits_extension:used_limits', { projectId: project })
  const db = tables<VolumeTables>(call.deps.store)
  const [limits, used] = await Promise.all([limitsOf(db, project), usageOf(db, project)])
  return json(200, { limits: { rate: [], absolute: absolute(limits, used) } })
}

const absolute = (limits: Limits, used: Readonly<Record<string, number>>) => ({
  totalSnapshotsUsed: used.snapshots ?? 0,
  maxTotalBackups: limits.backups,
  maxTotalVolumeGigabytes: limits.gigabytes,
  maxTotalSnapshots: limits.snapshots,
  maxTotalBackupGigabytes: limits.backup_gigabytes,
  totalBackupGigabytesUsed: 0,
  maxTotalVolumes: limits.volumes,
  totalVolumesUsed: used.volumes ?? 0,
  totalBackupsUsed: 0,
  totalGigabytesUsed: used.gigabytes ?? 0,
})
