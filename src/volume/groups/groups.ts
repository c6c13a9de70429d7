// Groups of volumes (3.13): listed, shown, made, changed (cinder/api/v3/groups.py, cinder/group/api.py).
import { newUuid } from '../../base/ids.ts'
import { isoMicros } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import { type GroupStatus, groupAllowedFrom } from '../../model/volume-states.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { dbOf, listedProject, type VolumeCall } from '../access.ts'
import { isTrue } from '../input.ts'
import { type Condition, equalFilters, inProject, type Listed, listRows } from '../listing.ts'
import { has } from '../negotiate.ts'
import { readSorts } from '../paging.ts'
import { unmetSpecs } from '../services/scheduling.ts'
import { isEnabled } from '../services/state.ts'
import { type Db, type Named, type VolumeTransaction, withSpecs } from '../store.ts'
import { findTypeByRef } from '../types.ts'
import { reserve } from '../usage.ts'
import { isZone, zone } from '../zones.ts'
import { type Api, findGroup, legacyType, lockGroup, refuseLegacyType, volumeTypesOf } from './access.ts'
import { checkAdded, checkRemoved, idsIn } from './members.ts'
import type { VolumeGroupRow, VolumeGroupTypeRow } from './tables.ts'
import { findGroupTypeByRef } from './types.ts'

const sortKeys = ['name', 'status', 'group_type_id', 'created_at', 'id'] as const
const filters = { name: 'name', status: 'status', group_type: 'group_type_id', id: 'id' }

export const listGroups = (call: VolumeCall): Promise<Reply> => list(call, false)
export const listGroupDetails = (call: VolumeCall): Promise<Reply> => list(call, true)

/** Rows of groups of one of the two APIs; `more` says which. */
export async function listGroupRows(
  call: VolumeCall,
  more: readonly Condition[],
): Promise<Listed<'volume_groups'>> {
  call.enforce('group:get_all')
  const project = listedProject(call, isTrue(call.query.one('all_tenants')))
  return listRows(call, {
    table: 'volume_groups',
    sorts: readSorts(call.query, sortKeys),
    conditions: [inProject(project), ...more],
    marker: id => findGroup(call, 'group:get', id, 'consistency'),
  })
}

async function list(call: VolumeCall, isDetailed: boolean): Promise<Reply> {
  const legacy = await legacyType(dbOf(call))
  const { rows, tail } = await listGroupRows(call, [
    eb => eb('group_type_id', '<>', legacy?.id ?? ''),
    ...equalFilters(call, 'group', filters, ['list_volume']),
  ])
  const { count: _, ...links } = await tail('group', isDetailed ? 'groups/detail' : 'groups')
  const groups = isDetailed ? await groupViews(call, rows) : rows.map(({ id, name }) => ({ id, name }))
  return json(200, { groups, ...links })
}

export async function showGroup(call: VolumeCall): Promise<Reply> {
  const group = await findGroup(call, 'group:get', call.params.id!) // in the route's path
  const [view] = await groupViews(call, [group])
  return json(200, { group: view })
}

async function groupViews(call: VolumeCall, rows: readonly VolumeGroupRow[]) {
  const ids = rows.map(({ id }) => id)
  const types = await volumeTypesOf(dbOf(call), ids)
  const isWithVolumes = has(call, 'groupVolumes') && isTrue(call.query.one('list_volume'))
  const volumes = isWithVolumes
    ? await volumesOf(dbOf(call), ids)
    : new Map<string, { readonly id: string }[]>()
  return rows.map(group => ({
    id: group.id,
    status: group.status,
    availability_zone: group.availability_zone,
    created_at: isoMicros(group.created_at),
    name: group.name,
    description: group.description,
    group_type: group.group_type_id,
    volume_types: (types.get(group.id) ?? []).map(({ type_id }) => type_id),
    ...(has(call, 'groupSnapshots')
      ? { group_snapshot_id: group.group_snapshot_id, source_group_id: group.source_group_id }
      : {}),
    ...(isWithVolumes ? { volumes: (volumes.get(group.id) ?? []).map(({ id }) => id) } : {}),
    ...(has(call, 'groupReplication') ? { replication_status: 'disabled' } : {}),
    ...(has(call, 'groupProject') && call.allows('group:group_project_attribute')
      ? { project_id: group.project_id }
      : {}),
  }))
}

async function volumesOf(db: Db, ids: readonly string[]): Promise<Map<string, { readonly id: string }[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('volumes')
    .select(['id', 'group_id'])
    .where('group_id', 'in', ids)
    .orderBy('created_at')
    .execute()
  return Map.groupBy(rows, ({ group_id }) => group_id ?? '')
}

interface CreateBody {
  readonly group: {
    readonly name?: string | null
    readonly description?: string | null
    readonly group_type: string
    readonly volume_types: readonly string[]
    readonly availability_zone?: string | null
  }
}

export async function createGroup(call: VolumeCall): Promise<Reply> {
  call.enforce('group:create')
  const { group: given } = call.body as CreateBody // as its schema says
  const groupType = await findGroupTypeByRef(call, given.group_type)
  await refuseLegacyType(dbOf(call), groupType.id)
  const group = await makeGroup(call, { ...given, groupType, volumeTypes: given.volume_types })
  return json(202, { group: { id: group.id, name: group.name } })
}

