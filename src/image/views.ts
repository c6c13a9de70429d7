// The shapes the image service answers with. Paths are Glance's own (`/v2/…`): clients put them behind the endpoint.
import { isoSeconds } from '../base/time.ts'
import type { Image } from './image.ts'
import type { ImageMemberRow } from './tables.ts'

/** The one store there is, as `stores` and /info/stores name it. */
export const storeId = 'file'
/** Ways to fill an image other than uploading its data. */
export const importMethods = ['glance-direct'] as const

/** Newest first, as a Glance with named stores lists them: 2.14 is left out. */
const versions = ['2.16', '2.15', ...Array.from({ length: 14 }, (_, index) => `2.${13 - index}`)]

/** The version list, as at `/image`, `/image/` (300) and `/image/versions` (200). */
export const imageVersions = (origin: string) => ({
  versions: versions.map((version, index) => ({
    id: `v${version}`,
    status: index === 0 ? 'CURRENT' : 'SUPPORTED',
    links: [{ rel: 'self', href: `${origin}/image/v2/` }],
  })),
})

const path = (id: string) => `/v2/images/${id}`

/** An image. Custom properties stand beside the attributes; a staged image keeps its digests to itself. */
export function imageView(image: Image) {
  const isStaged = image.status === 'uploading'
  return {
    ...Object.fromEntries(image.properties),
    name: image.name,
    disk_format: image.disk_format,
    container_format: image.container_format,
    visibility: image.visibility,
    size: image.size,
    virtual_size: isStaged ? null : image.virtual_size,
    status: image.status,
    checksum: isStaged ? null : image.checksum,
    protected: image.protected === 1,
    min_ram: image.min_ram,
    min_disk: image.min_disk,
    owner: image.owner,
    os_hidden: image.os_hidden === 1,
    os_hash_algo: isStaged ? null : image.os_hash_algo,
    os_hash_value: isStaged ? null : image.os_hash_value,
    id: image.id,
    created_at: isoSeconds(image.created_at),
    updated_at: isoSeconds(image.updated_at),
    tags: [...image.tags].sort(),
    self: path(image.id),
    file: `${path(image.id)}/file`,
    schema: '/v2/schemas/image',
    ...(hasData(image) ? { stores: storeId } : {}),
  }
}

/** True when the image's data lies in the store, ready to be read. */
export const hasData = (image: Image): boolean => image.status === 'active' || image.status === 'deactivated'

/** A page of images. `query` is the request's, without the marker; the next page starts after `nextMarker`. */
export function imagesView(images: readonly Image[], query: URLSearchParams, nextMarker: string | undefined) {
  const first = query.toString()
  const next = new URLSearchParams(query)
  if (nextMarker !== undefined) next.set('marker', nextMarker)
  return {
    images: images.map(imageView),
    first: first === '' ? '/v2/images' : `/v2/images?${first}`,
    ...(nextMarker === undefined ? {} : { next: `/v2/images?${next}` }),
    schema: '/v2/schemas/images',
  }
}

export const memberView = (member: ImageMemberRow) => ({
  member_id: member.member_id,
  image_id: member.image_id,
  status: member.status,
  created_at: isoSeconds(member.created_at),
  updated_at: isoSeconds(member.updated_at),
  schema: '/v2/schemas/member',
})

export const membersView = (members: readonly ImageMemberRow[]) => ({
  members: members.map(memberView),
  schema: '/v2/schemas/members',
})
