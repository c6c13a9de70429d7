// The disks of a create held against the services they come from (nova/compute/api.py, _validate_bdm and
// _get_bdm_image_metadata): images, volumes, snapshots and types must be there, and fit.
import { fault } from '../../../model/errors.ts'
import { limits } from '../../../model/limits.ts'
import { behalfOf } from '../../accept.ts'
import { isEphemeral, isSwap } from '../../device-names.ts'
import { list } from '../../neighbours/http/session.ts'
import type { VolumeFacts } from '../../neighbours/neighbours.ts'
import type { FlavorSnapshot, ImageSnapshot } from '../../snapshots.ts'
import { type ComputeCall, viewerOf } from '../call.ts'
import { versionOf } from '../negotiate.ts'
import { accepted, askAs } from '../proxies/ask.ts'
import type { WantedDevice } from './block-devices.ts'

const gib = 1024 ** 3

/** nova/objects/fields.py, DiskBus. */
const diskBuses: ReadonlySet<string> = new Set([
  'fdc',
  'ide',
  'lxc',
  'sata',
  'scsi',
  'uml',
  'usb',
  'virtio',
  'xen',
])

/** What a server boots from when no image is named: the facts of the image its boot disk was, or is, made of. */
export async function bootImage(call: ComputeCall, disks: readonly WantedDevice[]): Promise<ImageSnapshot> {
  const root = disks.find(({ bootIndex }) => bootIndex === 0)
  if (root?.imageId) return imageOf(call, root.imageId)
  if (root?.volumeId) return bootable(await volumeOf(call, root.volumeId))
  if (!root?.snapshotId) return nothing
  const snapshot = await snapshotOf(call, root.snapshotId)
  return bootable(await volumeOf(call, snapshot.volumeId))
}

const nothing: ImageSnapshot = {
  id: '',
  name: '',
  minDiskGb: 0,
  minRamMb: 0,
  sizeBytes: 0,
  diskFormat: 'raw',
  containerFormat: 'bare',
  owner: null,
  properties: {},
}

async function imageOf(call: ComputeCall, id: string): Promise<ImageSnapshot> {
  const found = await call.deps.neighbours.image.find(behalfOf(call), id, viewerOf(call))
  if (!found) throw fault('MappingImage', { id })
  const { status, ...snapshot } = found
  if (status !== 'active') throw fault('ImageNotActive', { image: id })
  return snapshot
}

async function volumeOf(call: ComputeCall, id: string): Promise<VolumeFacts> {
  const volume = await call.deps.neighbours.volume.find(behalfOf(call), id, viewerOf(call))
  if (!volume) throw fault('MappingVolume', { id })
  return volume
}

async function snapshotOf(call: ComputeCall, id: string) {
  const snapshot = await call.deps.neighbours.volume.findSnapshot(behalfOf(call), id, viewerOf(call))
  if (!snapshot) throw fault('MappingSnapshot', { id })
  return snapshot
}

/** What a volume keeps of its image that is the image's own and no property (nova/utils.py, VIM_IMAGE_ATTRIBUTES). */
const ownKeys = new Set([
  'image_id',
  'image_name',
  'size',
  'checksum',
  'container_format',
  'disk_format',
  'min_ram',
  'min_disk',
])

function bootable({ id, isBootable, imageProperties: kept, sizeGb }: VolumeFacts): ImageSnapshot {
  if (!isBootable) throw fault('BootVolumeNotBootable', { id })
  return {
    ...nothing,
    name: kept.image_name ?? '',
    minDiskGb: Number(kept.min_disk ?? 0),
    minRamMb: Number(kept.min_ram ?? 0),
    sizeBytes: sizeGb * gib,
    diskFormat: kept.disk_format ?? 'raw',
    containerFormat: kept.container_format ?? 'bare',
    properties: Object.fromEntries(Object.entries(kept).filter(([name]) => !ownKeys.has(name))),
  }
}

