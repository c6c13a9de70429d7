// /images, up to 2.35: the image service's images in Nova's old shape.
import { isoSeconds, parseIso } from '../../../base/time.ts'
import { fault } from '../../../model/errors.ts'
import { empty, json, type Reply } from '../../../platform/http/types.ts'
import { ownKeys } from '../../neighbours/http/image.ts'
import { list } from '../../neighbours/http/session.ts'
import { type ComputeCall, pageLimit } from '../call.ts'
import { linkBases, links, nextLink } from '../links.ts'
import { accepted, askAs, type Item } from './ask.ts'

/** Nova's names of filters, and the image service's. */
const filters: Readonly<Record<string, string>> = {
  name: 'name',
  status: 'status',
  server: 'instance_uuid',
  type: 'image_type',
  minRam: 'min_ram',
  minDisk: 'min_disk',
}

const statuses: Readonly<Record<string, string>> = {
  active: 'ACTIVE',
  queued: 'SAVING',
  saving: 'SAVING',
  uploading: 'SAVING',
  importing: 'SAVING',
  deleted: 'DELETED',
  pending_delete: 'DELETED',
  killed: 'ERROR',
}
const progress: Readonly<Record<string, number>> = { queued: 25, saving: 50, active: 100 }

/** An image's own properties: every key that is not an attribute of all images. */
export const propertiesOf = (image: Item): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(image).filter(([key]) => !ownKeys.has(key)))

/** The image in the route's path, as the caller sees it. */
export async function findImage(call: ComputeCall): Promise<Item> {
  const id = encodeURIComponent(call.params.id!) // in the route's path
  const reply = await askAs(call, 'image', 'GET', `/v2/images/${id}`)
  if (reply.status === 404 || reply.status === 403) throw fault('ProxiedImageNotFound')
  return accepted(reply).body as Item // an image document
}

const imageLinks = (call: ComputeCall, image: Item) => [
  ...links(call, `/images/${String(image.id)}`),
  {
    rel: 'alternate',
    type: 'application/vnd.openstack.image',
    href: `${call.request.origin}/image/images/${String(image.id)}`,
  },
]

const briefView = (call: ComputeCall, image: Item) => ({
  id: image.id,
  name: image.name,
  links: imageLinks(call, image),
})

function imageView(call: ComputeCall, image: Item) {
  const metadata = propertiesOf(image)
  const { instance_uuid: server, auto_disk_config: diskConfig } = metadata
  const status = String(image.status)
  const { self, bookmark } = linkBases(call)
  return {
    id: image.id,
    name: image.name,
    minRam: Number(image.min_ram ?? 0),
    minDisk: Number(image.min_disk ?? 0),
    metadata,
    created: timeOf(image.created_at),
    updated: timeOf(image.updated_at),
    status: statuses[status] ?? 'UNKNOWN',
    progress: progress[status] ?? 0,
    links: imageLinks(call, image),
    'OS-EXT-IMG-SIZE:size': image.size,
    ...(server
      ? {
          server: {
            id: server,
            links: [
              { rel: 'self', href: `${self}/servers/${String(server)}` },
              { rel: 'bookmark', href: `${bookmark}/servers/${String(server)}` },
            ],
          },
        }
      : {}),
    ...(diskConfig === undefined
      ? {}
      : { 'OS-DCF:diskConfig': /^(1|t|true|on|y|yes)$/i.test(String(diskConfig)) ? 'AUTO' : 'MANUAL' }),
  }
}

const timeOf = (text: unknown): string | null => {
  const at = typeof text === 'string' ? parseIso(text) : undefined
  return at === undefined ? null : isoSeconds(at)
}

function readFilters(call: ComputeCall): URLSearchParams {
  const query = new URLSearchParams()
  for (const name of call.query.names) {
    const value = call.query.one(name) ?? ''
    const theirs = Object.hasOwn(filters, name) ? filters[name]! : undefined // looked up above
    if (name === 'changes-since') query.append('updated_at', `gte:${value}`)
    else if (name === 'server') query.append('instance_uuid', value.split('/').at(-1) ?? '')
    else if (name === 'status') query.append('status', value.toLowerCase())
    else if (theirs !== undefined) query.append(theirs, value)
    else if (name.startsWith('property-')) query.append(name.slice('property-'.length), value)
  }
  return query
}

async function page(
  call: ComputeCall,
  path: string,
  view: (call: ComputeCall, image: Item) => object,
): Promise<Reply> {
  const query = readFilters(call)
  const limit = pageLimit(call)
  const marker = call.query.one('marker')
  query.append('limit', String(limit))
  if (marker !== undefined) query.append('marker', marker)
  const images = list(accepted(await askAs(call, 'image', 'GET', `/v2/images?${query}`)), 'images')
  const next = nextLink(
    call,
    path,
    limit,
    images.map(({ id }) => String(id)),
  )
  return json(200, { images: images.map(image => view(call, image)), ...(next && { images_links: next }) })
}

export const listImages = (call: ComputeCall): Promise<Reply> => page(call, '/images', briefView)
export const listImageDetails = (call: ComputeCall): Promise<Reply> => page(call, '/images/detail', imageView)

export const showImage = async (call: ComputeCall): Promise<Reply> =>
  json(200, { image: imageView(call, await findImage(call)) })

export async function deleteImage(call: ComputeCall): Promise<Reply> {
  const id = encodeURIComponent(call.params.id!) // in the route's path
  const reply = await askAs(call, 'image', 'DELETE', `/v2/images/${id}`)
  if (reply.status === 404) throw fault('ProxiedImageNotFound')
  if (reply.status === 403) throw fault('ImageDeleteForbidden')
  accepted(reply)
  return empty(204)
}