/** A new group without volumes. There is nothing to wait for: it is there, or in error where no backend can have it. */
export async function makeGroup(
  call: VolumeCall,
  given: {
    readonly name?: string | null
    readonly description?: string | null
    readonly availability_zone?: string | null
    readonly groupType: VolumeGroupTypeRow
    readonly volumeTypes: readonly string[]
  },
): Promise<VolumeGroupRow> {
  const types = await Promise.all(given.volumeTypes.map(ref => findTypeByRef(call, ref)))
  const wantedZone = given.availability_zone ?? zone
  if (!isZone(wantedZone))
    throw fault('VolumeInputInvalid', { reason: `Availability zone '${wantedZone}' is invalid.` })
  const specs = await withSpecs(dbOf(call), types)
  const row = newGroupRow(call, {
    name: given.name?.trim() ?? null,
    description: given.description?.trim() ?? null,
    groupTypeId: given.groupType.id,
    status: await statusOf(
      call,
      specs.map(({ extraSpecs }) => extraSpecs),
    ),
  })
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await reserve(tx, row.project_id, { groups: 1 })
    await insertGroup(
      tx,
      row,
      types.map(({ id }) => id),
    )
  })
  return row
}

export async function insertGroup(tx: Db, row: VolumeGroupRow, typeIds: readonly string[]): Promise<void> {
  await tx.insertInto('volume_groups').values(row).execute()
  const types = [...new Set(typeIds)].map(type_id => ({ group_id: row.id, type_id }))
  if (types.length > 0) await tx.insertInto('volume_group_volume_types').values(types).execute()
}

export const newGroupRow = (
  call: VolumeCall,
  given: {
    readonly name: string | null
    readonly description: string | null
    readonly groupTypeId: string
    readonly status: GroupStatus
  },
): VolumeGroupRow => ({
  id: newUuid(),
  project_id: call.auth.project?.id ?? '',
  user_id: call.auth.userId,
  name: given.name,
  description: given.description,
  status: given.status,
  availability_zone: zone,
  group_type_id: given.groupTypeId,
  group_snapshot_id: null,
  source_group_id: null,
  created_at: call.deps.clock.now(),
  updated_at: null,
})

/** The backend has to be on, and to be what all the volume types ask for; specs of group types ask nothing of it. */
async function statusOf(call: VolumeCall, volumeSpecs: readonly Named[]): Promise<'available' | 'error'> {
  const { host } = call.deps
  const isMet = volumeSpecs.every(specs => unmetSpecs(host, specs).length === 0)
  return isMet && (await isEnabled(dbOf(call), host, 'cinder-volume')) ? 'available' : 'error'
}

interface UpdateBody {
  readonly group: GroupChange
}
export interface GroupChange {
  readonly name?: string | null
  readonly description?: string | null
  readonly add_volumes?: string | null
  readonly remove_volumes?: string | null
}

export async function updateGroup(call: VolumeCall): Promise<Reply> {
  const { group: given } = call.body as UpdateBody // as its schema says
  return changeGroup(call, given, 'groups')
}

export async function changeGroup(call: VolumeCall, given: GroupChange, api: Api): Promise<Reply> {
  const { id } = await findGroup(call, 'group:update', call.params.id!, api) // in the route's path
  const added = idsIn(given.add_volumes)
  const removed = idsIn(given.remove_volumes)
  const twice = added.filter(one => removed.includes(one))
  if (twice.length > 0)
    throw fault('VolumeInvalid', {
      reason: `UUIDs ['${twice.join("', '")}'] are in both add and remove volume list.`,
    })
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    const group = await lockGroup(tx, id)
    const fresh = await checkAdded(tx, group, added)
    await checkRemoved(tx, group, removed)
    const change = changesOf(group, given)
    if (Object.keys(change).length === 0 && fresh.length === 0 && removed.length === 0)
      throw fault('VolumeGroupInvalid', {
        reason: `Cannot update group ${id} because no valid name, description, add_volumes, or remove_volumes were provided.`,
      })
    const allowed: readonly GroupStatus[] = groupAllowedFrom.update
    if (fresh.length + removed.length > 0 && !allowed.includes(group.status))
      throw fault('VolumeGroupInvalid', { reason: 'Group status must be available.' })
    await tx
      .updateTable('volume_groups')
      .set({ ...change, status: 'available', updated_at: now })
      .where('id', '=', id)
      .execute()
    await setMembers(tx, fresh, id)
    await setMembers(tx, removed, null)
  })
  return empty(202)
}

const changesOf = (group: VolumeGroupRow, { name, description }: GroupChange) => ({
  ...(name == null || name.trim() === group.name ? {} : { name: name.trim() }),
  ...(description == null || description.trim() === group.description
    ? {}
    : { description: description.trim() }),
})

async function setMembers(tx: Db, ids: readonly string[], groupId: string | null): Promise<void> {
  if (ids.length > 0)
    await tx.updateTable('volumes').set({ group_id: groupId }).where('id', 'in', ids).execute()
}
