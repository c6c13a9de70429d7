// A host that comes back removes the machines that were built elsewhere while it was down, and gives up their room
// (nova/compute/manager.py, _destroy_evacuated_instances).
import type { Log } from '../../platform/journal/log.ts'
import { tables } from '../../platform/store/store.ts'
import type { OnBehalf, PlacementNeighbour } from '../neighbours/neighbours.ts'
import { findComputeService, isUp } from '../store/services.ts'
import type { ComputeTables } from '../tables.ts'
import type { Driver } from '../virt/driver.ts'
import type { Registry } from './registry.ts'

/** Nothing happens while the host counts as down; a server somebody works on is left for the next time. */
export async function removeEvacuated(
  { store, clock, placement }: Registry & { readonly placement: PlacementNeighbour },
  on: OnBehalf,
  host: string,
  driver: Driver,
  log: Log,
): Promise<void> {
  const db = tables<ComputeTables>(store)
  const gone = await db
    .selectFrom('migrations')
    .innerJoin('servers', 'servers.id', 'migrations.server_id')
    .select(['migrations.id', 'migrations.uuid', 'migrations.server_id', 'servers.host as now_on'])
    .where('migration_type', '=', 'evacuation')
    .where('migrations.status', '=', 'done')
    .where('source_compute', '=', host)
    .where('server_id', 'not in', eb =>
      eb
        .selectFrom('operations')
        .select('operations.server_id')
        .where('operations.state', 'in', ['accepted', 'running', 'undoing']),
    )
    .orderBy('migrations.id')
    .execute()
  if (gone.length === 0) return
  const service = await findComputeService(db, host)
  if (!service || !isUp(service, clock.now())) return
  for (const { id, uuid, server_id: server, now_on } of gone) {
    // It may have been moved back here since.
    if (now_on !== host) {
      log.info('Destroying the machine of a server that was evacuated from this host', { server })
      await driver.destroy(server)
    }
    await placement.release(on, uuid)
    await store.transaction<ComputeTables, unknown>(tx =>
      tx
        .updateTable('migrations')
        .set({ status: 'completed', updated_at: clock.now() })
        .where('id', '=', id)
        .execute(),
    )
  }
}
