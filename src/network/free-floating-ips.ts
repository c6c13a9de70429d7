// Floating addresses that lead nowhere go with their external network (neutron/db/l3_db.py,
// delete_disassociated_floatingips).
import type { Change } from './store.ts'
import { dropTags } from './tags.ts'
import { holdUsage, release } from './usage.ts'

/** Releases the network's addresses that no port uses. Those in use stay, and keep the network. */
export async function removeFreeFloatingIps(change: Change, networkId: string): Promise<void> {
  const { tx } = change
  const owners = await tx
    .selectFrom('floating_ips')
    .select('project_id')
    .distinct()
    .where('floating_network_id', '=', networkId)
    .where('fixed_port_id', 'is', null)
    .execute()
  if (owners.length === 0) return
  await holdUsage(
    change,
    owners.map(({ project_id }) => project_id),
    ['floatingip'],
  )
  const gone = await tx
    .deleteFrom('floating_ips')
    .where('floating_network_id', '=', networkId)
    .where('fixed_port_id', 'is', null)
    .returning(['id', 'project_id', 'floating_port_id'])
    .execute()
  for (const [project, addresses] of Map.groupBy(gone, address => address.project_id))
    await release(change, project, 'floatingip', addresses.length)
  if (gone.length > 0)
    await tx
      .deleteFrom('ports')
      .where(
        'id',
        'in',
        gone.map(({ floating_port_id }) => floating_port_id),
      )
      .execute()
  await dropTags(
    change,
    gone.map(({ id }) => id),
  )
}
