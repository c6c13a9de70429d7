// What the database knows of a request, for traces: the action with its events in the words the viewer may read, what
// the scheduler found, the operation and what it waits for, the fault it left.
import type { Instant } from '../base/time.ts'
import { limits } from '../model/limits.ts'
import { statusOf } from '../model/server-states.ts'
import type { TraceAction, TraceEvent } from '../model/trace.ts'
import type { Facts, KnownRequest, TraceFacts, TraceViewer } from '../model/trace-facts.ts'
import { type Store, tables } from '../platform/store/store.ts'
import { operations } from './operations/table.ts'
import { placementOf } from './scheduling-record.ts'
import { type EventRow, listEvents } from './store/instance-actions.ts'
import {
  type KnownRow,
  listRequests,
  markOf,
  newestOfServer,
  outcomeOf,
  reasonsOf,
  requestsById,
  seqOfAction,
  serversNamed,
} from './store/known-requests.ts'
import type { OperationRow } from './store/operations.ts'
import { recordOf, schedulingsOf } from './store/schedulings.ts'
import { readServer, type ServerRow } from './store/servers.ts'
import type { ComputeTables } from './tables.ts'

const iso = (at: Instant | null): string | null => (at === null ? null : new Date(at).toISOString())

export interface TraceFactsDeps {
  readonly store: Store
  /** This process has the operation in hand: it runs, or waits for its turn. */
  holds(operationId: string): boolean
}

/** Facts of requests, always as the viewer may see them. */
export function createTraceFacts({ store, holds }: TraceFactsDeps): TraceFacts {
  const db = tables<ComputeTables>(store)

  async function known(rows: readonly KnownRow[], viewer: TraceViewer): Promise<readonly KnownRequest[]> {
    const reasons = await reasonsOf(
      db,
      rows.filter(({ message }) => message !== null).map(({ id }) => id),
      viewer.isAdmin,
    )
    return rows.map(row => ({
      actionId: row.id,
      requestId: row.request_id,
      globalId: row.global_request_id,
      serverId: row.server_id,
      serverName: row.name,
      action: row.action,
      userId: row.user_id,
      projectId: row.project_id,
      startedAt: row.start_time,
      finishedAt: row.finish_time,
      outcome: outcomeOf(row, holds),
      cause: row.cause,
      reason: reasons.get(row.id) ?? null,
    }))
  }

  return {
    async byRequest(id, viewer, serverId) {
      const most = limits.pageItemsMax
      const [local, global] = await Promise.all([
        requestsById(db, 'request_id', id, viewer, most),
        requestsById(db, 'global_request_id', id, viewer, most),
      ])
      const rows = [...new Map([...local, ...global].map(row => [row.id, row])).values()]
      return known(serverId === undefined ? rows : rows.filter(row => row.server_id === serverId), viewer)
    },
    async byServer(id, viewer) {
      const row = await newestOfServer(db, id, viewer)
      return row ? ((await known([row], viewer))[0] ?? null) : null
    },
    async serversNamed(name, viewer) {
      const found = await serversNamed(db, name, viewer, limits.pageItemsMax)
      const live = found.filter(({ deleted }) => deleted === 0)
      return (live.length > 0 ? live : found.slice(0, 1)).map(({ id }) => id)
    },
    async list(filter, viewer) {
      const endedAt = filter.after ? await seqOfAction(db, filter.after.actionId) : undefined
      return known(await listRequests(db, filter, viewer, endedAt), viewer)
    },
    async of(request, viewer) {
      const [server, events, schedulings, operation, faults] = await Promise.all([
        readServer(db, request.serverId),
        listEvents(db, request.actionId),
        schedulingsOf(db, request.actionId),
        db.selectFrom('operations').selectAll().where('action_id', '=', request.actionId).executeTakeFirst(),
        faultDuring(request),
      ])
      const waitsFor = operation ? await whatItWaitsFor(operation, server, viewer) : null
      return {
        server: server ? { id: server.id, name: server.name, status: statusOf(stateOf(server)) } : null,
        action: actionOf(request, events, viewer, waitsFor),
        placement: schedulings.map(row =>
          placementOf(recordOf(row), {
            attempt: row.attempt,
            at: iso(row.created_at),
            showHosts: viewer.isAdmin,
          }),
        ),
        operation: operation
          ? {
              state: operation.state,
              step: isOver(operation) ? null : stepOf(operation).name,
              isHeld: holds(operation.id),
              waitsFor,
            }
          : null,
        fault: faults ?? null,
      } satisfies Facts
    },
    mark: request => markOf(db, request.actionId),
  }

  /** A fault has no request's id: it is the newest of the server's from the time of the action. */
  function faultDuring({ serverId, startedAt, finishedAt }: KnownRequest) {
    let query = db
      .selectFrom('server_faults')
      .select(['code', 'message'])
      .where('server_id', '=', serverId)
      .where('created_at', '>=', startedAt)
    if (finishedAt !== null) query = query.where('created_at', '<=', finishedAt)
    return query.orderBy('seq', 'desc').limit(1).executeTakeFirst()
  }

  async function whatItWaitsFor(
    operation: OperationRow,
    server: ServerRow | undefined,
    viewer: TraceViewer,
  ): Promise<string | null> {
    if (isOver(operation)) return null
    if (!holds(operation.id)) return 'nobody has it in hand: it is taken up again when a process starts'
    if (operation.state === 'accepted') {
      const before = await db
        .selectFrom('operations')
        .select('kind')
        .where('server_id', '=', operation.server_id)
        .where('seq', '<', operation.seq)
        .where('state', 'in', ['accepted', 'running', 'undoing'])
        .orderBy('seq')
        .executeTakeFirst()
      return before ? `the ${before.kind} of the server before it` : 'its turn'
    }
    const { name, at } = stepOf(operation)
    const where =
      at === 'conductor' ? 'the conductor' : viewer.isAdmin ? (server?.host ?? 'its host') : 'its host'
    const doing = operation.state === 'undoing' ? `undoing step ${name}` : `step ${name}`
    return `${doing} at ${where}, since ${iso(operation.updated_at)}`
  }
}

