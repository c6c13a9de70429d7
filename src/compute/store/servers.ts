// Reading and changing server rows. Every change raises the revision and the time of change.
import type { Kysely, Selectable, Transaction, Updateable } from 'kysely'
import { newUuid } from '../../base/ids.ts'
import { readJson } from '../../base/json.ts'
import type { Instant } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import type { TaskState, VmState } from '../../model/server-states.ts'
import { takeNumbers } from '../numbers.ts'
import type {
  BlockDevice,
  FlavorSnapshot,
  ImageSnapshot,
  NetworkInfo,
  RequestedNetworks,
} from '../snapshots.ts'
import type { ComputeTables, ServersTable } from '../tables.ts'

export type ServerRow = Readonly<Selectable<ServersTable>>
export type ServerPatch = Omit<Updateable<ServersTable>, 'id' | 'seq' | 'revision' | 'updated_at'>
type Db = Kysely<ComputeTables> | Transaction<ComputeTables>

export const flavorOf = (server: Pick<ServerRow, 'flavor_json'>): FlavorSnapshot =>
  readJson(server.flavor_json)
export const oldFlavorOf = (server: Pick<ServerRow, 'old_flavor_json'>): FlavorSnapshot | null =>
  server.old_flavor_json === null ? null : readJson(server.old_flavor_json)
export const imageOf = (server: Pick<ServerRow, 'image_json'>): ImageSnapshot => readJson(server.image_json)
export const networkOf = (server: Pick<ServerRow, 'network_json'>): NetworkInfo =>
  readJson(server.network_json)
export const devicesOf = (server: Pick<ServerRow, 'block_devices_json'>): readonly BlockDevice[] =>
  readJson(server.block_devices_json)
/** Volumes a server has or is to have, those that are being made among them. */
export const volumesOf = (server: Pick<ServerRow, 'block_devices_json'>): readonly BlockDevice[] =>
  devicesOf(server).filter(({ destination }) => destination === 'volume')
/** The volume a server boots from; undefined when it boots from a local disk. */
export const rootVolumeOf = (server: Pick<ServerRow, 'block_devices_json'>): BlockDevice | undefined =>
  volumesOf(server).find(({ bootIndex }) => bootIndex === 0)
export const isVolumeBacked = (server: Pick<ServerRow, 'block_devices_json'>): boolean =>
  rootVolumeOf(server) !== undefined
/** A patch of a server: each of its disks edited; null takes one away. */
export const editDevices = (
  server: Pick<ServerRow, 'block_devices_json'>,
  edit: (device: BlockDevice) => BlockDevice | null,
): Pick<ServerRow, 'block_devices_json'> => ({
  block_devices_json: JSON.stringify(devicesOf(server).flatMap(device => edit(device) ?? [])),
})
export const metadataOf = (server: Pick<ServerRow, 'metadata_json'>): Record<string, string> =>
  readJson(server.metadata_json)
export const hintsOf = (server: Pick<ServerRow, 'hints_json'>): Record<string, unknown> =>
  readJson(server.hints_json)
/** Scheduler hints as Nova keeps and shows them: each a list of values. */
export const hintListsOf = (server: Pick<ServerRow, 'hints_json'>): Record<string, readonly unknown[]> =>
  listedHints(hintsOf(server))
export const listedHints = (hints: Readonly<Record<string, unknown>>): Record<string, readonly unknown[]> =>
  Object.fromEntries(
    Object.entries(hints).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]),
  )
export const requestedNetworksOf = (server: Pick<ServerRow, 'requested_networks_json'>): RequestedNetworks =>
  readJson(server.requested_networks_json)
export const securityGroupsOf = (server: Pick<ServerRow, 'security_groups_json'>): readonly string[] =>
  readJson(server.security_groups_json)

/** `instance-0000002a`, the hypervisor's name of a server. */
export const instanceName = (server: Pick<ServerRow, 'seq'>): string =>
  `instance-${server.seq.toString(16).padStart(8, '0')}`

/** The server, deleted ones too; undefined when there never was one. */
export const readServer = (db: Db, id: string): Promise<ServerRow | undefined> =>
  db.selectFrom('servers').selectAll().where('id', '=', id).executeTakeFirst()

