// What a host does when its agent starts: machines nobody wants any more are removed, as Nova's running_deleted_instances
// does, so that a crash or a deletion while the host was away leaves nothing behind.

import type { Log } from '../../platform/journal/log.ts'
import { tables } from '../../platform/store/store.ts'
import type { ComputeTables } from '../tables.ts'
import type { Driver } from '../virt/driver.ts'
import type { Registry } from './registry.ts'

/** Removes machines of servers that are deleted or unknown; answers how many. */
export async function removeStrays({ store }: Registry, driver: Driver, log: Log): Promise<number> {
  const machines = await driver.list()
  if (machines.length === 0) return 0
  const wanted = await tables<ComputeTables>(store)
    .selectFrom('servers')
    .select('id')
    .where(
      'id',
      'in',
      machines.map(({ id }) => id),
    )
    .where('deleted', '=', 0)
    .execute()
  const keep = new Set(wanted.map(({ id }) => id))
  const strays = machines.filter(({ id }) => !keep.has(id))
  for (const { id } of strays) {
    log.warning('Destroying an instance that is on the host but marked deleted or unknown in the database', {
      server: id,
    })
    await driver.destroy(id)
  }
  return strays.length
}
