// The other services over HTTP (or its shape, in one process), as volume's neighbours.
import { isObject } from '../base/json.ts'
import { fault } from '../model/errors.ts'
import type { Client, ClientReply } from '../platform/http/client.ts'
import type { Session } from '../platform/http/session.ts'
import type { ImageFacts, VolumeNeighbours } from './neighbours.ts'

export const httpVolumeNeighbours = (client: Client, session: Session): VolumeNeighbours => ({
  identity: {
    async hasProject(on, projectId) {
      const path = `/projects/${encodeURIComponent(projectId)}`
      const reply = await session.call(on, 'identity', { method: 'GET', path })
      if (reply.status === 404) return false
      expected(reply, 'identity', 200)
      return true
    },
  },
  image: {
    async find({ token, ids, log }, imageId) {
      const path = `/v2/images/${encodeURIComponent(imageId)}`
      const reply = await client.call('image', { method: 'GET', path, token, ids, log })
      if (reply.status === 404 || reply.status === 403) return null
      return factsOf(expected(reply, 'image', 200))
    },
    async create({ token, ids, log }, image) {
      const body = {
        ...image.properties,
        name: image.name,
        container_format: image.containerFormat,
        disk_format: image.diskFormat,
        visibility: image.visibility,
        protected: image.isProtected,
        min_disk: image.minDiskGb,
      }
      const reply = await client.call('image', { method: 'POST', path: '/v2/images', body, token, ids, log })
      if (reply.status >= 400 && reply.status < 500) return { refusal: sentenceOf(reply) }
      return { id: String(expected(reply, 'image', 201).id) }
    },
    async download(on, imageId) {
      const path = `/v2/images/${imageId}/file`
      const reply = await session.call(on, 'image', { method: 'GET', path, wants: 'stream' })
      if (!reply.stream) throw refused(reply, 'image')
      return reply.stream
    },
    async upload(on, imageId, data) {
      const path = `/v2/images/${imageId}/file`
      const headers = { 'content-type': 'application/octet-stream' }
      const reply = await session.call(on, 'image', { method: 'PUT', path, raw: data, headers })
      if (reply.status === 204) return
      // An upload repeated after a crash finds the image active: what was to be done is done.
      const now = await session.call(on, 'image', { method: 'GET', path: `/v2/images/${imageId}` })
      if (!isObject(now.body) || now.body.status !== 'active') throw refused(reply, 'image')
    },
    async remove(on, imageId) {
      const reply = await session.call(on, 'image', { method: 'DELETE', path: `/v2/images/${imageId}` })
      if (reply.status !== 204 && reply.status !== 404) throw refused(reply, 'image')
    },
  },
  compute: {
    async attachmentOf(on, serverId, volumeId) {
      const reply = await session.call(on, 'compute', {
        method: 'GET',
        path: `/servers/${encodeURIComponent(serverId)}/os-volume_attachments/${volumeId}`,
        headers: { 'openstack-api-version': 'compute 2.89' },
      })
      if (reply.status === 404) return null
      const attachment = expected(reply, 'compute', 200).volumeAttachment
      return isObject(attachment) ? String(attachment.attachment_id) : null
    },
    async tell(on, events) {
      const reply = await session.call(on, 'compute', {
        method: 'POST',
        path: '/os-server-external-events',
        headers: { 'openstack-api-version': 'compute 2.93' },
        body: {
          events: events.map(({ name, serverId: server_uuid, volumeId: tag }) => ({
            name,
            server_uuid,
            tag,
            status: 'completed',
          })),
        },
      })
      // None of the servers is there any more.
      if (reply.status === 404) return 0
      const answered = expected(reply, 'compute', reply.status === 207 ? 207 : 200).events
      return Array.isArray(answered) ? answered.filter(one => isObject(one) && one.code === 200).length : 0
    },
  },
})

function expected(reply: ClientReply, service: string, status: number): Record<string, unknown> {
  if (reply.status !== status || !isObject(reply.body)) throw refused(reply, service)
  return reply.body
}

const refused = (reply: ClientReply, service: string) =>
  fault('ServiceUnavailable', { reason: `${service} answered HTTP ${reply.status}: ${sentenceOf(reply)}` })

const sentenceOf = ({ body, text }: ClientReply): string =>
  (isObject(body) && typeof body.message === 'string' ? body.message : text)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200)

/** What is the image's own and no property of it: not kept with the volume. */
const leftOut = new Set([
  'id',
  'name',
  'status',
  'visibility',
  'owner',
  'protected',
  'os_hidden',
  'os_hash_algo',
  'os_hash_value',
  'created_at',
  'updated_at',
  'tags',
  'self',
  'file',
  'schema',
  'locations',
  'direct_url',
  'stores',
  'virtual_size',
])

function factsOf(image: Readonly<Record<string, unknown>>): ImageFacts {
  const kept = Object.entries(image).filter(
    ([name, value]) => !leftOut.has(name) && value !== null && value !== undefined,
  )
  return {
    id: String(image.id),
    name: String(image.name ?? ''),
    status: String(image.status),
    sizeBytes: Number(image.size ?? 0),
    virtualSizeBytes: typeof image.virtual_size === 'number' ? image.virtual_size : null,
    minDiskGb: Number(image.min_disk ?? 0),
    properties: {
      ...Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
      image_id: String(image.id),
      image_name: String(image.name ?? ''),
    },
  }
}
