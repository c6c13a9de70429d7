// POST /servers/{id}/remote-consoles, the actions that came before it (until 2.5), and what a console's token leads to.
import { type ConsoleProtocol, type ConsoleRow, consoles } from '../../model/consoles.ts'
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { checkAdmission } from '../accept.ts'
import { askHost } from '../ask-host.ts'
import { addConsoleToken, findConsoleToken } from '../store/console-tokens.ts'
import type { ServerRow } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { requireHost } from './actions/power.ts'
import { bodyOf, type ComputeCall } from './call.ts'
import { versionOf } from './negotiate.ts'
import { serverOf } from './servers.ts'

interface RemoteConsoleBody {
  readonly remote_console: { readonly protocol: ConsoleProtocol; readonly type: string }
}

export async function createRemoteConsole(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-remote-consoles', { projectId: server.project_id })
  const { protocol, type } = bodyOf<RemoteConsoleBody>(call).remote_console
  return json(200, { remote_console: { protocol, type, url: await urlOf(call, server, protocol, type) } })
}

const consoleAction =
  (protocol: ConsoleProtocol) =>
  async (call: ComputeCall, server: ServerRow, { type }: { readonly type: string }): Promise<Reply> =>
    json(200, { console: { type, url: await urlOf(call, server, protocol, type) } })

export const getVncConsole = consoleAction('vnc')
export const getSpiceConsole = consoleAction('spice')
export const getSerialConsole = consoleAction('serial')

/** Asks the host for the console, and makes a token that leads there for a while. */
async function urlOf(
  call: ComputeCall,
  server: ServerRow,
  protocol: ConsoleProtocol,
  type: string,
): Promise<string> {
  checkAdmission(call, server, `get_${protocol}_console`)
  const serverHost = requireHost(server)
  const row = (consoles as readonly ConsoleRow[]).find(one => one.protocol === protocol && one.type === type)
  const endpoint = await askHost(call, serverHost, server, 'consoleEndpoint', { protocol })
  if (endpoint === null) throw fault('ConsoleTypeUnavailable', { type })
  if (!row?.url) throw fault('ConsoleTypeInvalid', { type })
  const token = await call.deps.store.accept<ComputeTables, string>(tx =>
    addConsoleToken(
      tx,
      {
        server_id: server.id,
        server_host: serverHost,
        console_type: type,
        host: endpoint.host,
        port: endpoint.port,
        tls_port: endpoint.tlsPort,
        internal_access_path: endpoint.path,
      },
      call.deps.clock.now(),
    ),
  )
  return row.url.replace('{token}', token)
}

export async function showConsoleToken(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-console-auth-tokens')
  const { store, clock } = call.deps
  const found = await findConsoleToken(tables<ComputeTables>(store), call.params.token!, clock.now()) // in the route's path
  if (!found) throw fault('ConsoleTokenNotFound')
  const version = versionOf(call)
  // Until 2.30 only RDP's were told, and no host has those any more.
  if (!version.has('allConsoleTokens')) throw fault('ConsoleDetailsHidden')
  const { server_id: instance_uuid, host, port, internal_access_path, tls_port } = found
  return json(200, {
    console: {
      instance_uuid,
      host,
      port,
      internal_access_path,
      ...(version.has('spiceDirect') ? { tls_port } : {}),
    },
  })
}
