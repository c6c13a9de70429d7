// POST /images: registers an image; its data comes later (data.ts).

import { newUuid } from '../base/ids.ts'
import { isObject } from '../base/json.ts'
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { enforceVisibility } from './access.ts'
import type { ImageDeps } from './deps.ts'
import { checkAttributes, type Image, isSettable } from './image.ts'
import { isReserved, readOnlyAttributes } from './schemas.ts'
import { type ImageTransaction, insertImage } from './store.ts'
import type { Visibility } from './tables.ts'
import { imageView, importMethods, storeId } from './views.ts'

/** What the schema lets through: only names that can be set, each of its type. */
interface ImageBody {
  readonly id?: string
  readonly name?: string | null
  readonly visibility?: Visibility
  readonly protected?: boolean
  readonly os_hidden?: boolean
  readonly owner?: string | null
  readonly container_format?: string | null
  readonly disk_format?: string | null
  readonly tags?: readonly string[]
  readonly min_ram?: number
  readonly min_disk?: number
}

export async function createImage(call: Call<ImageDeps>): Promise<Reply> {
  const { attributes, properties } = readBody(call.body)
  const owner = attributes.owner === undefined ? (call.auth.project?.id ?? null) : attributes.owner
  if (!call.allows('image:add_image', { projectId: owner }))
    throw owner === call.auth.project?.id
      ? fault('ImageForbidden', { action: 'add_image' })
      : fault('ImageOwnerForbidden', { owner })
  enforceVisibility(call, attributes.visibility, owner)
  checkCounts(properties.size, new Set(attributes.tags).size)
  const now = call.deps.clock.now()
  const image: Image = {
    id: attributes.id ?? newUuid(),
    name: attributes.name ?? null,
    status: 'queued',
    visibility: attributes.visibility ?? 'shared',
    protected: Number(attributes.protected ?? false),
    os_hidden: Number(attributes.os_hidden ?? false),
    owner,
    disk_format: attributes.disk_format ?? null,
    container_format: attributes.container_format ?? null,
    size: null,
    virtual_size: null,
    checksum: null,
    os_hash_algo: null,
    os_hash_value: null,
    min_ram: attributes.min_ram ?? 0,
    min_disk: attributes.min_disk ?? 0,
    upload_id: null,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    properties,
    tags: new Set(attributes.tags),
  }
  if (!(await call.deps.store.accept((tx: ImageTransaction) => insertImage(tx, image))))
    throw fault('ImageIdTaken', { image: image.id })
  return json(201, imageView(image), {
    Location: `/v2/images/${image.id}`,
    'OpenStack-image-import-methods': importMethods.join(','),
    'OpenStack-image-store-ids': storeId,
  })
}

// The order of Glance's own checks: read-only names, the schema, then reserved names.
function readBody(body: unknown): { attributes: ImageBody; properties: Map<string, string> } {
  if (body === undefined) throw fault('ImageBodyMissing')
  if (isObject(body))
    for (const attribute of readOnlyAttributes)
      if (Object.hasOwn(body, attribute)) throw fault('ImageAttributeReadOnly', { attribute })
  const given = isObject(body) ? body : {}
  checkAttributes(body as Readonly<Record<string, unknown>>) // the schema refuses what is no object
  const attributes: Record<string, unknown> = {}
  const properties = new Map<string, string>()
  for (const [name, value] of Object.entries(given))
    if (name === 'id' || isSettable(name)) attributes[name] = value
    else {
      checkPropertyName(name)
      properties.set(name, String(value)) // the schema lets only text through
    }
  return { attributes, properties }
}

/** Refuses names that are Glance's own or too long for a custom property. */
export function checkPropertyName(name: string): void {
  if (name.length > 255) throw fault('ImagePropertyNameTooLong')
  if (isReserved(name) || name === 'locations') throw fault('ImageAttributeReserved', { attribute: name })
}

export function checkCounts(properties: number, tags: number): void {
  if (properties > limits.imagePropertiesMax)
    throw fault('ImagePropertiesTooMany', { attempted: properties, maximum: limits.imagePropertiesMax })
  if (tags > limits.imageTagsMax)
    throw fault('ImageTagsTooMany', { attempted: tags, maximum: limits.imageTagsMax })
}
