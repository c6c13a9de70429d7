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

/**
 * What does not add up: every server at rest on a host holds one claim and one allocation there, of its flavor's size,
 * and has its machine there; every host's sums are its claims'. Empty when all is well.
 */
export async function holdings(cloud: TestCloud): Promise<readonly string[]> {
  const db = tables<ComputeTables>(cloud.cloud.store)
  const servers = await db.selectFrom('servers').selectAll().where('deleted', '=', 0).execute()
  const claims = await db.selectFrom('claims').selectAll().execute()
  const nodes = await db.selectFrom('compute_nodes').selectAll().execute()
  const wrong: string[] = []
  for (const node of nodes) {
    const mine = claims.filter(({ host }) => host === node.host)
    const sum = (key: 'vcpus' | 'memory_mb' | 'disk_gb') => mine.reduce((total, row) => total + row[key], 0)
    const held = [sum('vcpus'), sum('memory_mb'), sum('disk_gb'), mine.length]
    const said = [node.vcpus_used, node.memory_mb_used, node.local_gb_used, node.running_vms]
    if (String(held) !== String(said)) wrong.push(`${node.host} says ${said}, its claims are ${held}`)
    const { body } = await cloud.ask('GET', `/placement/resource_providers/${node.uuid}/usages`, {
      as: 'admin',
    })
    const used = [body.usages.VCPU ?? 0, body.usages.MEMORY_MB ?? 0, body.usages.DISK_GB ?? 0]
    if (String(used) !== String(held.slice(0, 3)))
      wrong.push(`placement says ${used} of ${node.host}, its claims are ${held}`)
  }
  const machines = new Map<string, string[]>()
  for (const [host, driver] of cloud.cloud.drivers)
    for (const { id } of await driver.list()) machines.set(id, [...(machines.get(id) ?? []), host])
  for (const server of servers) {
    const mine = claims.filter(({ server_id }) => server_id === server.id).map(({ host }) => host)
    const wanted = server.host === null ? [] : [server.host]
    if (server.vm_state === 'resized') {
      if (mine.length !== 2) wrong.push(`${server.id} is resized and has claims on ${mine}`)
    } else if (String(mine) !== String(wanted))
      wrong.push(`${server.id} ${server.vm_state} is on ${wanted} and has claims on ${mine}`)
    const runsOn = machines.get(server.id) ?? []
    if (server.host !== null && server.vm_state !== 'error' && !runsOn.includes(server.host))
      wrong.push(`${server.id} ${server.vm_state} is on ${server.host}, its machine on ${runsOn}`)
  }
  return wrong
}
