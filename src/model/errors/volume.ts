// What the volume service refuses, in the words of the service we are compatible with (cinder/exception.py).
import type { ErrorRow } from './row.ts'

export const volumeErrors = {
  VolumeBadRequest: { status: 400, text: '{reason}' },
  VolumeInputInvalid: { status: 400, text: 'Invalid input received: {reason}', type: 'InvalidInput' },
  VolumeRouteVersion: {
    status: 404,
    text: 'API version {version} is not supported on this method.',
    type: 'VersionNotFoundForAPIMethod',
  },
  VolumeNotFound: { status: 404, text: 'Volume {volume} could not be found.', type: 'VolumeNotFound' },
  VolumeInvalid: { status: 400, text: 'Invalid volume: {reason}', type: 'InvalidVolume' },
  VolumeSnapshotNotFound: {
    status: 404,
    text: 'Snapshot {snapshot} could not be found.',
    type: 'SnapshotNotFound',
  },
  VolumeSnapshotInvalid: { status: 400, text: 'Invalid snapshot: {reason}', type: 'InvalidSnapshot' },
  VolumeAttachmentNotFound: {
    status: 404,
    text: 'Volume attachment could not be found with filter: {filter} .',
    type: 'VolumeAttachmentNotFound',
  },
  VolumeAttachmentUsed: {
    status: 409,
    text: 'Detach volume from instance {server} using the Compute API',
    type: 'ConflictNovaUsingAttachment',
  },
  VolumeHostInvalid: { status: 400, text: 'Invalid host: {reason}', type: 'InvalidHost' },
  VolumeRevertConflict: { status: 409, text: '{reason}' },
  VolumeImageNotFound: { status: 404, text: 'Image {image} could not be found.', type: 'ImageNotFound' },
  VolumeMetadataNotFound: {
    status: 404,
    text: '{what} {id} has no metadata with key {key}.',
    type: 'VolumeMetadataNotFound',
  },
  // Cinder puts the class in front of what it does not word itself (cinder/api/middleware/fault.py).
  VolumesExceeded: {
    status: 413,
    text: "VolumeLimitExceeded: Maximum number of volumes allowed ({allowed}) exceeded for quota '{name}'.",
    type: 'VolumeLimitExceeded',
  },
  VolumeSnapshotsExceeded: {
    status: 413,
    text: 'SnapshotLimitExceeded: Maximum number of snapshots allowed ({allowed}) exceeded',
    type: 'SnapshotLimitExceeded',
  },
  VolumeSizeExceedsQuota: {
    status: 413,
    text: 'VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed {name} quota. Requested {requested}G, quota is {quota}G and {consumed}G has been consumed.',
    type: 'VolumeSizeExceedsAvailableQuota',
  },
  VolumeSizeExceedsLimit: {
    status: 413,
    text: 'VolumeSizeExceedsLimit: Requested volume size {size}G is larger than maximum allowed limit {limit}G.',
    type: 'VolumeSizeExceedsLimit',
  },
  VolumeTypeNotFound: {
    status: 404,
    text: 'Volume type {type} could not be found.',
    type: 'VolumeTypeNotFound',
  },
  VolumeTypeNotFoundByName: {
    status: 404,
    text: 'Volume type with name {name} could not be found.',
    type: 'VolumeTypeNotFoundByName',
  },
  VolumeTypeExists: { status: 409, text: 'Volume Type {name} already exists.', type: 'VolumeTypeExists' },
  VolumeTypeInUse: { status: 400, text: 'Target volume type is still in use.', type: 'VolumeTypeInUse' },
  VolumeTypeIsDefault: {
    status: 400,
    text: 'The volume type {type} is the default and cannot be deleted.',
    type: 'VolumeTypeDefaultDeletionError',
  },
  VolumeTypeInvalid: { status: 400, text: 'Invalid volume type: {reason}', type: 'InvalidVolumeType' },
  VolumeTypeSpecNotFound: {
    status: 404,
    text: 'Volume Type {type} has no extra specs with key {key}.',
    type: 'VolumeTypeExtraSpecsNotFound',
  },
  VolumeTypeAccessExists: {
    status: 409,
    text: 'Volume type access for {type} / {project} combination already exists.',
    type: 'VolumeTypeAccessExists',
  },
  VolumeTypeAccessPublic: { status: 404, text: 'Access list not available for public volume types.' },
  VolumeTypeAccessNotFound: {
    status: 404,
    text: 'Volume type access not found for {type} / {project} combination.',
    type: 'VolumeTypeAccessNotFound',
  },
  VolumeBackupsExceeded: {
    status: 413,
    text: 'BackupLimitExceeded: Maximum number of backups allowed ({allowed}) exceeded',
    type: 'BackupLimitExceeded',
  },
  VolumeBackupSizeExceedsQuota: {
    status: 413,
    text: 'VolumeBackupSizeExceedsAvailableQuota: Requested backup exceeds allowed Backup gigabytes quota. Requested {requested}G, quota is {quota}G and {consumed}G has been consumed.',
    type: 'VolumeBackupSizeExceedsAvailableQuota',
  },
  VolumeGroupsExceeded: {
    status: 413,
    text: 'GroupLimitExceeded: Maximum number of groups allowed ({allowed}) exceeded',
    type: 'GroupLimitExceeded',
  },
  VolumeTransferNotFound: {
    status: 404,
    text: 'Transfer {transfer} could not be found.',
    type: 'TransferNotFound',
  },
  VolumeTransferKeyInvalid: { status: 400, text: 'Invalid auth key: {reason}', type: 'InvalidAuthKey' },
  VolumeQosNotFound: { status: 404, text: 'No such QoS spec {qos}.', type: 'QoSSpecsNotFound' },
  VolumeQosExists: { status: 409, text: 'QoS Specs {name} already exists.', type: 'QoSSpecsExists' },
  VolumeQosKeyNotFound: {
    status: 404,
    text: 'QoS spec {qos} has no spec with key {key}.',
    type: 'QoSSpecsKeyNotFound',
  },
  VolumeEncryptionExists: {
    status: 400,
    text: 'Volume type encryption for type {type} already exists.',
    type: 'VolumeTypeEncryptionExists',
  },
  VolumeEncryptionNotFound: {
    status: 404,
    text: 'Volume type encryption for type {type} does not exist.',
    type: 'VolumeTypeEncryptionNotFound',
  },
  VolumeDefaultTypeNotFound: {
    status: 404,
    text: 'Default type for project {project} not found.',
    type: 'VolumeTypeProjectDefaultNotFound',
  },
  VolumeProjectNotFound: { status: 404, text: 'Project with id {project} not found.' },
  VolumeMessageNotFound: {
    status: 404,
    text: 'Message {message} could not be found.',
    type: 'MessageNotFound',
  },
  VolumeServiceNotFound: {
    status: 404,
    text: 'Service {service} could not be found on host {host}.',
    type: 'ServiceNotFound',
  },
  VolumeHostNotFound: { status: 404, text: 'Host {host} could not be found.', type: 'HostNotFound' },
  VolumeBackendNotFound: { status: 404, text: "Can't find service: {host}", type: 'NotFound' },
  VolumeClusterNotFound: {
    status: 404,
    text: 'Cluster {cluster} could not be found.',
    type: 'ClusterNotFound',
  },
  VolumeBackupNotFound: {
    status: 404,
    text: 'Backup {backup} could not be found.',
    type: 'BackupNotFound',
  },
  VolumeBackupInvalid: { status: 400, text: 'Invalid backup: {reason}', type: 'InvalidBackup' },
  VolumeBackupServiceDown: {
    status: 503,
    text: 'Service {service} could not be found.',
    type: 'ServiceNotFound',
  },
  VolumeGroupNotFound: { status: 404, text: 'Group {group} could not be found.', type: 'GroupNotFound' },
  VolumeGroupInvalid: { status: 400, text: 'Invalid Group: {reason}', type: 'InvalidGroup' },
  VolumeGroupTypeNotFound: {
    status: 404,
    text: 'Group type {type} could not be found.',
    type: 'GroupTypeNotFound',
  },
  VolumeGroupTypeNotFoundByName: {
    status: 404,
    text: 'Group type with name {name} could not be found.',
    type: 'GroupTypeNotFoundByName',
  },
  VolumeGroupDefaultTypeNotFound: { status: 404, text: 'Default group type can not be found.' },
  VolumeGroupTypeExists: {
    status: 409,
    text: 'Group Type {name} already exists.',
    type: 'GroupTypeExists',
  },
  VolumeGroupTypeInvalid: { status: 400, text: 'Invalid group type: {reason}', type: 'InvalidGroupType' },
  VolumeGroupTypeInUse: { status: 400, text: 'Target group type is still in use.', type: 'GroupTypeInUse' },
  VolumeGroupSpecNotFound: {
    status: 404,
    text: 'Group Type {type} has no specs with key {key}.',
    type: 'GroupTypeSpecsNotFound',
  },
  VolumeGroupSnapshotNotFound: {
    status: 404,
    text: 'GroupSnapshot {snapshot} could not be found.',
    type: 'GroupSnapshotNotFound',
  },
  VolumeGroupSnapshotInvalid: {
    status: 400,
    text: 'Invalid GroupSnapshot: {reason}',
    type: 'InvalidGroupSnapshot',
  },
} satisfies Record<string, ErrorRow>
