// Which volumes are in a group: made in it, taken in, let go (cinder/group/api.py, _validate_add_volumes).
import { pythonRepr } from '../../base/python.ts'
import { fault } from '../../model/errors.ts'
import { type VolumeStatus, volumeAllowedFrom } from '../../model/volume-states.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { has } from '../negotiate.ts'
import { type Db, lockVolumes } from '../store.ts'
import type { VolumeRow, VolumeTypeRow } from '../tables.ts'
import { findGroup, volumeTypesOf } from './access.ts'
import type { VolumeGroupRow } from './tables.ts'

/** The group a new volume is to be in (3.13, or a consistency group); its type has to be named, and one of the group's. */
export async function groupFor(
  call: VolumeCall,
  given: {
    readonly group_id?: string | null
    readonly consistencygroup_id?: string | null
    readonly volume_type?: string | null
  },
  type: VolumeTypeRow,
): Promise<VolumeGroupRow | null> {
  const ofGroup = has(call, 'groups') ? given.group_id : undefined
  const id = given.consistencygroup_id || ofGroup
  if (!id) return null
  const group = await findGroup(call, 'group:get', id, given.consistencygroup_id ? 'consistency' : 'groups')
  if (!given.volume_type)
    throw fault('VolumeInputInvalid', {
      reason: 'volume_type must be provided when creating a volume in a group.',
    })
  const types = (await volumeTypesOf(dbOf(call), [group.id])).get(group.id) ?? []
  if (!types.some(({ type_id }) => type_id === type.id))
    throw fault('VolumeInputInvalid', {
      reason: `Invalid volume_type provided: ${type.name} (requested type must be supported by this group).`,
    })
  return group
}

/** `id,id` as ids. */
export const idsIn = (text: string | null | undefined): string[] => {
  const trimmed = (text ?? '').replace(/^,+|,+$/g, '')
  return trimmed === '' ? [] : trimmed.split(',')
}

/** Holds the volumes a group is to take in and checks each of them; answers those that are not in it yet. */
export async function checkAdded(tx: Db, group: VolumeGroupRow, ids: readonly string[]): Promise<string[]> {
  const types = new Set(
    ((await volumeTypesOf(tx, [group.id])).get(group.id) ?? []).map(({ type_id }) => type_id),
  )
  const volumes = await lockVolumes(tx, ids)
  const added = ids.filter(id => volumes.get(id)?.group_id !== group.id)
  for (const id of added) {
    const reason = whyNotAdded(volumes.get(id), { group, types, id })
    if (reason !== null) throw fault('VolumeInvalid', { reason })
  }
  return added
}

function whyNotAdded(
  volume: VolumeRow | undefined,
  {
    group,
    types,
    id,
  }: { readonly group: VolumeGroupRow; readonly types: ReadonlySet<string>; readonly id: string },
): string | null {
  const cannot = `Cannot add volume ${id} to group ${group.id}`
  if (!volume || (volume.project_id !== group.project_id && volume.group_id === null))
    return volume
      ? `${cannot} as they belong to different projects.`
      : `${cannot} because volume cannot be found.`
  if (volume.group_id !== null) return `${cannot} because it is already in group ${volume.group_id}.`
  if (!types.has(volume.type_id))
    return `${cannot} because volume type ${volume.type_id} is not supported by the group.`
  const allowed: readonly VolumeStatus[] = volumeAllowedFrom.joinGroup
  if (!allowed.includes(volume.status))
    return `${cannot} because volume is in an invalid state: ${volume.status}. Valid states are: ${tupleOf(allowed)}.`
  return null
}

/** Python's way to print a tuple. */
const tupleOf = (words: readonly string[]): string => `(${words.map(pythonRepr).join(', ')})`

/** Holds the volumes a group is to let go. */
export async function checkRemoved(tx: Db, group: VolumeGroupRow, ids: readonly string[]): Promise<void> {
  const volumes = await lockVolumes(tx, ids)
  for (const id of ids) {
    const volume = volumes.get(id)
    const cannot = `Cannot remove volume ${id} from group ${group.id}`
    if (volume?.group_id !== group.id)
      throw fault('VolumeInvalid', { reason: `${cannot} because it is not in the group.` })
    const allowed: readonly VolumeStatus[] = volumeAllowedFrom.leaveGroup
    if (!allowed.includes(volume.status))
      throw fault('VolumeInvalid', {
        reason: `${cannot} because volume is in an invalid state: ${volume.status}. Valid states are: ${tupleOf(allowed)}.`,
      })
  }
}
