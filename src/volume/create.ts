// POST /volumes: an empty volume, or one of an image, a snapshot or another volume. What is wrong with the request is
// said here (cinder/volume/flows/api/create_volume.py); filling the volume is a job.
import { newUuid } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import { snapshotAllowedFrom, volumeAllowedFrom } from '../model/volume-states.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { dbOf, findSnapshotRow, findVolume, type VolumeCall } from './access.ts'
import { findBackupRow, lockBackup } from './backups/access.ts'
import { gibibyte } from './files.ts'
import { groupFor } from './groups/members.ts'
import { readFlag } from './input.ts'
import type { CreateArgs } from './jobs.ts'
import { has } from './negotiate.ts'
import type { ImageFacts } from './neighbours.ts'
import { type ForOthers, ownershipOf } from './owner.ts'
import {
  lockSnapshot,
  lockVolume,
  type Named,
  putProperties,
  type VolumeTransaction,
  withSpecs,
} from './store.ts'
import type { VolumeRow, VolumeTypeRow } from './tables.ts'
import { isEncrypted } from './types/encryption.ts'
import { defaultTypeOf, findTypeByRef } from './types.ts'
import { checkVolumeSize, reserve } from './usage.ts'
import { volumeView } from './views.ts'
import { addJob } from './work.ts'
import { isZone, zone } from './zones.ts'

interface CreateBody {
  readonly volume: {
    readonly name?: string | null
    readonly display_name?: string | null
    readonly description?: string | null
    readonly display_description?: string | null
    readonly size?: number | string | null
    readonly volume_type?: string | null
    readonly snapshot_id?: string | null
    readonly source_volid?: string | null
    readonly imageRef?: string | null
    readonly image_id?: string | null
    readonly backup_id?: string | null
    readonly group_id?: string | null
    readonly consistencygroup_id?: string | null
    readonly availability_zone?: string | null
    readonly metadata?: Named | null
    readonly multiattach?: boolean | string | null
  } & ForOthers
}

/** Where the bytes come from, and what the new volume takes over from there. */
interface Source extends CreateArgs {
  readonly id: string | null
  /** GiB it has at least. */
  readonly size: number | null
  readonly typeId: string | null
  readonly zone: string | null
  readonly isBootable: boolean
  readonly imageMetadata: Named
  readonly image: ImageFacts | null
}

const nothing: Source = {
  source: 'nothing',
  id: null,
  size: null,
  typeId: null,
  zone: null,
  isBootable: false,
  imageMetadata: {},
  image: null,
}

export async function createVolume(call: VolumeCall): Promise<Reply> {
  call.enforce('volume:create')
  const { volume: given } = call.body as CreateBody // as its schema says
  const source = await sourceOf(call, given)
  const size = sizeOf(given, source)
  const type = await typeOf(call, given.volume_type ?? null, source)
  if (await isEncrypted(dbOf(call), type.id)) throw fault('VolumeBadRequest', { reason: 'Key manager error' })
  const group = await groupFor(call, given, type)
  const wanted = given.availability_zone ?? source.zone
  if (wanted !== null && !isZone(wanted))
    throw fault('VolumeInputInvalid', { reason: `Availability zone '${wanted}' is invalid.` })
  const { id, projectId, userId } = ownershipOf(call, given)
  if (projectId === undefined) throw fault('VolumeBadRequest', { reason: 'The token has no project.' })
  await checkVolumeSize(dbOf(call), projectId, size)
  const row: VolumeRow = {
    ...newVolumeRow({
      id,
      projectId,
      userId,
      name: given.name ?? given.display_name ?? null,
      description: given.description ?? given.display_description ?? null,
      size,
      typeId: type.id,
      isMultiattach: await isMultiattach(call, type, given.multiattach),
      now: call.deps.clock.now(),
    }),
    status: source.source === 'image' ? 'downloading' : 'creating',
    snapshot_id: source.source === 'snapshot' ? source.id : null,
    source_volid: source.source === 'volume' ? source.id : null,
    bootable: Number(source.isBootable),
    group_id: group?.id ?? null,
  }
  const metadata = given.metadata ?? {}
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await reserve(tx, projectId, { volumes: 1, gigabytes: size }, type.id)
    await holdSource(tx, source)
    await tx.insertInto('volumes').values(row).execute()
    await putProperties(tx, row.id, 'metadata', metadata)
    await putProperties(tx, row.id, 'image', source.imageMetadata)
    const args: CreateArgs = { source: source.source }
    await addJob(tx, call, { kind: 'create', subject: row.id, source: source.id, args })
  })
  call.deps.work.wake()
  const shown = {
    ...row,
    status: 'creating' as const,
    typeName: type.name,
    metadata,
    imageMetadata: {},
    adminMetadata: {},
    attachments: [],
    isInLegacyGroup: Boolean(given.consistencygroup_id),
  }
  return json(202, { volume: volumeView(call, shown) })
}

