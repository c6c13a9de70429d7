// createImage: the image is made (queued) before the 202, so that its id can be told.
import { empty, json, type Reply } from '../../../platform/http/types.ts'
import { checkAdmission } from '../../accept.ts'
import { acceptSnapshot } from '../../snapshot-images.ts'
import type { ServerRow } from '../../store/servers.ts'
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
  const imageId = await acceptSnapshot(
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
  if (versionOf(call).has('imageIdInBody')) return json(202, { image_id: imageId })
  return empty(202, { Location: `${call.request.origin}/image/v2/images/${imageId}` })
}
