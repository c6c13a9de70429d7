// Machines nobody wants any more are removed from a host, when its agent starts and now and then, as Nova's
// running_deleted_instances does: what a crash, a deletion while the host was away or a failed clean-up left.
import type { Log } from '../../platform/journal/log.ts'
import { tables } from '../../platform/store/store.ts'
import type { ComputeTables } from '../tables.ts'
import type { Driver } from '../virt/driver.ts'
import type { Registry } from './registry.ts'

/**
 * Removes machines of servers that are gone, unknown, or at rest on another host with no move that began or ends here;
 * answers how many. A server an operation works on is left alone.
 */
export async function removeStrays(
  { store }: Registry,
  host: string,
  driver: Driver,
  log: Log,
): Promise<number> {
  // First the machines: one that is built after this look is not among them.
  const machines = await driver.list()
  if (machines.length === 0) return 0
  const ids = machines.map(({ id }) => id)
  const db = tables<ComputeTables>(store)
  const [servers, operations, moves] = await Promise.all([
    db.selectFrom('servers').select(['id', 'host']).where('id', 'in', ids).where('deleted', '=', 0).execute(),
    db
      .selectFrom('operations')
      .select('server_id')
      .where('server_id', 'in', ids)
      .where('state', 'in', ['accepted', 'running', 'undoing'])
      .execute(),
    db
      .selectFrom('migrations')
      .select('server_id')
      .where('server_id', 'in', ids)
      .where('status', 'not in', ['confirmed', 'reverted', 'completed', 'cancelled'])
      .where(eb => eb.or([eb('source_compute', '=', host), eb('dest_compute', '=', host)]))
      .execute(),
  ])
  const keep = new Set([
    ...servers.filter(server => server.host === host).map(({ id }) => id),
    ...operations.map(({ server_id }) => server_id),
    ...servers.map(({ id }) => id).filter(id => moves.some(({ server_id }) => server_id === id)),
  ])
  const strays = machines.filter(({ id }) => !keep.has(id))
  for (const { id } of strays)
    log.warning(
      'Destroying an instance that is on the host but marked deleted, elsewhere or unknown in the database',
      { server: id },
    )
  // All at once: what was found out about them is true now.
  await Promise.all(strays.map(({ id }) => driver.destroy(id)))
  return strays.length
}