/** Who may see a server: administrators every one, others those of their project. */
export interface Viewer {
  readonly isAdmin: boolean
  readonly project: { readonly id: string } | null
}

/** The live server as the caller may see it; ServerNotFound otherwise, so that ids of others tell nothing. */
export async function findServer(db: Db, id: string, viewer: Viewer): Promise<ServerRow> {
  const server = await readServer(db, id)
  if (!server || server.deleted === 1 || (!viewer.isAdmin && server.project_id !== viewer.project?.id))
    throw fault('ServerNotFound', { server: id })
  return server
}

/** What must still be so for a change to happen; undefined parts are not checked. */
export interface Guard {
  readonly vmState?: VmState
  readonly taskState?: TaskState | null
  readonly taskStateNot?: TaskState
  /** The server must not be on its way out. */
  readonly notDeleting?: true
  /** Nothing of it may have changed since. */
  readonly revision?: number
}

/** Changes a server when the guard holds; undefined when it did not, and nothing was changed. */
export async function patchServer(
  db: Db,
  id: string,
  patch: ServerPatch,
  now: Instant,
  guard: Guard = {},
): Promise<ServerRow | undefined> {
  let query = db
    .updateTable('servers')
    .set({ ...patch, updated_at: now })
    .set(eb => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .where('deleted', '=', 0)
  if (guard.vmState !== undefined) query = query.where('vm_state', '=', guard.vmState)
  if (guard.taskState !== undefined)
    query =
      guard.taskState === null
        ? query.where('task_state', 'is', null)
        : query.where('task_state', '=', guard.taskState)
  if (guard.revision !== undefined) query = query.where('revision', '=', guard.revision)
  const { taskStateNot } = guard
  if (taskStateNot !== undefined)
    query = query.where(eb => eb.or([eb('task_state', 'is', null), eb('task_state', '!=', taskStateNot)]))
  if (guard.notDeleting)
    query = query.where(eb =>
      eb.or([eb('task_state', 'is', null), eb('task_state', 'not in', ['deleting', 'soft-deleting'])]),
    )
  return query.returningAll().executeTakeFirst()
}

/** The row goes on as a deleted record, on the host it was on: its actions stay readable. */
export const deletedPatch = (now: Instant): ServerPatch => ({
  deleted: 1,
  deleted_at: now,
  terminated_at: now,
  vm_state: 'deleted',
  task_state: null,
  power_state: 0,
  network_json: '[]',
  block_devices_json: '[]',
})

/** What goes with a server: faults and tags, as in Nova. */
export async function forgetServer(tx: Transaction<ComputeTables>, id: string): Promise<void> {
  await tx.deleteFrom('server_faults').where('server_id', '=', id).execute()
  await tx.deleteFrom('server_tags').where('server_id', '=', id).execute()
}

export interface FaultRecord {
  readonly code: number
  readonly message: string
  readonly details: string
  readonly host: string | null
}

export async function addFault(
  tx: Transaction<ComputeTables>,
  serverId: string,
  record: FaultRecord,
  now: Instant,
): Promise<void> {
  await tx
    .insertInto('server_faults')
    .values({
      id: newUuid(),
      server_id: serverId,
      seq: await takeNumbers(tx, 'fault'),
      ...record,
      created_at: now,
    })
    .execute()
}

/** Tags of several servers at once, sorted. */
export async function tagsOf(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const tags = new Map<string, string[]>(ids.map(id => [id, []]))
  if (ids.length === 0) return tags
  const rows = await db
    .selectFrom('server_tags')
    .selectAll()
    .where('server_id', 'in', ids as string[])
    .orderBy('tag')
    .execute()
  for (const { server_id, tag } of rows) tags.get(server_id)?.push(tag)
  return tags
}

/** The newest fault of each server that has one. */
export async function faultsOf(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Selectable<ComputeTables['server_faults']>>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('server_faults')
    .selectAll()
    .where('server_id', 'in', ids as string[])
    .orderBy('seq')
    .execute()
  return new Map(rows.map(row => [row.server_id, row]))
}
