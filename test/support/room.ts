// What of the cloud a server holds: claims, allocations in placement, machines on hosts.
import type { ComputeTables } from '../../src/compute/tables.ts'
import { tables } from '../../src/platform/store/store.ts'
import type { TestCloud } from './cloud.ts'

export interface Room {
  readonly claims: number
  /** Hosts it holds room on in placement, under its own id. */
  readonly allocations: number
  readonly machines: number
}

export async function roomOf(cloud: TestCloud, serverId: string): Promise<Room> {
  const claims = await tables<ComputeTables>(cloud.cloud.store)
    .selectFrom('claims')
    .select('host')
    .where('server_id', '=', serverId)
    .execute()
  const { body } = await cloud.ask('GET', `/placement/allocations/${serverId}`, { as: 'admin' })
  const lists = await Promise.all([...cloud.cloud.drivers.values()].map(driver => driver.list()))
  return {
    claims: claims.length,
    allocations: Object.keys(body.allocations).length,
    machines: lists.flat().filter(({ id }) => id === serverId).length,
  }
}
