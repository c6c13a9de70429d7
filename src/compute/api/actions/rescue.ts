// rescue and unrescue.
import { fault } from '../../../model/errors.ts'
import type { Reply } from '../../../platform/http/types.ts'
import { empty, json } from '../../../platform/http/types.ts'
import { accept, checkAdmission } from '../../accept.ts'
import { imageOf, isVolumeBacked, type ServerRow } from '../../store/servers.ts'
import type { ComputeCall } from '../call.ts'
import { findImageFor } from '../create/image.ts'
import { versionOf } from '../negotiate.ts'
import { newPassword } from '../server-create.ts'
import { requireHost } from './power.ts'

interface RescueValue {
  readonly adminPass?: string
  readonly rescue_image_ref?: string
}

export async function rescue(
  call: ComputeCall,
  server: ServerRow,
  value: RescueValue | null,
): Promise<Reply> {
  checkAdmission(call, server, 'rescue')
  if (isVolumeBacked(server) && !versionOf(call).has('rescueVolumeBacked'))
    throw fault('RescueVolumeBacked', { server: server.id })
  requireHost(server)
  const image =
    value?.rescue_image_ref === undefined
      ? imageOf(server)
      : (await findImageFor(call, value.rescue_image_ref)).snapshot
  await accept(call, {
    kind: 'rescue',
    action: 'rescue',
    name: 'rescue',
    server,
    patch: { task_state: 'rescuing' },
    args: { image },
  })
  return json(200, { adminPass: value?.adminPass ?? newPassword() })
}

export async function unrescue(call: ComputeCall, server: ServerRow): Promise<Reply> {
  checkAdmission(call, server, 'unrescue')
  requireHost(server)
  await accept(call, {
    kind: 'unrescue',
    action: 'unrescue',
    name: 'unrescue',
    server,
    patch: { task_state: 'unrescuing' },
    args: {},
  })
  return empty(202)
}
