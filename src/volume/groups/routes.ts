// The routes of groups, their types and snapshots, and of consistency groups before them.
import { volumeSince } from '../../model/volume-microversions.ts'
import { row } from '../../platform/http/service.ts'
import type { VolumeDeps } from '../deps.ts'
import { actOnGroup } from './actions.ts'
import * as consistency from './consistency.ts'
import { createGroupFromSource } from './from-source.ts'
import { createGroup, listGroupDetails, listGroups, showGroup, updateGroup } from './groups.ts'
import * as schemas from './schemas.ts'
import {
  createGroupSnapshot,
  deleteGroupSnapshot,
  listGroupSnapshotDetails,
  listGroupSnapshots,
  resetGroupSnapshot,
  showGroupSnapshot,
} from './snapshots.ts'
import {
  createGroupSpecs,
  deleteGroupSpec,
  listGroupSpecs,
  showGroupSpec,
  updateGroupSpec,
} from './type-specs.ts'
import { createGroupType, deleteGroupType, listGroupTypes, showGroupType, updateGroupType } from './types.ts'

const types = { since: volumeSince('groupTypes') }
const groups = { since: volumeSince('groups') }
const snapshots = { since: volumeSince('groupSnapshots') }

const specs = '/group_types/{type_id}/group_specs'
const legacy = '/consistencygroups'

export const groupRoutes = [
  row<VolumeDeps>('GET', '/group_types', listGroupTypes, types),
  row<VolumeDeps>('POST', '/group_types', createGroupType, { ...types, body: schemas.createGroupTypeBody }),
  row<VolumeDeps>('GET', '/group_types/{type_id}', showGroupType, types),
  row<VolumeDeps>('PUT', '/group_types/{type_id}', updateGroupType, {
    ...types,
    body: schemas.updateGroupTypeBody,
  }),
  row<VolumeDeps>('DELETE', '/group_types/{type_id}', deleteGroupType, types),
  row<VolumeDeps>('GET', specs, listGroupSpecs, types),
  row<VolumeDeps>('POST', specs, createGroupSpecs, { ...types, body: schemas.createGroupSpecsBody }),
  row<VolumeDeps>('GET', `${specs}/{key}`, showGroupSpec, types),
  row<VolumeDeps>('PUT', `${specs}/{key}`, updateGroupSpec, { ...types, body: schemas.updateGroupSpecBody }),
  row<VolumeDeps>('DELETE', `${specs}/{key}`, deleteGroupSpec, types),

  row<VolumeDeps>('GET', '/groups', listGroups, groups),
  row<VolumeDeps>('POST', '/groups', createGroup, { ...groups, body: schemas.createGroupBody }),
  row<VolumeDeps>('GET', '/groups/detail', listGroupDetails, groups),
  row<VolumeDeps>('POST', '/groups/action', createGroupFromSource, {
    ...snapshots,
    body: schemas.createFromSourceBody,
  }),
  row<VolumeDeps>('GET', '/groups/{id}', showGroup, groups),
  row<VolumeDeps>('PUT', '/groups/{id}', updateGroup, { ...groups, body: schemas.updateGroupBody }),
  row<VolumeDeps>('POST', '/groups/{id}/action', actOnGroup, { ...groups, body: schemas.groupActionBody }),

  row<VolumeDeps>('GET', '/group_snapshots', listGroupSnapshots, snapshots),
  row<VolumeDeps>('POST', '/group_snapshots', createGroupSnapshot, {
    ...snapshots,
    body: schemas.createGroupSnapshotBody,
  }),
  row<VolumeDeps>('GET', '/group_snapshots/detail', listGroupSnapshotDetails, snapshots),
  row<VolumeDeps>('GET', '/group_snapshots/{id}', showGroupSnapshot, snapshots),
  row<VolumeDeps>('DELETE', '/group_snapshots/{id}', call => deleteGroupSnapshot(call), snapshots),
  row<VolumeDeps>('POST', '/group_snapshots/{id}/action', resetGroupSnapshot, {
    since: volumeSince('groupSnapshotReset'),
    body: schemas.groupSnapshotActionBody,
  }),

  row<VolumeDeps>('GET', legacy, consistency.listConsistencyGroups),
  row<VolumeDeps>('POST', legacy, consistency.createConsistencyGroup, {
    body: schemas.createConsistencyGroupBody,
  }),
  row<VolumeDeps>('GET', `${legacy}/detail`, consistency.listConsistencyGroupDetails),
  row<VolumeDeps>('POST', `${legacy}/create_from_src`, consistency.createConsistencyGroupFromSource, {
    body: schemas.consistencyGroupFromSourceBody,
  }),
  row<VolumeDeps>('GET', `${legacy}/{id}`, consistency.showConsistencyGroup),
  row<VolumeDeps>('PUT', `${legacy}/{id}/update`, consistency.updateConsistencyGroup, {
    body: schemas.updateConsistencyGroupBody,
  }),
  row<VolumeDeps>('POST', `${legacy}/{id}/delete`, consistency.deleteConsistencyGroup, {
    body: schemas.deleteConsistencyGroupBody,
  }),
  row<VolumeDeps>('GET', '/cgsnapshots', consistency.listCgSnapshots),
  row<VolumeDeps>('POST', '/cgsnapshots', consistency.createCgSnapshot, {
    body: schemas.createCgSnapshotBody,
  }),
  row<VolumeDeps>('GET', '/cgsnapshots/detail', consistency.listCgSnapshotDetails),
  row<VolumeDeps>('GET', '/cgsnapshots/{id}', consistency.showCgSnapshot),
  row<VolumeDeps>('DELETE', '/cgsnapshots/{id}', consistency.deleteCgSnapshot),
]
