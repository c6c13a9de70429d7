// How much a project has and may have. A counter for each project and resource changes in the same transaction as
// what it counts, so that two requests at once cannot pass the limit together. Volumes, snapshots and gigabytes are
// counted for each volume type as well; those counters and limits are kept under the type's id, so that a type can be
// renamed, and shown under its name.
import { sql } from 'kysely'
import { fault } from '../model/errors.ts'
import type { Db, VolumeTransaction } from './store.ts'

/** Cinder's defaults (cinder/quota.py); -1 is unlimited. */
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

/** What is limited for each type, unlimited unless told otherwise. */
const typedResources = ['volumes', 'snapshots', 'gigabytes'] as const
type TypedResource = (typeof typedResources)[number]

/** How a typed resource is kept. */
const typedKey = (resource: TypedResource, typeId: string): string => `${resource}#${typeId}`

/** A resource as it is kept and as it is shown. */
export interface QuotaName {
  readonly key: string
  readonly name: string
  readonly limit: number
}

/** Every resource there is, with its configured limit. */
export async function quotaNames(db: Db): Promise<readonly QuotaName[]> {
  const types = await db.selectFrom('volume_types').select(['id', 'name']).orderBy('name').execute()
  return [
    ...Object.entries(quotaDefaults).map(([name, limit]) => ({ key: name, name, limit })),
    ...types.flatMap(({ id, name }) =>
      typedResources.map(resource => ({
        key: typedKey(resource, id),
        name: `${resource}_${name}`,
        limit: -1,
      })),
    ),
  ]
}

/** By the names that are shown. */
export type Limits = Readonly<Record<string, number>> & Readonly<Record<QuotaResource, number>>
export type Usage = Readonly<Record<string, number>>

/** The class whose limits hold for every project that has none of its own. */
export const defaultClass = 'default'

const namedBy = (names: readonly QuotaName[], numberOf: (row: QuotaName) => number): Limits =>
  Object.fromEntries(names.map(row => [row.name, numberOf(row)])) as Limits // the defaults are among the names

const classRows = (db: Db, className: string) =>
  db
    .selectFrom('volume_quota_classes')
    .select(['resource', 'limit_value'])
    .where('class_name', '=', className)
    .execute()

type LimitRows = readonly { readonly resource: string; readonly limit_value: number }[]
const byResource = (rows: LimitRows) => new Map(rows.map(row => [row.resource, row.limit_value]))

/** The limits of a class: what was written for it, else what is configured. */
export async function classLimits(db: Db, className: string): Promise<Limits> {
  const written = byResource(await classRows(db, className))
  return namedBy(await quotaNames(db), ({ key, limit }) => written.get(key) ?? limit)
}

export async function limitsOf(db: Db, projectId: string): Promise<Limits> {
  const [own, ofClass, names] = await limitRows(db, projectId)
  return namedBy(names, ({ key, limit }) => own.get(key) ?? ofClass.get(key) ?? limit)
}

async function limitRows(db: Db, projectId: string) {
  const own = await db
    .selectFrom('volume_quotas')
    .select(['resource', 'limit_value'])
    .where('project_id', '=', projectId)
    .execute()
  const ofClass = await classRows(db, defaultClass)
  return [byResource(own), byResource(ofClass), await quotaNames(db)] as const
}

export async function usageOf(db: Db, projectId: string): Promise<Usage> {
  const rows = await db
    .selectFrom('volume_usages')
    .select(['resource', 'used'])
    .where('project_id', '=', projectId)
    .execute()
  const used = new Map(rows.map(row => [row.resource, row.used]))
  return namedBy(await quotaNames(db), ({ key }) => used.get(key) ?? 0)
}

type Counts = Readonly<Partial<Record<Exclude<QuotaResource, 'per_volume_gigabytes'>, number>>>

/**
 * Counts more for the project, or refuses (cinder/quota_utils.py, process_reserve_over_quota). `typeId` is that of the
 * volume, where volumes, snapshots or gigabytes are counted.
 */
