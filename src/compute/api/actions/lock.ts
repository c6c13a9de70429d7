// lock and unlock: done at once, recorded as an action with one event of the API's own.
import { fault } from '../../../model/errors.ts'
import type { ActionName, EventName } from '../../../model/events.ts'
import { empty, type Reply } from '../../../platform/http/types.ts'
import { actor, arrivalOf, checkAdmission } from '../../accept.ts'
import { notifyServer } from '../../notifications/notify.ts'
import { senderOf } from '../../notifications/sender.ts'
import { addAction, finishAction, finishEvent, startEvent } from '../../store/actions.ts'
import { patchServer, type ServerPatch, type ServerRow } from '../../store/servers.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'

export async function lock(
  call: ComputeCall,
  server: ServerRow,
  value: { readonly locked_reason?: string } | null,
): Promise<Reply> {
  checkAdmission(call, server, 'lock')
  const isOwner = server.user_id === call.auth.userId || server.project_id === call.auth.project?.id
  // An owner's lock on a locked server changes nothing and is not recorded.
  if (isOwner && server.locked_by !== null) return empty(202)
  const reason = (value !== null && typeof value === 'object' ? value.locked_reason : undefined) ?? null
  await change(call, server, 'lock', 'api_lock', {
    locked_by: isOwner ? 'owner' : 'admin',
    locked_reason: reason,
  })
  return empty(202)
}

export async function unlock(call: ComputeCall, server: ServerRow): Promise<Reply> {
  checkAdmission(call, server, 'unlock')
  if (server.locked_by === 'admin') call.enforce('os_compute_api:os-lock-server:unlock:unlock_override')
  await change(call, server, 'unlock', 'api_unlock', { locked_by: null, locked_reason: null })
  return empty(202)
}

async function change(
  call: ComputeCall,
  server: ServerRow,
  action: ActionName & ('lock' | 'unlock'),
  event: EventName,
  patch: ServerPatch,
): Promise<void> {
  const { deps } = call
  const now = deps.clock.now()
  const changed = await deps.store.accept<ComputeTables, ServerRow | undefined>(async tx => {
    const row = await patchServer(tx, server.id, patch, now)
    if (!row) return undefined
    const actionId = await addAction(tx, { ...actor(call), serverId: server.id, action, at: arrivalOf(call) })
    const eventId = await startEvent(tx, actionId, event, deps.apiHost, now)
    await finishEvent(tx, actionId, eventId, { result: 'Success' }, now)
    await finishAction(tx, actionId, now)
    return row
  })
  if (!changed) throw fault('ServerNotFound', { server: server.id })
  notifyServer(senderOf(call), action, null, changed)
}
