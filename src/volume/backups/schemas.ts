// Bodies about backups (cinder/api/schemas/backups.py, admin_actions.py).

import type { VolumeCall } from '../access.ts'
import { has } from '../negotiate.ts'
import {
  description,
  extraSpecs,
  flag,
  idOrNull,
  item,
  metadataOrNull,
  textOrNull,
  wrap,
} from '../schemas.ts'

const createFields = {
  volume_id: { type: 'string', format: 'uuid' },
  container: textOrNull,
  description,
  incremental: flag,
  force: flag,
  name: textOrNull,
  snapshot_id: idOrNull,
}
const createOld = wrap('backup', item(createFields, ['volume_id']))
const createWithMetadata = wrap('backup', item({ ...createFields, metadata: metadataOrNull }, ['volume_id']))
const createWithZone = wrap(
  'backup',
  item({ ...createFields, metadata: metadataOrNull, availability_zone: textOrNull }, ['volume_id']),
)

export const createBackupBody = (call: VolumeCall): object =>
  has(call, 'backupZone') ? createWithZone : has(call, 'backupMetadata') ? createWithMetadata : createOld

const orNull = (schema: { readonly type: string }) => ({ ...schema, type: ['object', 'null'] })
const updateOld = wrap('backup', orNull(item({ name: textOrNull, description })))
const updateWithMetadata = wrap(
  'backup',
  orNull(item({ name: textOrNull, description, metadata: extraSpecs })),
)

export const updateBackupBody = (call: VolumeCall): object =>
  has(call, 'backupMetadata') ? updateWithMetadata : updateOld

export const restoreBackupBody = wrap('restore', orNull(item({ name: textOrNull, volume_id: idOrNull })))

export const importBackupBody = wrap(
  'backup-record',
  item(
    {
      backup_service: { type: 'string', minLength: 1, maxLength: 255 },
      backup_url: { type: 'string', minLength: 1 },
    },
    ['backup_service', 'backup_url'],
  ),
)

export const backupActionBody = {
  type: 'object',
  properties: {
    'os-reset_status': item({ status: { enum: ['available', 'error'] } }, ['status']),
    'os-force_delete': { type: ['object', 'null', 'string'] },
  },
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
}
