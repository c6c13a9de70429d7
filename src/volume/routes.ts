// Every route of the volume service, a row each.

import { volumeSince } from '../model/volume-microversions.ts'
import { row } from '../platform/http/service.ts'
import { actOnVolume, volumeActionBody } from './actions/table.ts'
import {
  completeAttachment,
  createAttachment,
  deleteAttachment,
  listAttachmentDetails,
  listAttachments,
  showAttachment,
  updateAttachment,
} from './attachments.ts'
import { backupRoutes } from './backups/routes.ts'
import { createVolume } from './create.ts'
import type { VolumeDeps } from './deps.ts'
import { showVersion } from './discovery.ts'
import { groupRoutes } from './groups/routes.ts'
import { listVolumeDetails, listVolumes, summariseVolumes } from './list.ts'
import { manageableRoutes } from './managing/routes.ts'
import { snapshotMetadata, volumeMetadata } from './metadata.ts'
import {
  deleteQuotas,
  showDefaultQuotas,
  showLimits,
  showQuotaClass,
  showQuotas,
  updateQuotaClass,
  updateQuotas,
} from './quotas.ts'
import {
  attachmentActionBody,
  createAttachmentBody,
  createSnapshotBody,
  createSpecsBody,
  createTypeBody,
  createVolumeBody,
  metaBody,
  metadataBody,
  quotaSetBody,
  snapshotActionBody,
  typeActionBody,
  updateAttachmentBody,
  updateSnapshotBody,
  updateSpecBody,
  updateTypeBody,
  updateVolumeBody,
} from './schemas.ts'
import { serviceRoutes } from './services/routes.ts'
import { quotaClassBody } from './services/schemas.ts'
import {
  actOnSnapshot,
  createSnapshot,
  deleteSnapshot,
  listSnapshotDetails,
  listSnapshots,
  showSnapshot,
  updateSnapshot,
} from './snapshots.ts'
import { transferRoutes } from './transfers/routes.ts'
import { actOnType, listTypeAccess } from './type-access.ts'
import { createSpecs, deleteSpec, listSpecs, showSpec, updateSpec } from './type-specs.ts'
import { typeRoutes } from './types/routes.ts'
import { createType, deleteType, listTypes, showType, updateType } from './types.ts'
import { deleteVolume, showVolume, updateVolume } from './volumes.ts'
import { listExtensions, listZones, showExtension } from './zones.ts'

const attachments = { since: volumeSince('attachments') }

