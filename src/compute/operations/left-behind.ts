// What a move that failed left on another host: the server's old disk, room under the migration's name. It goes with the
// server; or as soon as the server runs again where it is now, which may need that disk first.
import { tables } from '../../platform/store/store.ts'
import { claim, unclaim } from '../store/claims.ts'
import { flavorOf } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { machineSpec } from './machine.ts'
import { isInterruption } from './operation.ts'
import { connectVolumes } from './volumes.ts'
import type { AnyWork } from './work.ts'

export interface LeftBehind {
  /** Hosts other than the server's that a failed move began or ended on. */
  readonly hosts: readonly string[]
  /** Consumers in placement of those moves. */
  readonly consumers: readonly string[]
}

export const nothingLeft: LeftBehind = { hosts: [], consumers: [] }

/** Where to look; no hosts when no move of the server ever failed. */
export async function leftBehind({ deps, server }: AnyWork): Promise<LeftBehind> {
  const moves = await tables<ComputeTables>(deps.store)
    .selectFrom('migrations')
    .select(['uuid', 'source_compute', 'dest_compute'])
    .where('server_id', '=', server.id)
    .where('status', 'in', ['error', 'failed'])
    .orderBy('id', 'desc')
    .execute()
  const hosts = moves
    .flatMap(({ source_compute, dest_compute }) => [source_compute, dest_compute])
    .filter(host => host !== null && host !== server.host)
  return {
    hosts: [...new Set(hosts)].filter(host => host !== null),
    consumers: moves.map(({ uuid }) => uuid),
  }
}

/** Builds the machine on the server's host from the disk another host has, if the one has none and the other does. */
export async function bringDisk(work: AnyWork, host: string, { hosts }: LeftBehind): Promise<void> {
  if (hosts.length === 0 || (await work.onHost(host, 'power', null)) !== null) return
  for (const other of hosts) {
    if ((await work.onHost(other, 'power', null)) === null) continue
    const disk = await work.onHost(other, 'pack', null)
    const network = await work.deps.neighbours.network.move(work.behalf(host), work.server.id, host)
    await connectVolumes(work, host)
    const server = { ...work.server, network_json: JSON.stringify(network) }
    return void (await work.onHost(host, 'spawn', { spec: machineSpec(server, null), disk, powerOn: false }))
  }
}

/** The server runs where it is: what it has elsewhere goes, and its room is here alone. */
export async function forgetLeftBehind(work: AnyWork, host: string, left: LeftBehind): Promise<void> {
  if (left.hosts.length === 0) return
  for (const other of left.hosts)
    try {
      await work.onHost(other, 'destroy', null)
    } catch (error) {
      if (isInterruption(error)) throw error
      work.log.warning(`what a failed move left on ${other} stays until the server is deleted`, {
        server: work.server.id,
        error,
      })
    }
  for (const consumer of left.consumers)
    await work.deps.neighbours.placement.release(work.behalf(host), consumer)
  await work.transaction(async tx => {
    await unclaim(tx, work.server.id)
    await claim(tx, work.server, host, 'server', flavorOf(work.server))
  })
}
