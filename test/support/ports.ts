// What servers hold of the network service: their ports, addresses and the counters of quotas.
import type { NetworkInfo } from '../../src/compute/snapshots.ts'
import type { ComputeTables } from '../../src/compute/tables.ts'
import type { NetworkTables } from '../../src/network/tables.ts'
import { tables } from '../../src/platform/store/store.ts'
import type { TestCloud } from './cloud.ts'

/**
 * What does not add up when nothing is going on: a server's ports are the ones its row names, no more and no fewer, bound
 * to its host; no address is anybody's but a port's, and quotas count the ports that are there. Empty when all is well.
 */
export async function wiring(cloud: TestCloud): Promise<readonly string[]> {
  const compute = tables<ComputeTables>(cloud.cloud.store)
  const network = tables<NetworkTables>(cloud.cloud.store)
  const servers = await compute.selectFrom('servers').selectAll().where('deleted', '=', 0).execute()
  const ports = await network.selectFrom('ports').selectAll().execute()
  const taken = await network.selectFrom('ip_allocations').selectAll().execute()
  const usages = await network.selectFrom('network_usages').selectAll().execute()
  const wrong: string[] = []
  for (const server of servers) {
    const known = JSON.parse(server.network_json) as NetworkInfo // as it is written
    const mine = ports.filter(({ device_id }) => device_id === server.id)
    const [said, found] = [known.map(({ portId }) => portId), mine.map(({ id }) => id)]
    if (String(said.sort()) !== String(found.sort()))
      wrong.push(`${server.id} ${server.vm_state} names the ports ${said}, its ports are ${found}`)
    for (const { id, host_id } of mine)
      if (server.host !== null && host_id !== server.host)
        wrong.push(`${server.id} ${server.vm_state} is on ${server.host}, its port ${id} on ${host_id}`)
    const addresses = (id: string) => taken.filter(({ port_id }) => port_id === id).map(row => row.ip_address)
    for (const { portId, addresses: told } of known) {
      const [before, now] = [told.map(({ address }) => address), addresses(portId)]
      if (String(before.sort()) !== String(now.sort()))
        wrong.push(`port ${portId} of ${server.id} has ${now}, its server says ${before}`)
    }
  }
  for (const { project_id, used } of usages.filter(({ resource }) => resource === 'port')) {
    const count = ports.filter(port => port.project_id === project_id).length
    if (count !== used) wrong.push(`project ${project_id} has ${count} ports, ${used} are counted`)
  }
  return wrong
}
