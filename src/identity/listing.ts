// Lists: Keystone's filters (`name=`, `enabled=`, `name__icontains=` …) and pages by id (`limit`, `marker`).
import { type SelectQueryBuilder, sql } from 'kysely'
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'

/** Which parameters filter, and how their column holds them. Parameters not named here are ignored, as upstream. */
export type Filters = Readonly<Record<string, 'text' | 'flag'>>

export interface Page<R> {
  readonly rows: readonly R[]
  readonly isCut: boolean
}

/**
 * Runs `query` under the filters and page the caller asked for. `table` is its alias for the listed rows.
 * Without `limit` a list ends at `limits.pageItemsMax` and says so (Keystone's [DEFAULT]list_limit).
 */
export async function page<DB, TB extends keyof DB, R extends { readonly id: string }>(
  call: Call<unknown>,
  query: SelectQueryBuilder<DB, TB, R>,
  table: string,
  filters: Filters,
): Promise<Page<R>> {
  const size = pageSize(call)
  const marker = call.query.one('marker')
  const column = (name: string) => sql.ref(`${table}.${name}`)
  let asked = query
  for (const parameter of call.query.names) {
    const [name = '', comparator] = parameter.split('__')
    const kind = Object.hasOwn(filters, name) ? filters[name] : undefined
    const value = call.query.one(parameter) ?? ''
    if (kind === 'flag' && comparator === undefined)
      asked = asked.where(sql<boolean>`${column(name)} = ${isTrue(value) ? 1 : 0}`)
    else if (kind === 'text') {
      const condition = matches(column(name), comparator, value)
      if (condition) asked = asked.where(condition)
    }
  }
  if (marker !== undefined) asked = asked.where(sql<boolean>`${column('id')} > ${marker}`)
  const rows = await asked
    .orderBy(sql`${column('id')}`)
    .limit(size + 1)
    .execute()
  return { rows: rows.slice(0, size), isCut: rows.length > size }
}

/** `{ "<key>": […], "links": {…} }`, with where the next page is when there is one. */
export function collection(
  call: Call<unknown>,
  key: string,
  items: readonly unknown[],
  next?: { readonly isCut: boolean; readonly last: string | undefined },
): Reply {
  const { origin, path, search } = call.request
  const self = `${origin}${path}${search === '' ? '' : `?${search}`}`
  const further = next?.isCut && next.last !== undefined
  return json(200, {
    [key]: items,
    links: { next: further ? nextLink(call, next.last) : null, self, previous: null },
    ...(further ? { truncated: true } : {}),
  })
}

/** The answer to a list: its page, seen through `view`. */
export const pageReply = <R extends { readonly id: string }>(
  call: Call<unknown>,
  key: string,
  { rows, isCut }: Page<R>,
  view: (row: R, origin: string) => unknown,
): Reply =>
  collection(
    call,
    key,
    rows.map(row => view(row, call.request.origin)),
    { isCut, last: rows.at(-1)?.id },
  )

/** Keystone's reading of flags in a query: present means true, `0` and `false` mean false. */
export const isTrue = (value: string): boolean => !/^(0|false)$/i.test(value)

/** A parameter that is true by being there (`effective`, `include_names`), unless it is `0`. */
export const isAsked = (call: Call<unknown>, name: string): boolean =>
  call.query.has(name) && call.query.one(name) !== '0'

function pageSize(call: Call<unknown>): number {
  const asked = call.query.one('limit')
  if (asked === undefined) return limits.pageItemsMax
  if (!/^\d{1,9}$/.test(asked))
    throw fault('InvalidInput', {
      reason: `Invalid input for field 'limit': '${asked}' is not of type 'integer'`,
    })
  return Number(asked) === 0 ? limits.pageItemsMax : Math.min(Number(asked), limits.pageItemsMax)
}

function nextLink(call: Call<unknown>, last: string): string {
  const search = new URLSearchParams(call.request.search)
  search.set('marker', last)
  return `${call.request.origin}${call.request.path}?${search}`
}

/** Undefined for comparators Keystone does not know either: it ignores them. Works the same on both engines. */
function matches(column: ReturnType<typeof sql.ref>, comparator: string | undefined, value: string) {
  if (comparator === undefined) return sql<boolean>`${column} = ${value}`
  if (value === '') return undefined // every text contains, starts and ends with nothing
  const isCased = !comparator.startsWith('i')
  const side = isCased ? column : sql`lower(${column})`
  const wanted = isCased ? value : value.toLowerCase()
  switch (isCased ? comparator : comparator.slice(1)) {
    case 'contains':
      return sql<boolean>`replace(${side}, ${wanted}, '') <> ${side}`
    case 'startswith':
      return sql<boolean>`substr(${side}, 1, length(cast(${wanted} as text))) = ${wanted}`
    case 'endswith':
      return sql<boolean>`substr(${side}, length(${side}) - length(cast(${wanted} as text)) + 1) = ${wanted}`
    default:
      return undefined
  }
}
