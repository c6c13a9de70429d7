// Consistency groups and cgsnapshots: the API before groups, which does the same to groups of a type of its own
// (cinder/api/contrib/consistencygroups.py, cgsnapshots.py).
import { isoMicros } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { readFlag } from '../input.ts'
import type { Condition } from '../listing.ts'
import { legacyTypeName } from '../store.ts'
import { findGroup, findGroupSnapshot, legacyType, volumeTypesOf } from './access.ts'
import { deleteGroup } from './actions.ts'
import { makeGroupFromSource } from './from-source.ts'
import { changeGroup, type GroupChange, listGroupRows, makeGroup } from './groups.ts'
import { deleteGroupSnapshot, listGroupSnapshotRows, makeGroupSnapshot } from './snapshots.ts'
import type { VolumeGroupRow, VolumeGroupSnapshotRow } from './tables.ts'

async function legacyTypeOf(call: VolumeCall) {
  const type = await legacyType(dbOf(call))
  if (!type)
    throw fault('VolumeBadRequest', {
      reason: `Group type ${legacyTypeName} not found. Rerun migration script to create the default cgsnapshot type.`,
    })
  return type
}

const ofLegacyType = async (call: VolumeCall): Promise<Condition> => {
  const { id } = await legacyTypeOf(call)
  return eb => eb('group_type_id', '=', id)
}

export const listConsistencyGroups = (call: VolumeCall): Promise<Reply> => list(call, false)
export const listConsistencyGroupDetails = (call: VolumeCall): Promise<Reply> => list(call, true)

async function list(call: VolumeCall, isDetailed: boolean): Promise<Reply> {
  const { rows, tail } = await listGroupRows(call, [await ofLegacyType(call)])
  const { count: _, ...links } = await tail('consistencygroup', 'consistencygroups')
  const consistencygroups = isDetailed
    ? await groupViews(call, rows)
    : rows.map(({ id, name }) => ({ id, name }))
  return json(200, { consistencygroups, ...links })
}

async function groupViews(call: VolumeCall, rows: readonly VolumeGroupRow[]) {
  const types = await volumeTypesOf(
    dbOf(call),
    rows.map(({ id }) => id),
  )
  return rows.map(group => ({
    id: group.id,
    status: group.status,
    availability_zone: group.availability_zone,
    created_at: isoMicros(group.created_at),
    name: group.name,
    description: group.description,
    volume_types: (types.get(group.id) ?? []).map(({ type_id }) => type_id),
  }))
}

export async function showConsistencyGroup(call: VolumeCall): Promise<Reply> {
  const group = await findGroup(call, 'group:get', call.params.id!, 'consistency') // in the route's path
  const [consistencygroup] = await groupViews(call, [group])
  return json(200, { consistencygroup })
}

interface CreateBody {
  readonly consistencygroup: {
    readonly name?: string | null
    readonly description?: string | null
    readonly volume_types?: string | null
    readonly availability_zone?: string | null
  }
}

const summary = ({ id, name }: { readonly id: string; readonly name: string | null }) => ({ id, name })

export async function createConsistencyGroup(call: VolumeCall): Promise<Reply> {
  call.enforce('group:create')
  const { consistencygroup: given } = call.body as CreateBody // as its schema says
  if (!given.volume_types)
    throw fault('VolumeBadRequest', {
      reason: `volume_types must be provided to create consistency group ${given.name ?? 'None'}.`,
    })
  const volumeTypes = given.volume_types.replace(/,+$/, '').split(',')
  const group = await makeGroup(call, { ...given, groupType: await legacyTypeOf(call), volumeTypes })
  return json(202, { consistencygroup: summary(group) })
}

interface FromSourceBody {
  readonly 'consistencygroup-from-src': {
    readonly name?: string | null
    readonly description?: string | null
    readonly cgsnapshot_id?: string | null
    readonly source_cgid?: string | null
  }
}

export async function createConsistencyGroupFromSource(call: VolumeCall): Promise<Reply> {
  call.enforce('group:create')
  const { 'consistencygroup-from-src': given } = call.body as FromSourceBody // as its schema says
  const name = given.name ?? 'None'
  if (!given.cgsnapshot_id && !given.source_cgid)
    throw fault('VolumeBadRequest', {
      reason: `Either 'cgsnapshot_id' or 'source_cgid' must be provided to create consistency group ${name} from source.`,
    })
  if (given.cgsnapshot_id && given.source_cgid)
    throw fault('VolumeBadRequest', {
      reason: `Cannot provide both 'cgsnapshot_id' and 'source_cgid' to create consistency group ${name} from source.`,
    })
  const group = await makeGroupFromSource(call, {
    name: given.name ?? null,
    description: given.description ?? null,
    snapshotId: given.cgsnapshot_id ?? null,
    groupId: given.source_cgid ?? null,
    api: 'consistency',
  })
  return json(202, { consistencygroup: summary(group) })
}

export async function updateConsistencyGroup(call: VolumeCall): Promise<Reply> {
  const { consistencygroup: given } = call.body as { readonly consistencygroup: GroupChange } // its schema's
  if (!(given.name || given.description || given.add_volumes || given.remove_volumes))
    throw fault('VolumeBadRequest', {
      reason: 'Name, description, add_volumes, and remove_volumes can not be all empty in the request body.',
    })
  return changeGroup(call, given, 'consistency')
}

interface DeleteBody {
  readonly consistencygroup?: { readonly force?: boolean | string }
}

export async function deleteConsistencyGroup(call: VolumeCall): Promise<Reply> {
  const { consistencygroup: given } = (call.body ?? {}) as DeleteBody // as its schema says
  return deleteGroup(call, readFlag('force', given?.force ?? false), 'consistency')
}

export const listCgSnapshots = (call: VolumeCall): Promise<Reply> => listSnapshots(call, false)
export const listCgSnapshotDetails = (call: VolumeCall): Promise<Reply> => listSnapshots(call, true)

async function listSnapshots(call: VolumeCall, isDetailed: boolean): Promise<Reply> {
  const { rows, tail } = await listGroupSnapshotRows(call, [await ofLegacyType(call)])
  const { count: _, ...links } = await tail('cgsnapshot', 'cgsnapshots')
  return json(200, {
    cgsnapshots: rows.map(row => (isDetailed ? snapshotView(row) : summary(row))),
    ...links,
  })
}

const snapshotView = (row: VolumeGroupSnapshotRow) => ({
  id: row.id,
  consistencygroup_id: row.group_id,
  status: row.status,
  created_at: isoMicros(row.created_at),
  name: row.name,
  description: row.description,
})

export async function showCgSnapshot(call: VolumeCall): Promise<Reply> {
  const id = call.params.id! // in the route's path
  const row = await findGroupSnapshot(call, 'group:get_group_snapshot', id, 'consistency')
  return json(200, { cgsnapshot: snapshotView(row) })
}

interface CreateSnapshotBody {
  readonly cgsnapshot: {
    readonly consistencygroup_id: string
    readonly name?: string | null
    readonly description?: string | null
  }
}

export async function createCgSnapshot(call: VolumeCall): Promise<Reply> {
  const { cgsnapshot: given } = call.body as CreateSnapshotBody // as its schema says
  const row = await makeGroupSnapshot(
    call,
    {
      groupId: given.consistencygroup_id,
      name: given.name ?? null,
      description: given.description ?? null,
    },
    'consistency',
  )
  return json(202, { cgsnapshot: summary(row) })
}

export const deleteCgSnapshot = (call: VolumeCall): Promise<Reply> => deleteGroupSnapshot(call, 'consistency')
