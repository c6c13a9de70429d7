// The JSON Schemas of the volume service's bodies (cinder/api/schemas/).

export const textOrNull = { type: ['string', 'null'], maxLength: 255 }
export const description = { type: ['string', 'null'], maxLength: 255 }
export const flag = {
  type: ['boolean', 'string'],
  enum: [true, false, ...['true', 'false', 'True', 'False', '1', '0']],
}

/** Names and values (cinder/api/validation/parameter_types.py, extra_specs and metadata). */
export const names = (pattern: string, value: object) => ({
  type: 'object',
  patternProperties: { [pattern]: value },
  additionalProperties: false,
})
export const extraSpecs = names('^[a-zA-Z0-9-_:. ]{1,255}$', { type: 'string', maxLength: 255 })

export const wrap = (key: string, inner: object) => ({
  type: 'object',
  properties: { [key]: inner },
  required: [key],
  additionalProperties: false,
})
export const item = (properties: object, required: readonly string[] = [], more: object = {}) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  ...more,
})

const typeName = { type: 'string', minLength: 1, maxLength: 255, pattern: '\\S' }
export const createTypeBody = wrap(
  'volume_type',
  item(
    {
      name: typeName,
      description,
      extra_specs: { anyOf: [extraSpecs, { type: 'null' }] },
      'os-volume-type-access:is_public': flag,
    },
    ['name'],
  ),
)
export const updateTypeBody = wrap(
  'volume_type',
  item({ name: { ...textOrNull }, description, is_public: flag }),
)
export const createSpecsBody = wrap('extra_specs', { ...extraSpecs, minProperties: 1 })
export const updateSpecBody = { ...extraSpecs, minProperties: 1, maxProperties: 1 }

const projectAccess = item({ project: { type: 'string', minLength: 1, maxLength: 255 } }, ['project'])
export const addAccessBody = wrap('addProjectAccess', projectAccess)
export const removeAccessBody = wrap('removeProjectAccess', projectAccess)
/** One of the two. */
export const typeActionBody = {
  type: 'object',
  properties: { addProjectAccess: projectAccess, removeProjectAccess: projectAccess },
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
}

export const quotaSetBody = wrap('quota_set', {
  type: 'object',
  maxProperties: 100,
  // Clients repeat whose quotas they are.
  properties: { tenant_id: { type: 'string', maxLength: 255 } },
  patternProperties: {
    '^(?!tenant_id$)[a-zA-Z0-9-_:. ]{1,300}$': {
      type: ['integer', 'string'],
      pattern: '^-?[0-9]+$',
      minimum: -1,
      maximum: 2_147_483_647,
    },
  },
  additionalProperties: false,
})

export const metadata = names('^[a-zA-Z0-9-_:. /]{1,255}$', { type: 'string', maxLength: 255 })
export const metadataOrNull = { anyOf: [metadata, { type: 'null' }] }
export const idOrNull = { anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] }
const size = { type: ['integer', 'string'], pattern: '^[0-9]+$', minimum: 1, maximum: 2_147_483_647 }
const named = {
  name: textOrNull,
  display_name: textOrNull,
  description,
  display_description: description,
  metadata: metadataOrNull,
}

/** Which of the cloud's services makes it for whom; others' is not looked at (owner.ts). */
const forOthers = { id: idOrNull, project_id: textOrNull, user_id: textOrNull }

/** Cinder lets any other key of a new volume pass. */
export const createVolumeBody = {
  type: 'object',
  properties: {
    volume: {
      type: 'object',
      properties: {
        ...named,
        size: { anyOf: [size, { type: 'null' }] },
        volume_type: textOrNull,
        snapshot_id: idOrNull,
        source_volid: idOrNull,
        consistencygroup_id: idOrNull,
        backup_id: idOrNull,
        group_id: idOrNull,
        availability_zone: textOrNull,
        imageRef: textOrNull,
        image_id: textOrNull,
        multiattach: { anyOf: [flag, { type: 'null' }] },
        ...forOthers,
      },
    },
    'OS-SCH-HNT:scheduler_hints': { type: ['object', 'null'] },
  },
  required: ['volume'],
  additionalProperties: false,
}
export const updateVolumeBody = wrap('volume', item(named, [], { minProperties: 1 }))
export const createSnapshotBody = wrap(
  'snapshot',
  item({ ...named, volume_id: idOrNull, force: { anyOf: [flag, { type: 'null' }] }, ...forOthers }, [
    'volume_id',
  ]),
)
export const updateSnapshotBody = wrap('snapshot', item(named, [], { minProperties: 1 }))
export const snapshotActionBody = {
  type: 'object',
  properties: {
    'os-reset_status': item({ status: { type: 'string', maxLength: 255 } }, ['status']),
    'os-force_delete': { type: ['object', 'null'] },
    'os-unmanage': { type: ['object', 'null'] },
    'os-update_snapshot_status': item(
      { status: { type: 'string', maxLength: 255 }, progress: { type: 'string', maxLength: 255 } },
      ['status'],
    ),
  },
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
}
export const metadataBody = wrap('metadata', metadata)
export const metaBody = wrap('meta', { ...metadata, minProperties: 1, maxProperties: 1 })

