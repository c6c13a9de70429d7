// Actions on what a volume holds and how large it is: extend, upload to an image, go back to a snapshot, change its type.

import { isoMicros } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import { type VolumeStatus, volumeAllowedFrom } from '../../model/volume-states.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { dbOf, findSnapshotRow, orList, type VolumeCall } from '../access.ts'
import { readFlag } from '../input.ts'
import type { ExtendArgs, UploadArgs } from '../jobs.ts'
import { has } from '../negotiate.ts'
import { unmetSpecs } from '../services/scheduling.ts'
import { lockSnapshot, setVolume, type Volume, type VolumeTransaction, withSpecs } from '../store.ts'
import type { VolumeRow, VolumeTypeRow } from '../tables.ts'
import { findTypeByRef } from '../types.ts'
import { checkVolumeSize, recount, reserve } from '../usage.ts'
import { addJob } from '../work.ts'
import { hold } from './attach.ts'

export interface ExtendBody {
  readonly new_size: number | string
}

export async function extend(
  call: VolumeCall,
  { id, project_id }: Volume,
  given: ExtendBody,
): Promise<Reply> {
  const size = Number(given.new_size)
  await checkVolumeSize(dbOf(call), project_id, size)
  await hold(call, id, async (tx, volume, now) => {
    const allowed: readonly VolumeStatus[] = has(call, 'extendAttached')
      ? volumeAllowedFrom.extendAttached
      : volumeAllowedFrom.extend
    if (!allowed.includes(volume.status))
      throw fault('VolumeInvalid', {
        reason: `Volume ${id} status must be '${orList(allowed)}' to extend, currently ${volume.status}.`,
      })
    if (size <= volume.size)
      throw fault('VolumeInputInvalid', {
        reason: `New size for extend must be greater than current size. (current: ${volume.size}, extended: ${size}).`,
      })
    await reserve(tx, project_id, { gigabytes: size - volume.size }, volume.type_id)
    await setVolume(tx, id, { status: 'extending', previous_status: volume.status, updated_at: now })
    const args: ExtendArgs = { size }
    await addJob(tx, call, { kind: 'extend', subject: id, args })
  })
  call.deps.work.wake()
  return empty(202)
}

export interface UploadBody {
  readonly image_name: string
  readonly force?: boolean | string | null
  readonly container_format?: string | null
  readonly disk_format?: string | null
  readonly visibility?: string | null
  readonly protected?: boolean | string | null
}

/** The image is made with the caller's token, so that it is theirs and the image service says what they may. */
export async function uploadToImage(call: VolumeCall, volume: Volume, given: UploadBody): Promise<Reply> {
  const { id } = volume
  const allowed: readonly VolumeStatus[] =
    given.force != null && readFlag('force', given.force)
      ? volumeAllowedFrom.uploadForced
      : volumeAllowedFrom.upload
  const refuse = (status: VolumeStatus) => {
    if (!allowed.includes(status))
      throw fault('VolumeInvalid', {
        reason: `Volume ${id} status must be ${orList(allowed)}, but current status is: ${status}.`,
      })
  }
  refuse(volume.status)
  const formats = {
    containerFormat: given.container_format ?? 'bare',
    diskFormat: given.disk_format ?? 'raw',
  }
  if (formats.diskFormat !== 'raw' || formats.containerFormat !== 'bare')
    throw fault('NotImplementedHere', { what: 'images of volumes in other formats than raw and bare' })
  const isSaid = has(call, 'imageVisibility')
  const token = String(call.request.headers['x-auth-token'])
  const made = await call.deps.neighbours.image.create(
    { token, ids: call, log: call.log },
    {
      name: given.image_name,
      ...formats,
      visibility: (isSaid ? given.visibility : undefined) ?? 'private',
      isProtected: isSaid && given.protected != null && readFlag('protected', given.protected),
      minDiskGb: volume.size,
      properties: keptProperties(volume),
    },
  )
  if ('refusal' in made) throw fault('VolumeBadRequest', { reason: made.refusal })
  const updated = await hold(call, id, async (tx, row, now) => {
    refuse(row.status)
    await setVolume(tx, id, { status: 'uploading', previous_status: row.status, updated_at: now })
    const args: UploadArgs = { imageId: made.id }
    await addJob(tx, call, { kind: 'upload', subject: id, source: made.id, args })
    return now
  })
  call.deps.work.wake()
  const [type] = await withSpecs(dbOf(call), [
    await dbOf(call)
      .selectFrom('volume_types')
      .selectAll()
      .where('id', '=', volume.type_id)
      .executeTakeFirstOrThrow(),
  ])
  return json(202, {
    'os-volume_upload_image': {
      id,
      updated_at: isoMicros(updated),
      status: 'uploading',
      display_description: volume.description,
      size: volume.size,
      volume_type: type && {
        id: type.id,
        name: type.name,
        description: type.description,
        is_public: type.is_public === 1,
        deleted: false,
        deleted_at: null,
        created_at: isoMicros(type.created_at),
        updated_at: type.updated_at === null ? null : isoMicros(type.updated_at),
        extra_specs: type.extraSpecs,
        qos_specs_id: null,
      },
      image_id: made.id,
      container_format: formats.containerFormat,
      disk_format: formats.diskFormat,
      image_name: given.image_name,
      ...(isSaid ? { visibility: given.visibility ?? 'private', protected: given.protected ?? false } : {}),
    },
  })
}

