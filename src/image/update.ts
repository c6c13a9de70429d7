// PATCH /images/{id}: all the changes of the patch, or none.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { enforceVisibility, findImage } from './access.ts'
import { checkCounts } from './create.ts'
import type { ImageDeps } from './deps.ts'
import { type Image, isSettable, type SettableAttribute } from './image.ts'
import { type Change, readPatch } from './patch.ts'
import { type ImageTransaction, lockImage, saveImage } from './store.ts'
import { imageView } from './views.ts'

export async function updateImage(call: Call<ImageDeps>): Promise<Reply> {
  const id = call.params.image_id!
  const changes = readPatch(call.request.headers['content-type'], call.body)
  const seen = await findImage(call, id)
  for (const change of changes) enforceChange(call, seen, change)
  if (changes.length === 0) return json(200, imageView(seen))
  const saved = await call.deps.store.accept(async (tx: ImageTransaction) => {
    const before = await lockImage(tx, id)
    if (!before) throw fault('ImageUnknown', { image: id })
    const changed = changes.reduce(apply, before)
    checkCounts(changed.properties.size, changed.tags.size)
    const after = { ...changed, updated_at: call.deps.clock.now() }
    await saveImage(tx, before, after)
    return after
  })
  return json(200, imageView(saved))
}

function enforceChange(call: Call<ImageDeps>, image: Image, change: Change): void {
  if (change.name === 'owner' && change.operation !== 'remove' && !call.auth.isAdmin)
    throw fault('ImageOwnerChangeForbidden')
  if (change.name === 'visibility') enforceVisibility(call, change.value, image.owner)
  call.enforce('image:modify_image', { projectId: image.owner })
}

function apply(image: Image, change: Change): Image {
  const { operation, name, value } = change
  const isThere = isSettable(name) || image.properties.has(name)
  if (operation === 'remove' && isSettable(name)) throw fault('ImagePropertyFixed', { property: name })
  if (operation !== 'add' && !isThere) throw fault('ImagePropertyAbsent', { property: name })
  if (operation === 'add' && isThere && change.draft === 4)
    throw fault('ImagePropertyPresent', { property: name })
  if (isSettable(name)) return setAttribute(image, name, value)
  const properties = new Map(image.properties)
  if (operation === 'remove') properties.delete(name)
  else properties.set(name, String(value)) // the schema lets only text through
  return { ...image, properties }
}

function setAttribute(image: Image, name: SettableAttribute, value: unknown): Image {
  switch (name) {
    case 'tags':
      return { ...image, tags: new Set(value as readonly string[]) } // the schema lets only lists of text through
    case 'protected':
    case 'os_hidden':
      return { ...image, [name]: Number(value) }
    case 'disk_format':
    case 'container_format':
      if (image.status !== 'queued') throw fault('ImageFormatFixed', { attribute: name })
      return { ...image, [name]: value }
    default:
      return { ...image, [name]: value }
  }
}
