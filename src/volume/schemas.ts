// The JSON Schemas of the volume service's bodies (cinder/api/schemas/).

const textOrNull = { type: ['string', 'null'], maxLength: 255 }
const description = { type: ['string', 'null'], maxLength: 255 }
const flag = {
  type: ['boolean', 'string'],
  enum: [true, false, ...['true', 'false', 'True', 'False', '1', '0']],
}

/** Names and values (cinder/api/validation/parameter_types.py, extra_specs and metadata). */
const names = (pattern: string, value: object) => ({
  type: 'object',
  patternProperties: { [pattern]: value },
  additionalProperties: false,
})
const extraSpecs = names('^[a-zA-Z0-9-_:. ]{1,255}$', { type: 'string', maxLength: 255 })

const wrap = (key: string, inner: object) => ({
  type: 'object',
  properties: { [key]: inner },
  required: [key],
  additionalProperties: false,
})
const item = (properties: object, required: readonly string[] = [], more: object = {}) => ({
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
  patternProperties: {
    '^[a-zA-Z0-9-_:. ]{1,300}$': {
      type: ['integer', 'string'],
      pattern: '^-?[0-9]+$',
      minimum: -1,
      maximum: 2_147_483_647,
    },
  },
  additionalProperties: false,
})

const metadata = names('^[a-zA-Z0-9-_:. /]{1,255}$', { type: 'string', maxLength: 255 })
const metadataOrNull = { anyOf: [metadata, { type: 'null' }] }
const idOrNull = { anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] }
const size = { type: ['integer', 'string'], pattern: '^[0-9]+$', minimum: 1, maximum: 2_147_483_647 }
const named = {
  name: textOrNull,
  display_name: textOrNull,
  description,
  display_description: description,
  metadata: metadataOrNull,
}

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
  item(
    { ...named, volume_id: { type: 'string', format: 'uuid' }, force: { anyOf: [flag, { type: 'null' }] } },
    ['volume_id'],
  ),
)
export const updateSnapshotBody = wrap('snapshot', item(named, [], { minProperties: 1 }))
export const snapshotActionBody = {
  type: 'object',
  properties: {
    'os-reset_status': item({ status: { type: 'string', maxLength: 255 } }, ['status']),
    'os-force_delete': { type: ['object', 'null'] },
  },
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
}
export const metadataBody = wrap('metadata', metadata)
export const metaBody = wrap('meta', { ...metadata, minProperties: 1, maxProperties: 1 })