/** Facts of the old image's data, which the new one has of its own. */
const ofTheData = new Set([
  'image_id',
  'image_name',
  'checksum',
  'size',
  'min_disk',
  'disk_format',
  'container_format',
])
const keptProperties = ({ imageMetadata }: Volume) =>
  Object.fromEntries(
    Object.entries(imageMetadata).filter(([name]) => !ofTheData.has(name) && name !== 'min_ram'),
  )

export interface RevertBody {
  readonly snapshot_id: string
}

/** To the latest snapshot, while the volume is as large as that (3.40). */
export async function revert(call: VolumeCall, { id }: Volume, given: RevertBody): Promise<Reply> {
  const snapshot = await findSnapshotRow(call, 'volume:get_snapshot', given.snapshot_id)
  await hold(call, id, async (tx, volume, now) => {
    const latest = await tx
      .selectFrom('volume_snapshots')
      .select('id')
      .where('volume_id', '=', id)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .executeTakeFirst()
    if (latest?.id !== snapshot.id)
      throw fault('VolumeBadRequest', {
        reason: `Specified snapshot ${snapshot.id} is None or not the latest one of volume ${id}.`,
      })
    const allowed: readonly VolumeStatus[] = volumeAllowedFrom.revert
    const held = await lockSnapshot(tx, snapshot.id)
    if (!allowed.includes(volume.status) || held?.status !== 'available')
      throw fault('VolumeRevertConflict', {
        reason: `Invalid volume: Can't revert volume ${id} to its latest snapshot ${snapshot.id}. Both must be available.`,
      })
    if (volume.size !== held.size)
      throw fault('VolumeRevertConflict', {
        reason: `Invalid volume: Can't revert volume ${id} to its latest snapshot ${snapshot.id}. The volume size must be equal to the snapshot size.`,
      })
    await setVolume(tx, id, { status: 'reverting', updated_at: now })
    await addJob(tx, call, { kind: 'revert', subject: id, source: snapshot.id })
  })
  call.deps.work.wake()
  return empty(202)
}

export interface RetypeBody {
  readonly new_type: string
  readonly migration_policy?: 'never' | 'on-demand' | null
}

/**
 * Every type lies on the same files: a new one is a word in the row, and done at once. One that asks for another backend
 * leaves the volume as it is, as a scheduler that finds none.
 */
export async function retype(call: VolumeCall, { id }: Volume, given: RetypeBody): Promise<Reply> {
  const type = await findTypeByRef(call, given.new_type)
  const [found] = await withSpecs(dbOf(call), [type])
  const multiattach = Number(found?.extraSpecs.multiattach === '<is> True')
  await hold(call, id, async (tx, volume, now) => {
    const allowed: readonly VolumeStatus[] = volumeAllowedFrom.retype
    if (!allowed.includes(volume.status) || volume.type_id === type.id || volume.group_id !== null)
      throw fault('VolumeInvalid', {
        reason: retypeRefusal,
      })
    if (volume.status === 'in-use' && volume.multiattach !== multiattach)
      throw fault('VolumeInputInvalid', {
        reason: 'Changing volume type to/from multiattach requires volume to be in available status.',
      })
    if (await keepsOldQos(tx, volume, type)) throw fault('VolumeInvalid', { reason: retypeRefusal })
    await countForType(tx, volume, type.id)
    if (unmetSpecs(call.deps.host, found?.extraSpecs ?? {}).length > 0) {
      call.log.warning(`No valid backend for ${id} with the type ${type.name}`)
      return countForType(tx, { ...volume, type_id: type.id }, volume.type_id)
    }
    await setVolume(tx, id, { type_id: type.id, multiattach, updated_at: now })
  })
  return empty(202)
}

const retypeRefusal =
  'Retype needs volume to be in available or in-use state, not be part of an active migration or a consistency group, requested type has to be different that the one from the volume, and for in-use volumes front-end qos specs cannot change.'

/** QoS that the front end sees to cannot change under a server (cinder/db/sqlalchemy/api.py, volume_qos_allows_retype). */
async function keepsOldQos(tx: VolumeTransaction, volume: VolumeRow, type: VolumeTypeRow): Promise<boolean> {
  if (volume.status !== 'in-use') return false
  const old = await tx
    .selectFrom('volume_types')
    .select('qos_id')
    .where('id', '=', volume.type_id)
    .executeTakeFirst()
  if ((old?.qos_id ?? null) === type.qos_id) return false
  const seen = await tx
    .selectFrom('volume_qos')
    .select('id')
    .where('id', 'in', [old?.qos_id ?? '', type.qos_id ?? ''])
    .where('consumer', '<>', 'back-end')
    .executeTakeFirst()
  return seen !== undefined
}

/** The volume and its snapshots are counted for another type. */
async function countForType(tx: VolumeTransaction, volume: VolumeRow, to: string): Promise<void> {
  const snapshots = await tx
    .selectFrom('volume_snapshots')
    .select('size')
    .where('volume_id', '=', volume.id)
    .execute()
  const gigabytes = snapshots.reduce((sum, { size }) => sum + size, volume.size)
  const counts = { volumes: 1, gigabytes, ...(snapshots.length > 0 ? { snapshots: snapshots.length } : {}) }
  await recount(tx, volume.project_id, counts, { from: volume.type_id, to })
}
