// changePassword: the host is asked while the caller waits (a synchronous RPC in Nova), inside an action of its own.

import { fault } from '../../../model/errors.ts'
import { empty, type Reply } from '../../../platform/http/types.ts'
import { actor, arrivalOf, checkAdmission } from '../../accept.ts'
import { askHost } from '../../ask-host.ts'
import { detailsOf, eventTraceback } from '../../errors.ts'
import { HostError } from '../../failures.ts'
import { addAction, finishAction, finishEvent, startEvent } from '../../store/actions.ts'
import { patchServer, type ServerRow } from '../../store/servers.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'
import { requireHost } from './power.ts'

export async function changePassword(
  call: ComputeCall,
  server: ServerRow,
  value: { readonly adminPass: string },
): Promise<Reply> {
  checkAdmission(call, server, 'changePassword')
  const host = requireHost(server)
  const { deps } = call
  const { actionId, eventId } = await deps.store.accept<
    ComputeTables,
    { readonly actionId: string; readonly eventId: string }
  >(async tx => {
    const now = deps.clock.now()
    const row = await patchServer(tx, server.id, { task_state: 'updating_password' }, now, {
      vmState: server.vm_state,
      taskState: null,
    })
    if (!row)
      throw fault('ServerWrongState', {
        action: 'changePassword',
        server: server.id,
        attribute: 'task_state',
        value: 'changing: another request came first',
      })
    const id = await addAction(tx, {
      ...actor(call),
      serverId: server.id,
      action: 'changePassword',
      at: arrivalOf(call),
    })
    return { actionId: id, eventId: await startEvent(tx, id, 'compute_set_admin_password', host, now) }
  })
  let failure: unknown = null
  try {
    await askHost(call, host, server.id, 'setPassword', { password: value.adminPass })
  } catch (error) {
    failure = error
  }
  await deps.store.transaction<ComputeTables, void>(async tx => {
    const now = deps.clock.now()
    await patchServer(tx, server.id, { task_state: null }, now, { taskState: 'updating_password' })
    const details = failure === null ? null : detailsOf(failure)
    await finishEvent(
      tx,
      actionId,
      eventId,
      details === null
        ? { result: 'Success' }
        : {
            result: 'Error',
            traceback: eventTraceback(failure),
            details: details.admin,
            ownerDetails: details.owner,
          },
      now,
    )
    await finishAction(tx, actionId, now)
  })
  if (failure === null) return empty(202)
  if (failure instanceof HostError) throw fault('PasswordNotSet', { server: server.id }, { cause: failure })
  throw failure
}