export const volumeRoutes = [
  row<VolumeDeps>('GET', '/', showVersion, { auth: 'open' }),

  row<VolumeDeps>('GET', '/limits', showLimits),
  row<VolumeDeps>('GET', '/os-quota-sets/{project}', showQuotas),
  row<VolumeDeps>('GET', '/os-quota-sets/{project}/defaults', showDefaultQuotas),
  row<VolumeDeps>('PUT', '/os-quota-sets/{project}', updateQuotas, { body: quotaSetBody }),
  row<VolumeDeps>('DELETE', '/os-quota-sets/{project}', deleteQuotas),
  row<VolumeDeps>('GET', '/os-quota-class-sets/{class}', showQuotaClass),
  row<VolumeDeps>('PUT', '/os-quota-class-sets/{class}', updateQuotaClass, { body: quotaClassBody }),

  row<VolumeDeps>('GET', '/types', listTypes),
  row<VolumeDeps>('POST', '/types', createType, { body: createTypeBody }),
  row<VolumeDeps>('GET', '/types/{type_id}', showType),
  row<VolumeDeps>('PUT', '/types/{type_id}', updateType, { body: updateTypeBody }),
  row<VolumeDeps>('DELETE', '/types/{type_id}', deleteType),
  row<VolumeDeps>('GET', '/types/{type_id}/extra_specs', listSpecs),
  row<VolumeDeps>('POST', '/types/{type_id}/extra_specs', createSpecs, { body: createSpecsBody }),
  row<VolumeDeps>('GET', '/types/{type_id}/extra_specs/{key}', showSpec),
  row<VolumeDeps>('PUT', '/types/{type_id}/extra_specs/{key}', updateSpec, { body: updateSpecBody }),
  row<VolumeDeps>('DELETE', '/types/{type_id}/extra_specs/{key}', deleteSpec),
  row<VolumeDeps>('GET', '/types/{type_id}/os-volume-type-access', listTypeAccess),
  row<VolumeDeps>('POST', '/types/{type_id}/action', actOnType, { body: typeActionBody }),

  row<VolumeDeps>('GET', '/volumes', listVolumes),
  row<VolumeDeps>('POST', '/volumes', createVolume, { body: createVolumeBody }),
  row<VolumeDeps>('GET', '/volumes/detail', listVolumeDetails),
  row<VolumeDeps>('GET', '/volumes/summary', summariseVolumes, { since: volumeSince('volumeSummary') }),
  row<VolumeDeps>('GET', '/volumes/{volume_id}', showVolume),
  row<VolumeDeps>('PUT', '/volumes/{volume_id}', updateVolume, { body: updateVolumeBody }),
  row<VolumeDeps>('DELETE', '/volumes/{volume_id}', deleteVolume),
  row<VolumeDeps>('GET', '/volumes/{volume_id}/metadata', volumeMetadata.list),
  row<VolumeDeps>('POST', '/volumes/{volume_id}/metadata', volumeMetadata.create, { body: metadataBody }),
  row<VolumeDeps>('PUT', '/volumes/{volume_id}/metadata', volumeMetadata.replace, { body: metadataBody }),
  row<VolumeDeps>('GET', '/volumes/{volume_id}/metadata/{key}', volumeMetadata.show),
  row<VolumeDeps>('PUT', '/volumes/{volume_id}/metadata/{key}', volumeMetadata.update, { body: metaBody }),
  row<VolumeDeps>('DELETE', '/volumes/{volume_id}/metadata/{key}', volumeMetadata.remove),

  row<VolumeDeps>('POST', '/volumes/{volume_id}/action', actOnVolume, { body: volumeActionBody }),

  row<VolumeDeps>('GET', '/attachments', listAttachments, attachments),
  row<VolumeDeps>('POST', '/attachments', createAttachment, { ...attachments, body: createAttachmentBody }),
  row<VolumeDeps>('GET', '/attachments/detail', listAttachmentDetails, attachments),
  row<VolumeDeps>('GET', '/attachments/{attachment_id}', showAttachment, attachments),
  row<VolumeDeps>('PUT', '/attachments/{attachment_id}', updateAttachment, {
    ...attachments,
    body: updateAttachmentBody,
  }),
  row<VolumeDeps>('DELETE', '/attachments/{attachment_id}', deleteAttachment, attachments),
  row<VolumeDeps>('POST', '/attachments/{attachment_id}/action', completeAttachment, {
    since: volumeSince('attachmentComplete'),
    body: attachmentActionBody,
  }),

  row<VolumeDeps>('GET', '/snapshots', listSnapshots),
  row<VolumeDeps>('POST', '/snapshots', createSnapshot, { body: createSnapshotBody }),
  row<VolumeDeps>('GET', '/snapshots/detail', listSnapshotDetails),
  row<VolumeDeps>('GET', '/snapshots/{snapshot_id}', showSnapshot),
  row<VolumeDeps>('PUT', '/snapshots/{snapshot_id}', updateSnapshot, { body: updateSnapshotBody }),
  row<VolumeDeps>('DELETE', '/snapshots/{snapshot_id}', deleteSnapshot),
  row<VolumeDeps>('POST', '/snapshots/{snapshot_id}/action', actOnSnapshot, { body: snapshotActionBody }),
  row<VolumeDeps>('GET', '/snapshots/{snapshot_id}/metadata', snapshotMetadata.list),
  row<VolumeDeps>('POST', '/snapshots/{snapshot_id}/metadata', snapshotMetadata.create, {
    body: metadataBody,
  }),
  row<VolumeDeps>('PUT', '/snapshots/{snapshot_id}/metadata', snapshotMetadata.replace, {
    body: metadataBody,
  }),
  row<VolumeDeps>('GET', '/snapshots/{snapshot_id}/metadata/{key}', snapshotMetadata.show),
  row<VolumeDeps>('PUT', '/snapshots/{snapshot_id}/metadata/{key}', snapshotMetadata.update, {
    body: metaBody,
  }),
  row<VolumeDeps>('DELETE', '/snapshots/{snapshot_id}/metadata/{key}', snapshotMetadata.remove),

  row<VolumeDeps>('GET', '/os-availability-zone', listZones),
  row<VolumeDeps>('GET', '/extensions', listExtensions),
  row<VolumeDeps>('GET', '/extensions/{alias}', showExtension),

  ...typeRoutes,
  ...transferRoutes,
  ...backupRoutes,
  ...groupRoutes,
  ...manageableRoutes,
  ...serviceRoutes,
]
