// Cinder's routes that are not here yet: each answers 501 and names itself. docs/not-yet.md lists the same rows.
import { fault } from '../model/errors.ts'
import { type VolumeFeature, volumeSince } from '../model/volume-microversions.ts'
import { type Route, row } from '../platform/http/service.ts'
import type { Method } from '../platform/http/types.ts'
import type { VolumeDeps } from './deps.ts'

interface NotYetRow {
  readonly path: string
  readonly methods: readonly Method[]
  readonly what: string
  readonly since?: VolumeFeature
}

const collection = (path: string, what: string, since?: VolumeFeature): readonly NotYetRow[] => [
  { path, methods: ['GET', 'POST'], what, ...(since && { since }) },
  { path: `${path}/detail`, methods: ['GET'], what, ...(since && { since }) },
  { path: `${path}/{id}`, methods: ['GET', 'PUT', 'DELETE'], what, ...(since && { since }) },
]

export const volumeNotYetRows: readonly NotYetRow[] = [
  ...collection('/backups', 'backups of volumes'),
  { path: '/backups/{id}/restore', methods: ['POST'], what: 'backups of volumes' },
  { path: '/backups/{id}/action', methods: ['POST'], what: 'backups of volumes' },
  ...collection('/os-volume-transfer', 'transfers of volumes'),
  { path: '/os-volume-transfer/{id}/accept', methods: ['POST'], what: 'transfers of volumes' },
  ...collection('/volume-transfers', 'transfers of volumes', 'transferSnapshots'),
  {
    path: '/volume-transfers/{id}/accept',
    methods: ['POST'],
    what: 'transfers of volumes',
    since: 'transferSnapshots',
  },
  ...collection('/groups', 'groups of volumes', 'groups'),
  { path: '/groups/{id}/action', methods: ['POST'], what: 'groups of volumes', since: 'groups' },
  ...collection('/group_types', 'groups of volumes', 'groupTypes'),
  ...collection('/group_snapshots', 'groups of volumes', 'groupSnapshots'),
  ...collection('/consistencygroups', 'consistency groups'),
  ...collection('/cgsnapshots', 'consistency groups'),
  ...collection('/qos-specs', 'QoS specs of volume types'),
  { path: '/types/{type_id}/encryption', methods: ['GET', 'POST'], what: 'encrypted volume types' },
  {
    path: '/types/{type_id}/encryption/{id}',
    methods: ['GET', 'PUT', 'DELETE'],
    what: 'encrypted volume types',
  },
  { path: '/default-types', methods: ['GET'], what: 'default types of projects', since: 'defaultTypes' },
  {
    path: '/default-types/{project}',
    methods: ['GET', 'PUT', 'DELETE'],
    what: 'default types of projects',
    since: 'defaultTypes',
  },
  { path: '/messages', methods: ['GET'], what: 'user messages', since: 'messages' },
  { path: '/messages/{id}', methods: ['GET', 'DELETE'], what: 'user messages', since: 'messages' },
  {
    path: '/manageable_volumes',
    methods: ['GET', 'POST'],
    what: 'managing existing volumes',
    since: 'manageResources',
  },
  {
    path: '/manageable_snapshots',
    methods: ['GET', 'POST'],
    what: 'managing existing volumes',
    since: 'manageResources',
  },
  { path: '/os-volume-manage', methods: ['GET', 'POST'], what: 'managing existing volumes' },
  { path: '/os-snapshot-manage', methods: ['GET', 'POST'], what: 'managing existing volumes' },
  { path: '/clusters', methods: ['GET'], what: 'clusters of volume services', since: 'clusters' },
  { path: '/workers/cleanup', methods: ['POST'], what: 'clusters of volume services', since: 'cleanup' },
  { path: '/resource_filters', methods: ['GET'], what: 'the list of filters', since: 'resourceFilters' },
  { path: '/os-quota-class-sets/{class}', methods: ['PUT'], what: 'changing quota classes' },
  { path: '/os-services/{action}', methods: ['PUT'], what: 'switching volume services off' },
]

/** Their routes. The answer does not depend on the body, so none is read. */
export const volumeNotYetRoutes: readonly Route<VolumeDeps>[] = volumeNotYetRows.flatMap(
  ({ path, methods, what, since }) =>
    methods.map(method =>
      row<VolumeDeps>(
        method,
        path,
        () => {
          throw fault('NotImplementedHere', { what })
        },
        { reads: 'nothing', ...(since && { since: volumeSince(since) }) },
      ),
    ),
)
