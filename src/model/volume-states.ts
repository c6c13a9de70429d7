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
  'awaiting-transfer',
  'backing-up',
  'restoring-backup',
  'managing',
  'unmanaging',
  'deleting',
  'error',
  'error_deleting',
  'error_extending',
  'error_restoring',
  'error_backing-up',
  'error_managing',
] as const
export type VolumeStatus = (typeof volumeStatuses)[number]

export const snapshotStatuses = [
  'creating',
  'available',
  'backing-up',
  'unmanaging',
  'deleting',
  'error',
  'error_deleting',
] as const
export type SnapshotStatus = (typeof snapshotStatuses)[number]

export const attachStatuses = ['reserved', 'attaching', 'attached', 'detaching', 'detached'] as const
export type AttachStatus = (typeof attachStatuses)[number]

export const backupStatuses = [
  'creating',
  'available',
  'restoring',
  'deleting',
  'error',
  'error_deleting',
] as const
export type BackupStatus = (typeof backupStatuses)[number]

export const groupStatuses = [
  'creating',
  'available',
  'updating',
  'deleting',
  'error',
  'error_deleting',
  'in-use',
] as const
export type GroupStatus = (typeof groupStatuses)[number]

export const groupSnapshotStatuses = ['creating', 'available', 'deleting', 'error', 'error_deleting'] as const
export type GroupSnapshotStatus = (typeof groupSnapshotStatuses)[number]

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
  transfer: ['available'],
  backup: ['available', 'in-use'],
  restore: ['available'],
  joinGroup: ['available', 'in-use'],
  leaveGroup: ['available', 'in-use', 'error', 'error_deleting'],
} as const satisfies Record<string, readonly VolumeStatus[]>

export const snapshotAllowedFrom = {
  delete: ['available', 'error'],
  restore: ['available'],
  backup: ['available'],
} as const satisfies Record<string, readonly SnapshotStatus[]>

export const backupAllowedFrom = {
  delete: ['available', 'error'],
  restore: ['available'],
  export: ['available'],
} as const satisfies Record<string, readonly BackupStatus[]>

export const groupAllowedFrom = {
  delete: ['available', 'error'],
  update: ['available'],
} as const satisfies Record<string, readonly GroupStatus[]>

export const groupSnapshotAllowedFrom = {
  delete: ['available', 'error'],
} as const satisfies Record<string, readonly GroupSnapshotStatus[]>
