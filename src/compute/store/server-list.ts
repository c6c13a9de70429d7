// Finding servers: filters, order and pages of GET /servers, as one query that walks an index (facts: api-surface.md §6).
import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely'
import { fault } from '../../model/errors.ts'
import { statesShowing, statusRows, type TaskState, type VmState } from '../../model/server-states.ts'
import { type Store, tables } from '../../platform/store/store.ts'
import type { ComputeTables, ServersTable } from '../tables.ts'
import { imageOf } from './servers.ts'

type Column = keyof ServersTable & string

/** What lists are sorted by: columns, and what a server's image says of how it boots. */
export type SortField = Column | BootFile
/** What regular expressions are held against; instants as `2026-11-23 09:30:27`. */
export type PatternField = SortField
type BootFile = 'kernel_id' | 'ramdisk_id'

export interface ServerSearch {
  /** Null: every project (all_tenants). */
  readonly projectId: string | null
  /** deleted=…: only such; undefined with changes-since: both. */
  readonly deleted: boolean | undefined
  /** Soft-deleted servers are among the others. */
  readonly softDeleted: boolean
  /** Statuses asked for; undefined for any. */
  readonly statuses: readonly string[] | undefined
  /** Exact matches, any of the values. */
  readonly equals: readonly {
    readonly column: Column
    readonly values: readonly (string | number | null)[]
  }[]
  /** Regular expressions, all of them. */
  readonly matches: readonly { readonly field: PatternField; readonly pattern: string }[]
  readonly changedSince: number | undefined
  readonly changedBefore: number | undefined
  readonly tags: readonly {
    readonly kind: 'all' | 'any' | 'not-all' | 'not-any'
    readonly tags: readonly string[]
  }[]
  readonly locked: boolean | undefined
  readonly sort: readonly { readonly field: SortField; readonly direction: 'asc' | 'desc' }[]
  readonly marker: string | undefined
  readonly limit: number
}

export interface FoundServer {
  readonly id: string
  readonly name: string
  readonly revision: number
  readonly host: string | null
}

type Where = ExpressionBuilder<ComputeTables, 'servers'>

/** One page; ServerMarkerNotFound when the marker is no server the search could show. */
export async function searchServers(store: Store, search: ServerSearch): Promise<readonly FoundServer[]> {
  if (search.limit === 0) return []
  const db = tables<ComputeTables>(store)
  const order = [...search.sort]
  if (!order.some(({ field }) => field === 'created_at'))
    order.push({ field: 'created_at', direction: 'desc' })
  order.push({ field: 'seq', direction: order.at(-1)!.direction }) // created_at is among them
  let query = db
    .selectFrom('servers')
    .select(['id', 'name', 'revision', 'host'])
    .where(eb => eb.and(conditions(store, eb, search)))
  if (search.marker !== undefined) {
    const after = await markerCondition(store, db, search, order)
    query = query.where(after)
  }
  for (const { field, direction } of order) query = query.orderBy(sortExpression(store, field), direction)
  return query.limit(search.limit).execute()
}

// Nulls come first in one engine and last in the other; an empty text stands for them in order and in markers.
const nullable: ReadonlySet<SortField> = new Set([
  'host',
  'node',
  'task_state',
  'availability_zone',
  'access_ipv4',
  'access_ipv6',
  'description',
  'key_name',
  'locked_by',
  'root_device_name',
])
const nullableNumbers: ReadonlySet<SortField> = new Set(['launched_at', 'terminated_at'])
const instants: ReadonlySet<PatternField> = new Set(['created_at', 'launched_at', 'terminated_at'])

const isBootFile = (field: SortField): field is BootFile => field === 'kernel_id' || field === 'ramdisk_id'
const bootFileText = (store: Store, name: BootFile) => store.jsonText('image_json', ['properties', name])

const sortExpression = (store: Store, field: SortField): Expression<unknown> => {
  if (isBootFile(field)) return bootFileText(store, field)
  if (nullable.has(field)) return sql`coalesce(${sql.ref(field)}, '')`
  return nullableNumbers.has(field) ? sql`coalesce(${sql.ref(field)}, 0)` : sql.ref(field)
}

