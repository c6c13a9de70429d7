// Actions that write something about a volume and nothing else.
import { fault } from '../../model/errors.ts'
import {
  type AttachStatus,
  attachStatuses,
  type VolumeStatus,
  volumeStatuses,
} from '../../model/volume-states.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import type { VolumeCall } from '../access.ts'
import { readFlag } from '../input.ts'
import { dropProperties, type Named, putProperties, setVolume, type Volume } from '../store.ts'
import type { VolumeRow } from '../tables.ts'
import { removeVolume } from '../volumes.ts'
import { hold } from './attach.ts'

const write = (call: VolumeCall, { id }: Volume, change: Partial<VolumeRow>): Promise<void> =>
  hold(call, id, (tx, _volume, now) => setVolume(tx, id, { ...change, updated_at: now }))

export interface BootableBody {
  readonly bootable: boolean | string
}

export async function setBootable(call: VolumeCall, volume: Volume, given: BootableBody): Promise<Reply> {
  await write(call, volume, { bootable: Number(readFlag('bootable', given.bootable)) })
  return empty(200)
}

export interface ReadonlyBody {
  readonly readonly: boolean | string
}

export async function updateReadonly(call: VolumeCall, volume: Volume, given: ReadonlyBody): Promise<Reply> {
  const readonly = Number(readFlag('readonly', given.readonly))
  await hold(call, volume.id, async (tx, { status }, now) => {
    if (status !== 'available')
      throw fault('VolumeInvalid', {
        reason: `Volume ${volume.id} status must be available to update readonly flag, but current status is: ${status}.`,
      })
    await setVolume(tx, volume.id, { readonly, updated_at: now })
    await putProperties(tx, volume.id, 'admin', { readonly: readonly === 1 ? 'True' : 'False' })
  })
  return empty(202)
}

export interface ResetBody {
  readonly status?: string | null
  readonly attach_status?: string | null
  readonly migration_status?: string | null
}

export async function resetStatus(call: VolumeCall, volume: Volume, given: ResetBody): Promise<Reply> {
  const status = given.status == null ? undefined : known(volumeStatuses, given.status)
  const attachStatus = given.attach_status == null ? undefined : known(attachStatuses, given.attach_status)
  if (status === undefined && attachStatus === undefined && given.migration_status == null)
    throw fault('VolumeBadRequest', {
      reason: "Must specify 'status', 'attach_status' or 'migration_status' for update.",
    })
  await write(call, volume, {
    ...(status === undefined ? {} : { status, previous_status: null }),
    ...(attachStatus === undefined ? {} : { attach_status: attachStatus }),
    ...(given.migration_status == null ? {} : { migration_status: migrationOf(given.migration_status) }),
  })
  return empty(202)
}

/** `none` takes it away (cinder/api/contrib/admin_actions.py). */
const migrationOf = (text: string): string | null => (text.toLowerCase() === 'none' ? null : text)

function known<T extends AttachStatus | VolumeStatus>(words: readonly T[], text: string): T {
  const found = words.find(word => word === text.toLowerCase())
  if (found === undefined)
    throw fault('VolumeBadRequest', { reason: `Must specify a valid status. Invalid: ${text}` })
  return found
}

export async function forceDelete(call: VolumeCall, { id }: Volume): Promise<Reply> {
  await removeVolume(call, id, { isForced: true, isCascade: false })
  return empty(202)
}

export interface ImageMetadataBody {
  readonly metadata: Named
}

export async function setImageMetadata(
  call: VolumeCall,
  { id, imageMetadata }: Volume,
  given: ImageMetadataBody,
): Promise<Reply> {
  await hold(call, id, tx => putProperties(tx, id, 'image', given.metadata))
  return json(200, { metadata: { ...imageMetadata, ...given.metadata } })
}

export async function unsetImageMetadata(
  call: VolumeCall,
  { id, imageMetadata }: Volume,
  given: { readonly key: string },
): Promise<Reply> {
  if (!Object.hasOwn(imageMetadata, given.key))
    throw fault('VolumeMetadataNotFound', { what: 'Volume', id, key: given.key })
  await hold(call, id, tx => dropProperties(tx, id, 'image', given.key))
  return empty(200)
}

export const showImageMetadata = async (_call: VolumeCall, { imageMetadata }: Volume): Promise<Reply> =>
  json(200, { metadata: imageMetadata })
