// The network service tells when a server's ports change; the server's addresses and groups are read again then, as
// Nova does on a network-changed event.
import { newRequestId } from '../base/ids.ts'
import type { Clock } from '../base/time.ts'
import type { Log } from '../platform/journal/log.ts'
import { type Store, tables } from '../platform/store/store.ts'
import type { Neighbours } from './neighbours/neighbours.ts'
import { patchServer, readServer } from './store/servers.ts'
import type { ComputeTables } from './tables.ts'

export interface RefreshDeps {
  readonly store: Store
  readonly clock: Clock
  readonly neighbours: Neighbours
  readonly log: Log
}

/** Takes events and refreshes each server named, once for any number of events that come together. */
export function refreshPorts({
  store,
  clock,
  neighbours,
  log,
}: RefreshDeps): (event: { readonly name: string; readonly serverId: string }) => void {
  const waiting = new Set<string>()

  async function refresh(id: string): Promise<void> {
    const server = await readServer(tables<ComputeTables>(store), id)
    // While an operation runs it writes the addresses itself.
    if (!server || server.deleted === 1 || server.task_state !== null || server.vm_state === 'building')
      return
    const on = { ids: { requestId: newRequestId(), globalRequestId: null }, log }
    const [network, groups] = [
      await neighbours.network.info(on, id),
      await neighbours.network.securityGroups(on, id),
    ]
    const patch = { network_json: JSON.stringify(network), security_groups_json: JSON.stringify(groups) }
    if (
      patch.network_json === server.network_json &&
      patch.security_groups_json === server.security_groups_json
    )
      return
    await store.transaction<ComputeTables, unknown>(tx =>
      patchServer(tx, id, patch, clock.now(), { taskState: null }),
    )
  }

  return ({ name, serverId }) => {
    if (!name.startsWith('network-') || waiting.has(serverId)) return
    waiting.add(serverId)
    setTimeout(() => {
      waiting.delete(serverId)
      refresh(serverId).catch(error =>
        log.warning('ports changed, and could not be read', { server: serverId, error }),
      )
    }, settleMs).unref()
  }
}

/** Events of one change come together; one look answers them all. */
const settleMs = 20
