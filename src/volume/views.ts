// The shapes the volume service answers with.
import { isoMicros } from '../base/time.ts'
import { volumeMinorMax } from '../model/volume-microversions.ts'
import type { Call } from '../platform/http/call.ts'
import type { VolumeDeps } from './deps.ts'
import { versionOf } from './negotiate.ts'
import { selfLinks } from './paging.ts'
import { poolOf } from './services/scheduling.ts'
import type { Named, Snapshot, Volume, VolumeType } from './store.ts'
import type { VolumeAttachmentRow } from './tables.ts'

const versionView = (origin: string) => ({
  id: 'v3.0',
  status: 'CURRENT',
  version: `3.${volumeMinorMax}`,
  min_version: '3.0',
  updated: '2023-08-31T00:00:00Z',
  links: [
    { rel: 'describedby', type: 'text/html', href: 'https://docs.openstack.org/' },
    { rel: 'self', href: `${origin}/volume/v3/` },
  ],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.volume+json;version=3' }],
})

/** What both roots answer: with 300 above the version, with 200 at it. */
export const volumeVersions = (origin: string) => ({ versions: [versionView(origin)] })

/** cinder/api/api_utils.py, USER_VISIBLE_EXTRA_SPECS: what tells users what a volume can do. */
const userVisibleSpecs: ReadonlySet<string> = new Set([
  'RESKEY:availability_zones',
  'multiattach',
  'replication_enabled',
])

export const seenSpecs = (call: Call<VolumeDeps>, specs: Named): Named =>
  call.allows('volume_extension:types_extra_specs:read_sensitive')
    ? specs
    : Object.fromEntries(Object.entries(specs).filter(([name]) => userVisibleSpecs.has(name)))

/** A type as PUT answers it. */
export const changedTypeView = (call: Call<VolumeDeps>, type: VolumeType) => ({
  id: type.id,
  name: type.name,
  is_public: type.is_public === 1,
  description: type.description,
  extra_specs: seenSpecs(call, type.extraSpecs),
})

/** A type as POST answers it: with what cinder/api/contrib/volume_type_access.py adds. */
export const typeView = (call: Call<VolumeDeps>, type: VolumeType) => ({
  ...changedTypeView(call, type),
  'os-volume-type-access:is_public': type.is_public === 1,
})

/** A type as it is shown and listed: with its QoS specs, for those who may know. */
export const readTypeView = (call: Call<VolumeDeps>, type: VolumeType) => ({
  ...typeView(call, type),
  ...(call.allows('volume_extension:access_types_qos_specs_id') ? { qos_specs_id: type.qos_id } : {}),
})

/** A volume as POST and PUT answer it; `isRead` adds what only GET shows (cinder/api/contrib/volume_*_attribute.py). */
export function volumeView(call: Call<VolumeDeps>, volume: Volume, { isRead = false } = {}) {
  const { isAdmin } = call.auth
  const version = versionOf(call)
  return {
    id: volume.id,
    status: volume.status,
    size: volume.size,
    availability_zone: volume.availability_zone,
    created_at: isoMicros(volume.created_at),
    updated_at: volume.updated_at === null ? null : isoMicros(volume.updated_at),
    attachments: volume.attachments
      .filter(({ attach_status }) => attach_status === 'attached')
      .map(attachment => attachedView(call, attachment)),
    name: volume.name,
    description: volume.description,
    volume_type: volume.typeName,
    snapshot_id: volume.snapshot_id,
    source_volid: volume.source_volid,
    metadata: isRead ? shownMetadata(volume) : volume.metadata,
    links: selfLinks(call, 'volumes', volume.id),
    user_id: volume.user_id,
    bootable: volume.bootable === 1 ? 'true' : 'false',
    encrypted: false,
    replication_status: null,
    consistencygroup_id: volume.isInLegacyGroup ? volume.group_id : null,
    multiattach: volume.multiattach === 1,
    ...(isAdmin ? { migration_status: volume.migration_status } : {}),
    ...(version.has('groups') ? { group_id: volume.isInLegacyGroup ? null : volume.group_id } : {}),
    ...(isAdmin && version.has('providerId') ? { provider_id: null } : {}),
    ...(version.has('sharedTargets')
      ? { service_uuid: null, shared_targets: version.has('sharedTargetsUnknown') ? null : false }
      : {}),
    ...(isAdmin && version.has('clusterName') ? { cluster_name: null } : {}),
    ...(version.has('volumeTypeId') ? { volume_type_id: volume.type_id } : {}),
    ...(version.has('consumesQuota') ? { consumes_quota: true } : {}),
    ...(isRead ? readAttributes(call, volume) : {}),
  }
}

const readAttributes = (call: Call<VolumeDeps>, volume: Volume) => ({
  'os-vol-tenant-attr:tenant_id': volume.project_id,
  ...(call.auth.isAdmin
    ? {
        'os-vol-host-attr:host': poolOf(call.deps.host),
        'os-vol-mig-status-attr:migstat': volume.migration_status,
        'os-vol-mig-status-attr:name_id': null,
      }
    : {}),
  ...(Object.keys(volume.imageMetadata).length > 0 ? { volume_image_metadata: volume.imageMetadata } : {}),
})

/** What Cinder keeps as admin metadata shows among the metadata (cinder/api/v2/views/volumes.py). */
const shownMetadata = (volume: Volume): Named => ({ ...volume.metadata, ...volume.adminMetadata })

const attachedView = (call: Call<VolumeDeps>, attachment: VolumeAttachmentRow) => ({
  id: attachment.volume_id,
  attachment_id: attachment.id,
  volume_id: attachment.volume_id,
  server_id: attachment.instance_uuid,
  host_name: call.auth.isAdmin ? attachment.attached_host : null,
  device: attachment.mountpoint,
  attached_at: attachment.attached_at === null ? null : isoMicros(attachment.attached_at),
})

export const volumeSummaryView = (call: Call<VolumeDeps>, volume: Volume) => ({
  id: volume.id,
  name: volume.name,
  links: selfLinks(call, 'volumes', volume.id),
})

export const snapshotView = (
  call: Call<VolumeDeps>,
  snapshot: Snapshot,
  { isDetailed }: { readonly isDetailed: boolean },
) => ({
  id: snapshot.id,
  created_at: isoMicros(snapshot.created_at),
  updated_at: snapshot.updated_at === null ? null : isoMicros(snapshot.updated_at),
  name: snapshot.name,
  description: snapshot.description,
  volume_id: snapshot.volume_id,
  status: snapshot.status,
  size: snapshot.size,
  metadata: snapshot.metadata,
  ...(isDetailed
    ? {
        'os-extended-snapshot-attributes:progress':
          snapshot.progress ?? (snapshot.status === 'available' ? '100%' : '0%'),
        'os-extended-snapshot-attributes:project_id': snapshot.project_id,
      }
    : {}),
  ...(versionOf(call).has('groupSnapshots') ? { group_snapshot_id: snapshot.group_snapshot_id } : {}),
  ...(versionOf(call).has('snapshotUser') ? { user_id: snapshot.user_id } : {}),
  ...(versionOf(call).has('consumesQuota') ? { consumes_quota: true } : {}),
})
