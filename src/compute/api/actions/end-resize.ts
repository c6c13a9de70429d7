// confirmResize and revertResize.
import { fault } from '../../../model/errors.ts'
import { empty, type Reply } from '../../../platform/http/types.ts'
import { tables } from '../../../platform/store/store.ts'
import { accept, checkAdmission } from '../../accept.ts'
import { confirmation, endResizeArgs } from '../../operations/confirm-resize.ts'
import { finishedMigration } from '../../operations/migration-row.ts'
import { checkQuota } from '../../store/quotas.ts'
import { flavorOf, oldFlavorOf, type ServerRow } from '../../store/servers.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'

async function migrationOf(call: ComputeCall, server: ServerRow) {
  const migration = await finishedMigration(tables<ComputeTables>(call.deps.store), server.id)
  if (migration?.status !== 'finished') throw fault('NotResized')
  return migration
}

export async function confirmResize(call: ComputeCall, server: ServerRow): Promise<Reply> {
  checkAdmission(call, server, 'confirmResize')
  const migration = await migrationOf(call, server)
  await accept(call, confirmation(server, migration))
  return empty(204)
}

export async function revertResize(call: ComputeCall, server: ServerRow): Promise<Reply> {
  checkAdmission(call, server, 'revertResize')
  const migration = await migrationOf(call, server)
  const now = flavorOf(server)
  const old = oldFlavorOf(server) ?? now
  await accept(call, {
    kind: 'revertResize',
    action: 'revertResize',
    name: 'revertResize',
    server,
    patch: { task_state: 'resize_reverting' },
    args: endResizeArgs(migration, server),
    also: async tx => {
      await checkQuota(
        tx,
        { projectId: server.project_id, userId: server.user_id },
        { cores: old.vcpus - now.vcpus, ram: old.memoryMb - now.memoryMb },
      )
      await tx.updateTable('migrations').set({ status: 'reverting' }).where('id', '=', migration.id).execute()
    },
  })
  return empty(202)
}
