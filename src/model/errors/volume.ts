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
    text: "VolumeLimitExceeded: Maximum number of volumes allowed ({allowed}) exceeded for quota 'volumes'.",
    type: 'VolumeLimitExceeded',
  },
  VolumeSnapshotsExceeded: {
    status: 413,
    text: "SnapshotLimitExceeded: Maximum number of snapshots allowed ({allowed}) exceeded for quota 'snapshots'.",
    type: 'SnapshotLimitExceeded',
  },
  VolumeSizeExceedsQuota: {
    status: 413,
    text: 'VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested {requested}G, quota is {quota}G and {consumed}G has been consumed.',
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
} satisfies Record<string, ErrorRow>
