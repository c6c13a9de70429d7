// What the compute service refuses about volumes of servers and what servers boot from (nova/exception.py).
import type { ErrorRow } from './row.ts'

export const blockDeviceErrors = {
  // Volumes of servers that are there
  VolumeAlreadyAttached: {
    status: 400,
    text: 'Invalid volume: volume {volume} already attached',
    type: 'InvalidVolume',
  },
  DevicePathInUse: {
    status: 409,
    text: 'The supplied device path ({path}) is in use.',
    type: 'DevicePathInUse',
  },
  TooManyDiskDevices: {
    status: 403,
    text: 'The maximum allowed number of disk devices ({max}) to attach to a single instance has been exceeded.',
    type: 'TooManyDiskDevices',
  },
  MultiattachTooOld: {
    status: 400,
    text: 'Multiattach volumes are only supported starting with compute API version 2.60.',
    type: 'MultiattachNotSupportedOldMicroversion',
  },
  MultiattachToShelved: {
    status: 400,
    text: 'Attaching multiattach volumes is not supported for shelved-offloaded instances.',
    type: 'MultiattachToShelvedNotSupported',
  },
  TaggedAttachToShelved: {
    status: 400,
    text: 'Tagged volume attachment is not supported for shelved-offloaded instances.',
    type: 'VolumeTaggedAttachToShelvedNotSupported',
  },
  RootVolumeDetach: { status: 400, text: 'Cannot detach a root device volume' },
  AttachmentPropertyFixed: { status: 400, text: 'The {property} property is not mutable' },
  SwapNotMigrating: {
    status: 409,
    text: 'volume {volume} is not migrating this api should only be called by Cinder',
  },
  SwapVolumeNotFound: { status: 400, text: 'Volume {volume} could not be found.', type: 'VolumeNotFound' },
  MultiattachSwap: {
    status: 400,
    text: 'Swapping multi-attach volumes with more than one read/write attachment is not supported.',
    type: 'MultiattachSwapVolumeNotSupported',
  },
  VolumeOverQuota: { status: 403, text: '{reason}', type: 'OverQuota' },
  SnapshotsOverQuota: { status: 403, text: 'Quota exceeded for resources: snapshots', type: 'OverQuota' },
  CinderConnectionFailed: {
    status: 500,
    text: 'Connection to cinder host failed: {reason}',
    type: 'CinderConnectionFailed',
    retryable: true,
  },
  // Of a build: read in its record.
  VolumeNotCreated: {
    status: 500,
    text: 'Volume {volume} did not finish being created even after we waited {seconds} seconds or {attempts} attempts. And its status is {status}.',
    type: 'VolumeNotCreated',
  },
  VolumeNotReimaged: {
    status: 500,
    text: 'Volume {volume} could not be written anew from image {image}: its status is {status}.',
    type: 'InvalidVolume',
  },

  // What a server boots from
  MappingSyntaxes: {
    status: 400,
    text: 'Using different block_device_mapping syntaxes is not allowed in the same request.',
  },
  MappingInvalid: {
    status: 400,
    text: 'Block Device Mapping is Invalid: {reason}',
    type: 'InvalidBDMFormat',
  },
  MappingBootSequence: {
    status: 400,
    text: 'Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.',
    type: 'InvalidBDMBootSequence',
  },
  MappingImage: {
    status: 400,
    text: 'Block Device Mapping is Invalid: failed to get image {id}.',
    type: 'InvalidBDMImage',
  },
  MappingVolume: {
    status: 400,
    text: 'Block Device Mapping is Invalid: failed to get volume {id}.',
    type: 'InvalidBDMVolume',
  },
  MappingSnapshot: {
    status: 400,
    text: 'Block Device Mapping is Invalid: failed to get snapshot {id}.',
    type: 'InvalidBDMSnapshot',
  },
  MappingLocals: {
    status: 400,
    text: 'Block Device Mapping is Invalid: You specified more local devices than the limit allows',
    type: 'InvalidBDMLocalsLimit',
  },
  MappingDiskBus: {
    status: 400,
    text: 'Block Device Mapping is invalid: The provided disk bus {bus} is not valid.',
    type: 'InvalidBDMDiskBus',
  },
  MappingImageSize: {
    status: 400,
    text: "Images with destination_type 'volume' need to have a non-zero size specified",
    type: 'InvalidBDM',
  },
  MappingBlankSize: {
    status: 400,
    text: "Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size",
    type: 'InvalidBDM',
  },
  MappingEphemeralSize: {
    status: 400,
    text: 'Ephemeral disks requested are larger than the instance type allows. If no size is given in one block device mapping, flavor ephemeral size will be used.',
    type: 'InvalidBDMEphemeralSize',
  },
  MappingSwapSize: {
    status: 400,
    text: 'Swap drive requested is larger than instance type allows.',
    type: 'InvalidBDMSwapSize',
  },
  BootVolumeNotBootable: {
    status: 400,
    text: 'Block Device {id} is not bootable.',
    type: 'InvalidBDMVolumeNotBootable',
  },
  BootVolumeUnusable: { status: 400, text: 'Invalid volume: {reason}', type: 'InvalidVolume' },
  BootVolumeTypeNotFound: {
    status: 400,
    text: 'Volume type {type} could not be found.',
    type: 'VolumeTypeNotFound',
  },
  BootVolumeSmall: {
    status: 400,
    text: 'Volume is smaller than the minimum size specified in image metadata. Volume size is {size} bytes, minimum size is {minimum} bytes.',
    type: 'VolumeSmallerThanMinDisk',
  },
  VolumesOfManyServers: {
    status: 400,
    text: 'Cannot attach one or more volumes to multiple instances',
    type: 'InvalidRequest',
  },
  RootDeviceNameTaken: {
    status: 400,
    text: 'The volume cannot be assigned the same device name as the root device {name}',
    type: 'InvalidRequest',
  },

  // Actions on servers that boot from a volume
  RebuildVolumeImage: {
    status: 400,
    text: 'Image {image} is unacceptable: Unable to rebuild with a different image for a volume-backed server.',
    type: 'ImageUnacceptable',
  },
  RescueVolumeBacked: {
    status: 400,
    text: 'Instance {server} cannot be rescued: Cannot rescue a volume-backed instance',
    type: 'InstanceNotRescuable',
  },
} satisfies Record<string, ErrorRow>
