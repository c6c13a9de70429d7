// One image: shown, deleted, switched off and on again.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { findImage, findImageTo } from './access.ts'
import type { ImageDeps } from './deps.ts'
import { removeData } from './image-files.ts'
import { changeState, deleteImageRows, type ImageTransaction } from './store.ts'
import type { ImageStatus } from './tables.ts'
import { imageView } from './views.ts'

export const showImage = async (call: Call<ImageDeps>): Promise<Reply> =>
  json(200, imageView(await findImage(call, call.params.image_id!)))

/** In any state, also while data is arriving: the upload then finds its image gone (410) and cleans up. */
export async function deleteImage(call: Call<ImageDeps>): Promise<Reply> {
  const image = await findImageTo(call, 'image:delete_image', call.params.image_id!, 'ImageUnknownToDelete')
  if (image.protected === 1) throw fault('ImageProtected', { image: image.id })
  const { store, clock, folder } = call.deps
  const uploadId = await store.accept((tx: ImageTransaction) => deleteImageRows(tx, image.id, clock.now()))
  if (uploadId === undefined) {
    // Somebody was faster: either it is gone, or it has become protected since.
    await findImage(call, image.id, 'ImageUnknownToDelete')
    throw fault('ImageProtected', { image: image.id })
  }
  // The rows decide; a file that stays behind here is removed at the next start (recover.ts).
  if (uploadId !== null)
    await removeData(folder, { imageId: image.id, uploadId }).catch((error: unknown) =>
      call.log.error(`The data of deleted image ${image.id} could not be removed`, { error }),
    )
  return empty(204)
}

export const deactivateImage = (call: Call<ImageDeps>): Promise<Reply> =>
  switchImage(call, 'deactivate', 'active', 'deactivated')

export const reactivateImage = (call: Call<ImageDeps>): Promise<Reply> =>
  switchImage(call, 'reactivate', 'deactivated', 'active')

// Asking for the state it is in already is no mistake: 204, nothing changes.
async function switchImage(
  call: Call<ImageDeps>,
  action: 'deactivate' | 'reactivate',
  from: ImageStatus,
  to: ImageStatus,
): Promise<Reply> {
  const { store, clock } = call.deps
  const { id, status } = await findImageTo(call, `image:${action}`, call.params.image_id!)
  if (status === to) return empty(204)
  if (
    await store.accept((tx: ImageTransaction) =>
      changeState(tx, id, { status: [from] }, { status: to, updated_at: clock.now() }),
    )
  )
    return empty(204)
  const now = await findImage(call, id)
  if (now.status === to) return empty(204)
  throw fault('ImageActionState', { action, status: now.status })
}
