// changePassword: the host is asked while the caller waits (a synchronous RPC in Nova), inside an action of its own. An
// operation stands behind it, so that a process that dies meanwhile leaves no server in `updating_password`.
import { newUuid } from '../../../base/ids.ts'
import { fault } from '../../../model/errors.ts'
import { empty, type Reply } from '../../../platform/http/types.ts'
import { actor, arrivalOf, checkAdmission, contextOf, promise } from '../../accept.ts'
import { askHost } from '../../ask-host.ts'
import { detailsOf, eventTraceback } from '../../errors.ts'
import { HostError } from '../../failures.ts'
import { addAction, closeAction, finishEvent, startEvent } from '../../store/actions.ts'
import { addOperation, patchOperation } from '../../store/operations.ts'
import { patchServer, type ServerRow } from '../../store/servers.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'
import { requireHost } from './power.ts'

interface Accepted {
  readonly actionId: string
  readonly eventId: string
  readonly operationId: string
}

export async function changePassword(
  call: ComputeCall,
  server: ServerRow,
  value: { readonly adminPass: string },
): Promise<Reply> {
  checkAdmission(call, server, 'changePassword')
  const host = requireHost(server)
  const accepted = await begin(call, server, host)
  let failure: unknown = null
  try {
    await askHost(call, host, server, 'setPassword', { password: value.adminPass })
  } catch (error) {
    failure = error
  }
  try {
    await end(call, server, accepted, failure)
  } catch (error) {
    // The server is not to wait for the next start: the operation ends as it does after one.
    call.deps.conductor.wake(promisedOf(accepted.operationId, server))
    throw error
  }
  if (failure === null) return empty(202)
  if (failure instanceof HostError) throw fault('PasswordNotSet', { server: server.id }, { cause: failure })
  throw failure
}

const promisedOf = (operationId: string, server: ServerRow) => ({
  operationId,
  serverId: server.id,
  kind: 'changePassword',
})

function begin(call: ComputeCall, server: ServerRow, host: string): Promise<Accepted> {
  const operationId = newUuid()
  return promise(call, [promisedOf(operationId, server)], async tx => {
    const now = call.deps.clock.now()
    const guard = { vmState: server.vm_state, taskState: null }
    if (!(await patchServer(tx, server.id, { task_state: 'updating_password' }, now, guard)))
      throw fault('ServerWrongState', {
        action: 'changePassword',
        server: server.id,
        attribute: 'task_state',
        value: 'changing: another request came first',
      })
    const actionId = await addAction(tx, {
      ...actor(call),
      serverId: server.id,
      action: 'changePassword',
      at: arrivalOf(call),
    })
    const eventId = await startEvent(tx, actionId, 'compute_set_admin_password', host, now)
    const context = contextOf(call)
    await addOperation(
      tx,
      { id: operationId, kind: 'changePassword', serverId: server.id, actionId, context, args: {} },
      now,
    )
    return { actionId, eventId, operationId }
  })
}

const end = (
  { deps }: ComputeCall,
  server: ServerRow,
  { actionId, eventId, operationId }: Accepted,
  failure: unknown,
): Promise<void> =>
  deps.store.transaction<ComputeTables, void>(async tx => {
    const now = deps.clock.now()
    // A deletion that came meanwhile keeps its task_state.
    await patchServer(tx, server.id, { task_state: null }, now, { taskState: 'updating_password' })
    const { admin, owner } = detailsOf(failure)
    await finishEvent(
      tx,
      actionId,
      eventId,
      failure === null
        ? { result: 'Success' }
        : { result: 'Error', traceback: eventTraceback(failure), details: admin, ownerDetails: owner },
      now,
    )
    const isDone = failure === null
    await patchOperation(tx, operationId, { state: isDone ? 'done' : 'failed' }, now)
    await closeAction(tx, actionId, isDone ? 'Success' : 'Error', now)
  })
