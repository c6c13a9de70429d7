// createImage: the image is made (queued) before the 202, so that its id can be told.
import { newUuid } from '../../../base/ids.ts'
import { empty, json, type Reply } from '../../../platform/http/types.ts'
import { checkAdmission } from '../../accept.ts'
import { acceptAndWait } from '../../accept-and-wait.ts'
import type { VolumeImageArgs } from '../../operations/snapshot-volumes.ts'
import { acceptSnapshot, minDiskOf, snapshotProperties } from '../../snapshot-images.ts'
import { isVolumeBacked, type ServerRow } from '../../store/servers.ts'
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
  const imageId = isVolumeBacked(server)
    ? await snapshotVolumes(call, server, value)
    : await snapshotDisk(call, server, value)
  if (versionOf(call).has('imageIdInBody')) return json(202, { image_id: imageId })
  return empty(202, { Location: `${call.request.origin}/image/v2/images/${imageId}` })
}

const snapshotDisk = (call: ComputeCall, server: ServerRow, value: CreateImageValue): Promise<string> =>
  acceptSnapshot(
    call,
    server,
    { name: value.name, metadata: value.metadata ?? {} },
    {
      kind: 'createImage',
      action: 'createImage',
      name: 'createImage',
      patch: { task_state: 'image_snapshot_pending' },
    },
  )

/** Done before the answer, as Nova does it: nothing of it is the host's. */
async function snapshotVolumes(
  call: ComputeCall,
  server: ServerRow,
  value: CreateImageValue,
): Promise<string> {
  call.enforce('os_compute_api:servers:create_image:allow_volume_backed', { projectId: server.project_id })
  const args: VolumeImageArgs = {
    imageId: newUuid(),
    name: value.name,
    properties: snapshotProperties(server, value.metadata ?? {}),
    minDiskGb: minDiskOf(server),
  }
  const end = await acceptAndWait(call, {
    kind: 'createVolumeImage',
    action: 'createImage',
    name: 'createImage',
    server,
    patch: {},
    args,
  })
  if (end.kind === 'failed') throw end.error
  return args.imageId
}
