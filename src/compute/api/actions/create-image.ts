// createImage: the image is made (queued) before the 202, so that its id can be told.
import { empty, json, type Reply } from '../../../platform/http/types.ts'
import { accept, behalfOf, checkAdmission } from '../../accept.ts'
import { flavorOf, imageOf, type ServerRow } from '../../store/servers.ts'
import type { ComputeCall } from '../call.ts'
import { versionOf } from '../negotiate.ts'
import { requireHost } from './power.ts'

interface CreateImageValue {
  readonly name: string
  readonly metadata?: Readonly<Record<string, string>>
}

export async function createImage(
  call: ComputeCall,
  server: ServerRow,
  value: CreateImageValue,
): Promise<Reply> {
  checkAdmission(call, server, 'createImage')
  requireHost(server)
  const { image } = call.deps.neighbours
  const on = behalfOf(call)
  const imageId = await image.create(on, {
    name: value.name,
    projectId: server.project_id,
    properties: snapshotProperties(server, value.metadata ?? {}),
    minDiskGb: minDiskOf(server),
    diskFormat: 'raw',
  })
  try {
    await accept(call, {
      kind: 'createImage',
      action: 'createImage',
      name: 'createImage',
      server,
      patch: { task_state: 'image_snapshot_pending' },
      args: { imageId },
    })
  } catch (error) {
    await image.remove(on, imageId)
    throw error
  }
  if (versionOf(call).has('imageIdInBody')) return json(202, { image_id: imageId })
  return empty(202, { Location: `${call.request.origin}/image/v2/images/${imageId}` })
}

/** A disk kept as an image needs the room it had (nova/utils.py, get_system_metadata_from_image). */
export const minDiskOf = (server: ServerRow): number =>
  Math.max(imageOf(server).minDiskGb, flavorOf(server).rootGb)

/** What a snapshot inherits: the properties of the image the server came from, and where it comes from itself. */
export const snapshotProperties = (
  server: ServerRow,
  asked: Readonly<Record<string, string>>,
): Record<string, string> => ({
  ...imageOf(server).properties,
  ...asked,
  image_type: 'snapshot',
  instance_uuid: server.id,
  user_id: server.user_id,
  base_image_ref: server.image_id,
})
