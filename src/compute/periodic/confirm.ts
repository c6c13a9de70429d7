// Resizes nobody confirmed or reverted in time are confirmed (nova/compute/manager.py, _poll_unconfirmed_resizes).
import { limits } from '../../model/limits.ts'
import { tables } from '../../platform/store/store.ts'
import { confirmation } from '../operations/confirm-resize.ts'
import type { ComputeTables } from '../tables.ts'
import { acceptFinding, ownContext } from './finding.ts'
import type { PeriodicTask } from './periodic.ts'
import type { PeriodicDeps } from './table.ts'

export const confirm = (deps: PeriodicDeps): PeriodicTask => ({
  name: 'confirm',
  everyMs: limits.periodicMs,
  async run(signal) {
    const db = tables<ComputeTables>(deps.store)
    const due = await db
      .selectFrom('migrations')
      .selectAll()
      .where('status', '=', 'finished')
      .where('updated_at', '<=', deps.clock.now() - deps.settings.resizeConfirmSeconds * 1000)
      .orderBy('id')
      .execute()
    if (due.length === 0) return
    const servers = await db
      .selectFrom('servers')
      .selectAll()
      .where(
        'id',
        'in',
        due.map(({ server_id }) => server_id),
      )
      .where('deleted', '=', 0)
      .where('vm_state', '=', 'resized')
      .where('task_state', 'is', null)
      .execute()
    const context = ownContext()
    const log = deps.log.under(context)
    for (const migration of due) {
      if (signal.aborted) return
      const server = servers.find(({ id }) => id === migration.server_id)
      if (!server) continue
      log.info(`Automatically confirming migration ${migration.uuid} for instance ${server.id}`, {
        server: server.id,
      })
      await acceptFinding(deps, context, confirmation(server, migration))
    }
  },
})
