// How much a project has and may have. A counter for each project and resource changes in the same transaction as
// what it counts, so that two requests at once cannot pass the limit together.
import type { Db } from './store.ts'

/** Cinder's defaults (cinder/quota.py); -1 is unlimited. Backups and groups are shown, and limit nothing yet. */
export const quotaDefaults = {
  volumes: 10,
  per_volume_gigabytes: -1,
  snapshots: 10,
  gigabytes: 1000,
  backups: 10,
  backup_gigabytes: 1000,
  groups: 10,
} as const

export type QuotaResource = keyof typeof quotaDefaults
export const quotaResources = Object.keys(quotaDefaults) as readonly QuotaResource[] // its own keys

export const isQuotaResource = (name: string): name is QuotaResource => Object.hasOwn(quotaDefaults, name)

export type Limits = Readonly<Record<QuotaResource, number>>

export async function limitsOf(db: Db, projectId: string): Promise<Limits> {
  const rows = await db
    .selectFrom('volume_quotas')
    .select(['resource', 'limit_value'])
    .where('project_id', '=', projectId)
    .execute()
  return { ...quotaDefaults, ...Object.fromEntries(rows.map(row => [row.resource, row.limit_value])) }
}

export async function usageOf(db: Db, projectId: string): Promise<Readonly<Record<string, number>>> {
  const rows = await db
    .selectFrom('volume_usages')
    .select(['resource', 'used'])
    .where('project_id', '=', projectId)
    .execute()
  return Object.fromEntries(rows.map(row => [row.resource, row.used]))
}
