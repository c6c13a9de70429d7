// Data coming in: PUT /images/{id}/file, and by way of staging PUT /images/{id}/stage with POST /images/{id}/import.
// The database decides who may write (queued → saving) and whether the end still counts; the file comes in between.
import { newUuid } from '../base/ids.ts'
import { isObject } from '../base/json.ts'
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, type Reply } from '../platform/http/types.ts'
import { findImage, findImageTo } from './access.ts'
import type { ImageDeps } from './deps.ts'
import type { Image } from './image.ts'
import { type DataKey, type ReceivedData, receiveData, removeData } from './image-files.ts'
import { changeState, type ImageTransaction, lockImage } from './store.ts'
import type { ImageStatus } from './tables.ts'
import { recordImport } from './tasks.ts'
import { importMethods, storeId } from './views.ts'
import { virtualSize } from './virtual-size.ts'

export async function uploadImage(call: Call<ImageDeps>): Promise<Reply> {
  checkType(call)
  const image = await findImageTo(call, 'image:upload_image', call.params.image_id!)
  const store = call.request.headers['x-image-meta-store']
  if (store !== undefined && store !== storeId) throw fault('ImageStoreUnknown', { store })
  await takeData(call, image, 'saving', 'active')
  return empty(204)
}

export async function stageImage(call: Call<ImageDeps>): Promise<Reply> {
  checkType(call)
  const image = await findImageTo(call, 'image:modify_image', call.params.image_id!)
  await takeData(call, image, 'uploading', 'uploading')
  return empty(204)
}

// Glance takes nothing but bytes here, and no type at all for bytes.
function checkType(call: Call<ImageDeps>): void {
  const type = call.request.headers['content-type']
  if (type !== undefined && type.split(';', 1)[0]!.trim().toLowerCase() !== 'application/octet-stream')
    throw fault('ImageDataType', { type })
}

/** Brings a queued image through `during` to `end` with the request's body as its data, or leaves it queued. */
async function takeData(
  call: Call<ImageDeps>,
  image: Image,
  during: ImageStatus,
  end: ImageStatus,
): Promise<void> {
  const { store, clock, folder, imageBytesMax = limits.imageBytesMax } = call.deps
  if (Number(call.request.headers['content-length'] ?? 0) > imageBytesMax) throw fault('ImageTooLarge')
  const key = { imageId: image.id, uploadId: newUuid() }
  const mine = { status: [during], uploadId: key.uploadId }
  const diskFormat = await begin(call, key, during)
  try {
    const received = await receiveData(folder, key, call.request.body, imageBytesMax)
    const isStillMine = await store.accept((tx: ImageTransaction) =>
      changeState(tx, image.id, mine, {
        status: end,
        ...facts(received, diskFormat),
        updated_at: clock.now(),
      }),
    )
    if (isStillMine) return
  } catch (error) {
    await giveUp(call, key, during)
    throw error
  }
  await removeData(folder, key)
  throw fault('ImageGoneDuringUpload', { image: image.id })
}

const facts = (received: ReceivedData, diskFormat: string | null) => ({
  size: received.size,
  virtual_size: virtualSize(diskFormat, received.head, received.size),
  checksum: received.md5,
  os_hash_algo: 'sha512',
  os_hash_value: received.sha512,
})

// When even this fails, the next start does it (recover.ts). The row goes first: an image whose end was written after
// all (an answer lost on its way from the database) keeps its data.
async function giveUp(call: Call<ImageDeps>, key: DataKey, during: ImageStatus): Promise<void> {
  const { store, clock, folder } = call.deps
  const mine = { status: [during], uploadId: key.uploadId }
  const queued = { status: 'queued', upload_id: null, updated_at: clock.now() } as const
  try {
    const isRestored = await store.transaction((tx: ImageTransaction) =>
      changeState(tx, key.imageId, mine, queued),
    )
    if (isRestored) await removeData(folder, key)
  } catch (error) {
    call.log.error(`Image ${key.imageId} could not be put back to queued`, { error })
  }
}

/** Takes the queued image for this upload; answers its disk format. */
async function begin(call: Call<ImageDeps>, key: DataKey, during: ImageStatus): Promise<string | null> {
  const { store, clock } = call.deps
  return store.transaction(async (tx: ImageTransaction) => {
    const image = await lockImage(tx, key.imageId)
    if (!image) throw fault('ImageUnknown', { image: key.imageId })
    if (image.status !== 'queued') throw fault('ImageStatusTransition', { from: image.status, to: during })
    if (during === 'saving') checkFormats(image)
    await changeState(
      tx,
      image.id,
      { status: ['queued'] },
      { status: during, upload_id: key.uploadId, updated_at: clock.now() },
    )
    return image.disk_format
  })
}

function checkFormats(image: Image): void {
  const unset = (['disk_format', 'container_format'] as const).filter(name => image[name] === null)
  if (unset.length === 1) throw fault('ImageFormatUnset', { properties: unset[0] })
  if (unset.length > 1) throw fault('ImageFormatsUnset', { properties: unset.join(', ') })
}

/** Makes staged data the image's. Nothing has to be copied or converted, so it is done when we answer. */
export async function importImage(call: Call<ImageDeps>): Promise<Reply> {
  checkImport(call.body)
  const image = await findImageTo(call, 'image:modify_image', call.params.image_id!)
  if (image.status === 'active') throw fault('ImageImportActive')
  // Without a size the data is still arriving.
  if (image.status !== 'uploading' || image.size === null || image.upload_id === null)
    throw fault('ImageImportNotStaged')
  for (const property of ['container_format', 'disk_format'] as const)
    if (image[property] === null) throw fault('ImageImportFormatUnset', { property })
  const { store, clock } = call.deps
  const staged = { status: ['uploading'], uploadId: image.upload_id } as const
  const isDone = await store.accept(async (tx: ImageTransaction) => {
    const isMine = await changeState(tx, image.id, staged, { status: 'active', updated_at: clock.now() })
    if (isMine) await recordImport(tx, call, image, call.body)
    return isMine
  })
  if (!isDone) {
    await findImage(call, image.id)
    throw fault('ImageImportActive')
  }
  return empty(202)
}

function checkImport(body: unknown): void {
  if (body === undefined) throw fault('ImageBodyMissing')
  if (!isObject(body) || !isObject(body.method)) throw fault('ImageImportNoMethod')
  const { name } = body.method
  if (name === undefined) throw fault('ImageImportNoName')
  if (!(importMethods as readonly unknown[]).includes(name))
    throw fault('ImageImportMethodUnknown', { method: name })
}
