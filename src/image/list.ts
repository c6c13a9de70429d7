// GET /images: filtered, sorted, a page at a time. Pages go by key: the next one begins after the marker's own values.
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import type { Query } from '../platform/http/query.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { findImage } from './access.ts'
import type { ImageDeps } from './deps.ts'
import { readFilters, readVisibility } from './list-filters.ts'
import { withDetails } from './store.ts'
import type { ImageRow, ImageTables } from './tables.ts'
import { imagesView } from './views.ts'

export async function listImages(call: Call<ImageDeps>): Promise<Reply> {
  const { query } = call
  const conditions = [...readFilters(query), ...readVisibility(query, call.auth)]
  const sorts = readSorts(query)
  const limit = readLimit(query)
  call.enforce('image:get_images')
  const markerId = query.one('marker')
  const marker = markerId === undefined ? undefined : await findImage(call, markerId, 'ImageMarkerUnknown')
  const params = new URLSearchParams(call.request.search)
  params.delete('marker')
  if (limit === 0) return json(200, imagesView([], params, undefined))
  const db = tables<ImageTables>(call.deps.store)
  let rows = db
    .selectFrom('images')
    .selectAll()
    .where(eb => eb.and(conditions.map(condition => condition(eb))))
  if (marker) rows = rows.where(eb => isAfter(eb, sorts, marker))
  for (const { key, direction } of sorts) rows = rows.orderBy(sortValue(key), direction)
  const images = await withDetails(db, await rows.limit(limit).execute())
  return json(200, imagesView(images, params, images.length === limit ? images.at(-1)?.id : undefined))
}

function readLimit(query: Query): number {
  const text = query.one('limit')
  if (text === undefined) return limits.imagePageItems
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw fault('ImageLimitNotInteger')
  const limit = Number(text)
  if (limit < 0) throw fault('ImageLimitNegative')
  return Math.min(limit, limits.imagePageItemsMax)
}

const sortKeys = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
] as const
type SortKey = (typeof sortKeys)[number]
type Direction = 'asc' | 'desc'
interface Sort {
  readonly key: SortKey
  readonly direction: Direction
}

/** `sort=name:asc,size`, or `sort_key` and `sort_dir` repeated; ties fall to created_at and id. */
function readSorts(query: Query): Sort[] {
  const { keys, directions } = query.has('sort') ? readNewSort(query) : readOldSort(query)
  // One direction, or none, holds for every key, and for the ones added here.
  const common = directions.length === 1 ? directions[0]! : 'desc'
  const sorts = keys.map((key, index) => ({
    key,
    direction: directions.length > 1 ? directions[index]! : common,
  }))
  for (const key of ['created_at', 'id'] as const)
    if (!keys.includes(key)) sorts.push({ key, direction: common })
  return sorts
}

interface SortWords {
  readonly keys: readonly SortKey[]
  readonly directions: readonly Direction[]
}

function readNewSort(query: Query): SortWords {
  if (query.has('sort_key') || query.has('sort_dir')) throw fault('ImageSortMixed')
  const parts = query
    .one('sort')!
    .trim()
    .split(',')
    .map(part => part.split(':', 2))
  return {
    keys: parts.map(([key = '']) => readKey(key.trim())),
    directions: parts.map(([, direction]) => readDirection((direction || 'desc').trim())),
  }
}

function readOldSort(query: Query): SortWords {
  const keys = query.many('sort_key').map(key => readKey(key.trim()))
  const directions = query.many('sort_dir').map(direction => readDirection(direction.trim()))
  if (directions.length > 1 && directions.length !== keys.length) throw fault('ImageSortUneven')
  return { keys: keys.length === 0 ? ['created_at'] : keys, directions }
}

function readKey(text: string): SortKey {
  const key = sortKeys.find(known => known === text)
  if (key === undefined) throw fault('ImageSortKeyInvalid', { key: text, available: sortKeys.join(', ') })
  return key
}

function readDirection(text: string): Direction {
  if (text !== 'asc' && text !== 'desc') throw fault('ImageSortDirectionInvalid', { direction: text })
  return text
}

// Where there is nothing yet, an empty text or zero stands for it, so that every row has a place.
const whenNull: Partial<Record<SortKey, string | number>> = {
  name: '',
  container_format: '',
  disk_format: '',
  size: 0,
}
const sortValue = (key: SortKey) => {
  const standIn = whenNull[key]
  return standIn === undefined
    ? sql<string | number>`${sql.ref(key)}`
    : sql<string | number>`coalesce(${sql.ref(key)}, ${sql.lit(standIn)})`
}

/** Behind the marker in this order: equal up to some key, and past it in that one. */
function isAfter(
  eb: ExpressionBuilder<ImageTables, 'images'>,
  sorts: readonly Sort[],
  marker: ImageRow,
): Expression<SqlBool> {
  const at = (key: SortKey) => marker[key] ?? whenNull[key] ?? ''
  return eb.or(
    sorts.map(({ key, direction }, index) =>
      eb.and([
        ...sorts.slice(0, index).map(before => eb(sortValue(before.key), '=', at(before.key))),
        eb(sortValue(key), direction === 'asc' ? '>' : '<', at(key)),
      ]),
    ),
  )
}
