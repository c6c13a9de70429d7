// The volume service as compute uses it: Cinder's attachments protocol (3.44), and what goes with it.
import { isObject } from '../../../base/json.ts'
import { fault } from '../../../model/errors.ts'
import type { ClientReply } from '../../../platform/http/client.ts'
import type { Method } from '../../../platform/http/types.ts'
import type { OnBehalf, Viewer, VolumeFacts, VolumeNeighbour } from '../neighbours.ts'
import { list, messageOf, part, type Session } from './session.ts'

/** What everything here is written against. */
const version = { 'openstack-api-version': 'volume 3.71' }

export function volumeNeighbour(session: Session): VolumeNeighbour {
  const call = (on: OnBehalf, method: Method, path: string, body?: unknown): Promise<ClientReply> =>
    session.call(on, 'volumev3', {
      method,
      path,
      headers: version,
      ...(body === undefined ? {} : { body }),
    })
  const act = async (on: OnBehalf, volumeId: string, body: object): Promise<ClientReply> =>
    accepted(await call(on, 'POST', `/volumes/${encodeURIComponent(volumeId)}/action`, body), volumeId)

  return {
    async find(on, id, viewer) {
      const reply = await call(on, 'GET', `/volumes/${encodeURIComponent(id)}`)
      if (reply.status === 404) return null
      const volume = factsOf(part(accepted(reply, id), 'volume'))
      return isSeen(viewer, volume.projectId) ? volume : null
    },
    async findSnapshot(on, id, viewer) {
      const reply = await call(on, 'GET', `/snapshots/${encodeURIComponent(id)}`)
      if (reply.status === 404) return null
      const snapshot = part(accepted(reply, id), 'snapshot')
      const projectId = String(snapshot['os-extended-snapshot-attributes:project_id'])
      if (!isSeen(viewer, projectId)) return null
      const { volume_id, size, status } = snapshot
      return { id, volumeId: String(volume_id), sizeGb: Number(size), status: String(status) }
    },
    async create(on, { id, projectId, userId, name, sizeGb, type, imageId, snapshotId }) {
      const volume = {
        id,
        project_id: projectId,
        user_id: userId,
        name,
        description: '',
        size: sizeGb,
        ...(type === null ? {} : { volume_type: type }),
        ...(imageId === null ? {} : { imageRef: imageId }),
        ...(snapshotId === null ? {} : { snapshot_id: snapshotId }),
      }
      return String(part(accepted(await call(on, 'POST', '/volumes', { volume }), id), 'volume').id)
    },
    async remove(on, id) {
      const reply = await call(on, 'DELETE', `/volumes/${encodeURIComponent(id)}`)
      if (reply.status !== 404) accepted(reply, id)
    },
    async reserve(on, { volumeId, serverId, mayBeThere, except }) {
      if (mayBeThere) {
        const found = (await attachmentsOf(on, serverId)).find(
          one => one.volumeId === volumeId && one.status === 'reserved' && !except.includes(one.id),
        )
        if (found) return found.id
      }
      const body = { attachment: { volume_uuid: volumeId, instance_uuid: serverId } }
      return String(part(accepted(await call(on, 'POST', '/attachments', body), volumeId), 'attachment').id)
    },
    attachmentsOf,
    async connect(on, attachmentId, connector) {
      const body = { attachment: { connector } }
      const reply = accepted(await call(on, 'PUT', `/attachments/${attachmentId}`, body), attachmentId)
      const info = part(reply, 'attachment').connection_info
      if (!isObject(info))
        throw fault('CinderConnectionFailed', { reason: 'no connection_info was answered' })
      return info
    },
    async complete(on, attachmentId) {
      const path = `/attachments/${attachmentId}/action`
      accepted(await call(on, 'POST', path, { 'os-complete': null }), attachmentId)
    },
    async release(on, attachmentId) {
      const reply = await call(on, 'DELETE', `/attachments/${attachmentId}`)
      if (reply.status !== 404) accepted(reply, attachmentId)
    },
    async beginDetaching(on, volumeId) {
      await act(on, volumeId, { 'os-begin_detaching': null })
    },
    async rollDetaching(on, volumeId) {
      await act(on, volumeId, { 'os-roll_detaching': null })
    },
    async reimage(on, volumeId, imageId) {
      await act(on, volumeId, { 'os-reimage': { image_id: imageId, reimage_reserved: true } })
    },
    async extended(on, volumeId, isFailed) {
      await act(on, volumeId, { 'os-extend_volume_completion': { error: isFailed } })
    },
    async completeMigration(on, volumeId, { newVolumeId, isFailed }) {
      const body = { 'os-migrate_volume_completion': { new_volume: newVolumeId, error: isFailed } }
      const reply = await act(on, volumeId, body)
      return String(isObject(reply.body) ? reply.body.save_volume_id : '')
    },
    async snapshot(on, { id, volumeId, name, projectId, userId }) {
      const snapshot = { id, volume_id: volumeId, name, project_id: projectId, user_id: userId, force: true }
      const reply = await call(on, 'POST', '/snapshots', { snapshot })
      if (reply.status === 413) throw fault('SnapshotsOverQuota')
      return String(part(accepted(reply, volumeId), 'snapshot').id)
    },
    async removeSnapshot(on, id) {
      const reply = await call(on, 'DELETE', `/snapshots/${encodeURIComponent(id)}`)
      if (reply.status !== 404) accepted(reply, id)
    },
  }

  async function attachmentsOf(on: OnBehalf, serverId: string) {
    const query = new URLSearchParams({ instance_id: serverId, all_tenants: '1' })
    const reply = accepted(await call(on, 'GET', `/attachments?${query}`), serverId)
    return list(reply, 'attachments').map(({ id, volume_id, status }) => ({
      id: String(id),
      volumeId: String(volume_id),
      status: String(status),
    }))
  }
}

