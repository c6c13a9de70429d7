// Room on hosts. A claim is a row; the host's sums change in the same transaction, so that they are always its sum.
import type { Transaction } from 'kysely'
import { resourcesOf } from '../../model/resources.ts'
import type { Amounts, FlavorSnapshot } from '../snapshots.ts'
import type { ClaimsTable, ComputeTables } from '../tables.ts'
import { isVolumeBacked, type ServerRow } from './servers.ts'

type Tx = Transaction<ComputeTables>
type Purpose = ClaimsTable['purpose']

/** Room a server takes with a flavor: swap is disk, rounded up to whole GB; a root disk on a volume is none. */
export function amountsOf(server: Pick<ServerRow, 'block_devices_json'>, flavor: FlavorSnapshot): Amounts {
  const resources = Object.fromEntries(resourcesOf(flavor, isVolumeBacked(server)))
  return {
    resources,
    vcpus: resources.VCPU ?? 0,
    memoryMb: resources.MEMORY_MB ?? 0,
    diskGb: resources.DISK_GB ?? 0,
  }
}

/** Claims room on a host; claiming again changes nothing. */
export async function claim(
  tx: Tx,
  server: Pick<ServerRow, 'id' | 'block_devices_json'>,
  host: string,
  purpose: Purpose,
  flavor: FlavorSnapshot,
): Promise<void> {
  const { vcpus, memoryMb, diskGb } = amountsOf(server, flavor)
  const made = await tx
    .insertInto('claims')
    .values({ server_id: server.id, host, purpose, vcpus, memory_mb: memoryMb, disk_gb: diskGb })
    .onConflict(conflict => conflict.columns(['server_id', 'host', 'purpose']).doNothing())
    .executeTakeFirst()
  if (made.numInsertedOrUpdatedRows === 0n) return
  await add(tx, host, vcpus, memoryMb, diskGb, 1)
}

/** Gives up claims of a server: all, or those on one host, or for one purpose. */
export async function unclaim(
  tx: Tx,
  serverId: string,
  only: { readonly host?: string; readonly purpose?: Purpose } = {},
): Promise<void> {
  let query = tx.deleteFrom('claims').where('server_id', '=', serverId)
  if (only.host !== undefined) query = query.where('host', '=', only.host)
  if (only.purpose !== undefined) query = query.where('purpose', '=', only.purpose)
  // In the order of hosts, so that two of these never wait for each other.
  const claims = (await query.returningAll().execute()).sort((a, b) => (a.host < b.host ? -1 : 1))
  for (const gone of claims) await add(tx, gone.host, -gone.vcpus, -gone.memory_mb, -gone.disk_gb, -1) // one or two rows
}

const add = (tx: Tx, host: string, vcpus: number, memoryMb: number, diskGb: number, servers: number) =>
  tx
    .updateTable('compute_nodes')
    .set(eb => ({
      vcpus_used: eb('vcpus_used', '+', vcpus),
      memory_mb_used: eb('memory_mb_used', '+', memoryMb),
      local_gb_used: eb('local_gb_used', '+', diskGb),
      running_vms: eb('running_vms', '+', servers),
    }))
    .where('host', '=', host)
    .execute()
