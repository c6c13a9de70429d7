// The image a create, rebuild or rescue names, and whether a flavor can hold it.
import { fault } from '../../../model/errors.ts'
import { behalfOf } from '../../accept.ts'
import type { FlavorSnapshot, ImageSnapshot } from '../../snapshots.ts'
import { type ComputeCall, viewerOf } from '../call.ts'

export interface FoundImage {
  readonly snapshot: ImageSnapshot
  /** Refuses (400) a flavor that is too small for it. */
  checkAgainst(flavor: FlavorSnapshot): void
}

const gib = 1024 ** 3

/** Refuses (400) an image the caller cannot see or that has no data. */
export async function findImageFor(
  call: ComputeCall,
  id: string,
  missing: 'ImageInBodyNotFound' | 'RebuildImageNotFound' = 'ImageInBodyNotFound',
): Promise<FoundImage> {
  const found = await call.deps.neighbours.image.find(behalfOf(call), id, viewerOf(call))
  if (!found) throw fault(missing)
  const { status, ...snapshot } = found
  if (status !== 'active') throw fault('ImageNotActive', { image: id })
  return { snapshot, checkAgainst: flavor => checkImage(snapshot, flavor) }
}

/**
 * Refuses (400) a flavor that is too small for an image, or a volume that is to be made of it; one that is there says by
 * itself whether it is large enough (nova/compute/api.py, _validate_flavor_image_nostatus).
 */
export function checkImage(
  image: ImageSnapshot,
  flavor: FlavorSnapshot,
  rootVolume?: { readonly sizeGb: number | null },
): void {
  if (flavor.memoryMb < image.minRamMb) throw fault('FlavorMemoryTooSmall')
  if (rootVolume) {
    const { sizeGb } = rootVolume
    if (sizeGb !== null && image.minDiskGb > sizeGb)
      throw fault('BootVolumeSmall', { size: sizeGb * gib, minimum: image.minDiskGb * gib })
    return
  }
  // A root disk of zero takes the image's own size.
  if (flavor.rootGb === 0) return
  const disk = flavor.rootGb * gib
  if (image.sizeBytes > disk) throw fault('FlavorDiskSmallerThanImage', { disk, size: image.sizeBytes })
  if (image.minDiskGb > flavor.rootGb)
    throw fault('FlavorDiskSmallerThanMinDisk', { disk, minimum: image.minDiskGb * gib })
}
