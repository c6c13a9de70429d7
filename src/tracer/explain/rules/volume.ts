// Volumes: nova.volume.cinder, nova.exception, os_brick, cinder.
import { cause, generic, type Rule, root, wrapper } from './rule.ts'

export const volumeRules: readonly Rule[] = [
  root(
    'Volume.NoBackend',
    /No valid backend was found\.? ?(?<why>[^\n]{0,160})|No valid host was found\. No weighed (?:hosts|backends) available/,
    'No valid backend was found. No weighed backends available',
    'no storage back end can take the volume',
    ['cinder'],
  ),
  root(
    'Volume.NoBackend',
    /No weighed (?:hosts|backends) available|No valid backend/,
    'Failed to run task cinder.scheduler.flows.create_volume.ScheduleCreateVolumeTask;volume:create: No valid backend was found. No weighed backends available',
    'no storage back end can take the volume',
  ),
  cause(
    'Volume.Multiattach',
    /Volume (?<volume>\S{1,60}) has 'multiattach' set|Multiattach volumes are (?:only )?(?:not )?supported|MultiattachNotSupported\w{0,40}|is not multiattach/,
    "Volume 5d21 has 'multiattach' set, which is not supported for this instance.",
    'a volume for several servers cannot be used here',
  ),
  root(
    'Volume.ConnectFailed',
    /(?:VolumeDeviceNotFound|Volume device not found at|Fibre Channel volume device not found|iSCSI target portal|iscsiadm: (?:cannot|Could not|No|initiator)|Failed to login to|NoFibreChannelVolumeDeviceFound|VolumePathsNotFound|Could not login to any|error connecting to the cluster|rbd: error|multipath device|failed to connect to (?:all )?(?:the )?(?:iSCSI|target)|nvme connect|Unable to find (?:a )?volume path)[^\n]{0,200}/i,
    'os_brick.exception.VolumeDeviceNotFound: Volume device not found at /dev/disk/by-path/x.',
    'the host could not reach the storage of the volume',
  ),
  cause(
    'Volume.Timeout',
    /Volume (?<volume>\S{1,60}) did not finish being created even after we waited (?<seconds>\d{1,9}) seconds or (?<tries>\d{1,9}) attempts\.?(?: And its status is (?<status>[\w-]{1,40}))?/,
    'Volume 5d21 did not finish being created even after we waited 187 seconds or 61 attempts. And its status is downloading.',
    'volume {volume} was not ready after {seconds} seconds and {tries} looks; its status was {status}',
  ),
  cause(
    'Volume.TooSmall',
    /Volume is smaller than the minimum size|VolumeSmallerThanMinDisk|Volume size \S{1,20} ?\S{0,3} cannot be smaller than[^\n]{0,120}|(?:Size of specified image|Image) \S{1,60} ?\S{0,3} is larger than volume size \S{1,20}/,
    'Size of specified image 30GB is larger than volume size 10GB.',
  ),
  cause(
    'Volume.AttachConflict',
    /(?:volume )?(?<volume>[0-9a-f-]{36}|\S{1,60}) (?:is )?already (?:attached|in-use)|already attached to instance|Duplicate attachment|Volume \S{1,60} status must be available or downloading to reserve|VolumeAttachmentInvalidOperation|current status is:? (?:in-use|attaching|reserved)/i,
    'Invalid volume: volume 5d21 already attached',
    'the volume is attached or being attached',
  ),
  cause(
    'Volume.NotReady',
    /Invalid volume: (?<why>[^\n]{0,40}[Ss]tatus must be[^\n]{0,160})|Volume status must be[^\n]{0,160}|volume '?\S{1,60}'? status must be '?\S{1,40}|Volume \S{1,60} is in \w{1,20} status|invalid volume status/i,
    'Invalid volume: Volume 5d21 status must be available or in-use, but current status is: error.',
    'the volume is not ready: {why}',
  ),
  cause(
    'Volume.Zone',
    /Instance and volume not in same availability_zone|not in the same availability.zone|Server and volumes? (?:are )?not in the same AZ/i,
    'Instance and volume not in same availability_zone. Instance is in az1. Volume is in nova',
    'the volume is in another zone',
  ),
  cause(
    'Volume.DeviceName',
    /The supplied device (?:path|name) \((?<name>[^)\n]{1,80})\) is (?:invalid|in use|required)|DevicePathInUse|InvalidDevicePath/,
    'The supplied device path (/dev/vda) is in use.',
    'the device name {name} cannot be used',
  ),
  cause(
    'Volume.TooMany',
    /(?:exceed|exceeds|over) maximum allowed \d{1,9} disk devices|The maximum allowed number of disk devices \((?<limit>\d{1,9})\)|TooManyDiskDevices/,
    'The maximum allowed number of disk devices (8) to attach to a single instance has been exceeded.',
    'the server has as many disks as it may',
  ),
  cause(
    'Volume.NotAttached',
    /is not attached to volume (?<volume>\S{1,60})|Volume (?<other>\S{1,60}) is not attached|volume_id not found: |VolumeBDMNotFound|No volume Block Device Mapping with id/,
    'Instance 2a65 is not attached to volume 5d21',
    'volume {volume}{other} is not attached to the server',
  ),
  cause(
    'Volume.NotFound',
    /(?:Volume|Snapshot) (?<volume>\S{1,60}) could not be found|VolumeNotFound|SnapshotNotFound|failed to get (?:volume|snapshot) (?<other>\S{1,60})/,
    'Volume 5d21 could not be found.',
    'there is no volume or snapshot {volume}{other}',
  ),
  cause(
    'Volume.Mapping',
    /Block Device Mapping is Invalid(?:: (?<why>[^\n]{1,200}))?|InvalidBDM\w{0,30}|Invalid block_device_mapping|Blank volumes \(source|Boot sequence for the instance and image\/block device mapping combination is not valid/,
    'Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.',
    'the block device mapping is invalid: {why}',
  ),
  cause(
    'Volume.Encryption',
    /(?:Encryption key|volume encryptor|Key manager error|KeyManagerError|VolumeEncryptionNotSupported|cryptsetup)[^\n]{0,200}/i,
    'Key manager error: Forbidden: Secret retrieval attempt not allowed',
    'the key of the volume could not be used',
  ),
  cause(
    'Volume.Unreachable',
    /Connection to cinder host failed(?:: (?<why>[^\n]{1,200}))?|CinderConnectionFailed|Unable to establish connection to \S{0,200}(?::8776|cinder|\/volume)\S{0,120}/,
    'Connection to cinder host failed: Unable to establish connection',
    'the volume service does not answer',
  ),
  cause(
    'Volume.ReimageFailed',
    /Volume (?<volume>\S{1,60}) could not be written anew from image|Failed to rebuild volume backed instance/,
    'Volume 5d21 could not be written anew from image 7a3c: its status is error.',
    'volume {volume} could not be written anew',
  ),
  cause(
    'Volume.CreateFailed',
    /Volume \S{1,60}: create failed|VolumeNotCreated|Failed to create volume|Volume creation failed|create_volume failed|is in error state/,
    'Volume 5d21: create failed',
    'the volume could not be made',
    ['cinder', 'nova'],
  ),
  cause(
    'Volume.DetachFailed',
    /Failed to detach volume (?<volume>\S{1,60})|Driver failed to detach volume (?<other>\S{1,60})|Unable to detach volume|VolumeDetachFailed/i,
    'Driver failed to detach volume 5d21 at /dev/vdb.',
    'volume {volume}{other} could not be detached',
  ),
  cause(
    'Volume.AttachFailed',
    /Failed to attach (?:volume )?(?<volume>\S{1,60}) at (?<device>\S{1,60})|Driver failed to attach volume (?<other>\S{1,60})|VolumeAttachFailed|Volume attach failed|Failed to attach volume/,
    'Failed to attach 5d21 at /dev/vdb',
    'volume {volume}{other} could not be attached',
  ),
  generic(
    'Volume.NotReady',
    /Invalid volume: (?<why>[^\n]{1,200})/,
    'Invalid volume: Unable to attach boot volume',
    'the volume cannot be used: {why}',
  ),
  wrapper(
    'Volume.AttachFailed',
    /Instance failed block device setup/,
    'Instance failed block device setup',
    'the disks of the server could not be set up',
  ),
]
