// Images fetched before there are machines of them (nova/compute/manager.py, cache_images): each on its own, so that one
// that fails keeps none of the others away.
import type { Log } from '../../platform/journal/log.ts'
import { errorFor } from '../failures.ts'
import type { HostCalls } from '../messages.ts'
import type { Driver } from '../virt/driver.ts'

type Call = HostCalls['cacheImages']

export async function cacheImages(
  driver: Driver,
  { images }: Call['args'],
  log: Log,
): Promise<Call['result']> {
  log.info(`Caching ${images.length} image(s) by request`)
  const results: Record<string, Call['result'][string]> = {}
  for (const { image, fail } of images)
    try {
      if (fail) throw errorFor(fail, { imageId: image.id })
      results[image.id] = (await driver.cacheImage(image)) ? 'cached' : 'existing'
    } catch (error) {
      log.error(`Failed to cache image ${image.id}`, { error })
      results[image.id] = 'error'
    }
  return results
}
