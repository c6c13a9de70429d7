// Shelved servers give their host back after a while (nova/compute/manager.py, _poll_shelved_instances).
import { limits } from '../../model/limits.ts'
import { tables } from '../../platform/store/store.ts'
import type { ComputeTables } from '../tables.ts'
import { acceptFinding, ownContext } from './finding.ts'
import type { PeriodicTask } from './periodic.ts'
import type { PeriodicDeps } from './table.ts'

export const offload = (deps: PeriodicDeps): PeriodicTask => ({
  name: 'offload',
  everyMs: limits.periodicMs,
  async run(signal) {
    const due = await tables<ComputeTables>(deps.store)
      .selectFrom('servers')
      .selectAll()
      .where('deleted', '=', 0)
      .where('vm_state', '=', 'shelved')
      .where('task_state', 'is', null)
      // Shelved since its last shelving ended: what else is done to it, a new name for one, does not put that off.
      .where(
        eb =>
          eb
            .selectFrom('instance_actions')
            .select('finish_time')
            .whereRef('instance_actions.server_id', '=', 'servers.id')
            .where('action', '=', 'shelve')
            .orderBy('instance_actions.seq', 'desc')
            .limit(1),
        '<=',
        deps.clock.now() - deps.settings.shelvedOffloadSeconds * 1000,
      )
      .orderBy('seq')
      .execute()
    const context = ownContext()
    for (const server of due) {
      if (signal.aborted) return
      await acceptFinding(deps, context, {
        kind: 'shelveOffload',
        action: 'shelveOffload',
        name: 'shelveOffload',
        server,
        patch: { task_state: 'shelving_offloading' },
        args: {},
      })
    }
  },
})
