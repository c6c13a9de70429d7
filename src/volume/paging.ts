// Pages of any list: limit, marker and offset, sorting, and the link to the next page (cinder/api/common.py).
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import type { Query } from '../platform/http/query.ts'

export interface Page {
  readonly limit: number
  readonly offset: number
  readonly marker: string | undefined
}

export function readPage(query: Query): Page {
  const limit = readWhole(query.one('limit'))
  if (limit === null) throw fault('VolumeBadRequest', { reason: 'limit param must be an integer' })
  if (limit !== undefined && limit < 0)
    throw fault('VolumeBadRequest', { reason: 'limit param must be positive' })
  const offset = readWhole(query.one('offset'))
  if (offset === null || (offset ?? 0) > limits.quotaValueMax)
    throw fault('VolumeBadRequest', { reason: 'offset must be an integer' })
  if (offset !== undefined && offset < 0) throw fault('VolumeBadRequest', { reason: 'offset must be >= 0' })
  return {
    limit: Math.min(limit ?? limits.pageItemsMax, limits.pageItemsMax),
    offset: offset ?? 0,
    marker: query.one('marker') || undefined,
  }
}

/** As Python's int(); undefined where there is nothing, null where it is no number. */
const readWhole = (text: string | undefined): number | null | undefined =>
  text === undefined || text === '' ? undefined : /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : null

export interface Sort<K extends string> {
  readonly key: K
  readonly direction: 'asc' | 'desc'
}

/** `sort=name:asc,size`, or `sort_key` and `sort_dir`; ties fall to created_at and id. */
export function readSorts<K extends string>(
  query: Query,
  keys: readonly (K | 'created_at' | 'id')[],
): Sort<K | 'created_at' | 'id'>[] {
  const given = query.one('sort')
  const old = query.one('sort_key') !== undefined || query.one('sort_dir') !== undefined
  if (given !== undefined && old)
    throw fault('VolumeInputInvalid', {
      reason:
        "The 'sort_key' and 'sort_dir' parameters are deprecated and cannot be used with the 'sort' parameter.",
    })
  const words =
    given === undefined
      ? old
        ? [[query.one('sort_key') ?? 'created_at', query.one('sort_dir') ?? 'desc'] as const]
        : []
      : given.split(',').map(part => {
          const [key = '', direction] = part.trim().split(':', 2)
          return [key.trim(), direction?.trim() || 'desc'] as const
        })
  const sorts = words.map(([name, direction]) => {
    const key = keys.find(known => known === (name === 'display_name' ? 'name' : name))
    if (key === undefined)
      throw fault('VolumeInputInvalid', { reason: `Sort key supplied is invalid: ${name}` })
    if (direction !== 'asc' && direction !== 'desc')
      throw fault('VolumeInputInvalid', { reason: "Unknown sort direction, must be 'desc' or 'asc'." })
    return { key, direction } as const
  })
  const last = sorts.at(-1)?.direction ?? 'desc'
  for (const key of ['created_at', 'id'] as const)
    if (!sorts.some(sort => sort.key === key)) sorts.push({ key, direction: last })
  return sorts
}

/** Where there is nothing, an empty text stands for it, so that every row has a place. */
export const sortValue = (key: string, table: string) =>
  key === 'name'
    ? sql<string | number>`coalesce(${sql.ref(`${table}.name`)}, '')`
    : sql<string | number>`${sql.ref(`${table}.${key}`)}`

/** Behind the marker in this order: equal up to some key, and past it in that one. */
export const isAfter =
  (table: string, sorts: readonly Sort<string>[], marker: Readonly<Record<string, string | number | null>>) =>
  // The rows' own type does not matter here: the values are compared by name.
  // biome-ignore lint/suspicious/noExplicitAny: Kysely's type parameter for "any of our tables"
  (eb: ExpressionBuilder<any, any>): Expression<SqlBool> =>
    eb.or(
      sorts.map(({ key, direction }, index) =>
        eb.and([
          ...sorts
            .slice(0, index)
            .map(before => eb(sortValue(before.key, table), '=', marker[before.key] ?? '')),
          eb(sortValue(key, table), direction === 'asc' ? '>' : '<', marker[key] ?? ''),
        ]),
      ),
    )

/** `{volumes_links: [{rel: 'next', …}]}` behind a full page; nothing otherwise. */
export function collectionLinks(
  call: Call<unknown>,
  name: string,
  path: string,
  page: Page,
  rows: readonly { readonly id: string }[],
): Readonly<Record<string, unknown>> {
  const last = rows.at(-1)
  if (!last || rows.length < page.limit) return {}
  const params = new URLSearchParams(call.request.search)
  params.delete('offset')
  params.set('marker', last.id)
  return { [name]: [{ rel: 'next', href: `${projectUrl(call)}/${path}?${params}` }] }
}

/** `http://…/volume/v3/<project>`: what links of the caller's begin with. */
export const projectUrl = (call: Call<unknown>): string =>
  `${call.request.origin}/volume/v3/${call.auth.project?.id ?? ''}`.replace(/\/$/, '')

/** The links every thing shows of itself (cinder/api/common.py, ViewBuilder._get_links). */
export const selfLinks = (call: Call<unknown>, collection: string, id: string) => [
  { rel: 'self', href: `${projectUrl(call)}/${collection}/${id}` },
  { rel: 'bookmark', href: `${projectUrl(call).replace('/volume/v3', '/volume')}/${collection}/${id}` },
]
