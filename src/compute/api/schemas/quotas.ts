// Bodies and queries of limits, quota sets and quota class sets.
import { limits } from '../../../model/limits.ts'
import type { Microversion } from '../../../model/microversions.ts'
import { type QuotaResource, type QuotaResourceRow, quotaResourceRows } from '../../../model/quotas.ts'
import { querySchema } from '../../../platform/http/query.ts'
import { boolean, object, perVersion, rooted, text } from './parameters.ts'

const amount = {
  type: ['integer', 'string'],
  pattern: '^-?[0-9]+$',
  minimum: -1,
  maximum: limits.quotaValueMax,
  minLength: 1,
}

const isInSets = (row: QuotaResourceRow, version: Microversion) =>
  row.until === undefined || !version.has(row.until)
const isInClasses = (row: QuotaResourceRow, version: Microversion) =>
  (row.classUntil === undefined || !version.has(row.classUntil)) &&
  (row.classSince === undefined || version.has(row.classSince))

/** Resources a version's quota sets show and take. */
export const setResources = (version: Microversion): readonly QuotaResource[] =>
  quotaResourceRows.filter(row => isInSets(row, version)).map(row => row.name)

/** Resources a version's quota class sets show and take. */
export const classResources = (version: Microversion): readonly QuotaResource[] =>
  quotaResourceRows.filter(row => isInClasses(row, version)).map(row => row.name)

const amounts = (names: readonly QuotaResource[]) => Object.fromEntries(names.map(name => [name, amount]))

export const updateQuotaSetBody = perVersion(version =>
  rooted('quota_set', object({ ...amounts(setResources(version)), force: boolean })),
)

export interface UpdateQuotaSetBody {
  readonly quota_set: Partial<Record<QuotaResource, number | string>> & { readonly force?: boolean | string }
}

export const updateQuotaClassBody = perVersion(version =>
  rooted('quota_class_set', object(amounts(classResources(version)))),
)

export interface UpdateQuotaClassBody {
  readonly quota_class_set: Partial<Record<QuotaResource, number | string>>
}

const known = (name: string) =>
  perVersion(version =>
    querySchema(
      {},
      { multi: { [name]: text }, others: version.has('strictQueries') ? 'refused' : 'ignored' },
    ),
  )

export const quotaSetQuery = known('user_id')
export const limitsQuery = known('tenant_id')
