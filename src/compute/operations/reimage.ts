// Writing a server's root volume anew, in the course of a rebuild: the volume service does it, and tells when it has
// (nova/compute/manager.py, _rebuild_volume_backed_instance).
import { fault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import { rootVolumeOf } from '../store/servers.ts'
import type { RebuildWork } from './rebuild.ts'
import { pauseMs } from './volumes.ts'

const gib = 1024 ** 3

/** The root volume has the image's data; VolumeNotReimaged when it does not get it in time. */
export async function reimageRoot(work: RebuildWork, host: string): Promise<void> {
  const { reimage } = work.args
  const volumeId = rootVolumeOf(work.server)?.volumeId
  if (reimage === null || volumeId == null || work.data.isReimaged) return
  const { clock, neighbours, volumeNews } = work.deps
  const { volume } = neighbours
  await work.failIfAsked('reimage_volume')
  const find = () => volume.find(work.behalf(host), volumeId, null)
  // Taken up again, it may be at it.
  if (work.takenUpBefore === 0 || (await find())?.status !== 'downloading')
    await volume.reimage(work.behalf(host), volumeId, reimage.imageId)
  const until = clock.now() + Math.max(1, Math.ceil(reimage.sizeBytes / gib)) * limits.reimageMsPerGb
  for (let look = 0; ; look += 1) {
    await work.stillWanted()
    const status = (await find())?.status ?? 'deleted'
    if (status === 'reserved') return work.remember({ isReimaged: true })
    if (status !== 'downloading' || clock.now() >= until)
      throw fault('VolumeNotReimaged', { volume: volumeId, image: reimage.imageId, status })
    await volumeNews.next(work.server.id, volumeId, pauseMs(look + 2))
  }
}
