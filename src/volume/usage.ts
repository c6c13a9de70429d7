// How much a project has and may have. A counter for each project and resource changes in the same transaction as
// what it counts, so that two requests at once cannot pass the limit together.
import { sql } from 'kysely'
import { fault } from '../model/errors.ts'
import type { Db, VolumeTransaction } from './store.ts'

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

type Counts = Readonly<Partial<Record<'gigabytes' | 'snapshots' | 'volumes', number>>>

/** The order counters are written in, everywhere: so requests of a project never wait for each other in a circle. */
const counted = ['gigabytes', 'snapshots', 'volumes'] as const

/** Counts more for the project, or refuses (cinder/volume/volume_utils.py, process_reserve_over_quota). */
export async function reserve(tx: VolumeTransaction, projectId: string, counts: Counts): Promise<void> {
  const limits = await limitsOf(tx, projectId)
  for (const resource of counted) {
    const count = counts[resource]
    if (count === undefined) continue
    const { used } = await tx
      .insertInto('volume_usages')
      .values({ project_id: projectId, resource, used: count })
      .onConflict(conflict =>
        conflict
          .columns(['project_id', 'resource'])
          .doUpdateSet(eb => ({ used: eb('volume_usages.used', '+', eb.ref('excluded.used')) })),
      )
      .returning('used')
      .executeTakeFirstOrThrow()
    const limit = limits[resource]
    if (limit < 0 || used <= limit) continue
    switch (resource) {
      case 'gigabytes':
        throw fault('VolumeSizeExceedsQuota', { requested: count, quota: limit, consumed: used - count })
      case 'snapshots':
        throw fault('VolumeSnapshotsExceeded', { allowed: limit })
      case 'volumes':
        throw fault('VolumesExceeded', { allowed: limit })
    }
  }
}

/** Refuses a volume larger than one may be. */
export async function checkVolumeSize(db: Db, projectId: string, size: number): Promise<void> {
  const { per_volume_gigabytes: limit } = await limitsOf(db, projectId)
  if (limit >= 0 && size > limit) throw fault('VolumeSizeExceedsLimit', { size, limit })
}

/** Gives back what `reserve` counted. */
export async function release(tx: VolumeTransaction, projectId: string, counts: Counts): Promise<void> {
  for (const resource of counted) {
    const count = counts[resource]
    if (count === undefined) continue
    await tx
      .updateTable('volume_usages')
      .set({ used: sql<number>`case when used > ${count} then used - ${count} else 0 end` })
      .where('project_id', '=', projectId)
      .where('resource', '=', resource)
      .execute()
  }
}
