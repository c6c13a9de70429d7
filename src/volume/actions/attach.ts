// The older attach protocol, a step at a time (cinder/api/contrib/volume_actions.py). Compute uses /attachments; these
// are for clients that do it themselves.
import { newUuid } from '../../base/ids.ts'
import { fault } from '../../model/errors.ts'
import { type VolumeStatus, volumeAllowedFrom } from '../../model/volume-states.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { orList, type VolumeCall } from '../access.ts'
import { followAttachments, refuseIfUsed } from '../attachments.ts'
import { type Connector, legacyConnectionOf } from '../connection.ts'
import { lockVolume, setVolume, type Volume, type VolumeTransaction } from '../store.ts'
import type { VolumeRow } from '../tables.ts'

/** Runs `work` on the volume as it is now, held. */
export const hold = <T>(
  call: VolumeCall,
  id: string,
  work: (tx: VolumeTransaction, volume: VolumeRow, now: number) => Promise<T>,
): Promise<T> => {
  const now = call.deps.clock.now()
  return call.deps.store.accept(async (tx: VolumeTransaction) => {
    const volume = await lockVolume(tx, id)
    if (!volume) throw fault('VolumeNotFound', { volume: id })
    return work(tx, volume, now)
  })
}

export async function reserve(call: VolumeCall, { id }: Volume): Promise<Reply> {
  await hold(call, id, async (tx, volume, now) => {
    const allowed: readonly VolumeStatus[] =
      volume.multiattach === 1 ? volumeAllowedFrom.reserveShared : volumeAllowedFrom.reserve
    if (!allowed.includes(volume.status))
      throw fault('VolumeInvalid', {
        reason: `Volume ${id} status must be ${orList(allowed)} to reserve, but the current status is ${volume.status}.`,
      })
    await setVolume(tx, id, { status: 'attaching', updated_at: now })
  })
  return empty(202)
}

/** Where it is not reserved there is nothing to take back, and nothing to refuse. */
export async function unreserve(call: VolumeCall, { id }: Volume): Promise<Reply> {
  await hold(call, id, async (tx, volume, now) => {
    if (volume.status === 'attaching') await followAttachments(tx, id, now)
  })
  return empty(202)
}

export async function beginDetaching(call: VolumeCall, { id }: Volume): Promise<Reply> {
  await hold(call, id, async (tx, volume, now) => {
    const allowed: readonly VolumeStatus[] = volumeAllowedFrom.beginDetaching
    if (!allowed.includes(volume.status) || volume.attach_status !== 'attached')
      throw fault('VolumeInvalid', {
        reason:
          "Unable to detach volume. Volume status must be 'in-use' and attach_status must be 'attached' to detach.",
      })
    await setVolume(tx, id, { status: 'detaching', updated_at: now })
  })
  return empty(202)
}

export async function rollDetaching(call: VolumeCall, { id }: Volume): Promise<Reply> {
  await hold(call, id, async (tx, volume, now) => {
    if (volume.status === 'detaching') await setVolume(tx, id, { status: 'in-use', updated_at: now })
  })
  return empty(202)
}

export interface AttachBody {
  readonly mountpoint: string
  readonly instance_uuid?: string | null
  readonly host_name?: string | null
  readonly mode?: 'rw' | 'ro'
}

export async function attach(call: VolumeCall, { id }: Volume, given: AttachBody): Promise<Reply> {
  const { instance_uuid: instance = null, host_name: host = null, mountpoint, mode = 'rw' } = given
  if (instance !== null && host !== null)
    throw fault('VolumeBadRequest', {
      reason: `Invalid request to attach volume to an instance ${instance} and a host ${host} simultaneously`,
    })
  if (instance === null && host === null)
    throw fault('VolumeBadRequest', { reason: 'Invalid request to attach volume to an invalid target' })
  const attachmentId = newUuid()
  await hold(call, id, async (tx, volume, now) => {
    if (volume.readonly === 1 && mode !== 'ro')
      throw fault('VolumeInvalid', { reason: `Invalid attaching mode '${mode}' for volume ${id}.` })
    if (volume.status === 'in-use' && volume.multiattach === 0)
      throw fault('VolumeInvalid', { reason: 'volume is already attached' })
    if (!['available', 'attaching', 'reserved', 'in-use'].includes(volume.status))
      throw fault('VolumeInvalid', {
        reason: `Volume ${id} status must be available or attaching, but the current status is ${volume.status}.`,
      })
    await tx
      .insertInto('volume_attachments')
      .values({
        id: attachmentId,
        volume_id: id,
        project_id: volume.project_id,
        instance_uuid: instance,
        attach_status: 'attached',
        attach_mode: mode,
        attached_host: host,
        mountpoint,
        connector: null,
        connection_info: null,
        created_at: now,
        attached_at: now,
      })
      .execute()
    await followAttachments(tx, id, now)
  })
  return empty(202)
}

export interface DetachBody {
  readonly attachment_id?: string | null
}

export const detach = (call: VolumeCall, volume: Volume, given: DetachBody | null): Promise<Reply> =>
  takeAway(call, volume, given?.attachment_id ?? null)

export const forceDetach = detach

async function takeAway(call: VolumeCall, volume: Volume, attachmentId: string | null): Promise<Reply> {
  const { id, attachments } = volume
  if (attachmentId === null && attachments.length > 1)
    throw fault('VolumeInvalid', {
      reason: 'Detach volume failed: More than one attachment, but no attachment_id provided.',
    })
  const attachment = attachmentId === null ? attachments[0] : attachments.find(one => one.id === attachmentId)
  if (attachmentId !== null && !attachment)
    throw fault('VolumeAttachmentNotFound', { filter: `attachment_id = ${attachmentId}` })
  if (attachment) await refuseIfUsed(call, attachment)
  await hold(call, id, async (tx, _now, now) => {
    if (attachment) await tx.deleteFrom('volume_attachments').where('id', '=', attachment.id).execute()
    await followAttachments(tx, id, now)
  })
  return empty(202)
}

export interface ConnectionBody {
  readonly connector: Connector
}

export const initializeConnection = async (
  _call: VolumeCall,
  volume: Volume,
  { connector }: ConnectionBody,
): Promise<Reply> => json(200, { connection_info: legacyConnectionOf(volume, connector.mode ?? 'rw') })

/** A file needs no connection: there is nothing to end, but for what a server still uses. */
export async function terminateConnection(call: VolumeCall, volume: Volume): Promise<Reply> {
  for (const attachment of volume.attachments) await refuseIfUsed(call, attachment)
  return empty(202)
}
