// A page of one table, as every list of the service reads it: whose rows, which of them, in which order, from where on.
import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely'
import { sql } from 'kysely'
import { fault } from '../model/errors.ts'
import { type FilteredResource, resourceFilters } from '../model/volume-filters.ts'
import { dbOf, type VolumeCall } from './access.ts'
import { isTrue } from './input.ts'
import { has } from './negotiate.ts'
import { collectionLinks, isAfter, type Page, readPage, type Sort, sortValue } from './paging.ts'
import type { VolumeTables } from './tables.ts'

/** Tables whose rows have an id and an age. */
export type Listable = {
  [T in keyof VolumeTables]: VolumeTables[T] extends { readonly id: string; readonly created_at: number }
    ? T
    : never
}[keyof VolumeTables]

// biome-ignore lint/suspicious/noExplicitAny: Kysely's type parameter for "any of our tables"
export type Condition = (eb: ExpressionBuilder<any, any>) => Expression<SqlBool>

export interface Listing<T extends Listable> {
  readonly table: T
  readonly sorts: readonly Sort<string>[]
  readonly conditions: readonly Condition[]
  /** The row behind which the page begins; throws the 404 of its kind. */
  marker(id: string): Promise<VolumeTables[T]>
  readonly page?: Page
}

export interface Listed<T extends Listable> {
  readonly rows: VolumeTables[T][]
  /** `<name>_links` behind a full page, and `count` where it was asked for (3.45). */
  tail(name: string, path: string): Promise<Readonly<Record<string, unknown>>>
}

/** Reads the page the query asks for. */
export async function listRows<T extends Listable>(
  call: VolumeCall,
  listing: Listing<T>,
): Promise<Listed<T>> {
  const { table, sorts, conditions } = listing
  const page = listing.page ?? readPage(call.query)
  // biome-ignore lint/suspicious/noExplicitAny: the rows' own type is what the caller named the table for
  const db = dbOf(call) as unknown as Kysely<any>
  const matching = db
    .selectFrom(table as string)
    .where(eb => eb.and(conditions.map(condition => condition(eb))))
  let query = matching
  if (page.marker !== undefined) {
    const marker = (await listing.marker(page.marker)) as unknown as Readonly<
      Record<string, string | number | null>
    > // its columns
    query = query.where(isAfter(table, sorts, marker))
  }
  for (const { key, direction } of sorts) query = query.orderBy(sortValue(key, table), direction)
  const rows = (
    page.limit === 0 ? [] : await query.selectAll().limit(page.limit).offset(page.offset).execute()
  ) as VolumeTables[T][] // of the table selected from
  const links = rows as readonly { readonly id: string }[] // listable
  return {
    rows,
    async tail(name, path) {
      const isCounted = has(call, 'counts') && isTrue(call.query.one('with_count'))
      return {
        ...collectionLinks(call, `${name}_links`, path, page, links),
        ...(isCounted ? { count: await countOf(matching) } : {}),
      }
    },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: likewise
async function countOf(matching: any): Promise<number> {
  const found = await matching.select(sql`count(*)`.as('count')).executeTakeFirst()
  return Number(found?.count ?? 0)
}

export const inProject =
  (project: string | null, column = 'project_id'): Condition =>
  eb =>
    project === null ? sql<SqlBool>`1 = 1` : eb(column, '=', project)

/** What every list takes beside filters. */
const controls: ReadonlySet<string> = new Set([
  'limit',
  'marker',
  'offset',
  'sort',
  'sort_key',
  'sort_dir',
  'all_tenants',
  'project_id',
  'tenant_id',
  'with_count',
])

/**
 * Filters of equality, by the query's name and the column's. From 3.31 on users may only filter by what
 * GET /resource_filters lists (cinder/api/common.py, reject_invalid_filters); before, other names say nothing. From 3.34
 * on `name~` finds parts.
 */
export function equalFilters(
  call: VolumeCall,
  resource: FilteredResource,
  columns: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Condition[] {
  refuseUnknownFilters(call, resource, more)
  return call.query.names.flatMap(name => {
    const value = call.query.one(name) ?? ''
    const column = columns[name]
    if (column !== undefined) return [eb => eb(sql.ref<string>(column), '=', value)]
    const like = name.endsWith('~') && has(call, 'likeFilters') ? columns[name.slice(0, -1)] : undefined
    return like === undefined ? [] : [isLike(like, value)]
  })
}

/** The column holds the text, in whatever case. */
export const isLike = (column: string, text: string): Condition => {
  const pattern = `%${text.replaceAll(/[\\%_]/g, found => `\\${found}`)}%`
  return () => sql<SqlBool>`lower(${sql.ref(column)}) like lower(${pattern}) escape '\\'`
}

/** 400 for filters users may not use, where filters are checked. `more` are names the resource takes beside them. */
export function refuseUnknownFilters(
  call: VolumeCall,
  resource: FilteredResource,
  more: readonly string[],
): void {
  if (!has(call, 'checkedFilters') || (call.auth.isAdmin && resource !== 'pool')) return
  const known: readonly string[] = [...resourceFilters[resource], ...more]
  const unknown = call.query.names.filter(
    name =>
      !controls.has(name) &&
      !known.includes(name) &&
      !(has(call, 'likeFilters') && name.endsWith('~') && known.includes(name.slice(0, -1))),
  )
  if (unknown.length > 0)
    throw fault('VolumeBadRequest', {
      reason: `Invalid filters ${unknown.join(',')} are found in query options.`,
    })
}
