// Bodies about transfers (cinder/api/schemas/volume_transfer.py).
import { flag, item, wrap } from '../schemas.ts'

const fields = {
  volume_id: { type: 'string', format: 'uuid' },
  name: { type: ['string', 'null'], maxLength: 255, pattern: '\\S' },
}

/** os-volume-transfer, and volume-transfers before 3.55. */
export const createTransferBody = wrap('transfer', item(fields, ['volume_id']))
export const createTransferWithSnapshotsBody = wrap(
  'transfer',
  item({ ...fields, no_snapshots: flag }, ['volume_id']),
)
export const acceptTransferBody = wrap(
  'accept',
  item({ auth_key: { type: ['string', 'integer'] } }, ['auth_key']),
)
