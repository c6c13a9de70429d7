// The routes of files that are there already: of version 2, and of 3.8 under names of their own.
import { volumeSince } from '../../model/volume-microversions.ts'
import { row } from '../../platform/http/service.ts'
import type { VolumeDeps } from '../deps.ts'
import { manageSnapshot, manageVolume } from './manage.ts'
import {
  listManageableSnapshotDetails,
  listManageableSnapshots,
  listManageableVolumeDetails,
  listManageableVolumes,
} from './manageable.ts'
import { manageSnapshotBody, manageVolumeBody } from './schemas.ts'

const rows = (volumes: string, snapshots: string, since?: number) => {
  const options = since === undefined ? {} : { since }
  return [
    row<VolumeDeps>('GET', volumes, listManageableVolumes, options),
    row<VolumeDeps>('GET', `${volumes}/detail`, listManageableVolumeDetails, options),
    row<VolumeDeps>('POST', volumes, manageVolume, { ...options, body: manageVolumeBody }),
    row<VolumeDeps>('GET', snapshots, listManageableSnapshots, options),
    row<VolumeDeps>('GET', `${snapshots}/detail`, listManageableSnapshotDetails, options),
    row<VolumeDeps>('POST', snapshots, manageSnapshot, { ...options, body: manageSnapshotBody }),
  ]
}

export const manageableRoutes = [
  ...rows('/os-volume-manage', '/os-snapshot-manage'),
  ...rows('/manageable_volumes', '/manageable_snapshots', volumeSince('manageResources')),
]
