// Rendered servers, kept by revision: the text of a server's JSON is made once for each version, viewer and base URL,
// and again only after the server changed. Right in every process, because the revision comes from the database.
import type { Kysely } from 'kysely'
import { limits } from '../../model/limits.ts'
import type { Microversion } from '../../model/microversions.ts'
import { tables } from '../../platform/store/store.ts'
import type { ComputeDeps } from '../deps.ts'
import { faultsOf, type ServerRow, tagsOf } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { type ServerViewKind, serverContext, serverView } from './views/server.ts'

/** What of a server must be known to take its text from memory. */
export interface ServerKey {
  readonly id: string
  readonly revision: number
  readonly host: string | null
}

export interface RenderFor {
  readonly kind: ServerViewKind
  readonly version: Microversion
  readonly isAdmin: boolean
  readonly selfBase: string
  readonly bookmarkBase: string
  /** `host_status` of a host; '' where it is not shown. */
  hostStatus(host: string | null): string
}

interface Kept {
  readonly revision: number
  readonly hostStatus: string
  readonly text: string
}

/** By base URL, then by what is asked for of a server, then by its id. */
const kept = new Map<string, Map<number, Map<string, Kept>>>()
let keptCount = 0

const kinds: Readonly<Record<ServerViewKind, number>> = { show: 0, detail: 1, change: 2, rebuild: 3 }
const slotOf = ({ kind, version, isAdmin }: RenderFor) =>
  version.minor * 8 + kinds[kind] * 2 + (isAdmin ? 1 : 0)

/** The JSON text of one server as its kind of answer has it; null when it must be rendered first. */
export function remembered(server: ServerKey, render: RenderFor): string | null {
  const found = kept.get(render.selfBase)?.get(slotOf(render))?.get(server.id)
  return found !== undefined &&
    found.revision === server.revision &&
    found.hostStatus === render.hostStatus(server.host)
    ? found.text
    : null
}

function remember(id: string, render: RenderFor, entry: Kept): void {
  if (keptCount >= limits.renderedServersMax) {
    kept.clear()
    keptCount = 0
  }
  const slots = kept.get(render.selfBase) ?? new Map<number, Map<string, Kept>>()
  kept.set(render.selfBase, slots)
  const servers = slots.get(slotOf(render)) ?? new Map<string, Kept>()
  slots.set(slotOf(render), servers)
  if (!servers.has(id)) keptCount += 1
  servers.set(id, entry)
}

/** Texts of the servers in their order; those not remembered are read and rendered together, in three queries. */
export async function renderServers(
  deps: ComputeDeps,
  servers: readonly ServerKey[],
  render: RenderFor,
): Promise<readonly string[]> {
  const texts = servers.map(server => remembered(server, render))
  const missing = servers.filter((_, index) => texts[index] === null).map(({ id }) => id)
  if (missing.length === 0) return texts as string[] // none is null
  const made = await renderFresh(tables<ComputeTables>(deps.store), missing, render)
  return servers.flatMap((server, index) => texts[index] ?? made.get(server.id) ?? [])
}

async function renderFresh(
  db: Kysely<ComputeTables>,
  ids: readonly string[],
  render: RenderFor,
): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('servers')
    .selectAll()
    .where('id', 'in', ids as string[])
    .execute()
  return renderRows(db, rows, render)
}

/** Renders rows as they are, and remembers the texts. */
export async function renderRows(
  db: Kysely<ComputeTables>,
  rows: readonly ServerRow[],
  render: RenderFor,
): Promise<ReadonlyMap<string, string>> {
  const ids = rows.map(({ id }) => id)
  const failed = rows
    .filter(({ vm_state, deleted }) => vm_state === 'error' || deleted === 1)
    .map(({ id }) => id)
  const withGroup = render.kind === 'detail' ? [] : rows.flatMap(({ group_id }) => group_id ?? [])
  const [tags, faults, groups] = await Promise.all([
    tagsOf(db, ids),
    faultsOf(db, failed),
    liveGroups(db, withGroup),
  ])
  const view = serverView(render.kind, render.version, render.isAdmin)
  const made = new Map<string, string>()
  for (const row of rows) {
    const hostStatus = render.hostStatus(row.host)
    const context = serverContext(row, {
      selfBase: render.selfBase,
      bookmarkBase: render.bookmarkBase,
      tags: tags.get(row.id) ?? [],
      groups: row.group_id !== null && groups.has(row.group_id) ? [row.group_id] : [],
      hostStatus,
      newestFault: faults.get(row.id),
    })
    const json = JSON.stringify(view(row, context))
    // A show is sent as it is kept; lists and changes put the object into something larger.
    const text = render.kind === 'show' ? `{"server": ${json}}` : json
    made.set(row.id, text)
    remember(row.id, render, { revision: row.revision, hostStatus, text })
  }
  return made
}

async function liveGroups(db: Kysely<ComputeTables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('server_groups')
    .select('id')
    .where('id', 'in', ids as string[])
    .where('deleted', '=', 0)
    .execute()
  return new Set(rows.map(({ id }) => id))
}
