// Snapshots: what a volume held at a moment, listed, made, changed, deleted.
import { fault } from '../model/errors.ts'
import {
  type SnapshotStatus,
  snapshotAllowedFrom,
  snapshotStatuses,
  volumeAllowedFrom,
} from '../model/volume-states.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import {
  dbOf,
  findSnapshot,
  findSnapshotRow,
  findVolume,
  listedProject,
  orList,
  type VolumeCall,
} from './access.ts'
import { isTrue, readFlag } from './input.ts'
import { hasProperty, pairs } from './list-filters.ts'
import { type Condition, equalFilters, inProject, listRows } from './listing.ts'
import { unmanageSnapshot } from './managing/manage.ts'
import { has } from './negotiate.ts'
import { type ForOthers, ownershipOf } from './owner.ts'
import { readSorts } from './paging.ts'
import {
  lockSnapshot,
  lockVolume,
  type Named,
  putProperties,
  type VolumeTransaction,
  withMetadata,
} from './store.ts'
import type { VolumeSnapshotRow } from './tables.ts'
import { reserve } from './usage.ts'
import { snapshotView } from './views.ts'
import { addJob } from './work.ts'

const sortKeys = ['name', 'status', 'volume_id', 'created_at', 'id'] as const

export const listSnapshots = (call: VolumeCall): Promise<Reply> => list(call, false)
export const listSnapshotDetails = (call: VolumeCall): Promise<Reply> => list(call, true)

async function list(call: VolumeCall, isDetailed: boolean): Promise<Reply> {
  call.enforce('volume:get_all_snapshots')
  const project = listedProject(call, isTrue(call.query.one('all_tenants')))
  const { rows, tail } = await listRows(call, {
    table: 'volume_snapshots',
    sorts: readSorts(call.query, sortKeys),
    conditions: [inProject(project), ...filters(call)],
    marker: id => findSnapshotRow(call, 'volume:get_snapshot', id),
  })
  const snapshots = await withMetadata(dbOf(call), rows)
  return json(200, {
    snapshots: snapshots.map(snapshot => snapshotView(call, snapshot, { isDetailed })),
    ...(await tail('snapshots', isDetailed ? 'snapshots/detail' : 'snapshots')),
  })
}

const plainFilters = ['name', 'status', 'volume_id', 'user_id', 'id', 'group_snapshot_id'] as const

function filters(call: VolumeCall): Condition[] {
  const { query } = call
  const columns = Object.fromEntries(plainFilters.map(name => [name, name]))
  const conditions = equalFilters(call, 'snapshot', columns, ['consumes_quota'])
  const metadata = query.one('metadata')
  if (metadata !== undefined && has(call, 'snapshotMetadataFilter'))
    for (const pair of pairs(metadata)) conditions.push(hasProperty('volume_snapshots', 'metadata', pair))
  return conditions
}

export const showSnapshot = async (call: VolumeCall): Promise<Reply> =>
  json(200, {
    snapshot: snapshotView(
      call,
      await findSnapshot(call, 'volume:get_snapshot', call.params.snapshot_id!), // in the route's path
      { isDetailed: true },
    ),
  })

interface SnapshotBody {
  readonly snapshot: {
    readonly name?: string | null
    readonly display_name?: string | null
    readonly description?: string | null
    readonly display_description?: string | null
    readonly metadata?: Named | null
  }
}
interface CreateBody {
  readonly snapshot: SnapshotBody['snapshot'] & {
    readonly volume_id: string | null
    readonly force?: boolean | string | null
  } & ForOthers
}

export async function createSnapshot(call: VolumeCall): Promise<Reply> {
  const { snapshot: given } = call.body as CreateBody // as its schema says
  const volume = await findVolume(call, 'volume:create_snapshot', given.volume_id ?? 'None')
  const allowed = allowedFor(call, given.force)
  const { id, projectId, userId } = ownershipOf(call, given)
  const row: VolumeSnapshotRow = {
    id,
    volume_id: volume.id,
    project_id: projectId ?? volume.project_id,
    user_id: userId,
    name: given.name ?? given.display_name ?? null,
    description: given.description ?? given.display_description ?? null,
    size: volume.size,
    status: 'creating',
    written_bytes: 0,
    group_snapshot_id: null,
    progress: null,
    created_at: call.deps.clock.now(),
    updated_at: null,
  }
  const metadata = given.metadata ?? {}
  const size = await call.deps.store.accept(async (tx: VolumeTransaction) => {
    const now = await lockVolume(tx, volume.id)
    if (!now) throw fault('VolumeNotFound', { volume: volume.id })
    if (!allowed.includes(now.status))
      throw fault('VolumeInvalid', {
        reason: `Volume ${now.id} status must be ${orList(allowed)}, but current status is: ${now.status}.`,
      })
    await reserve(tx, row.project_id, { snapshots: 1, gigabytes: now.size }, now.type_id)
    await tx
      .insertInto('volume_snapshots')
      .values({ ...row, size: now.size })
      .execute()
    await putProperties(tx, row.id, 'metadata', metadata)
    await addJob(tx, call, { kind: 'create-snapshot', subject: row.id, source: now.id })
    return now.size
  })
  call.deps.work.wake()
  return json(202, { snapshot: snapshotView(call, { ...row, size, metadata }, { isDetailed: false }) })
}

/** From 3.66 on a volume in use needs no force, and saying `force=false` is a mistake. */
function allowedFor(call: VolumeCall, force: boolean | string | null | undefined): readonly string[] {
  const isForced = force != null && readFlag('force', force)
  if (has(call, 'snapshotsWithoutForce')) {
    if (force != null && !isForced)
      throw fault('VolumeInputInvalid', {
        reason:
          "Invalid value 'False' for 'force'. The 'force' parameter is invalid since microversion 3.66.",
      })
    return volumeAllowedFrom.snapshotForced
  }
  return isForced ? volumeAllowedFrom.snapshotForced : volumeAllowedFrom.snapshot
}

