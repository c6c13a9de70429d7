// Lists and shows of any resource: filters, tags, sorting, pages by marker, `fields` (neutron/api/api_common.py).
import { type Expression, type Kysely, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import { pythonRepr } from '../base/python.ts'
import { parseIso } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import type { Query } from '../platform/http/query.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { type AnyTables, tables } from '../platform/store/store.ts'
import { find, lookUp, projectOf } from './access.ts'
import type { NetworkDeps } from './deps.ts'
import type { Column, Resource, View } from './resource.ts'
import type { NetworkTables } from './tables.ts'

const controls = new Set([
  'fields',
  'limit',
  'marker',
  'page_reverse',
  'sort_key',
  'sort_dir',
  'changed_since',
])
const tagFilters = new Set(['tags', 'tags-any', 'not-tags', 'not-tags-any'])

type Select = SelectQueryBuilder<AnyTables, string, Record<string, unknown>>

export async function list<R extends { id: string }>(
  call: Call<NetworkDeps>,
  resource: Resource<R>,
): Promise<Reply> {
  const { query, auth } = call
  const db = tables<NetworkTables>(call.deps.store)
  const page = readPage(query)
  const order = readOrder(query, resource.columns)
  let select: Select = (db as Kysely<AnyTables>).selectFrom(resource.table).selectAll()
  if (!auth.isAdmin) select = select.where(resource.visible(projectOf(auth)))
  for (const condition of conditions(call, resource)) select = select.where(condition)
  if (page.marker !== undefined) {
    const marker = await lookUp(db, resource, page.marker, auth)
    if (!marker) throw fault('NetworkBadMarker', { marker: page.marker })
    select = select.where(after(order, marker, page.reverse))
  }
  for (const { value, descending } of order)
    select = select.orderBy(value, descending !== page.reverse ? 'desc' : 'asc')
  const found = (await select.limit(page.size + 1).execute()) as R[] // the resource's table has R's columns
  const rows = found.slice(0, page.size)
  if (page.reverse) rows.reverse()
  const links = pageLinks(call, page, rows, found.length > page.size)
  const views = await resource.views(db, rows, call)
  return json(200, {
    [resource.collection]: views.map(view => onlyFields(view, query.many('fields'))),
    ...(links.length > 0 ? { [`${resource.collection}_links`]: links } : {}),
  })
}

export async function show<R extends { id: string }>(
  call: Call<NetworkDeps>,
  resource: Resource<R>,
): Promise<Reply> {
  const db = tables<NetworkTables>(call.deps.store)
  const row = await find(db, resource, call.params.id!, call.auth) // the route has {id}
  const [view] = await resource.views(db, [row], call)
  return json(200, { [resource.member]: onlyFields(view!, call.query.many('fields')) }) // one row, one view
}

/** `list` and `show` as handlers of their resource. */
export const reading = <R extends { id: string }>(resource: Resource<R>) => ({
  list: (call: Call<NetworkDeps>): Promise<Reply> => list(call, resource),
  show: (call: Call<NetworkDeps>): Promise<Reply> => show(call, resource),
})

/** The attributes asked for with `fields`; all without. */
export function onlyFields(view: View, fields: readonly string[]): View {
  if (fields.length === 0) return view
  return Object.fromEntries(Object.entries(view).filter(([name]) => fields.includes(name)))
}

function* conditions<R extends { id: string }>(
  call: Call<NetworkDeps>,
  resource: Resource<R>,
): Iterable<Expression<SqlBool>> {
  const { query } = call
  const unknown: string[] = []
  for (const name of query.names) {
    const values = query.many(name)
    if (values.some(value => value.includes('\0')))
      throw fault('NetworkBadFilterValue', { name, value: '', reason: 'contains a NUL character' })
    const column = Object.hasOwn(resource.columns, name) ? resource.columns[name] : undefined
    const special = resource.filters?.[name]
    if (column) {
      if (column.seenWith && !call.allows(column.seenWith)) yield never
      else yield columnIn(name, column, values)
    } else if (special && Object.hasOwn(resource.filters ?? {}, name)) yield special(values)
    else if (tagFilters.has(name)) yield tagged(name, values, resource.table)
    else if (name === 'changed_since')
      yield changedSince(values.at(-1)!) // a name is there with a value
    else if (!controls.has(name)) unknown.push(name)
  }
  if (unknown.length > 0) throw fault('NetworkUnknownFilter', { names: pythonRepr(unknown) })
}

const never = sql<SqlBool>`1 = 0`

function columnIn(name: string, column: Column, values: readonly string[]): Expression<SqlBool> {
  const kept = values.map(value => {
    if (column.kind === 'text') return value
    if (column.kind === 'lower') return value.toLowerCase()
    const flag = /^(true|1)$/i.test(value) ? 1 : /^(false|0)$/i.test(value) ? 0 : undefined
    if (column.kind === 'flag') {
      if (flag === undefined)
        throw fault('NetworkBadFilterValue', { name, value, reason: 'cannot be converted to boolean' })
      return flag
    }
    if (!/^-?\d{1,9}$/.test(value))
      throw fault('NetworkBadFilterValue', { name, value, reason: 'is not an integer' })
    return Number(value)
  })
  return sql<SqlBool>`${sql.ref(column.column)} in (${sql.join(kept)})`
}

function tagged(name: string, values: readonly string[], table: string): Expression<SqlBool> {
  const tags = [...new Set(values.flatMap(value => value.split(',')))]
  const id = sql.ref(`${table}.id`)
  const count = sql`(select count(*) from network_tags where network_tags.resource_id = ${id} and network_tags.tag in (${sql.join(tags)}))`
  if (name === 'tags') return sql<SqlBool>`${count} = ${tags.length}`
  if (name === 'tags-any') return sql<SqlBool>`${count} > 0`
  if (name === 'not-tags') return sql<SqlBool>`${count} < ${tags.length}`
  return sql<SqlBool>`${count} = 0`
}

function changedSince(value: string): Expression<SqlBool> {
  const at = parseIso(value)
  if (at === undefined)
    throw fault('NetworkBadFilterValue', { name: 'changed_since', value, reason: 'is not a valid date' })
  return sql<SqlBool>`updated_at >= ${at}`
}

interface Page {
  readonly size: number
  /** True when the caller named a limit: links are only then as upstream gives them. */
  readonly asked: boolean
  readonly marker: string | undefined
  readonly reverse: boolean
}

function readPage(query: Query): Page {
  const limit = query.one('limit')
  if (limit !== undefined && !/^\d{1,15}$/.test(limit)) throw fault('NetworkBadLimit', { value: limit })
  const asked = limit !== undefined && Number(limit) > 0
  return {
    size: asked ? Math.min(Number(limit), limits.pageItemsMax) : limits.pageItemsMax,
    asked,
    marker: query.one('marker') || undefined,
    reverse: /^(true|1)$/i.test(query.one('page_reverse') ?? ''),
  }
}

interface SortKey {
  readonly column: string
  readonly value: Expression<unknown>
  readonly kind: Column['kind']
  readonly descending: boolean
}

/** The keys asked for, and the id to make the order total. */
function readOrder(query: Query, columns: Readonly<Record<string, Column>>): readonly SortKey[] {
  const names = query.many('sort_key').flatMap(value => value.split(','))
  const directions = query.many('sort_dir').flatMap(value => value.split(','))
  const known: Readonly<Record<string, Column>> = { ...columns, ...instants }
  const unknown = names.filter(name => !Object.hasOwn(known, name))
  if (unknown.length > 0)
    throw fault('NetworkBadSort', { reason: `${pythonRepr(unknown)} is invalid attribute for sort_keys` })
  const wrong = directions.find(direction => direction !== 'asc' && direction !== 'desc')
  if (wrong !== undefined)
    throw fault('NetworkBadSort', {
      reason: `${pythonRepr([wrong])} is invalid value for sort_dirs, valid value is 'asc' and 'desc'`,
    })
  if (directions.length > 0 && directions.length !== names.length)
    throw fault('NetworkBadSort', { reason: 'The number of sort_keys and sort_dirs must be same' })
  const keys = names.map((name, index) => {
    const { column, kind } = known[name]! // unknown ones were refused
    const nothing = kind === 'text' || kind === 'lower' ? sql.lit('') : sql.lit(-1)
    const value = sql`coalesce(${sql.ref(column)}, ${nothing})`
    return { column, value, kind, descending: directions[index] === 'desc' }
  })
  return [...keys, { column: 'id', value: sql.ref('id'), kind: 'text', descending: false }]
}

const instants = {
  created_at: { column: 'created_at', kind: 'number' },
  updated_at: { column: 'updated_at', kind: 'number' },
} satisfies Record<string, Column>

/** Rows that come after the marker in this order: (a > x) or (a = x and b > y) … */
function after(order: readonly SortKey[], marker: object, reverse: boolean): Expression<SqlBool> {
  const row = marker as Readonly<Record<string, string | number | null>> // a row of the table that is sorted
  const [key, ...rest] = order
  if (!key) return never
  const value = row[key.column] ?? (key.kind === 'text' || key.kind === 'lower' ? '' : -1)
  const beyond = sql.raw(key.descending !== reverse ? '<' : '>')
  return sql<SqlBool>`(${key.value} ${beyond} ${value} or (${key.value} = ${value} and ${after(rest, marker, reverse)}))`
}

function pageLinks(
  call: Call<NetworkDeps>,
  page: Page,
  rows: readonly { readonly id: string }[],
  more: boolean,
): readonly object[] {
  const first = rows[0]
  const last = rows.at(-1)
  if (!first || !last) return []
  const full = rows.length >= page.size
  const link = (rel: string, marker: string, reverse: boolean) => {
    const search = new URLSearchParams(call.request.search)
    search.set('marker', marker)
    if (reverse) search.set('page_reverse', 'True')
    else search.delete('page_reverse')
    return { rel, href: `${call.request.origin}${call.request.path}?${search}` }
  }
  if (!page.asked && page.marker === undefined) return more ? [link('next', last.id, false)] : []
  return [
    ...(full || page.reverse ? [link('next', last.id, false)] : []),
    ...(full || !page.reverse ? [link('previous', first.id, true)] : []),
  ]
}
