// Actions that need compute, or that compute asks for: writing a volume anew from an image, the end of an extension of a
// volume in use, moving a volume that a server has (cinder/volume/api.py).
import { fault } from '../../model/errors.ts'
import { type VolumeStatus, volumeAllowedFrom } from '../../model/volume-states.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { findVolume, orList, type VolumeCall } from '../access.ts'
import { checkImageFits } from '../create.ts'
import { readFlag } from '../input.ts'
import type { ReimageArgs } from '../jobs.ts'
import { completeMove, forgetMove } from '../move.ts'
import { setVolume, type Volume } from '../store.ts'
import { addJob } from '../work.ts'
import { hold } from './attach.ts'

export interface ReimageBody {
  readonly image_id: string
  readonly reimage_reserved?: boolean | string | null
}

/** 3.68: what the volume holds is replaced by the image's data; a reserved one is so for somebody who says he knows. */
export async function reimage(call: VolumeCall, { id }: Volume, given: ReimageBody): Promise<Reply> {
  const isReserved = given.reimage_reserved != null && readFlag('reimage_reserved', given.reimage_reserved)
  const allowed: readonly VolumeStatus[] = isReserved
    ? volumeAllowedFrom.reimageReserved
    : volumeAllowedFrom.reimage
  const token = String(call.request.headers['x-auth-token'])
  const image = await call.deps.neighbours.image.find({ token, ids: call, log: call.log }, given.image_id)
  if (!image) throw fault('VolumeImageNotFound', { image: given.image_id })
  if (image.status !== 'active')
    throw fault('VolumeInputInvalid', { reason: `Image ${image.id} is not active.` })
  await hold(call, id, async (tx, volume, now) => {
    if (!allowed.includes(volume.status))
      throw fault('VolumeInvalid', {
        reason: `Volume ${id} status must be ${orList(allowed)} to be reimaged, but current status is: ${volume.status}.`,
      })
    checkImageFits(image, volume.size)
    await setVolume(tx, id, { status: 'downloading', previous_status: volume.status, updated_at: now })
    const args: ReimageArgs = { imageId: image.id, properties: image.properties }
    await addJob(tx, call, { kind: 'reimage', subject: id, source: image.id, args })
  })
  call.deps.work.wake()
  return empty(202)
}

export interface ExtendCompletionBody {
  readonly error: boolean | string
}

/** 3.71: a host has let its machine know the new size, or could not. */
export async function completeExtend(
  call: VolumeCall,
  { id }: Volume,
  given: ExtendCompletionBody,
): Promise<Reply> {
  const isFailed = readFlag('error', given.error)
  await hold(call, id, async (tx, volume, now) => {
    if (volume.status !== 'extending' || volume.attach_status !== 'attached')
      throw fault('VolumeInvalid', {
        reason: `Volume ${id} is not waiting for the end of an extension: its status is ${volume.status}.`,
      })
    await setVolume(tx, id, {
      status: isFailed ? 'error_extending' : (volume.previous_status ?? 'in-use'),
      previous_status: null,
      updated_at: now,
    })
  })
  return empty(202)
}

export interface MigrationCompletionBody {
  readonly new_volume: string
  readonly error?: boolean | string | null
}

/** A server has gone over to the new volume: the old one's id is the new one's data from now on. */
export async function completeMigration(
  call: VolumeCall,
  volume: Volume,
  given: MigrationCompletionBody,
): Promise<Reply> {
  const isFailed = given.error != null && readFlag('error', given.error)
  const fresh = await findVolume(
    call,
    'volume_extension:volume_admin_actions:migrate_volume_completion',
    given.new_volume,
  )
  const [from, to] = [volume.migration_status, fresh.migration_status]
  // A server that was told to go over by itself: each volume is what it is.
  if (from === null && to === null) return json(200, { save_volume_id: fresh.id })
  const expected = `target:${volume.id}`
  const wrong =
    from === null
      ? 'Source volume not mid-migration.'
      : to === null
        ? 'Destination volume not mid-migration.'
        : to === expected
          ? null
          : `Destination has migration_status ${to}, expected ${expected}.`
  if (wrong !== null) throw fault('VolumeInvalid', { reason: wrong })
  await (isFailed ? forgetMove(call, volume, fresh) : completeMove(call, volume, fresh))
  return json(200, { save_volume_id: volume.id })
}
