// createBackup: as createImage, with a type and a number of images of that type to keep.
import { fault } from '../../../model/errors.ts'
import { empty, json, type Reply } from '../../../platform/http/types.ts'
import { checkAdmission } from '../../accept.ts'
import { acceptSnapshot } from '../../snapshot-images.ts'
import { isVolumeBacked, type ServerRow } from '../../store/servers.ts'
import type { ComputeCall } from '../call.ts'
import { versionOf } from '../negotiate.ts'
import { requireHost } from './power.ts'

interface CreateBackupValue {
  readonly name: string
  readonly backup_type: string
  readonly rotation: number | string
  readonly metadata?: Readonly<Record<string, string>>
}

export async function createBackup(
  call: ComputeCall,
  server: ServerRow,
  value: CreateBackupValue,
): Promise<Reply> {
  checkAdmission(call, server, 'createBackup')
  if (isVolumeBacked(server)) throw fault('BackupOfVolume')
  requireHost(server)
  const rotation = Number(value.rotation)
  const imageId = await acceptSnapshot(
    call,
    server,
    {
      name: value.name,
      metadata: value.metadata ?? {},
      kept: { image_type: 'backup', backup_type: value.backup_type },
    },
    {
      kind: 'createBackup',
      action: 'createBackup',
      name: 'createBackup',
      patch: { task_state: 'image_backup' },
      args: { backupType: value.backup_type, rotation },
    },
  )
  if (versionOf(call).has('imageIdInBody')) return json(202, { image_id: imageId })
  // An image that goes at once has no address to tell.
  return empty(202, rotation > 0 ? { Location: `${call.request.origin}/image/v2/images/${imageId}` } : {})
}
