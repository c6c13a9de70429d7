// Instance actions and their events: what was asked of a server, and how each part of it went.
import type { Selectable, Transaction } from 'kysely'
import { newUuid } from '../../base/ids.ts'
import type { Instant } from '../../base/time.ts'
import type { ActionName, EventName } from '../../model/events.ts'
import { takeNumbers } from '../numbers.ts'
import type { ComputeTables, InstanceActionEventsTable, InstanceActionsTable } from '../tables.ts'

export type ActionRow = Readonly<Selectable<InstanceActionsTable>>
export type EventRow = Readonly<Selectable<InstanceActionEventsTable>>
type Tx = Transaction<ComputeTables>

export interface NewAction {
  readonly serverId: string
  readonly action: ActionName
  readonly requestId: string
  readonly globalRequestId: string | null
  readonly userId: string | null
  readonly projectId: string | null
  /** When the request arrived: the action's start time, whenever it is recorded. */
  readonly at: Instant
}

export async function addAction(
  tx: Tx,
  { serverId, action, requestId, globalRequestId, userId, projectId, at }: NewAction,
): Promise<string> {
  const id = newUuid()
  await tx
    .insertInto('instance_actions')
    .values({
      id,
      seq: await takeNumbers(tx, 'action'),
      server_id: serverId,
      action,
      request_id: requestId,
      global_request_id: globalRequestId,
      user_id: userId,
      project_id: projectId,
      start_time: at,
      finish_time: null,
      message: null,
      updated_at: at,
    })
    .execute()
  return id
}

/** Closes the action with whatever event a dead process left open. */
export async function closeAction(
  tx: Tx,
  id: string,
  result: 'Success' | 'Error',
  now: Instant,
): Promise<void> {
  const closed = await tx
    .updateTable('instance_action_events')
    .set({ finish_time: now, result })
    .where('action_id', '=', id)
    .where('finish_time', 'is', null)
    .executeTakeFirst()
  if (closed.numUpdatedRows > 0n && result === 'Error')
    await tx.updateTable('instance_actions').set({ message: 'Error' }).where('id', '=', id).execute()
  await finishAction(tx, id, now)
}

/** The action failed, though none of its events did. */
export async function failAction(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('instance_actions').set({ message: 'Error' }).where('id', '=', id).execute()
}

/** Closes the action itself; its message was set by its events. */
export async function finishAction(tx: Tx, id: string, now: Instant): Promise<void> {
  await tx
    .updateTable('instance_actions')
    .set({ finish_time: now, updated_at: now })
    .where('id', '=', id)
    .execute()
}

/** Opens an event; one of that name left open by a process that died is taken up again. */
export async function startEvent(
  tx: Tx,
  actionId: string,
  event: EventName,
  host: string,
  now: Instant,
): Promise<string> {
  const open = await tx
    .selectFrom('instance_action_events')
    .select('id')
    .where('action_id', '=', actionId)
    .where('event', '=', event)
    .where('finish_time', 'is', null)
    .executeTakeFirst()
  if (open) return open.id
  const id = newUuid()
  await tx
    .insertInto('instance_action_events')
    .values({
      id,
      seq: await takeNumbers(tx, 'event'),
      action_id: actionId,
      event,
      start_time: now,
      finish_time: null,
      result: null,
      traceback: null,
      details: null,
      owner_details: null,
      host,
    })
    .execute()
  await tx.updateTable('instance_actions').set({ updated_at: now }).where('id', '=', actionId).execute()
  return id
}

/** How an event ended. `details` is for administrators, `ownerDetails` the same without host names. */
export type EventEnd =
  | { readonly result: 'Success'; readonly details?: string; readonly ownerDetails?: string }
  | {
      readonly result: 'Error'
      readonly traceback: string
      readonly details: string
      readonly ownerDetails: string
    }

export async function finishEvent(
  tx: Tx,
  actionId: string,
  eventId: string,
  end: EventEnd,
  now: Instant,
): Promise<void> {
  await tx
    .updateTable('instance_action_events')
    .set({
      finish_time: now,
      result: end.result,
      traceback: end.result === 'Error' ? end.traceback : null,
      details: end.details ?? null,
      owner_details: end.ownerDetails ?? null,
    })
    .where('id', '=', eventId)
    .execute()
  // `Error` as soon as any event failed, and for good (nova/db/main/api.py, action_event_finish).
  const change = end.result === 'Error' ? { updated_at: now, message: 'Error' } : { updated_at: now }
  await tx.updateTable('instance_actions').set(change).where('id', '=', actionId).execute()
}
