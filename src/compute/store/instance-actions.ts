// Instance actions and their events, as owners and administrators read them.
import type { Kysely, Selectable } from 'kysely'
import type { Instant } from '../../base/time.ts'
import type { ComputeTables, InstanceActionEventsTable, InstanceActionsTable } from '../tables.ts'

type Db = Kysely<ComputeTables>
export type ActionRow = Selectable<InstanceActionsTable>
export type EventRow = Selectable<InstanceActionEventsTable>

export interface ActionServer {
  readonly id: string
  readonly project_id: string
  readonly deleted: 0 | 1
}

/** The server whose actions are asked for, deleted or not. */
export const findActionServer = (db: Db, id: string): Promise<ActionServer | undefined> =>
  db.selectFrom('servers').select(['id', 'project_id', 'deleted']).where('id', '=', id).executeTakeFirst()

/** A server's actions, newest first; `after` is the last one of the page before. */
export function listActions(
  db: Db,
  serverId: string,
  options: {
    readonly after?: ActionRow
    readonly limit: number
    readonly changesSince?: Instant
    readonly changesBefore?: Instant
  },
): Promise<ActionRow[]> {
  let query = db.selectFrom('instance_actions').selectAll().where('server_id', '=', serverId)
  if (options.after) query = query.where('seq', '<', options.after.seq)
  if (options.changesSince !== undefined) query = query.where('updated_at', '>=', options.changesSince)
  if (options.changesBefore !== undefined) query = query.where('updated_at', '<=', options.changesBefore)
  return query.orderBy('seq', 'desc').limit(options.limit).execute()
}

/** A request's action on a server; the newest when it made several (delete of a resized server). */
export const findAction = (db: Db, serverId: string, requestId: string): Promise<ActionRow | undefined> =>
  db
    .selectFrom('instance_actions')
    .selectAll()
    .where('server_id', '=', serverId)
    .where('request_id', '=', requestId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()

/** An action's events, newest first. */
export const listEvents = (db: Db, actionId: string): Promise<EventRow[]> =>
  db
    .selectFrom('instance_action_events')
    .selectAll()
    .where('action_id', '=', actionId)
    .orderBy('seq', 'desc')
    .execute()
