// GET, PUT and DELETE of one server.
import { canonicalIpv6 } from '../../base/ipv6.ts'
import { fault } from '../../model/errors.ts'
import { empty, type MaybePromise, type Reply } from '../../platform/http/types.ts'
import { type Store, tables } from '../../platform/store/store.ts'
import { notifyServerUpdate } from '../notifications/notify.ts'
import { senderOf } from '../notifications/sender.ts'
import { findServer, patchServer, type ServerPatch, type ServerRow } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { bodyOf, type ComputeCall } from './call.ts'
import { hostStatuses, hostStatusesNow } from './host-status.ts'
import { linkBases } from './links.ts'
import { versionOf } from './negotiate.ts'
import { removeServer } from './remove-server.ts'
import { type RenderFor, remembered, renderRows, renderServers } from './rendered.ts'
import type { ServerViewKind } from './views/server.ts'

interface Seen {
  readonly id: string
  readonly revision: number
  readonly host: string | null
  readonly project_id: string
  readonly deleted: number
}

type Look = (id: string) => Seen[] | Promise<Seen[]>
const looks = new WeakMap<Store, Look>()

/** The few columns that say whether a server may be shown, and whether its text is still the one we have. */
function lookOf(store: Store): Look {
  let look = looks.get(store)
  if (!look) {
    look = store.prepared<ComputeTables, Seen>(1, (db, [id]) =>
      db
        .selectFrom('servers')
        .select(['id', 'revision', 'host', 'project_id', 'deleted'])
        .where('id', '=', id!),
    )
    looks.set(store, look)
  }
  return look
}

/** How this call wants servers rendered. */
export function renderFor(
  call: ComputeCall,
  kind: ServerViewKind,
  hostStatus: RenderFor['hostStatus'],
): RenderFor {
  const bases = linkBases(call)
  return {
    kind,
    version: versionOf(call),
    isAdmin: call.auth.isAdmin,
    selfBase: bases.self,
    bookmarkBase: bases.bookmark,
    hostStatus,
  }
}

export function showServer(call: ComputeCall): MaybePromise<Reply> {
  const id = call.params.id!
  const rows = lookOf(call.deps.store)(id)
  return rows instanceof Promise
    ? rows.then(found => showSeen(call, id, found[0]))
    : showSeen(call, id, rows[0])
}

function showSeen(call: ComputeCall, id: string, seen: Seen | undefined): MaybePromise<Reply> {
  const { auth } = call
  if (!seen || seen.deleted === 1 || (!auth.isAdmin && seen.project_id !== auth.project?.id))
    throw fault('ServerNotFound', { server: id })
  call.enforce('os_compute_api:servers:show', { projectId: seen.project_id })
  const statuses = hostStatusesNow(call)
  const text = statuses && remembered(seen, renderFor(call, 'show', statuses))
  return text ? { status: 200, text } : showFresh(call, seen)
}

async function showFresh(call: ComputeCall, seen: Seen): Promise<Reply> {
  const [text] = await renderServers(call.deps, [seen], renderFor(call, 'show', await hostStatuses(call)))
  if (text === undefined) throw fault('ServerNotFound', { server: seen.id })
  return { status: 200, text }
}

/** The reply to a change of a server: its view as it is now, and for a rebuild what else the answer says. */
export async function changedServer(
  call: ComputeCall,
  server: ServerRow,
  kind: 'change' | 'rebuild' = 'change',
  more = '',
): Promise<Reply> {
  const made = await renderRows(
    tables<ComputeTables>(call.deps.store),
    [server],
    renderFor(call, kind, await hostStatuses(call)),
  )
  const text = made.get(server.id) ?? '{}'
  const status = kind === 'rebuild' ? 202 : 200
  return { status, text: `{"server": ${more === '' ? text : `${text.slice(0, -1)}, ${more}}`}}` }
}

/** The server of the call's path, for a handler that needs its row. */
export const serverOf = (call: ComputeCall): Promise<ServerRow> =>
  findServer(tables<ComputeTables>(call.deps.store), call.params.id!, call.auth)

interface UpdateBody {
  readonly server: {
    readonly name?: string
    readonly description?: string | null
    readonly accessIPv4?: string | null
    readonly accessIPv6?: string | null
    readonly hostname?: string
    readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL'
    readonly pinned_availability_zone?: string | null
  }
}

export async function updateServer(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:servers:update', { projectId: server.project_id })
  const { server: wanted } = bodyOf<UpdateBody>(call)
  const patch: ServerPatch = {
    ...(wanted.name === undefined ? {} : { name: wanted.name.trim() }),
    ...(wanted.description === undefined ? {} : { description: wanted.description }),
    ...(wanted.accessIPv4 === undefined ? {} : { access_ipv4: wanted.accessIPv4 || null }),
    ...(wanted.accessIPv6 === undefined
      ? {}
      : { access_ipv6: wanted.accessIPv6 ? canonicalIpv6(wanted.accessIPv6) : null }),
    ...(wanted.hostname === undefined ? {} : { hostname: wanted.hostname }),
    ...(wanted['OS-DCF:diskConfig'] === undefined
      ? {}
      : { auto_disk_config: wanted['OS-DCF:diskConfig'] === 'AUTO' ? (1 as const) : (0 as const) }),
    ...(wanted.pinned_availability_zone === undefined
      ? {}
      : { pinned_zone: pinnedZone(server, wanted.pinned_availability_zone) }),
  }
  const changed = await call.deps.store.accept<ComputeTables, ServerRow | undefined>(tx =>
    patchServer(tx, server.id, patch, call.deps.clock.now()),
  )
  if (!changed) throw fault('ServerNotFound', { server: server.id })
  notifyServerUpdate(senderOf(call), changed, changed.name === server.name ? {} : { oldName: server.name })
  return changedServer(call, changed)
}

/** Unpinning, or pinning to where the server is; anything else would need a move (2.104). */
function pinnedZone(server: ServerRow, zone: string | null): string | null {
  if (zone === null || zone === server.availability_zone || zone === server.pinned_zone) return zone
  throw fault('PinnedZoneConflict', { server: server.id, zone })
}

export async function deleteServer(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:servers:delete', { projectId: server.project_id })
  await removeServer(call, server, call.deps.settings.reclaimSeconds > 0)
  return empty(204)
}
