// PUT and DELETE /images/{id}/tags/{tag}.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, type Reply } from '../platform/http/types.ts'
import { findImage } from './access.ts'
import { checkCounts } from './create.ts'
import type { ImageDeps } from './deps.ts'
import { checkAttributes, type Image } from './image.ts'
import { type ImageTransaction, lockImage, saveImage } from './store.ts'

export async function addTag(call: Call<ImageDeps>): Promise<Reply> {
  const tag = call.params.tag!
  checkAttributes({ tags: [tag] })
  return changeTags(call, image => new Set([...image.tags, tag]))
}

export async function removeTag(call: Call<ImageDeps>): Promise<Reply> {
  const tag = call.params.tag!
  return changeTags(call, image => {
    if (!image.tags.has(tag)) throw fault('RouteNotFound')
    return new Set([...image.tags].filter(other => other !== tag))
  })
}

async function changeTags(
  call: Call<ImageDeps>,
  change: (image: Image) => ReadonlySet<string>,
): Promise<Reply> {
  const id = call.params.image_id!
  const { owner } = await findImage(call, id, 'ImageUnknownHere')
  if (!call.allows('image:modify_image', { projectId: owner }))
    throw fault('ImageTagsForbidden', { image: id })
  await call.deps.store.accept(async (tx: ImageTransaction) => {
    const before = await lockImage(tx, id)
    if (!before) throw fault('ImageUnknownHere', { image: id })
    const tags = change(before)
    checkCounts(0, tags.size)
    await saveImage(tx, before, { ...before, tags, updated_at: call.deps.clock.now() })
  })
  return empty(204)
}