const isOver = ({ state }: OperationRow) => state === 'done' || state === 'failed' || state === 'superseded'

function stepOf({ kind, step }: OperationRow): { readonly name: string; readonly at: 'conductor' | 'host' } {
  return operations[kind]?.steps[step] ?? { name: 'its end', at: 'conductor' }
}

const stateOf = (server: ServerRow) => ({
  vmState: server.vm_state,
  taskState: server.task_state,
  deleted: server.deleted === 1,
})

function actionOf(
  request: KnownRequest,
  newestFirst: readonly EventRow[],
  viewer: TraceViewer,
  waitsFor: string | null,
): TraceAction {
  const seen = new Map<string, number>()
  const events = [...newestFirst].reverse().map((event): TraceEvent => {
    const attempt = (seen.get(event.event) ?? 0) + 1
    seen.set(event.event, attempt)
    return {
      name: event.event,
      startedAt: iso(event.start_time),
      finishedAt: iso(event.finish_time),
      result: event.result,
      attempt,
      host: viewer.isAdmin ? event.host : null,
      details: viewer.isAdmin ? event.details : event.owner_details,
      traceback: viewer.isAdmin && event.traceback ? event.traceback.trimEnd().split('\n') : [],
      waitsFor: event.finish_time === null ? waitsFor : null,
    }
  })
  return {
    name: request.action,
    requestId: request.requestId,
    serverId: request.serverId,
    userId: request.userId,
    projectId: request.projectId,
    startedAt: iso(request.startedAt),
    finishedAt: iso(request.finishedAt),
    message: events.some(({ result }) => result === 'Error') ? 'Error' : null,
    events,
  }
}
