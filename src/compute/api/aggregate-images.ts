// POST /os-aggregates/{id}/images (2.81): images are brought to the hosts of an aggregate before servers need them.
import { fault } from '../../model/errors.ts'
import { empty, type Reply } from '../../platform/http/types.ts'
import { contextOf } from '../accept.ts'
import { findAggregate } from '../store/aggregates.ts'
import { addImageCaching } from '../store/image-cachings.ts'
import type { ComputeTables } from '../tables.ts'
import { aggregateIdOf } from './aggregates.ts'
import { bodyOf, type ComputeCall } from './call.ts'
import type { CacheImagesBody } from './schemas/machinery.ts'

export async function cacheImages(call: ComputeCall): Promise<Reply> {
  call.enforce('compute:aggregates:images')
  const imageIds = bodyOf<CacheImagesBody>(call).cache.map(({ id }) => id)
  if (new Set(imageIds).size < imageIds.length) throw fault('DuplicateImages')
  const id = aggregateIdOf(call)
  const { store, clock, imageCaching } = call.deps
  await store.accept<ComputeTables, void>(async tx => {
    const aggregate = await findAggregate(tx, id)
    if (!aggregate) throw fault('AggregateNotFound', { aggregate: id })
    await addImageCaching(tx, { aggregate, imageIds, context: contextOf(call), createdAt: clock.now() })
  })
  imageCaching.wake()
  return empty(202)
}
