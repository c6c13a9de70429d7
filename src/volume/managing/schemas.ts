// Bodies about existing files (cinder/api/schemas/volume_manage.py, snapshot_manage.py).
import type { VolumeCall } from '../access.ts'
import { has } from '../negotiate.ts'
import { description, flag, item, metadataOrNull, textOrNull, wrap } from '../schemas.ts'

const ref = { type: ['object', 'string'] }
const volume = {
  description,
  availability_zone: textOrNull,
  bootable: flag,
  volume_type: textOrNull,
  name: textOrNull,
  host: textOrNull,
  ref,
  metadata: metadataOrNull,
}
const manageOld = wrap('volume', item(volume, ['ref']))
const manageWithCluster = wrap('volume', item({ ...volume, cluster: textOrNull }, ['ref']))

export const manageVolumeBody = (call: VolumeCall): object =>
  has(call, 'migrateToCluster') ? manageWithCluster : manageOld

export const manageSnapshotBody = wrap(
  'snapshot',
  item(
    {
      description,
      metadata: metadataOrNull,
      name: textOrNull,
      volume_id: { type: 'string', format: 'uuid' },
      ref: { type: ['object', 'string'] },
    },
    ['ref', 'volume_id'],
  ),
)
