// A volume of a server as the API shows it (nova/api/openstack/compute/volume_attachments.py).
import type { Microversion } from '../../../model/microversions.ts'
import type { BlockDevice } from '../../snapshots.ts'

const common = (version: Microversion, serverId: string, device: BlockDevice) => ({
  volumeId: device.volumeId,
  serverId,
  ...(device.deviceName === null ? {} : { device: device.deviceName }),
  ...(version.has('tagsShown') ? { tag: device.tag } : {}),
  ...(version.has('attachmentDeleteFlag') ? { delete_on_termination: device.deleteOnTermination } : {}),
})

/** Before attachments had ids of their own, the volume's was theirs. */
export const attachmentView = (version: Microversion, serverId: string, device: BlockDevice) =>
  version.has('attachmentIds')
    ? {
        ...common(version, serverId, device),
        attachment_id: device.attachmentId,
        bdm_uuid: device.id,
      }
    : { id: device.volumeId, ...common(version, serverId, device) }

/** As attaching answers it: with the old id, at every version that answers anything. */
export const attachedView = (version: Microversion, serverId: string, device: BlockDevice) => ({
  id: device.volumeId,
  ...common(version, serverId, device),
})