async function markerCondition(
  store: Store,
  db: Kysely<ComputeTables>,
  search: ServerSearch,
  order: ServerSearch['sort'],
) {
  const marker = await db
    .selectFrom('servers')
    .selectAll()
    .where('id', '=', search.marker!)
    .executeTakeFirst() // asked only with one
  if (!marker || (search.projectId !== null && marker.project_id !== search.projectId))
    throw fault('ServerMarkerNotFound', { marker: search.marker })
  const valueIn = (field: SortField) =>
    isBootFile(field)
      ? (imageOf(marker).properties[field] ?? '')
      : (marker[field] ?? (nullable.has(field) ? '' : nullableNumbers.has(field) ? 0 : null))
  const compare = (field: SortField, operator: '=' | '<' | '>' | '<=' | '>=') =>
    sql<SqlBool>`${sortExpression(store, field)} ${sql.raw(operator)} ${valueIn(field)}`
  const [first] = order
  // (a > x) or (a = x and b > y) or …: a page starts behind the marker's place in the order. That a >= x follows from
  // it, and is said for the engines: by it they begin in the index where the page does, and not at its head.
  return (eb: Where) =>
    eb.and([
      ...(first ? [compare(first.field, first.direction === 'asc' ? '>=' : '<=')] : []),
      eb.or(
        order.map((last, depth) =>
          eb.and([
            ...order.slice(0, depth).map(({ field }) => compare(field, '=')),
            compare(last.field, last.direction === 'asc' ? '>' : '<'),
          ]),
        ),
      ),
    ])
}

function conditions(store: Store, eb: Where, search: ServerSearch): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = []
  if (search.projectId !== null) all.push(eb('project_id', '=', search.projectId))
  // nova/db/main/api.py, instance_get_all_by_filters_sort: whoever asks for deleted servers gets soft-deleted ones too.
  if (search.deleted === true) all.push(eb.or([eb('deleted', '=', 1), eb('vm_state', '=', 'soft-delete')]))
  if (search.deleted === false) all.push(eb('deleted', '=', 0))
  if (
    search.deleted === false &&
    !search.softDeleted &&
    search.statuses === undefined &&
    !search.equals.some(({ column }) => column === 'vm_state')
  )
    all.push(eb('vm_state', '!=', 'soft-delete'))
  if (search.statuses !== undefined)
    all.push(eb.or(search.statuses.flatMap(status => statusConditions(eb, status))))
  for (const { column, values } of search.equals) {
    const known = values.filter(value => value !== null)
    all.push(
      eb.or([
        ...(known.length > 0 ? [eb(column, 'in', known as string[])] : []),
        ...(known.length < values.length ? [eb(column, 'is', null)] : []),
      ]),
    )
  }
  for (const { field, pattern } of search.matches) all.push(store.matches(patternText(store, field), pattern))
  if (search.changedSince !== undefined) all.push(eb('updated_at', '>=', search.changedSince))
  if (search.changedBefore !== undefined) all.push(eb('updated_at', '<=', search.changedBefore))
  if (search.locked !== undefined) all.push(eb('locked_by', search.locked ? 'is not' : 'is', null))
  for (const { kind, tags } of search.tags) all.push(tagCondition(eb, kind, tags))
  return all
}

function patternText(store: Store, field: PatternField) {
  if (isBootFile(field)) return bootFileText(store, field)
  return instants.has(field) ? store.instantText(field) : field
}

function statusConditions(eb: Where, status: string): Expression<SqlBool>[] {
  if (status.toUpperCase() === 'DELETED') return [eb('deleted', '=', 1)]
  const rows = statesShowing(status)
  if (rows.length === 0) return [sql<SqlBool>`1 = 0`]
  return rows.map(({ vmState, taskStates }) => {
    const isState = eb('vm_state', '=', vmState)
    if (taskStates !== 'others') return eb.and([isState, eb('task_state', 'in', [...taskStates])])
    const elsewhere = tasksShowingOther(vmState)
    return elsewhere.length === 0
      ? isState
      : eb.and([isState, eb.or([eb('task_state', 'is', null), eb('task_state', 'not in', elsewhere)])])
  })
}

/** task_states that make a vm_state show something else than its default. */
const tasksShowingOther = (vmState: VmState): TaskState[] =>
  Object.keys(statusRows[vmState].byTask) as TaskState[] // the row's own keys

function tagCondition(
  eb: Where,
  kind: ServerSearch['tags'][number]['kind'],
  tags: readonly string[],
): Expression<SqlBool> {
  const has = (tag: readonly string[]) =>
    eb.exists(
      eb
        .selectFrom('server_tags')
        .select('server_tags.tag')
        .whereRef('server_tags.server_id', '=', 'servers.id')
        .where('server_tags.tag', 'in', [...tag]),
    )
  switch (kind) {
    case 'all':
      return eb.and(tags.map(tag => has([tag])))
    case 'any':
      return has(tags)
    case 'not-all':
      return eb.not(eb.and(tags.map(tag => has([tag]))))
    case 'not-any':
      return eb.not(has(tags))
  }
}
