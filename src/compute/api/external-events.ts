// POST /os-server-external-events: what other services tell of servers. Each event is answered for itself; 207 when not
// every one could be taken (nova/api/openstack/compute/server_external_events.py).

import { fault, isFault } from '../../model/errors.ts'
import type { ExternalEventName } from '../../model/external-events.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { type Acceptance, accept } from '../accept.ts'
import { readServer, type ServerRow } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { bodyOf, type ComputeCall } from './call.ts'

interface ExternalEvent {
  readonly name: ExternalEventName
  readonly server_uuid: string
  readonly status?: string
  readonly tag?: string
}

export async function createExternalEvents(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-server-external-events:create')
  const { events } = bodyOf<{ readonly events: readonly ExternalEvent[] }>(call)
  const servers = await serversOf(call, events)
  const answered = events.map(event => {
    const server = servers.get(event.server_uuid)
    const code = codeOf(event, server)
    return { ...event, status: code === 200 ? 'completed' : 'failed', code }
  })
  if (!answered.some(({ code }) => code === 200)) throw fault('NoServerForEvents')
  for (const [index, event] of events.entries()) {
    const server = servers.get(event.server_uuid)
    if (server && answered[index]?.code === 200) await take(call, server, event)
  }
  return json(answered.every(({ code }) => code === 200) ? 200 : 207, { events: answered })
}

async function serversOf(
  { deps }: ComputeCall,
  events: readonly ExternalEvent[],
): Promise<ReadonlyMap<string, ServerRow>> {
  const rows = await tables<ComputeTables>(deps.store)
    .selectFrom('servers')
    .selectAll()
    .where('id', 'in', [...new Set(events.map(event => event.server_uuid))])
    .where('deleted', '=', 0)
    .execute()
  return new Map(rows.map(row => [row.id, row]))
}

function codeOf(event: ExternalEvent, server: ServerRow | undefined): 200 | 400 | 404 | 422 {
  if (!server) return 404
  if (event.name === 'volume-extended' && event.tag === undefined) return 400
  return server.host === null ? 422 : 200
}

/** Ports are read again, a machine's power followed, a volume's size told. Nothing here waits for the other events. */
async function take(call: ComputeCall, server: ServerRow, { name, tag = '' }: ExternalEvent): Promise<void> {
  if (name.startsWith('network-')) return call.deps.onPortEvent({ name, serverId: server.id })
  // Whoever waits for it looks at the volume itself.
  if (name === 'volume-reimaged') return call.deps.onVolumeNews(server.id, tag)
  const work = workFor(name, tag)
  if (work) await begin(call, server, name, work)
}

/** What an event sets going; null for those that are only taken. */
function workFor(name: ExternalEventName, tag: string): Pick<Acceptance, 'action' | 'args' | 'kind'> | null {
  if (name === 'volume-extended')
    return { kind: 'extendVolume', action: 'extend_volume', args: { volumeId: tag } }
  if (name !== 'power-update' || (tag !== 'POWER_ON' && tag !== 'POWER_OFF')) return null
  return { kind: 'powerUpdate', action: tag === 'POWER_ON' ? 'start' : 'stop', args: { target: tag } }
}

async function begin(
  call: ComputeCall,
  server: ServerRow,
  name: ExternalEventName,
  work: Pick<Acceptance, 'action' | 'args' | 'kind'>,
  isAgain = false,
): Promise<void> {
  try {
    await accept(call, { ...work, name, server, patch: {} })
  } catch (error) {
    if (!isFault(error)) throw error
    // Something else came first: it is taken by the server as that left it.
    const now = isAgain ? undefined : await readServer(tables<ComputeTables>(call.deps.store), server.id)
    if (now && now.deleted === 0 && now.host !== null) return begin(call, now, name, work, true)
    call.log.info(`${name} came too late`, { server: server.id, summary: error })
  }
}
