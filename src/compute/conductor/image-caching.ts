// Brings images to the hosts of an aggregate (nova/conductor/manager.py, cache_images): one request after the other, one
// host after the other ([image_cache]precache_concurrency is 1), each host's result kept, so that the next process goes
// on where one stopped. What a host could not do is said in its progress and in the log; the others go on.
import type { RequestId } from '../../base/ids.ts'
import { limits } from '../../model/limits.ts'
import { NoConsumer } from '../../platform/bus/bus.ts'
import type { Log } from '../../platform/journal/log.ts'
import { tables } from '../../platform/store/store.ts'
import type { ImageCachingRunner } from '../deps.ts'
import { failureKey, readFailures } from '../failures.ts'
import { type HostAnswer, type HostCalls, hostTopic } from '../messages.ts'
import { notifyAggregate, notifyImageCache } from '../notifications/notify.ts'
import type { Sender } from '../notifications/sender.ts'
import type { WorkDeps } from '../operations/work-deps.ts'
import {
  type CacheResult,
  endImageCaching,
  type ImageCaching,
  keepCacheResults,
  nextImageCaching,
} from '../store/image-cachings.ts'
import { computeBinary, isUp, listServices } from '../store/services.ts'
import type { ComputeTables } from '../tables.ts'

export interface RunningImageCaching extends ImageCachingRunner {
  /** Hosts answer from now on: takes up what was accepted, by an earlier process too. */
  recover(): void
  /** Resolves when nothing is left to do. */
  settled(): Promise<void>
  /** Asks no further host; resolves when the one that is asked has answered, or `ms` have passed. */
  drain(ms: number): Promise<void>
}

export type ImageCachingDeps = Pick<
  WorkDeps,
  'store' | 'clock' | 'notifier' | 'neighbours' | 'bus' | 'conductorHost' | 'logs'
>

type ToCache = HostCalls['cacheImages']['args']['images']

export function createImageCaching(deps: ImageCachingDeps): RunningImageCaching {
  let state: 'waiting' | 'open' | 'draining' = 'waiting'
  let running: Promise<void> | null = null
  let isAskedAgain = false
  const isDraining = () => state === 'draining'

  function wake(): void {
    isAskedAgain = true
    if (state !== 'open' || running) return
    running = work().finally(() => {
      running = null
      if (isAskedAgain) wake()
    })
  }

  async function work(): Promise<void> {
    isAskedAgain = false
    try {
      for (;;) {
        const next = isDraining() ? undefined : await nextImageCaching(tables<ComputeTables>(deps.store))
        if (!next) return
        await cacheOnHosts(deps, next, isDraining)
      }
    } catch (error) {
      // Only the store failing brings us here; the promise stands until it is back.
      deps.logs.conductor.error('Image pre-cache operations could not be recorded', { error })
      isAskedAgain = true
      await new Promise(resolve => setTimeout(resolve, limits.imageCachingRetryMs).unref())
    }
  }

  return {
    wake,
    recover() {
      state = 'open'
      wake()
    },
    async settled() {
      while (running) await running
    },
    async drain(ms) {
      state = 'draining'
      await Promise.race([running, new Promise(resolve => setTimeout(resolve, ms).unref())])
    },
  }
}

async function cacheOnHosts(
  deps: ImageCachingDeps,
  caching: ImageCaching,
  isDraining: () => boolean,
): Promise<void> {
  const { aggregate, imageIds, context } = caching
  const { hosts } = aggregate
  const log = deps.logs.conductor.under(context)
  const ids = `[${imageIds.join(', ')}]`
  const began = deps.clock.now()
  const keep = (results: Record<string, CacheResult>) =>
    deps.store.transaction<ComputeTables, void>(tx => keepCacheResults(tx, caching.id, results))
  if (caching.results === null) {
    notifyAggregate(senderOf(deps, caching, 'nova-api'), 'cache_images', 'start', aggregate)
    log.info(`Preparing to request pre-caching of image(s) ${ids} on ${hosts.length} hosts across 1 cells.`)
    await keep({})
  }
  const results: Record<string, CacheResult> = { ...caching.results }
  const left = hosts.filter(host => !Object.hasOwn(results, host))
  const images = left.length === 0 ? [] : await findImages(deps, caching, log)
  const up = await hostsUp(deps)
  for (const host of left) {
    if (isDraining()) return
    const result = up.has(host)
      ? await cacheOn(deps, caching, host, images, log)
      : resultOf(imageIds, 'skipped')
    if (!up.has(host)) log.info(`Skipping image pre-cache request to compute '${host}' because it is not up`)
    results[host] = result
    await keep(results)
    notifyImageCache(senderOf(deps, caching, 'nova-conductor'), aggregate, {
      host,
      cached: imageIds.filter(id => result[id] === 'cached' || result[id] === 'existing'),
      failed: imageIds.filter(id => result[id] === 'error'),
      index: Object.keys(results).length,
      total: hosts.length,
    })
  }
  await deps.store.transaction<ComputeTables, void>(tx => endImageCaching(tx, caching.id))
  sayEnd(log, ids, (deps.clock.now() - began) / 1000, Object.values(results))
  notifyAggregate(senderOf(deps, caching, 'nova-api'), 'cache_images', 'end', aggregate)
}

