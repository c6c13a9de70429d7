// /os-volumes, up to 2.35: the volume service's volumes in Nova's old shape, the same in lists as alone.
import { empty, json, type Reply } from '../../../platform/http/types.ts'
import { list, part } from '../../neighbours/http/session.ts'
import { bodyOf, type ComputeCall } from '../call.ts'
import type { ProxiedVolumeBody } from '../schemas/proxies.ts'
import type { Item } from './ask.ts'
import { askVolumeService, at, objectOf, pageOf } from './volume-service.ts'

const volumeView = (volume: Item) => ({
  id: volume.id,
  status: volume.status,
  size: volume.size,
  availabilityZone: volume.availability_zone,
  createdAt: volume.created_at,
  attachments: [attachmentView(volume)],
  displayName: volume.name,
  displayDescription: volume.description,
  volumeType: volume.volume_type,
  snapshotId: volume.snapshot_id,
  metadata: objectOf(volume.metadata),
})

/** The first server a volume is attached to; a volume without one shows an empty attachment, not none. */
function attachmentView({ id, attachments }: Item) {
  const [first] = Array.isArray(attachments) ? attachments : []
  if (first === undefined) return {}
  const { server_id: serverId, device } = objectOf(first)
  return { id, volumeId: id, serverId, ...(device ? { device } : {}) }
}

const page = async (call: ComputeCall): Promise<Reply> => {
  const reply = await askVolumeService(call, 'GET', `/volumes/detail${pageOf(call)}`, null)
  return json(200, { volumes: list(reply, 'volumes').map(volumeView) })
}

export function listVolumes(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-volumes:list')
  return page(call)
}

export function listVolumeDetails(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-volumes:detail')
  return page(call)
}

export async function showVolume(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-volumes:show')
  const id = call.params.id! // in the route's path
  const reply = await askVolumeService(call, 'GET', at('volumes', id), { volume: id })
  return json(200, { volume: volumeView(part(reply, 'volume')) })
}

export async function createVolume(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-volumes:create')
  const { volume } = bodyOf<ProxiedVolumeBody>(call)
  const { snapshot_id: snapshot } = volume
  // Whether the snapshot is there is asked first: the 404 is to name it.
  if (snapshot !== undefined) await askVolumeService(call, 'GET', at('snapshots', snapshot), { snapshot })
  const { display_name: name, display_description: description, size, ...rest } = volume
  const body = { volume: { ...rest, size: Number(size), name, description } }
  const made = volumeView(part(await askVolumeService(call, 'POST', '/volumes', null, body), 'volume'))
  return json(
    200,
    { volume: made },
    { Location: `${call.request.origin}${call.request.path}/${String(made.id)}` },
  )
}

export async function deleteVolume(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-volumes:delete')
  const id = call.params.id! // in the route's path
  await askVolumeService(call, 'DELETE', at('volumes', id), { volume: id })
  return empty(202)
}
