// User messages: why what a user asked for has failed, kept for 30 days ([DEFAULT]message_ttl).
import { newUuid } from '../../base/ids.ts'
import { isoMicros } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import type { PolicyRule } from '../../model/policies.ts'
import {
  type MessageAction,
  type MessageDetail,
  type MessageResource,
  messageActions,
  messageDetails,
  messageEvent,
  messageText,
} from '../../model/volume-messages.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { dbOf, sees, type VolumeCall } from '../access.ts'
import { equalFilters, inProject, listRows } from '../listing.ts'
import { has } from '../negotiate.ts'
import { readSorts, selfLinks } from '../paging.ts'
import type { Db, VolumeTransaction } from '../store.ts'
import type { VolumeMessageRow } from './tables.ts'

/** What a user is told. */
export interface Told {
  readonly resource: MessageResource
  readonly resourceId: string
  readonly action: MessageAction
  readonly detail: MessageDetail
}

/** Writes a message, and forgets those whose time is over. */
export async function tell(
  tx: Db,
  told: Told,
  to: { readonly projectId: string; readonly requestId: string },
  now: number,
): Promise<void> {
  const { resource, resourceId, action, detail } = told
  await tx.deleteFrom('volume_messages').where('expires_at', '<=', now).execute()
  await tx
    .insertInto('volume_messages')
    .values({
      id: newUuid(),
      project_id: to.projectId,
      request_id: to.requestId,
      resource_type: resource,
      resource_uuid: resourceId,
      event_id: messageEvent(resource, action, detail),
      action_id: messageActions[action].id,
      detail_id: messageDetails[detail].id,
      message_level: 'ERROR',
      created_at: now,
      expires_at: now + limits.volumeMessageMs,
    })
    .execute()
}

const columns = {
  resource_uuid: 'resource_uuid',
  resource_type: 'resource_type',
  event_id: 'event_id',
  request_id: 'request_id',
  message_level: 'message_level',
}
const sortKeys = [
  'event_id',
  'resource_uuid',
  'resource_type',
  'request_id',
  'message_level',
  'created_at',
  'id',
] as const

/** Administrators read everybody's, as upstream (message_get_all). Pages and filters came with 3.5. */
export async function listMessages(call: VolumeCall): Promise<Reply> {
  call.enforce('message:get_all')
  const isPaged = has(call, 'messagePaging')
  const { rows, tail } = await listRows(call, {
    table: 'volume_messages',
    sorts: isPaged
      ? readSorts(call.query, sortKeys)
      : [
          { key: 'created_at', direction: 'desc' },
          { key: 'id', direction: 'desc' },
        ],
    conditions: [
      inProject(call.auth.isAdmin ? null : (call.auth.project?.id ?? '')),
      eb => eb('expires_at', '>', call.deps.clock.now()),
      ...(isPaged ? equalFilters(call, 'message', columns) : []),
    ],
    marker: id => findMessageRow(call, id),
    ...(isPaged ? {} : { page: { limit: limits.pageItemsMax, offset: 0, marker: undefined } }),
  })
  const { count: _, ...links } = await tail('messages', 'messages')
  return json(200, { messages: rows.map(row => messageView(call, row)), ...links })
}

async function findMessageRow(call: VolumeCall, id: string): Promise<VolumeMessageRow> {
  const row = await dbOf(call)
    .selectFrom('volume_messages')
    .selectAll()
    .where('id', '=', id)
    .where('expires_at', '>', call.deps.clock.now())
    .executeTakeFirst()
  if (!row || !sees(call, row.project_id)) throw fault('VolumeMessageNotFound', { message: id })
  return row
}

async function findMessage(call: VolumeCall, rule: PolicyRule): Promise<VolumeMessageRow> {
  const row = await findMessageRow(call, call.params.id!) // in the route's path
  call.enforce(rule, { projectId: row.project_id })
  return row
}

export const showMessage = async (call: VolumeCall): Promise<Reply> =>
  json(200, { message: messageView(call, await findMessage(call, 'message:get')) })

export async function deleteMessage(call: VolumeCall): Promise<Reply> {
  const { id } = await findMessage(call, 'message:delete')
  await call.deps.store.accept((tx: VolumeTransaction) =>
    tx.deleteFrom('volume_messages').where('id', '=', id).execute(),
  )
  return empty(204)
}

const messageView = (call: VolumeCall, row: VolumeMessageRow) => ({
  id: row.id,
  event_id: row.event_id,
  user_message: messageText(row.action_id, row.detail_id),
  message_level: row.message_level,
  created_at: isoMicros(row.created_at),
  guaranteed_until: isoMicros(row.expires_at),
  request_id: row.request_id,
  links: selfLinks(call, 'messages', row.id),
  resource_type: row.resource_type,
  ...(row.resource_uuid === null ? {} : { resource_uuid: row.resource_uuid }),
})