const resultOf = (imageIds: readonly string[], outcome: 'error' | 'skipped'): CacheResult =>
  Object.fromEntries(imageIds.map(id => [id, outcome]))

/** The images that are there to be fetched, as the caller may see them; what is not is an error on every host. */
async function findImages(
  deps: ImageCachingDeps,
  { imageIds, context }: ImageCaching,
  log: Log,
): Promise<ToCache> {
  const ids = {
    requestId: context.requestId as RequestId, // written from one
    globalRequestId: context.globalRequestId as RequestId | null, // likewise
  }
  const on = { ids, log }
  const viewer = { projectId: context.auth?.project?.id ?? '', isAdmin: context.auth?.isAdmin ?? false }
  const found = await Promise.all(
    imageIds.map(id =>
      deps.neighbours.image.find(on, id, viewer).catch((error: unknown) => {
        log.warning(`Image ${id} could not be looked up to be cached`, { error })
        return null
      }),
    ),
  )
  return found.flatMap(image => {
    if (image?.status !== 'active') return []
    const { status: _, ...snapshot } = image
    const fail = readFailures(image.properties[failureKey]).find(({ point }) => point === 'cache_image')
    return [{ image: snapshot, fail: fail ?? null }]
  })
}

async function hostsUp({ store, clock }: ImageCachingDeps): Promise<ReadonlySet<string>> {
  const services = await listServices(tables<ComputeTables>(store), { binary: computeBinary })
  return new Set(services.filter(service => isUp(service, clock.now())).map(({ host }) => host))
}

/** A host that does not answer, or answers with a failure, has none of the images. */
async function cacheOn(
  deps: ImageCachingDeps,
  { imageIds, context }: ImageCaching,
  host: string,
  images: ToCache,
  log: Log,
): Promise<CacheResult> {
  const missing = resultOf(imageIds, 'error')
  if (images.length === 0) return missing
  try {
    const answer = (await deps.bus.call(hostTopic(host), {
      call: 'cacheImages',
      server: null,
      args: { images },
      context,
      fail: null,
    })) as HostAnswer<'cacheImages'> // agents answer by messages.ts
    if ('result' in answer) return { ...missing, ...answer.result }
    log.error(`Failed to cache images on ${host}: ${answer.error.message}`)
  } catch (error) {
    log.error(
      `Failed to cache images on ${host}: ${error instanceof NoConsumer ? 'nothing answers there' : 'it could not be asked'}`,
      { error },
    )
  }
  return missing
}

function sayEnd(log: Log, ids: string, seconds: number, results: readonly CacheResult[]): void {
  const outcomes = results.flatMap(result => Object.values(result))
  const count = (wanted: string) => outcomes.filter(outcome => outcome === wanted).length
  const skippedHosts = results.filter(result => Object.values(result).includes('skipped')).length
  log.info(
    `Image pre-cache operation for image(s) ${ids} completed in ${seconds.toFixed(2)} seconds; ${count('cached')} cached, ${count('existing')} existing, ${count('error')} errors, 0 unsupported, ${skippedHosts} skipped (down) hosts`,
  )
  const failures = new Map<string, number>()
  for (const result of results)
    for (const [image, outcome] of Object.entries(result))
      if (outcome === 'error') failures.set(image, (failures.get(image) ?? 0) + 1)
  for (const [image, times] of failures)
    log.warning(`Image pre-cache operation for image ${image} failed ${times} times`)
}

// Start and end are told in the name of the API, progress in the conductor's, as upstream.
const senderOf = (
  { notifier, clock, conductorHost }: ImageCachingDeps,
  { context }: ImageCaching,
  binary: 'nova-api' | 'nova-conductor',
): Sender => ({ notifier, clock, host: conductorHost, binary, context })