export const reserve = (
  tx: VolumeTransaction,
  projectId: string,
  counts: Counts,
  typeId: string | null = null,
): Promise<void> => change(tx, projectId, countersOf(counts, typeId))

/** Gives back what `reserve` counted. */
export const release = (
  tx: VolumeTransaction,
  projectId: string,
  counts: Counts,
  typeId: string | null = null,
): Promise<void> => change(tx, projectId, negative(countersOf(counts, typeId)))

/** Counts what is there already for another type than before (get_volume_type_reservation upstream), or refuses. */
export const recount = (
  tx: VolumeTransaction,
  projectId: string,
  counts: Pick<Counts, TypedResource>,
  types: { readonly from: string; readonly to: string },
): Promise<void> =>
  change(
    tx,
    projectId,
    [...negative(typedCounters(counts, types.from)), ...typedCounters(counts, types.to)].sort(byKey),
  )

type Counter = readonly [key: string, count: number]
const byKey = ([a]: Counter, [b]: Counter): number => (a < b ? -1 : 1)
const negative = (counters: readonly Counter[]): Counter[] => counters.map(([key, count]) => [key, -count])

const typedCounters = (counts: Counts, typeId: string): Counter[] =>
  typedResources.flatMap(resource => {
    const count = counts[resource]
    return count === undefined ? [] : [[typedKey(resource, typeId), count] as const]
  })

const countersOf = (counts: Counts, typeId: string | null): Counter[] =>
  [...Object.entries(counts), ...(typeId === null ? [] : typedCounters(counts, typeId))].sort(byKey)

/** Writes the counters in the order of their keys: so requests of a project never wait for each other in a circle. */
async function change(tx: VolumeTransaction, projectId: string, counters: readonly Counter[]): Promise<void> {
  const isMore = counters.some(([, count]) => count > 0)
  const [own, ofClass, names] = isMore ? await limitRows(tx, projectId) : [new Map(), new Map(), []]
  const rows = new Map(names.map(row => [row.key, row]))
  for (const [key, count] of counters) {
    const used = await add(tx, projectId, key, count)
    const row = rows.get(key)
    const limit = own.get(key) ?? ofClass.get(key) ?? row?.limit ?? -1
    if (count > 0 && limit >= 0 && used > limit) throw refusal(key, row?.name ?? key, { count, limit, used })
  }
}

async function add(
  tx: VolumeTransaction,
  projectId: string,
  resource: string,
  count: number,
): Promise<number> {
  const { used } = await tx
    .insertInto('volume_usages')
    .values({ project_id: projectId, resource, used: Math.max(count, 0) })
    .onConflict(conflict =>
      conflict.columns(['project_id', 'resource']).doUpdateSet({
        used: sql<number>`case when volume_usages.used + ${count} > 0 then volume_usages.used + ${count} else 0 end`,
      }),
    )
    .returning('used')
    .executeTakeFirstOrThrow()
  return used
}

function refusal(
  key: string,
  name: string,
  { count, limit, used }: { readonly count: number; readonly limit: number; readonly used: number },
): Error {
  const size = { requested: count, quota: limit, consumed: used - count }
  switch (key.split('#')[0]) {
    case 'gigabytes':
      return fault('VolumeSizeExceedsQuota', { name, ...size })
    case 'backup_gigabytes':
      return fault('VolumeBackupSizeExceedsQuota', size)
    case 'snapshots':
      return fault('VolumeSnapshotsExceeded', { allowed: limit })
    case 'backups':
      return fault('VolumeBackupsExceeded', { allowed: limit })
    case 'groups':
      return fault('VolumeGroupsExceeded', { allowed: limit })
    default:
      return fault('VolumesExceeded', { name, allowed: limit })
  }
}

/** Refuses a volume larger than one may be. */
export async function checkVolumeSize(db: Db, projectId: string, size: number): Promise<void> {
  const { per_volume_gigabytes: limit } = await limitsOf(db, projectId)
  if (limit >= 0 && size > limit) throw fault('VolumeSizeExceedsLimit', { size, limit })
}
