// The volume API's microversions: each row gives a version, the feature code asks for, and what a user sees change.
// From cinder/api/openstack/rest_api_version_history.rst.

export const volumeMicroversions = [
  { minor: 0, feature: 'baseline', summary: 'Everything of version 2.' },
  { minor: 1, feature: 'imageVisibility', summary: 'Uploading to an image takes visibility and protected.' },
  { minor: 2, feature: 'bootableFilter', summary: 'The filter bootable reads its value.' },
  { minor: 3, feature: 'messages', summary: 'User messages.' },
  { minor: 4, feature: 'imageMetadataFilter', summary: 'Volumes are filtered by glance_metadata.' },
  { minor: 5, feature: 'messagePaging', summary: 'User messages are paged.' },
  {
    minor: 6,
    feature: 'emptyConsistencyGroups',
    summary: 'Consistency groups take an empty name and description.',
  },
  { minor: 7, feature: 'clusters', summary: 'Clusters; services show cluster.' },
  {
    minor: 8,
    feature: 'manageResources',
    summary: 'Manageable volumes and snapshots have resources of their own.',
  },
  { minor: 9, feature: 'backupUpdate', summary: 'Backups can be updated.' },
  { minor: 10, feature: 'groupFilter', summary: 'Volumes are filtered by group_id.' },
  { minor: 11, feature: 'groupTypes', summary: 'Group types and group specs.' },
  { minor: 12, feature: 'volumeSummary', summary: 'GET /volumes/summary.' },
  { minor: 13, feature: 'groups', summary: 'Generic volume groups; volumes show group_id.' },
  { minor: 14, feature: 'groupSnapshots', summary: 'Group snapshots; snapshots show group_snapshot_id.' },
  { minor: 15, feature: 'etag', summary: 'Metadata answers carry an ETag.' },
  { minor: 16, feature: 'migrateToCluster', summary: 'Volumes migrate to a cluster.' },
  {
    minor: 17,
    feature: 'manageableClusters',
    summary: 'Lists of manageable volumes and snapshots take a cluster.',
  },
  { minor: 18, feature: 'backupProject', summary: 'Backups show their project.' },
  { minor: 19, feature: 'groupSnapshotReset', summary: 'The status of group snapshots can be reset.' },
  { minor: 20, feature: 'groupReset', summary: 'The status of groups can be reset.' },
  { minor: 21, feature: 'providerId', summary: 'Administrators see provider_id of volumes.' },
  { minor: 22, feature: 'snapshotMetadataFilter', summary: 'Snapshots are filtered by metadata.' },
  { minor: 23, feature: 'forceDelete', summary: 'Deleting a volume takes force.' },
  { minor: 24, feature: 'cleanup', summary: 'Workers can be cleaned up.' },
  { minor: 25, feature: 'groupVolumes', summary: 'Groups show their volumes.' },
  { minor: 26, feature: 'clusterFailover', summary: 'Clusters can be failed over and frozen.' },
  { minor: 27, feature: 'attachments', summary: 'The attachments API.' },
  { minor: 28, feature: 'poolFilters', summary: 'Pools are filtered.' },
  { minor: 29, feature: 'groupSnapshotPaging', summary: 'Group snapshots are paged.' },
  { minor: 30, feature: 'snapshotNameSort', summary: 'Snapshots are sorted by name.' },
  { minor: 31, feature: 'checkedFilters', summary: 'A filter that is not known is a 400.' },
  { minor: 32, feature: 'logLevels', summary: 'Log levels of services can be read and set.' },
  { minor: 33, feature: 'resourceFilters', summary: 'GET /resource_filters.' },
  { minor: 34, feature: 'likeFilters', summary: 'Filters by part of a value (name~).' },
  { minor: 35, feature: 'poolTypeFilter', summary: 'Pools are filtered by volume type.' },
  { minor: 36, feature: 'summaryMetadata', summary: 'The summary of volumes shows metadata.' },
  { minor: 37, feature: 'backupNameSort', summary: 'Backups are sorted by name.' },
  { minor: 38, feature: 'groupReplication', summary: 'Replication of groups.' },
  { minor: 39, feature: 'limitsProject', summary: 'Administrators read the limits of a project.' },
  { minor: 40, feature: 'revert', summary: 'Volumes are reverted to their latest snapshot.' },
  { minor: 41, feature: 'snapshotUser', summary: 'Snapshots show user_id.' },
  { minor: 42, feature: 'extendAttached', summary: 'Volumes in use can be extended.' },
  { minor: 43, feature: 'backupMetadata', summary: 'Backups have metadata.' },
  { minor: 44, feature: 'attachmentComplete', summary: 'Attachments are completed by an action.' },
  { minor: 45, feature: 'counts', summary: 'Lists take with_count.' },
  {
    minor: 46,
    feature: 'imagesWithoutData',
    summary: 'Volumes are made of images that only name a snapshot.',
  },
  { minor: 47, feature: 'createFromBackup', summary: 'Volumes are made of a backup.' },
  { minor: 48, feature: 'sharedTargets', summary: 'Volumes show shared_targets and service_uuid.' },
  { minor: 49, feature: 'backendState', summary: 'Services show backend_state.' },
  {
    minor: 50,
    feature: 'multiattachTypes',
    summary: 'Several attachments are a property of the volume type.',
  },
  { minor: 51, feature: 'backupZone', summary: 'Backups take an availability zone.' },
  { minor: 52, feature: 'typeFilters', summary: 'Volume types are filtered by extra specs.' },
  { minor: 53, feature: 'strictBodies', summary: 'Unknown keys in bodies are refused.' },
  { minor: 54, feature: 'attachmentMode', summary: 'Creating an attachment takes a mode.' },
  { minor: 55, feature: 'transferSnapshots', summary: 'Transfers take snapshots along.' },
  { minor: 56, feature: 'backupUser', summary: 'Backups show user_id.' },
  { minor: 57, feature: 'transferProjects', summary: 'Transfers show their projects.' },
  { minor: 58, feature: 'groupProject', summary: 'Groups show project_id.' },
  { minor: 59, feature: 'transferPaging', summary: 'Transfers are paged.' },
  {
    minor: 60,
    feature: 'timeFilters',
    summary: 'Volumes are filtered by comparing created_at and updated_at.',
  },
  { minor: 61, feature: 'clusterName', summary: 'Administrators see cluster_name of volumes.' },
  { minor: 62, feature: 'defaultTypes', summary: 'Projects have default volume types.' },
  { minor: 63, feature: 'volumeTypeId', summary: 'Volumes show volume_type_id.' },
  { minor: 64, feature: 'encryptionKeyId', summary: 'Encrypted volumes show encryption_key_id.' },
  {
    minor: 65,
    feature: 'consumesQuota',
    summary: 'Volumes and snapshots show and filter by consumes_quota.',
  },
  { minor: 66, feature: 'snapshotsWithoutForce', summary: 'Snapshots of volumes in use need no force.' },
  { minor: 67, feature: 'optionalProjectId', summary: 'The project id in paths is optional.' },
  { minor: 68, feature: 'reimage', summary: 'Volumes can be written anew from an image.' },
  { minor: 69, feature: 'sharedTargetsUnknown', summary: 'shared_targets may be null.' },
  { minor: 70, feature: 'transferEncrypted', summary: 'Encrypted volumes can be transferred.' },
  {
    minor: 71,
    feature: 'extendCompletion',
    summary: 'Volumes in use on file systems are extended with the help of compute.',
  },
] as const

export type VolumeFeature = (typeof volumeMicroversions)[number]['feature']

export const volumeMinorMax = volumeMicroversions.length - 1

const minorOf = Object.fromEntries(
  volumeMicroversions.map(({ feature, minor }) => [feature, minor]),
) as Readonly<Record<VolumeFeature, number>> // every feature has a row

/** The first minor that has a feature. */
export const volumeSince = (feature: VolumeFeature): number => minorOf[feature]

export interface VolumeMicroversion {
  readonly text: string
  readonly minor: number
  has(feature: VolumeFeature): boolean
}

/** The version objects, 3.0 first. */
export const volumeVersions: readonly VolumeMicroversion[] = volumeMicroversions.map(({ minor }) => ({
  text: `3.${minor}`,
  minor,
  has: feature => minor >= minorOf[feature],
}))