const isSeen = (viewer: Viewer | null, projectId: string): boolean =>
  viewer === null || viewer.isAdmin || viewer.projectId === projectId

/** The reply, unless it is a refusal: then Nova's for it (nova/volume/cinder.py, translate_volume_exception). */
function accepted(reply: ClientReply, id: string): ClientReply {
  const { status } = reply
  if (status < 300) return reply
  const text = messageOf(reply)
  // As Cinder's client prints its errors.
  const reason = `${text} (HTTP ${status}) (Request-ID: ${reply.headers['x-openstack-request-id'] ?? 'None'})`
  if (status === 404) throw fault('VolumeNotFound', { volume: id })
  if (status === 413) throw fault('VolumeOverQuota', { reason: text })
  if (status < 500) throw fault('VolumeInputInvalid', { reason })
  throw fault('CinderConnectionFailed', { reason })
}

function factsOf(volume: Readonly<Record<string, unknown>>): VolumeFacts {
  const attachments = Array.isArray(volume.attachments) ? volume.attachments.filter(isObject) : []
  const migration = volume.migration_status
  return {
    id: String(volume.id),
    name: String(volume.name ?? ''),
    projectId: String(volume['os-vol-tenant-attr:tenant_id']),
    status: String(volume.status),
    sizeGb: Number(volume.size),
    isBootable: volume.bootable === 'true',
    isShared: volume.multiattach === true,
    migrationStatus: typeof migration === 'string' && migration !== '' ? migration : null,
    imageProperties: isObject(volume.volume_image_metadata)
      ? Object.fromEntries(
          Object.entries(volume.volume_image_metadata).map(([name, value]) => [name, String(value)]),
        )
      : {},
    attachments: attachments.map(({ attachment_id, server_id }) => ({
      id: String(attachment_id),
      serverId: typeof server_id === 'string' ? server_id : null,
    })),
  }
}
