// Bodies about groups, their types and their snapshots (cinder/api/schemas/groups.py, group_types.py, …).

import { isObject } from '../../base/json.ts'
import { fault } from '../../model/errors.ts'
import { groupSnapshotStatuses, groupStatuses } from '../../model/volume-states.ts'
import type { VolumeCall } from '../access.ts'
import { description, extraSpecs, flag, item, textOrNull, wrap } from '../schemas.ts'

const uuid = { type: 'string', format: 'uuid' }
const word = { type: 'string', minLength: 1, maxLength: 255, pattern: '\\S' }

export const createGroupBody = wrap(
  'group',
  item(
    {
      description,
      group_type: word,
      name: textOrNull,
      volume_types: {
        type: 'array',
        minItems: 1,
        maxItems: 1000,
        items: { type: 'string', maxLength: 255 },
        uniqueItems: true,
      },
      availability_zone: textOrNull,
    },
    ['group_type', 'volume_types'],
  ),
)
const volumeList = { type: ['string', 'null'] }
export const updateGroupBody = wrap(
  'group',
  item({ description, name: textOrNull, add_volumes: volumeList, remove_volumes: volumeList }, [], {
    minProperties: 1,
  }),
)

/** POST /groups/action. */
export const createFromSourceBody = wrap(
  'create-from-src',
  item({ description, name: textOrNull, source_group_id: uuid, group_snapshot_id: uuid }, [], {
    oneOf: [{ required: ['group_snapshot_id'] }, { required: ['source_group_id'] }],
  }),
)

const empty = { type: 'object' }
const groupActions = {
  delete: item({ 'delete-volumes': flag }),
  reset_status: item({ status: { enum: groupStatuses } }, ['status']),
  enable_replication: empty,
  disable_replication: empty,
  failover_replication: item({ allow_attached_volume: flag, secondary_backend_id: textOrNull }),
  list_replication_targets: empty,
} as const satisfies Record<string, object>
export type GroupAction = keyof typeof groupActions

/** The action a body names, which has to be one. */
export function groupActionOf(body: unknown): GroupAction {
  const [name = '', ...others] = isObject(body) ? Object.keys(body) : []
  if (others.length > 0 || !Object.hasOwn(groupActions, name))
    throw fault('VolumeBadRequest', { reason: `There is no such action: ${name}` })
  return name as GroupAction // its own key
}

/** POST /groups/{id}/action, by the action. */
export const groupActionBody = (call: VolumeCall): object => {
  const name = groupActionOf(call.body)
  return wrap(name, groupActions[name])
}

export const createGroupSnapshotBody = wrap(
  'group_snapshot',
  item({ group_id: uuid, name: textOrNull, description }, ['group_id']),
)
export const groupSnapshotActionBody = wrap(
  'reset_status',
  item({ status: { enum: groupSnapshotStatuses } }, ['status']),
)

export const createGroupTypeBody = wrap(
  'group_type',
  item({ name: word, description, group_specs: extraSpecs, is_public: flag }, ['name']),
)
export const updateGroupTypeBody = wrap(
  'group_type',
  item({ name: textOrNull, description, is_public: { anyOf: [flag, { type: 'null' }] } }),
)
export const createGroupSpecsBody = wrap('group_specs', { ...extraSpecs, minProperties: 1 })
export const updateGroupSpecBody = { ...extraSpecs, minProperties: 1, maxProperties: 1 }

/** Upstream has no schemas for these, and clients send more than is read. */
const loose = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
})
const named = { name: textOrNull, description }
const uuidOrNull = { anyOf: [uuid, { type: 'null' }] }

export const createConsistencyGroupBody = wrap(
  'consistencygroup',
  loose({ ...named, volume_types: textOrNull, availability_zone: textOrNull }),
)
export const updateConsistencyGroupBody = wrap(
  'consistencygroup',
  loose({ ...named, add_volumes: volumeList, remove_volumes: volumeList }),
)
export const deleteConsistencyGroupBody = {
  anyOf: [wrap('consistencygroup', loose({ force: flag })), { type: 'null' }, item({})],
}
export const consistencyGroupFromSourceBody = wrap(
  'consistencygroup-from-src',
  loose({ ...named, cgsnapshot_id: uuidOrNull, source_cgid: uuidOrNull }),
)
export const createCgSnapshotBody = wrap(
  'cgsnapshot',
  loose({ ...named, consistencygroup_id: uuid }, ['consistencygroup_id']),
)
