// The image a create, rebuild or rescue names, and whether a flavor can hold it.
import { fault } from '../../../model/errors.ts'
import { behalfOf } from '../../accept.ts'
import type { FlavorSnapshot, ImageSnapshot } from '../../snapshots.ts'
import { type ComputeCall, viewerOf } from '../call.ts'

export interface FoundImage {
  readonly snapshot: ImageSnapshot
  /** Refuses (400) a flavor that is too small (nova/compute/api.py, _validate_flavor_image_nostatus). */
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

function checkImage(image: ImageSnapshot, flavor: FlavorSnapshot): void {
  if (flavor.memoryMb < image.minRamMb) throw fault('FlavorMemoryTooSmall')
  // A root disk of zero takes the image's own size.
  if (flavor.rootGb === 0) return
  const disk = flavor.rootGb * gib
  if (image.sizeBytes > disk) throw fault('FlavorDiskSmallerThanImage', { disk, size: image.sizeBytes })
  if (image.minDiskGb > flavor.rootGb)
    throw fault('FlavorDiskSmallerThanMinDisk', { disk, minimum: image.minDiskGb * gib })
}
