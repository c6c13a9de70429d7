// Accepting the deletion of a server, whatever is going on with it.
import type { Transaction } from 'kysely'

import { newUuid } from '../../base/ids.ts'
import type { ActionName } from '../../model/events.ts'
import { actor, arrivalOf, checkAdmission, contextOf, promise } from '../accept.ts'
import type { Promised } from '../deps.ts'
import { endResizeArgs } from '../operations/confirm-resize.ts'
import { finishedMigration } from '../operations/migration-row.ts'
import { addAction } from '../store/actions.ts'
import { addOperation } from '../store/operations.ts'
import { patchServer, type ServerRow } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import type { ComputeCall } from './call.ts'

type Tx = Transaction<ComputeTables>

/** Accepts the deletion of a server, softly where that is wanted and can be; asking again while it runs changes nothing. */
export async function removeServer(call: ComputeCall, server: ServerRow, softly: boolean): Promise<void> {
  checkAdmission(call, server, 'delete')
  const isSoft = softly && server.launched_at !== null && server.host !== null
  if (server.task_state === 'deleting') return
  if (isSoft && (server.task_state === 'soft-deleting' || server.vm_state === 'soft-delete')) return
  const { deps } = call
  const [confirmId, deleteId] = [newUuid(), newUuid()]
  const confirmation = { operationId: confirmId, serverId: server.id, kind: 'confirmResize' }
  const deletion = { operationId: deleteId, serverId: server.id, kind: isSoft ? 'softDelete' : 'delete' }
  const operations = await promise<readonly Promised[]>(call, [confirmation, deletion], async tx => {
    // Whatever is going on with the server: deleting comes before it (the running operation stops at its next change).
    const patch = { task_state: isSoft ? 'soft-deleting' : 'deleting', progress: 0 } as const
    // Of several requests at once, one is the deletion.
    const guard = isSoft
      ? ({ notDeleting: true, vmState: server.vm_state } as const)
      : ({ taskStateNot: 'deleting' } as const)
    const row = await patchServer(tx, server.id, patch, deps.clock.now(), guard)
    if (!row) return []
    const isConfirmed = await confirmFirst(call, tx, row, confirmId)
    await add(call, tx, row, deleteId, deletion.kind, 'delete', {})
    return isConfirmed ? [confirmation, deletion] : [deletion]
  })
  for (const one of operations) deps.conductor.wake(one)
}

/** A resized server is confirmed on its way out, under an action of its own (nova/compute/api.py, _confirm_resize_on_deleting). */
async function confirmFirst(call: ComputeCall, tx: Tx, row: ServerRow, id: string): Promise<boolean> {
  if (row.vm_state !== 'resized') return false
  const migration = await finishedMigration(tx, row.id)
  if (migration?.status !== 'finished') return false
  await add(call, tx, row, id, 'confirmResize', 'confirmResize', endResizeArgs(migration, row))
  return true
}

async function add(
  call: ComputeCall,
  tx: Tx,
  server: ServerRow,
  id: string,
  kind: string,
  action: ActionName,
  args: object,
): Promise<void> {
  const serverId = server.id
  const actionId = await addAction(tx, { ...actor(call), serverId, action, at: arrivalOf(call) })
  const context = contextOf(call)
  await addOperation(tx, { id, kind, serverId, actionId, context, args }, call.deps.clock.now())
}
