// The image service as compute uses it.
import type { ImageSnapshot } from '../../snapshots.ts'
import type { ImageNeighbour } from '../neighbours.ts'
import { expect, type Session } from './session.ts'

/** Attributes of the image itself; every other key of an image is one of its properties. */
export const ownKeys: ReadonlySet<string> = new Set([
  'id',
  'name',
  'status',
  'visibility',
  'size',
  'virtual_size',
  'checksum',
  'owner',
  'protected',
  'min_disk',
  'min_ram',
  'disk_format',
  'container_format',
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
])

export function imageNeighbour(session: Session): ImageNeighbour {
  return {
    async find(on, imageId, { projectId, isAdmin }) {
      const reply = await session.call(on, 'image', {
        method: 'GET',
        path: `/v2/images/${encodeURIComponent(imageId)}`,
      })
      if (reply.status === 404 || reply.status === 403) return null
      const image = expect(reply, 'image', 200).body as Record<string, unknown> // an image document
      const isVisible =
        isAdmin ||
        image.visibility === 'public' ||
        image.visibility === 'community' ||
        image.owner === projectId ||
        (image.visibility === 'shared' && (await isMember(imageId, projectId)))
      return isVisible ? { ...snapshotOf(image), status: String(image.status) } : null
      async function isMember(id: string, project: string): Promise<boolean> {
        const member = await session.call(on, 'image', {
          method: 'GET',
          path: `/v2/images/${id}/members/${project}`,
        })
        return member.status === 200
      }
    },
    async create(on, { id, name, projectId, properties, minDiskGb, diskFormat }) {
      const body = {
        ...properties,
        id,
        name,
        owner: projectId,
        visibility: 'private',
        disk_format: diskFormat,
        container_format: 'bare',
        min_disk: minDiskGb,
      }
      expect(await session.call(on, 'image', { method: 'POST', path: '/v2/images', body }), 'image', 201)
    },
    async upload(on, imageId, bytes) {
      const reply = await session.call(on, 'image', {
        method: 'PUT',
        path: `/v2/images/${imageId}/file`,
        raw: bytes,
        headers: { 'content-type': 'application/octet-stream' },
      })
      // An upload repeated after a crash finds the image active: what was to be done is done.
      if (reply.status === 409) {
        const now = await session.call(on, 'image', { method: 'GET', path: `/v2/images/${imageId}` })
        if ((now.body as Record<string, unknown> | undefined)?.status === 'active') return
      }
      expect(reply, 'image', 204)
    },
    async backups(on, serverId, backupType) {
      const found: string[] = []
      const wanted = new URLSearchParams({
        image_type: 'backup',
        backup_type: backupType,
        instance_uuid: serverId,
        sort: 'created_at:desc,id:desc',
      })
      for (let path: string | undefined = `/v2/images?${wanted}`; path !== undefined; ) {
        const { body } = expect(await session.call(on, 'image', { method: 'GET', path }), 'image', 200)
        const page = body as { readonly images: readonly { readonly id: string }[]; readonly next?: string } // a list of images
        found.push(...page.images.map(({ id }) => id))
        path = page.next
      }
      return found
    },
    async remove(on, imageId) {
      expect(
        await session.call(on, 'image', { method: 'DELETE', path: `/v2/images/${imageId}` }),
        'image',
        204,
        404,
      )
    },
  }
}

function snapshotOf(image: Readonly<Record<string, unknown>>): ImageSnapshot {
  const properties = Object.entries(image).filter(
    ([key, value]) => !ownKeys.has(key) && value !== null && value !== undefined,
  )
  return {
    id: String(image.id),
    name: String(image.name ?? ''),
    minDiskGb: Number(image.min_disk ?? 0),
    minRamMb: Number(image.min_ram ?? 0),
    sizeBytes: Number(image.size ?? 0),
    diskFormat: String(image.disk_format ?? 'raw'),
    containerFormat: String(image.container_format ?? 'bare'),
    owner: image.owner === null || image.owner === undefined ? null : String(image.owner),
    properties: Object.fromEntries(properties.map(([key, value]) => [key, String(value)])),
  }
}