/** Refuses (400) disks that cannot be; answers those a server keeps: volumes, and local disks that are blank. */
export async function checkDisks(
  call: ComputeCall,
  disks: readonly WantedDevice[],
  { flavor, servers }: { readonly flavor: FlavorSnapshot; readonly servers: number },
): Promise<readonly WantedDevice[]> {
  if (servers > 1 && disks.some(({ source }) => source === 'volume')) throw fault('VolumesOfManyServers')
  refuseBootOrder(disks)
  await refuseTypes(call, disks)
  const checked: WantedDevice[] = []
  for (const disk of disks) checked.push(await checkSource(call, disk, checked)) // one look a disk, and few disks
  refuseBuses(disks)
  refuseLocals(disks, flavor)
  return checked.filter(({ source, destination }) => destination === 'volume' || source === 'blank')
}

/** From 0 up, each once; whatever is below is never booted. */
function refuseBootOrder(disks: readonly WantedDevice[]): void {
  const order = disks
    .flatMap(({ bootIndex }) => (bootIndex !== null && bootIndex >= 0 ? [bootIndex] : []))
    .sort((a, b) => a - b)
  if (order.length === 0 || order.some((index, at) => index !== at)) throw fault('MappingBootSequence')
}

async function refuseTypes(call: ComputeCall, disks: readonly WantedDevice[]): Promise<void> {
  const asked = disks.flatMap(({ volumeType }) => volumeType ?? [])
  if (asked.length === 0) return
  // With the caller's own token: which types there are for them is the volume service's to say.
  const types = list(accepted(await askAs(call, 'volumev3', 'GET', '/types')), 'volume_types')
  for (const type of asked)
    if (!types.some(({ id, name }) => id === type || name === type))
      throw fault('BootVolumeTypeNotFound', { type })
}

async function checkSource(
  call: ComputeCall,
  disk: WantedDevice,
  before: readonly WantedDevice[],
): Promise<WantedDevice> {
  const { source, destination, imageId, volumeId, snapshotId, sizeGb } = disk
  if (imageId !== null && destination === 'volume') {
    await imageOf(call, imageId)
    if (!sizeGb) throw fault('MappingImageSize')
    return disk
  }
  if (volumeId !== null) {
    if (before.some(other => other.volumeId === volumeId))
      throw fault('VolumeAlreadyAttached', { volume: volumeId })
    const volume = await volumeOf(call, volumeId)
    refuseVolume(call, volume)
    return { ...disk, sizeGb: volume.sizeGb }
  }
  if (snapshotId !== null) return { ...disk, sizeGb: sizeGb ?? (await snapshotOf(call, snapshotId)).sizeGb }
  if (source === 'blank' && destination === 'volume' && !sizeGb) throw fault('MappingBlankSize')
  return disk
}

/** As the volume service would refuse to reserve it, which it is asked to as soon as the server is accepted. */
function refuseVolume(call: ComputeCall, { id, isShared, status }: VolumeFacts): void {
  if (isShared && !versionOf(call).has('multiattach')) throw fault('MultiattachTooOld')
  const allowed = isShared ? ['available', 'in-use', 'downloading'] : ['available', 'downloading']
  if (!allowed.includes(status))
    throw fault('BootVolumeUnusable', {
      reason: `Invalid input received: Invalid volume: Volume ${id} status must be ${allowed.join(' or ')} to reserve, but the current status is ${status}.`,
    })
}

function refuseBuses(disks: readonly WantedDevice[]): void {
  for (const { diskBus: bus } of disks)
    if (bus !== null && !diskBuses.has(bus)) throw fault('MappingDiskBus', { bus })
}

function refuseLocals(disks: readonly WantedDevice[], flavor: FlavorSnapshot): void {
  const ephemeral = disks.filter(isEphemeral)
  const sizes = ephemeral.map(({ sizeGb }) => sizeGb ?? flavor.ephemeralGb)
  if (sizes.reduce((sum, size) => sum + size, 0) > flavor.ephemeralGb) throw fault('MappingEphemeralSize')
  const swaps = disks.filter(isSwap)
  if (swaps.length > 1) throw fault('MappingInvalid', { reason: 'More than one swap drive requested.' })
  if ((swaps[0]?.sizeGb ?? 0) > flavor.swapMb) throw fault('MappingSwapSize')
  if (disks.filter(({ destination }) => destination === 'local').length > limits.localDisksMax)
    throw fault('MappingLocals')
}