const connector = {
  type: 'object',
  properties: {
    host: { type: 'string', maxLength: 255 },
    mountpoint: textOrNull,
    mode: { type: ['string', 'null'], enum: ['rw', 'ro', null] },
  },
}
const mode = { type: ['string', 'null'], enum: ['rw', 'ro', null] }

export const createAttachmentBody = wrap(
  'attachment',
  item(
    {
      volume_uuid: { type: 'string', format: 'uuid' },
      instance_uuid: idOrNull,
      connector: { anyOf: [connector, { type: 'null' }] },
      mode,
    },
    ['volume_uuid'],
  ),
)
export const updateAttachmentBody = wrap(
  'attachment',
  item({ connector: { ...connector, minProperties: 1 } }, ['connector']),
)
export const attachmentActionBody = wrap('os-complete', { type: ['object', 'null', 'string'] })

/** Where an action takes nothing, anything empty will do. */
const nothing = { type: ['object', 'null', 'string'] }
const whole = { type: ['integer', 'string'], pattern: '^[0-9]+$', minimum: 1, maximum: 2_147_483_647 }
const connection = item({ connector: { ...connector, minProperties: 1 } }, ['connector'])
const format = { type: ['string', 'null'], maxLength: 255 }

const actions = {
  'os-reserve': nothing,
  'os-unreserve': nothing,
  'os-begin_detaching': nothing,
  'os-roll_detaching': nothing,
  'os-attach': item(
    {
      instance_uuid: idOrNull,
      host_name: textOrNull,
      mountpoint: { type: 'string', minLength: 1, maxLength: 255 },
      mode: { type: 'string', enum: ['rw', 'ro'] },
    },
    ['mountpoint'],
  ),
  'os-detach': { anyOf: [item({ attachment_id: idOrNull }), { type: 'null' }] },
  'os-force_detach': {
    anyOf: [item({ attachment_id: idOrNull, connector: { type: ['object', 'null'] } }), { type: 'null' }],
  },
  'os-initialize_connection': connection,
  'os-terminate_connection': connection,
  'os-extend': item({ new_size: whole }, ['new_size']),
  'os-volume_upload_image': item(
    {
      image_name: { type: 'string', minLength: 1, maxLength: 255 },
      force: { anyOf: [flag, { type: 'null' }] },
      container_format: format,
      disk_format: format,
      visibility: { type: ['string', 'null'], enum: ['community', 'public', 'private', 'shared', null] },
      protected: { anyOf: [flag, { type: 'null' }] },
    },
    ['image_name'],
  ),
  'os-retype': item(
    {
      new_type: { type: 'string', minLength: 1, maxLength: 255 },
      migration_policy: { type: ['string', 'null'], enum: ['never', 'on-demand', null] },
    },
    ['new_type'],
  ),
  revert: item({ snapshot_id: { type: 'string', format: 'uuid' } }, ['snapshot_id']),
  'os-set_bootable': item({ bootable: flag }, ['bootable']),
  'os-update_readonly_flag': item({ readonly: flag }, ['readonly']),
  'os-reset_status': item({ status: textOrNull, attach_status: textOrNull, migration_status: textOrNull }),
  'os-force_delete': nothing,
  'os-set_image_metadata': item({ metadata }, ['metadata']),
  'os-unset_image_metadata': item({ key: { type: 'string', minLength: 1, maxLength: 255 } }, ['key']),
  'os-show_image_metadata': nothing,
  'os-migrate_volume': item({
    host: textOrNull,
    cluster: textOrNull,
    force_host_copy: flag,
    lock_volume: flag,
  }),
  'os-migrate_volume_completion': item(
    { new_volume: { type: 'string', format: 'uuid' }, error: { anyOf: [flag, { type: 'null' }] } },
    ['new_volume'],
  ),
  'os-unmanage': nothing,
  'os-reimage': item(
    {
      image_id: { type: 'string', format: 'uuid' },
      reimage_reserved: { anyOf: [flag, { type: 'null' }] },
    },
    ['image_id'],
  ),
  'os-extend_volume_completion': item({ error: flag }, ['error']),
} as const satisfies Record<string, object>

/** The body of POST /volumes/{id}/action, by the action it names. */
export const actionSchemas = Object.fromEntries(
  Object.entries(actions).map(([name, inner]) => [name, wrap(name, inner)]),
) as Readonly<Record<keyof typeof actions, object>> // the same keys
