// Quota sets and limits: what a project may have and what it has, changed and put back (cinder/api/contrib/quotas.py).
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import type { VolumeDeps } from './deps.ts'
import { isTrue } from './input.ts'
import type { Db, VolumeTransaction } from './store.ts'
import type { VolumeTables } from './tables.ts'
import { classLimits, defaultClass, type Limits, limitsOf, quotaNames, type Usage, usageOf } from './usage.ts'

type VolumeCall = Call<VolumeDeps>

export async function showQuotas(call: VolumeCall): Promise<Reply> {
  const project = target(call)
  const db = tables<VolumeTables>(call.deps.store)
  const limits = await limitsOf(db, project)
  if (!isTrue(call.query.one('usage'))) return json(200, { quota_set: { id: project, ...limits } })
  const used = await usageOf(db, project)
  const details = Object.entries(limits).map(([name, limit]) => [
    name,
    { limit, in_use: used[name] ?? 0, reserved: 0 },
  ])
  return json(200, { quota_set: { id: project, ...Object.fromEntries(details) } })
}

/** What a project has when nothing was written for it. */
export async function showDefaultQuotas(call: VolumeCall): Promise<Reply> {
  const project = target(call)
  const limits = await classLimits(tables<VolumeTables>(call.deps.store), defaultClass)
  return json(200, { quota_set: { id: project, ...limits } })
}

export async function showQuotaClass(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:quota_classes:get')
  const name = call.params.class! // in the route's path
  const limits = await classLimits(tables<VolumeTables>(call.deps.store), name)
  return json(200, { quota_class_set: { id: name, ...limits } })
}

/** PUT /os-quota-class-sets/{class}: of the class `default`, every project that has no limit of its own. */
export async function updateQuotaClass(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:quota_classes:update')
  const name = call.params.class! // in the route's path
  if (name.length > 255)
    throw fault('VolumeInputInvalid', {
      reason: `quota_class_name has ${name.length} characters, more than 255.`,
    })
  const { quota_class_set: given } = call.body as { readonly quota_class_set: GivenQuotas } // its schema's
  const db = tables<VolumeTables>(call.deps.store)
  const rows = (await givenLimits(db, given, 'quota class set')).map(limit => ({
    class_name: name,
    ...limit,
  }))
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    if (rows.length > 0)
      await tx
        .insertInto('volume_quota_classes')
        .values(rows)
        .onConflict(conflict =>
          conflict
            .columns(['class_name', 'resource'])
            .doUpdateSet(eb => ({ limit_value: eb.ref('excluded.limit_value') })),
        )
        .execute()
  })
  return json(200, { quota_class_set: await classLimits(db, name) })
}

function target(call: VolumeCall): string {
  const project = call.params.project! // in the route's path
  call.enforce('volume_extension:quotas:show', { projectId: project })
  return project
}

type GivenQuotas = Readonly<Record<string, number | string>>

/** The limits of a body as they are kept; a name that limits nothing is a 400. */
async function givenLimits(db: Db, given: GivenQuotas, what: string) {
  const names = new Map((await quotaNames(db)).map(({ name, key }) => [name, key]))
  const entries = Object.entries(given).filter(([name]) => name !== 'tenant_id')
  const unknown = entries.map(([name]) => name).filter(name => !names.has(name))
  if (unknown.length > 0)
    throw fault('VolumeBadRequest', { reason: `Bad key(s) in ${what}: ${unknown.join(', ')}` })
  return entries.map(([name, limit]) => ({ resource: names.get(name) ?? name, limit_value: Number(limit) }))
}

export async function updateQuotas(call: VolumeCall): Promise<Reply> {
  const project = call.params.project! // in the route's path
  call.enforce('volume_extension:quotas:update', { projectId: project })
  const { quota_set: given } = call.body as { readonly quota_set: GivenQuotas } // its schema's
  const db = tables<VolumeTables>(call.deps.store)
  const limits = await givenLimits(db, given, 'quota set')
  refuseBelowUsage(given, await usageOf(db, project))
  const rows = limits.map(limit => ({ project_id: project, ...limit }))
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
  return json(200, { quota_set: await limitsOf(db, project) })
}

function refuseBelowUsage(given: GivenQuotas, used: Usage): void {
  for (const [name, value] of Object.entries(given)) {
    const usage = used[name] ?? 0
    const limit = Number(value)
    if (name !== 'per_volume_gigabytes' && name !== 'tenant_id' && limit !== -1 && limit < usage)
      throw fault('VolumeBadRequest', {
        reason: `Quota ${name} limit must be equal or greater than existing resources. Current usage is ${usage} and the requested limit is ${limit}.`,
      })
  }
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

const absolute = (limits: Limits, used: Usage) => ({
  totalSnapshotsUsed: used.snapshots ?? 0,
  maxTotalBackups: limits.backups,
  maxTotalVolumeGigabytes: limits.gigabytes,
  maxTotalSnapshots: limits.snapshots,
  maxTotalBackupGigabytes: limits.backup_gigabytes,
  totalBackupGigabytesUsed: used.backup_gigabytes ?? 0,
  maxTotalVolumes: limits.volumes,
  totalVolumesUsed: used.volumes ?? 0,
  totalBackupsUsed: used.backups ?? 0,
  totalGigabytesUsed: used.gigabytes ?? 0,
})
