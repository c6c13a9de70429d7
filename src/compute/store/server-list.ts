// Finding servers: filters, order and pages of GET /servers, as one query that walks an index (facts: api-surface.md §6).
import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely'
import { fault } from '../../model/errors.ts'
import { statesShowing, statusRows, type TaskState, type VmState } from '../../model/server-states.ts'
import { type Store, tables } from '../../platform/store/store.ts'
import type { ComputeTables, ServersTable } from '../tables.ts'

type Column = keyof ServersTable & string

export interface ServerSearch {
  /** Null: every project (all_tenants). */
  readonly projectId: string | null
  /** deleted=…: only such; undefined with changes-since: both. */
  readonly deleted: boolean | undefined
  readonly softDeleted: boolean
  /** Statuses asked for; undefined for any. */
  readonly statuses: readonly string[] | undefined
  /** Exact matches, any of the values. */
  readonly equals: readonly {
    readonly column: Column
    readonly values: readonly (string | number | null)[]
  }[]
  /** Regular expressions, all of them. */
  readonly matches: readonly { readonly column: Column; readonly pattern: string }[]
  readonly changedSince: number | undefined
  readonly changedBefore: number | undefined
  readonly tags: readonly {
    readonly kind: 'all' | 'any' | 'not-all' | 'not-any'
    readonly tags: readonly string[]
  }[]
  readonly locked: boolean | undefined
  readonly sort: readonly { readonly column: Column; readonly direction: 'asc' | 'desc' }[]
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
  if (!order.some(({ column }) => column === 'created_at'))
    order.push({ column: 'created_at', direction: 'desc' })
  order.push({ column: 'seq', direction: order.at(-1)!.direction }) // created_at is among them
  let query = db
    .selectFrom('servers')
    .select(['id', 'name', 'revision', 'host'])
    .where(eb => eb.and(conditions(store, eb, search)))
  if (search.marker !== undefined) {
    const after = await markerCondition(db, search, order)
    query = query.where(after)
  }
  for (const { column, direction } of order) query = query.orderBy(sortExpression(column), direction)
  return query.limit(search.limit).execute()
}

// Nulls come first in one engine and last in the other; an empty text stands for them in order and in markers.
const nullable: ReadonlySet<Column> = new Set([
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
const nullableNumbers: ReadonlySet<Column> = new Set(['launched_at', 'terminated_at'])

const sortExpression = (column: Column): Expression<unknown> =>
  nullable.has(column)
    ? sql`coalesce(${sql.ref(column)}, '')`
    : nullableNumbers.has(column)
      ? sql`coalesce(${sql.ref(column)}, 0)`
      : sql.ref(column)

async function markerCondition(db: Kysely<ComputeTables>, search: ServerSearch, order: ServerSearch['sort']) {
  const marker = await db
    .selectFrom('servers')
    .selectAll()
    .where('id', '=', search.marker!)
    .executeTakeFirst() // asked only with one
  if (!marker || (search.projectId !== null && marker.project_id !== search.projectId))
    throw fault('ServerMarkerNotFound', { marker: search.marker })
  const valueIn = (column: Column) =>
    marker[column] ?? (nullable.has(column) ? '' : nullableNumbers.has(column) ? 0 : marker[column])
  // (a > x) or (a = x and b > y) or …: a page starts behind the marker's place in the order.
  return (eb: Where) =>
    eb.or(
      order.map((last, depth) =>
        eb.and([
          ...order
            .slice(0, depth)
            .map(({ column }) => sql<SqlBool>`${sortExpression(column)} = ${valueIn(column)}`),
          sql<SqlBool>`${sortExpression(last.column)} ${sql.raw(last.direction === 'asc' ? '>' : '<')} ${valueIn(last.column)}`,
        ]),
      ),
    )
}

function conditions(store: Store, eb: Where, search: ServerSearch): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = []
  if (search.projectId !== null) all.push(eb('project_id', '=', search.projectId))
  if (search.deleted !== undefined) all.push(eb('deleted', '=', search.deleted ? 1 : 0))
  if (
    search.deleted === false &&
    !search.softDeleted &&
    search.statuses === undefined &&
    !search.equals.some(({ column }) => column === 'vm_state')
  )
    all.push(eb('vm_state', '!=', 'soft-delete'))
  if (search.softDeleted) all.push(eb('vm_state', '=', 'soft-delete'))
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
  for (const { column, pattern } of search.matches) all.push(store.matches(column, pattern))
  if (search.changedSince !== undefined) all.push(eb('updated_at', '>=', search.changedSince))
  if (search.changedBefore !== undefined) all.push(eb('updated_at', '<=', search.changedBefore))
  if (search.locked !== undefined) all.push(eb('locked_by', search.locked ? 'is not' : 'is', null))
  for (const { kind, tags } of search.tags) all.push(tagCondition(eb, kind, tags))
  return all
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
