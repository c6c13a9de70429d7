// Servers that were deleted softly go for good when nobody has restored them in time
// (nova/compute/manager.py, _reclaim_queued_deletes).
import { limits } from '../../model/limits.ts'
import { tables } from '../../platform/store/store.ts'
import type { ComputeTables } from '../tables.ts'
import { acceptFinding, ownContext } from './finding.ts'
import type { PeriodicTask } from './periodic.ts'
import type { PeriodicDeps } from './table.ts'

export const reclaim = (deps: PeriodicDeps): PeriodicTask => ({
  name: 'reclaim',
  everyMs: limits.periodicMs,
  async run(signal) {
    const due = await tables<ComputeTables>(deps.store)
      .selectFrom('servers')
      .selectAll()
      .where('deleted', '=', 0)
      .where('vm_state', '=', 'soft-delete')
      .where('task_state', 'is', null)
      .where('deleted_at', '<=', deps.clock.now() - deps.settings.reclaimSeconds * 1000)
      .orderBy('seq')
      .execute()
    const context = ownContext()
    for (const server of due) {
      if (signal.aborted) return
      deps.log.under(context).info('Reclaiming deleted instance', { server: server.id })
      await acceptFinding(deps, context, {
        kind: 'delete',
        action: 'delete',
        name: 'delete',
        server,
        patch: { task_state: 'deleting', progress: 0 },
        args: {},
      })
    }
  },
})
