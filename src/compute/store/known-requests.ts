// Finding requests by the actions they left: by id, by server, newest first. Every query is by a key, and another
// project's servers are in none of them.
import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import type { Outcome } from '../../model/trace.ts'
import type { RequestFilter, TraceViewer } from '../../model/trace-facts.ts'
import type { ComputeTables } from '../tables.ts'

type Db = Kysely<ComputeTables>

/** Actions with their servers and operations, as far as `viewer` may see them; newest first. */
function visible(db: Db, viewer: TraceViewer) {
  const query = db
    .selectFrom('instance_actions as action')
    .innerJoin('servers as server', 'server.id', 'action.server_id')
    .leftJoin('operations as operation', 'operation.action_id', 'action.id')
    .select([
      'action.id',
      'action.seq',
      'action.request_id',
      'action.global_request_id',
      'action.server_id',
      'action.action',
      'action.user_id',
      'action.project_id',
      'action.start_time',
      'action.finish_time',
      'action.message',
      'server.name',
      'operation.id as operation_id',
      'operation.state',
    ])
    .select(eb =>
      eb
        .selectFrom('schedulings')
        .select('cause')
        .whereRef('schedulings.action_id', '=', 'action.id')
        .where('cause', 'is not', null)
        .orderBy('attempt', 'desc')
        .limit(1)
        .as('cause'),
    )
    .orderBy('action.seq', 'desc')
  return viewer.isAdmin ? query : query.where('server.project_id', '=', viewer.projectId ?? '')
}

export type KnownRow = Awaited<ReturnType<ReturnType<typeof visible>['execute']>>[number]

export const requestsById = (
  db: Db,
  column: 'request_id' | 'global_request_id',
  id: string,
  viewer: TraceViewer,
  limit: number,
): Promise<KnownRow[]> => visible(db, viewer).where(`action.${column}`, '=', id).limit(limit).execute()

export const newestOfServer = (
  db: Db,
  serverId: string,
  viewer: TraceViewer,
): Promise<KnownRow | undefined> =>
  visible(db, viewer).where('action.server_id', '=', serverId).limit(1).executeTakeFirst()

export const serversNamed = (
  db: Db,
  name: string,
  viewer: TraceViewer,
  limit: number,
): Promise<{ id: string; deleted: 0 | 1 }[]> => {
  const query = db
    .selectFrom('servers')
    .select(['id', 'deleted'])
    .where('name', '=', name)
    .orderBy('deleted')
    .orderBy('seq', 'desc')
    .limit(limit)
  return (viewer.isAdmin ? query : query.where('project_id', '=', viewer.projectId ?? '')).execute()
}

type Columns = ExpressionBuilder<
  {
    action: ComputeTables['instance_actions']
    operation: { state: ComputeTables['operations']['state'] | null }
  },
  'action' | 'operation'
>

/** `seqOf`: where the page before ended. */
export function listRequests(
  db: Db,
  filter: RequestFilter,
  viewer: TraceViewer,
  endedAt: number | undefined,
): Promise<KnownRow[]> {
  let query = visible(db, viewer)
  // What others did to a server is found by the server; the list is of what the project asked for itself.
  if (filter.serverId !== undefined) query = query.where('action.server_id', '=', filter.serverId)
  else if (!viewer.isAdmin) query = query.where('action.project_id', '=', viewer.projectId ?? '')
  if (filter.projectId !== undefined) query = query.where('action.project_id', '=', filter.projectId)
  if (filter.userId !== undefined) query = query.where('action.user_id', '=', filter.userId)
  if (filter.since !== undefined) query = query.where('action.start_time', '>=', filter.since)
  if (filter.before !== undefined) query = query.where('action.start_time', '<', filter.before)
  if (endedAt !== undefined) query = query.where('action.seq', '<', endedAt)
  if (filter.outcome !== undefined) {
    const { outcome } = filter
    query = query.where(eb => conditionOf(eb as unknown as Columns, outcome)) // the columns of the join above
  }
  if (filter.cause !== undefined) {
    const { cause } = filter
    query = query.where('action.id', 'in', eb =>
      eb.selectFrom('schedulings').select('action_id').where('cause', '=', cause),
    )
  }
  return query.limit(filter.limit).execute()
}

function conditionOf(eb: Columns, outcome: NonNullable<RequestFilter['outcome']>) {
  switch (outcome) {
    case 'running':
      return eb('operation.state', 'in', ['accepted', 'running'])
    case 'failed':
      return eb.and([
        eb('action.message', '=', 'Error'),
        eb.or([
          eb('operation.state', 'is', null),
          eb('operation.state', 'in', ['undoing', 'failed', 'superseded']),
        ]),
      ])
    case 'succeeded':
      return eb.or([
        eb('operation.state', '=', 'done'),
        eb.and([eb('operation.state', 'is', null), eb('action.message', 'is', null)]),
      ])
  }
}

/** The newest failed event of each action. */
export async function reasonsOf(
  db: Db,
  actionIds: readonly string[],
  isAdmin: boolean,
): Promise<ReadonlyMap<string, string | null>> {
  if (actionIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('instance_action_events')
    .select(['action_id', isAdmin ? 'details as text' : 'owner_details as text'])
    .where('action_id', 'in', [...actionIds])
    // A live migration that was rolled back says why in an event that went well.
    .where(eb =>
      eb.or([eb('result', '=', 'Error'), eb('event', '=', 'compute_rollback_live_migration_at_destination')]),
    )
    .where(isAdmin ? 'details' : 'owner_details', 'is not', null)
    .orderBy('seq')
    .execute()
  return new Map(rows.map(row => [row.action_id, row.text]))
}

/** `holds`: this process has the operation in hand. */
export function outcomeOf(
  row: Pick<KnownRow, 'state' | 'operation_id' | 'message'>,
  holds: (id: string) => boolean,
): Outcome {
  switch (row.state) {
    case null:
      return row.message === null ? 'succeeded' : 'failed'
    case 'done':
      return 'succeeded'
    // What is being undone has failed, though it is not over.
    case 'undoing':
    case 'failed':
    case 'superseded':
      return 'failed'
    case 'accepted':
      return 'running'
    default:
      return row.operation_id !== null && holds(row.operation_id) ? 'running' : 'lost'
  }
}

export const seqOfAction = async (db: Db, actionId: string): Promise<number | undefined> =>
  (await db.selectFrom('instance_actions').select('seq').where('id', '=', actionId).executeTakeFirst())?.seq

/** Grows with every event, and ends with the operation. */
export async function markOf(db: Db, actionId: string): Promise<string | null> {
  const row = await db
    .selectFrom('instance_actions as action')
    .leftJoin('operations as operation', 'operation.action_id', 'action.id')
    .select(['action.finish_time', 'action.message', 'operation.state', 'operation.step'])
    .select(eb =>
      eb
        .selectFrom('instance_action_events')
        .select(
          sql<string>`count(*) || '-' || count(finish_time) || '-' || coalesce(max(finish_time), 0)`.as(
            'seen',
          ),
        )
        .where('action_id', '=', actionId)
        .as('seen'),
    )
    .where('action.id', '=', actionId)
    .executeTakeFirst()
  return row ? [row.finish_time, row.message, row.state, row.step, row.seen].join(' ') : null
}