export async function updateSnapshot(call: VolumeCall): Promise<Reply> {
  const { snapshot: given } = call.body as SnapshotBody // as its schema says
  const { id } = await findSnapshot(call, 'volume:update_snapshot', call.params.snapshot_id!) // in the route's path
  const name = given.name === undefined ? given.display_name : given.name
  const description = given.description === undefined ? given.display_description : given.description
  const change = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    updated_at: call.deps.clock.now(),
  }
  await call.deps.store.accept((tx: VolumeTransaction) =>
    tx.updateTable('volume_snapshots').set(change).where('id', '=', id).execute(),
  )
  const snapshot = await findSnapshot(call, 'volume:get_snapshot', id)
  return json(200, { snapshot: snapshotView(call, snapshot, { isDetailed: false }) })
}

export async function deleteSnapshot(call: VolumeCall): Promise<Reply> {
  const { id } = await findSnapshotRow(call, 'volume:delete_snapshot', call.params.snapshot_id!) // in the route's path
  await removeSnapshot(call, id, false)
  return empty(202)
}

/** Forced, it is deleted whatever it is, and once more where it said so for long. */
async function removeSnapshot(call: VolumeCall, id: string, isForced: boolean): Promise<void> {
  const allowed: readonly string[] = isForced ? snapshotStatuses : snapshotAllowedFrom.delete
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    const snapshot = await lockSnapshot(tx, id)
    if (!snapshot) throw fault('VolumeSnapshotNotFound', { snapshot: id })
    if (snapshot.status === 'deleting' && !isForced) return
    if (!allowed.includes(snapshot.status) || snapshot.group_snapshot_id !== null)
      throw fault('VolumeSnapshotInvalid', {
        reason: `Snapshot status must be ${orList(allowed)} and must not be part of a group.`,
      })
    await tx
      .updateTable('volume_snapshots')
      .set({ status: 'deleting', updated_at: now })
      .where('id', '=', id)
      .execute()
    await addJob(tx, call, { kind: 'delete-snapshot', subject: id, source: snapshot.volume_id })
  })
  call.deps.work.wake()
}

interface ActionBody {
  readonly 'os-reset_status'?: { readonly status: string }
  readonly 'os-force_delete'?: unknown
  readonly 'os-unmanage'?: unknown
  readonly 'os-update_snapshot_status'?: { readonly status: string; readonly progress?: string }
}

/** POST /snapshots/{id}/action: what administrators do to snapshots that are stuck, and giving one up. */
export async function actOnSnapshot(call: VolumeCall): Promise<Reply> {
  const body = call.body as ActionBody // as its schema says
  const id = call.params.snapshot_id! // in the route's path
  const reset = body['os-reset_status']
  const update = body['os-update_snapshot_status']
  if (reset) await resetStatus(call, id, reset.status)
  else if (update) await updateStatus(call, id, update)
  else if (Object.hasOwn(body, 'os-unmanage')) {
    await findSnapshotRow(call, 'snapshot_extension:snapshot_unmanage', id)
    await unmanageSnapshot(call, id)
  } else {
    await findSnapshotRow(call, 'volume_extension:snapshot_admin_actions:force_delete', id)
    await removeSnapshot(call, id, true)
  }
  return empty(202)
}

async function resetStatus(call: VolumeCall, id: string, wanted: string): Promise<void> {
  await findSnapshotRow(call, 'volume_extension:snapshot_admin_actions:reset_status', id)
  const status = snapshotStatuses.find(known => known === wanted)
  if (!status) throw fault('VolumeBadRequest', { reason: `Must specify a valid status. Invalid: ${wanted}` })
  await write(call, id, { status })
}

/** What may follow what, where compute says how far it is (cinder/api/contrib/snapshot_actions.py). */
const nextStatuses: Readonly<Partial<Record<SnapshotStatus, readonly SnapshotStatus[]>>> = {
  creating: ['creating', 'available', 'error'],
  deleting: ['deleting', 'error_deleting'],
}

async function updateStatus(
  call: VolumeCall,
  id: string,
  given: { readonly status: string; readonly progress?: string },
): Promise<void> {
  const snapshot = await findSnapshotRow(
    call,
    'snapshot_extension:snapshot_actions:update_snapshot_status',
    id,
  )
  const next = nextStatuses[snapshot.status]
  if (!next)
    throw fault('VolumeBadRequest', {
      reason: `Snapshot status ${snapshot.status} not allowed for update_snapshot_status`,
    })
  const status = next.find(known => known === given.status)
  if (!status)
    throw fault('VolumeBadRequest', {
      reason: `Provided snapshot status ${given.status} not allowed for snapshot with status ${snapshot.status}.`,
    })
  if (given.progress !== undefined && !/^(100|\d{1,2})%$/.test(given.progress))
    throw fault('VolumeBadRequest', { reason: 'progress must be an integer percentage' })
  await write(call, id, { status, ...(given.progress === undefined ? {} : { progress: given.progress }) })
}

async function write(
  call: VolumeCall,
  id: string,
  given: Partial<Pick<VolumeSnapshotRow, 'progress' | 'status'>>,
): Promise<void> {
  const change = { ...given, updated_at: call.deps.clock.now() }
  await call.deps.store.accept((tx: VolumeTransaction) =>
    tx.updateTable('volume_snapshots').set(change).where('id', '=', id).execute(),
  )
}
