// os-resetState, forceDelete and restore.
import { fault } from '../../../model/errors.ts'
import { empty, type Reply } from '../../../platform/http/types.ts'
import { accept, actor, arrivalOf, checkAdmission } from '../../accept.ts'
import { addAction, finishAction } from '../../store/actions.ts'
import { checkQuota } from '../../store/quotas.ts'
import { flavorOf, patchServer, type ServerRow } from '../../store/servers.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'
import { removeServer } from '../remove-server.ts'

/** Sets the states an administrator says, at once; the action is recorded without events. */
export async function resetState(
  call: ComputeCall,
  server: ServerRow,
  value: { readonly state: 'active' | 'error' },
): Promise<Reply> {
  const { deps } = call
  const changed = await deps.store.accept<ComputeTables, ServerRow | undefined>(async tx => {
    const now = deps.clock.now()
    const row = await patchServer(tx, server.id, { vm_state: value.state, task_state: null }, now)
    if (!row) return undefined
    const actionId = await addAction(tx, {
      ...actor(call),
      serverId: server.id,
      action: 'resetState',
      at: arrivalOf(call),
    })
    await finishAction(tx, actionId, now)
    return row
  })
  if (!changed) throw fault('ServerNotFound', { server: server.id })
  return empty(202)
}

export async function forceDelete(call: ComputeCall, server: ServerRow): Promise<Reply> {
  checkAdmission(call, server, 'forceDelete')
  await removeServer(call, server, false)
  return empty(202)
}

export async function restore(call: ComputeCall, server: ServerRow): Promise<Reply> {
  checkAdmission(call, server, 'restore')
  const { vcpus, memoryMb } = flavorOf(server)
  await accept(call, {
    kind: 'restore',
    action: 'restore',
    name: 'restore',
    server,
    patch: { task_state: 'restoring' },
    args: {},
    also: tx =>
      checkQuota(
        tx,
        { projectId: server.project_id, userId: server.user_id },
        { instances: 1, cores: vcpus, ram: memoryMb },
      ),
  })
  return empty(202)
}