/** A volume that is being made, of nothing so far. */
export const newVolumeRow = (given: {
  /** A new one when none is given. */
  readonly id?: string
  readonly projectId: string
  readonly userId: string
  readonly name: string | null
  readonly description: string | null
  readonly size: number
  readonly typeId: string
  readonly isMultiattach: boolean
  readonly now: number
}): VolumeRow => ({
  id: given.id ?? newUuid(),
  project_id: given.projectId,
  user_id: given.userId,
  name: given.name,
  description: given.description,
  size: given.size,
  status: 'creating',
  previous_status: null,
  attach_status: 'detached',
  availability_zone: zone,
  type_id: given.typeId,
  snapshot_id: null,
  source_volid: null,
  bootable: 0,
  multiattach: Number(given.isMultiattach),
  readonly: 0,
  written_bytes: 0,
  migration_status: null,
  group_id: null,
  created_at: given.now,
  updated_at: null,
})

async function sourceOf(call: VolumeCall, given: CreateBody['volume']): Promise<Source> {
  const imageId = given.imageRef ?? given.image_id ?? null
  const snapshotId = given.snapshot_id ?? null
  const volumeId = given.source_volid ?? null
  const backupId = has(call, 'createFromBackup') ? (given.backup_id ?? null) : null
  if ([imageId, snapshotId, volumeId, backupId].filter(Boolean).length > 1)
    throw fault('VolumeInputInvalid', { reason: 'May specify only one of imageRef, snapshot, source volume' })
  if (snapshotId) return snapshotSource(call, snapshotId)
  if (volumeId) return volumeSource(call, volumeId)
  if (backupId) return backupSource(call, backupId)
  return imageId ? imageSource(call, imageId) : nothing
}

async function snapshotSource(call: VolumeCall, id: string): Promise<Source> {
  const snapshot = await findSnapshotRow(call, 'volume:get_snapshot', id)
  const { type_id, availability_zone, bootable, imageMetadata } = await findVolume(
    call,
    'volume:get',
    snapshot.volume_id,
  )
  refuseSnapshot(snapshot.status)
  return {
    ...nothing,
    source: 'snapshot',
    id,
    size: snapshot.size,
    typeId: type_id,
    zone: availability_zone,
    isBootable: bootable === 1,
    imageMetadata,
  }
}

function refuseSnapshot(status: string | undefined): void {
  const allowed: readonly string[] = snapshotAllowedFrom.restore
  if (status === undefined || !allowed.includes(status))
    throw fault('VolumeSnapshotInvalid', {
      reason: `Originating snapshot status must be one of ${allowed.join(', ')} values`,
    })
}

async function volumeSource(call: VolumeCall, id: string): Promise<Source> {
  const volume = await findVolume(call, 'volume:get', id)
  refuseVolume(volume.status)
  return {
    ...nothing,
    source: 'volume',
    id,
    size: volume.size,
    typeId: volume.type_id,
    zone: volume.availability_zone,
    isBootable: volume.bootable === 1,
    imageMetadata: volume.imageMetadata,
  }
}

/** 3.47: a new volume of a backup, without restoring into one. */
async function backupSource(call: VolumeCall, id: string): Promise<Source> {
  const backup = await findBackupRow(call, 'backup:get', id)
  refuseBackup(backup.status)
  return { ...nothing, source: 'backup', id, size: backup.size }
}

