// Snapshots of whole groups (3.14; cinder/api/v3/group_snapshots.py): one snapshot of each volume, made and deleted
// together.
import { newUuid } from '../../base/ids.ts'
import { isoMicros } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import { type GroupSnapshotStatus, groupSnapshotAllowedFrom } from '../../model/volume-states.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { dbOf, listedProject, type VolumeCall } from '../access.ts'
import { isTrue } from '../input.ts'
import { type Condition, equalFilters, inProject, type Listed, listRows } from '../listing.ts'
import { has } from '../negotiate.ts'
import { readSorts } from '../paging.ts'
import type { Db, VolumeTransaction } from '../store.ts'
import type { VolumeRow, VolumeSnapshotRow } from '../tables.ts'
import { reserve } from '../usage.ts'
import { addJobs } from '../work.ts'
import { type Api, findGroup, findGroupSnapshot, legacyType, lockGroup } from './access.ts'
import { followGroupSnapshot } from './follow.ts'
import type { VolumeGroupSnapshotRow } from './tables.ts'
import { groupSpecsOf } from './types.ts'

export const listGroupSnapshots = (call: VolumeCall): Promise<Reply> => list(call, false)
export const listGroupSnapshotDetails = (call: VolumeCall): Promise<Reply> => list(call, true)

/** Rows of group snapshots of one of the two APIs. Pages and filters came with 3.29. */
export async function listGroupSnapshotRows(
  call: VolumeCall,
  more: readonly Condition[],
): Promise<Listed<'volume_group_snapshots'>> {
  call.enforce('group:get_all_group_snapshots')
  const project = listedProject(call, isTrue(call.query.one('all_tenants')))
  return listRows(call, {
    table: 'volume_group_snapshots',
    sorts: readSorts(call.query, ['name', 'status', 'group_id', 'created_at', 'id'] as const),
    conditions: [inProject(project), ...more],
    marker: id => findGroupSnapshot(call, 'group:get_group_snapshot', id, 'consistency'),
  })
}

const filters = { name: 'name', status: 'status', group_id: 'group_id', id: 'id' }

async function list(call: VolumeCall, isDetailed: boolean): Promise<Reply> {
  const legacy = await legacyType(dbOf(call))
  const { rows, tail } = await listGroupSnapshotRows(call, [
    eb => eb('group_type_id', '<>', legacy?.id ?? ''),
    ...(has(call, 'groupSnapshotPaging') ? equalFilters(call, 'group_snapshot', filters) : []),
  ])
  const path = isDetailed ? 'group_snapshots/detail' : 'group_snapshots'
  const { count: _, ...links } = await tail('group_snapshot', path)
  return json(200, {
    group_snapshots: rows.map(row => (isDetailed ? view(call, row) : { id: row.id, name: row.name })),
    ...links,
  })
}

const view = (call: VolumeCall, row: VolumeGroupSnapshotRow) => ({
  id: row.id,
  group_id: row.group_id,
  group_type_id: row.group_type_id,
  status: row.status,
  created_at: isoMicros(row.created_at),
  name: row.name,
  description: row.description,
  ...(has(call, 'groupProject') && call.allows('group:group_snapshot_project_attribute')
    ? { project_id: row.project_id }
    : {}),
})

export async function showGroupSnapshot(call: VolumeCall): Promise<Reply> {
  const row = await findGroupSnapshot(call, 'group:get_group_snapshot', call.params.id!) // in the route's path
  return json(200, { group_snapshot: view(call, row) })
}

interface CreateBody {
  readonly group_snapshot: {
    readonly group_id: string
    readonly name?: string | null
    readonly description?: string | null
  }
}

export async function createGroupSnapshot(call: VolumeCall): Promise<Reply> {
  const { group_snapshot: given } = call.body as CreateBody // as its schema says
  const row = await makeGroupSnapshot(
    call,
    { groupId: given.group_id, name: given.name ?? null, description: given.description ?? null },
    'groups',
  )
  return json(202, {
    group_snapshot: { id: row.id, name: row.name, group_type_id: row.group_type_id },
  })
}

/** Accepts a snapshot of every volume of the group. */
export async function makeGroupSnapshot(
  call: VolumeCall,
  given: { readonly groupId: string; readonly name: string | null; readonly description: string | null },
  api: Api,
): Promise<VolumeGroupSnapshotRow> {
  const group = await findGroup(call, 'group:create_group_snapshot', given.groupId, api)
  const row: VolumeGroupSnapshotRow = {
    id: newUuid(),
    group_id: group.id,
    group_type_id: group.group_type_id,
    project_id: call.auth.project?.id ?? group.project_id,
    user_id: call.auth.userId,
    name: given.name,
    description: given.description,
    status: 'creating',
    created_at: call.deps.clock.now(),
    updated_at: null,
  }
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await lockGroup(tx, group.id)
    await tx.insertInto('volume_group_snapshots').values(row).execute()
    const volumes = await holdVolumes(tx, row)
    await insertSnapshots(tx, call, row, volumes)
    await followGroupSnapshot(tx, row.id)
  })
  call.deps.work.wake()
  return row
}

