// States of volumes, snapshots and attachments, and in which of them an action is allowed (cinder/volume/api.py).

export const volumeStatuses = [
  'creating',
  'downloading',
  'available',
  'reserved',
  'attaching',
  'in-use',
  'detaching',
  'extending',
  'uploading',
  'retyping',
  'reverting',
  'maintenance',
  'deleting',
  'error',
  'error_deleting',
  'error_extending',
  'error_restoring',
  'error_managing',
] as const
export type VolumeStatus = (typeof volumeStatuses)[number]

export const snapshotStatuses = ['creating', 'available', 'deleting', 'error', 'error_deleting'] as const
export type SnapshotStatus = (typeof snapshotStatuses)[number]

export const attachStatuses = ['reserved', 'attaching', 'attached', 'detaching', 'detached'] as const
export type AttachStatus = (typeof attachStatuses)[number]

/** The statuses a volume must have for what is done to it. */
export const volumeAllowedFrom = {
  delete: ['available', 'error', 'error_restoring', 'error_extending', 'error_managing'],
  extend: ['available'],
  extendAttached: ['available', 'in-use'],
  reserve: ['available'],
  reserveShared: ['available', 'in-use'],
  attachmentCreate: ['available', 'downloading'],
  attachmentCreateShared: ['available', 'in-use', 'downloading'],
  beginDetaching: ['in-use'],
  upload: ['available'],
  uploadForced: ['available', 'in-use'],
  snapshot: ['available'],
  snapshotForced: ['available', 'in-use'],
  clone: ['available', 'in-use'],
  retype: ['available', 'in-use'],
  revert: ['available'],
  reimage: ['available', 'error'],
  reimageReserved: ['available', 'error', 'reserved'],
} as const satisfies Record<string, readonly VolumeStatus[]>

export const snapshotAllowedFrom = {
  delete: ['available', 'error'],
  restore: ['available'],
} as const satisfies Record<string, readonly SnapshotStatus[]>