function refuseBackup(status: string): void {
  if (status !== 'available')
    throw fault('VolumeInputInvalid', {
      reason: `Unable to create a volume from an originating source backup when its status is not one of available values`,
    })
}

function refuseVolume(status: string | undefined): void {
  const allowed: readonly string[] = volumeAllowedFrom.clone
  if (status === undefined || !allowed.includes(status))
    throw fault('VolumeInvalid', {
      reason: `Unable to create a volume from an originating source volume when its status is not one of ${allowed.join(', ')} values`,
    })
}

async function imageSource(call: VolumeCall, id: string): Promise<Source> {
  const token = String(call.request.headers['x-auth-token'])
  const image = await call.deps.neighbours.image.find({ token, ids: call, log: call.log }, id)
  if (!image) throw fault('VolumeImageNotFound', { image: id })
  if (image.status !== 'active') throw fault('VolumeInputInvalid', { reason: `Image ${id} is not active.` })
  return { ...nothing, source: 'image', id, imageMetadata: image.properties, image }
}

/** Once more, now that nobody else can change it: a source may be deleted while we looked elsewhere. */
async function holdSource(tx: VolumeTransaction, { source, id }: Source): Promise<void> {
  if (source === 'snapshot') refuseSnapshot((await lockSnapshot(tx, id!))?.status) // these have an id
  if (source === 'volume') refuseVolume((await lockVolume(tx, id!))?.status) // likewise
  if (source === 'backup') refuseBackup((await lockBackup(tx, id!)).status) // likewise
}

function sizeOf(given: CreateBody['volume'], source: Source): number {
  const size = given.size == null ? source.size : Number(given.size)
  if (size === null || size <= 0)
    throw fault('VolumeInputInvalid', {
      reason: `Invalid volume size provided for create request: ${size === null ? 'None' : size} (size argument must be an integer (or string representation of an integer) and greater than zero).`,
    })
  if (source.size !== null && size < source.size)
    throw fault('VolumeInputInvalid', {
      reason:
        source.source === 'snapshot'
          ? `Volume size '${size}'GB cannot be smaller than the snapshot size ${source.size}GB. They must be >= original snapshot size.`
          : `Volume size '${size}'GB cannot be smaller than original volume size  ${source.size}GB. They must be >= original volume size.`,
    })
  if (source.image) checkImageFits(source.image, size)
  return size
}

/** Refuses (400) an image that is larger than a volume of `size` GiB, or wants one. */
export function checkImageFits({ sizeBytes, virtualSizeBytes, minDiskGb }: ImageFacts, size: number): void {
  const imageGb = Math.ceil(Math.max(sizeBytes, virtualSizeBytes ?? 0) / gibibyte)
  if (imageGb > size)
    throw fault('VolumeInputInvalid', {
      reason: `Size of specified image ${imageGb}GB is larger than volume size ${size}GB.`,
    })
  if (minDiskGb > size)
    throw fault('VolumeInputInvalid', {
      reason: `Volume size ${size}GB cannot be smaller than the image minDisk size ${minDiskGb}GB.`,
    })
}

async function typeOf(call: VolumeCall, ref: string | null, source: Source): Promise<VolumeTypeRow> {
  if (ref) return findTypeByRef(call, ref)
  const named = source.imageMetadata.cinder_img_volume_type
  if (source.image && named) return findTypeByRef(call, named)
  const db = dbOf(call)
  if (source.typeId !== null)
    return db.selectFrom('volume_types').selectAll().where('id', '=', source.typeId).executeTakeFirstOrThrow()
  return defaultTypeOf(db, call.auth.project?.id ?? null)
}

/** From 3.50 on a property of the type alone; before, asked for with the volume as well. */
async function isMultiattach(
  call: VolumeCall,
  type: VolumeTypeRow,
  asked: boolean | string | null | undefined,
): Promise<boolean> {
  const [found] = await withSpecs(dbOf(call), [type])
  if (found?.extraSpecs.multiattach === '<is> True') return true
  return !has(call, 'multiattachTypes') && asked != null && readFlag('multiattach', asked)
}