/** The group's volumes, held. Copies of what is written meanwhile would not be of one moment. */
async function holdVolumes(tx: Db, row: VolumeGroupSnapshotRow): Promise<VolumeRow[]> {
  const volumes = await tx
    .updateTable('volumes')
    .set(eb => ({ status: eb.ref('status') }))
    .where('group_id', '=', row.group_id)
    .returningAll()
    .execute()
  const specs = (await groupSpecsOf(tx, [row.group_type_id])).get(row.group_type_id) ?? {}
  const isConsistent = specs.consistent_group_snapshot_enabled === '<is> True'
  for (const { id, status } of volumes) {
    if (status === 'available' || (status === 'in-use' && !isConsistent)) continue
    throw fault('VolumeInvalid', {
      reason: `The snapshot cannot be created when volume ${id} is in ${status} status.`,
    })
  }
  return volumes
}

async function insertSnapshots(
  tx: VolumeTransaction,
  call: VolumeCall,
  whole: VolumeGroupSnapshotRow,
  volumes: readonly VolumeRow[],
): Promise<void> {
  if (volumes.length === 0) return
  for (const [typeId, ofType] of Map.groupBy(volumes, ({ type_id }) => type_id)) {
    const gigabytes = ofType.reduce((sum, { size }) => sum + size, 0)
    await reserve(tx, whole.project_id, { snapshots: ofType.length, gigabytes }, typeId)
  }
  const rows = volumes.map(
    (volume): VolumeSnapshotRow => ({
      id: newUuid(),
      volume_id: volume.id,
      project_id: whole.project_id,
      user_id: whole.user_id,
      name: whole.name,
      description: whole.description,
      size: volume.size,
      status: 'creating',
      written_bytes: 0,
      group_snapshot_id: whole.id,
      progress: null,
      created_at: whole.created_at,
      updated_at: null,
    }),
  )
  await tx.insertInto('volume_snapshots').values(rows).execute()
  await addJobs(
    tx,
    call,
    rows.map(row => ({ kind: 'create-snapshot', subject: row.id, source: row.volume_id })),
  )
}

export async function deleteGroupSnapshot(call: VolumeCall, api: Api = 'groups'): Promise<Reply> {
  const { id } = await findGroupSnapshot(call, 'group:delete_group_snapshot', call.params.id!, api) // in the route's path
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await setStatus(tx, id, now)
    const parts = await tx
      .updateTable('volume_snapshots')
      .set({ status: 'deleting', updated_at: now })
      .where('group_snapshot_id', '=', id)
      .returning(['id', 'volume_id'])
      .execute()
    await addJobs(
      tx,
      call,
      parts.map(part => ({ kind: 'delete-snapshot', subject: part.id, source: part.volume_id })),
    )
    await followGroupSnapshot(tx, id)
  })
  call.deps.work.wake()
  return empty(202)
}

/** To `deleting`, unless it is busy or a group is being made of it. */
async function setStatus(tx: Db, id: string, now: number): Promise<void> {
  const allowed: readonly GroupSnapshotStatus[] = groupSnapshotAllowedFrom.delete
  const user = await tx
    .selectFrom('volume_groups')
    .select('id')
    .where('group_snapshot_id', '=', id)
    .where('status', '=', 'creating')
    .executeTakeFirst()
  const { numUpdatedRows } = await tx
    .updateTable('volume_group_snapshots')
    .set({ status: 'deleting', updated_at: now })
    .where('id', '=', id)
    .where('status', 'in', allowed)
    .executeTakeFirst()
  if (user || numUpdatedRows === 0n)
    throw fault('VolumeGroupSnapshotInvalid', {
      reason:
        'GroupSnapshot status must be available or error, and no Group can be currently using it as source for its creation.',
    })
}

interface ResetBody {
  readonly reset_status: { readonly status: GroupSnapshotStatus }
}

/** POST /group_snapshots/{id}/action, 3.19. */
export async function resetGroupSnapshot(call: VolumeCall): Promise<Reply> {
  const { status } = (call.body as ResetBody).reset_status // as its schema says
  const { id } = await findGroupSnapshot(call, 'group:reset_group_snapshot_status', call.params.id!) // in the route's path
  const change = { status, updated_at: call.deps.clock.now() }
  await call.deps.store.accept((tx: VolumeTransaction) =>
    tx.updateTable('volume_group_snapshots').set(change).where('id', '=', id).execute(),
  )
  return empty(202)
}
