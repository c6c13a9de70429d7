// The network service tells when a server's ports change; the server's addresses and groups are read again then, as
// Nova does on a network-changed event.
import { newRequestId } from '../base/ids.ts'
import type { Clock } from '../base/time.ts'
import type { TaskState } from '../model/server-states.ts'
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
  const look = store.prepared<ComputeTables, { readonly task_state: TaskState | null }>(1, (db, [id]) =>
    db.selectFrom('servers').select('task_state').where('id', '=', id!),
  )

  async function refresh(id: string): Promise<void> {
    const server = await readServer(tables<ComputeTables>(store), id)
    if (!server || server.deleted === 1) return
    if (server.task_state !== null) return again(id)
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
    void Promise.resolve(look(serverId)).then(
      ([server]) => {
        // What an operation does to ports it writes down itself.
        if (server && (server.task_state === null || !writesPorts.has(server.task_state)))
          later(serverId, settleMs)
        else waiting.delete(serverId)
      },
      () => waiting.delete(serverId),
    )
  }

  // Something else is going on with the server: look when it is over.
  function again(serverId: string): void {
    if (waiting.has(serverId)) return
    waiting.add(serverId)
    later(serverId, busyMs)
  }

  function later(serverId: string, ms: number): void {
    setTimeout(() => {
      waiting.delete(serverId)
      refresh(serverId).catch(error =>
        log.warning('ports changed, and could not be read', { server: serverId, error }),
      )
    }, ms).unref()
  }
}

/** Events of one change come together; one look answers them all. */
const settleMs = 20
const busyMs = 500

/** task_states whose operations end by writing the ports down, or without any. */
const writesPorts: ReadonlySet<TaskState> = new Set([
  'scheduling',
  'networking',
  'block_device_mapping',
  'spawning',
  'resize_finish',
  'resize_reverting',
  'unshelving',
  'deleting',
])
