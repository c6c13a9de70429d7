// One volume: shown, changed, deleted.
import { fault } from '../model/errors.ts'
import { volumeAllowedFrom } from '../model/volume-states.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { findVolume, orList, type VolumeCall } from './access.ts'
import { isTrue } from './input.ts'
import type { DeleteArgs } from './jobs.ts'
import { has } from './negotiate.ts'
import {
  dropProperties,
  lockVolume,
  type Named,
  putProperties,
  setVolume,
  type VolumeTransaction,
} from './store.ts'
import { volumeView } from './views.ts'
import { addJob } from './work.ts'

export const showVolume = async (call: VolumeCall): Promise<Reply> =>
  json(200, {
    volume: volumeView(call, await findVolume(call, 'volume:get', call.params.volume_id!), { isRead: true }), // in the route's path
  })

interface UpdateBody {
  readonly volume: {
    readonly name?: string | null
    readonly display_name?: string | null
    readonly description?: string | null
    readonly display_description?: string | null
    readonly metadata?: Named | null
  }
}

export async function updateVolume(call: VolumeCall): Promise<Reply> {
  const id = call.params.volume_id! // in the route's path
  const { volume: given } = call.body as UpdateBody // as its schema says
  await findVolume(call, 'volume:update', id)
  const name = given.name === undefined ? given.display_name : given.name
  const description = given.description === undefined ? given.display_description : given.description
  const change = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    updated_at: call.deps.clock.now(),
  }
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    if (!(await lockVolume(tx, id))) throw fault('VolumeNotFound', { volume: id })
    await setVolume(tx, id, change)
    if (given.metadata == null) return
    await dropProperties(tx, id, 'metadata')
    await putProperties(tx, id, 'metadata', given.metadata)
  })
  return json(200, { volume: volumeView(call, await findVolume(call, 'volume:get', id)) })
}

export async function deleteVolume(call: VolumeCall): Promise<Reply> {
  const id = call.params.volume_id! // in the route's path
  const isForced = has(call, 'forceDelete') && isTrue(call.query.one('force'))
  await findVolume(call, isForced ? 'volume:force_delete' : 'volume:delete', id)
  await removeVolume(call, id, { isForced, isCascade: isTrue(call.query.one('cascade')) })
  return empty(202)
}

/** Accepts that a volume goes, with its snapshots where that was asked for (cinder/volume/api.py, API.delete). */
export async function removeVolume(
  call: VolumeCall,
  id: string,
  { isForced, isCascade }: { readonly isForced: boolean; readonly isCascade: boolean },
): Promise<void> {
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    const volume = await lockVolume(tx, id)
    if (!volume) throw fault('VolumeNotFound', { volume: id })
    if (volume.status === 'deleting' && !isForced) return
    const snapshots = await tx
      .selectFrom('volume_snapshots')
      .select(['id', 'status'])
      .where('volume_id', '=', id)
      .execute()
    const allowed: readonly string[] = volumeAllowedFrom.delete
    const isAllowed = isForced || allowed.includes(volume.status)
    const isMoving = ![null, 'error', 'success'].includes(volume.migration_status)
    const isFree =
      volume.attach_status !== 'attached' &&
      !isMoving &&
      volume.group_id === null &&
      (isCascade || snapshots.length === 0)
    if (!isAllowed || !isFree)
      throw fault('VolumeInvalid', {
        reason: `Volume ${isForced ? '' : `status must be ${orList(allowed)} and `}must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.`,
      })
    const busy = snapshots.find(
      ({ status }) => status !== 'available' && status !== 'error' && status !== 'deleting',
    )
    if (busy)
      throw fault('VolumeInvalid', { reason: `Failed to update snapshot ${busy.id}: it is ${busy.status}.` })
    await tx
      .updateTable('volume_snapshots')
      .set({ status: 'deleting', updated_at: now })
      .where('volume_id', '=', id)
      .execute()
    await setVolume(tx, id, { status: 'deleting', previous_status: null, updated_at: now })
    const args: DeleteArgs = { snapshots: snapshots.map(snapshot => snapshot.id) }
    await addJob(tx, call, { kind: 'delete', subject: id, args })
  })
  call.deps.work.wake()
}
