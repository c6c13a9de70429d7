// Bodies about QoS specs, encryption and default types (cinder/api/schemas/qos_specs.py and others).
import { item, wrap } from '../schemas.ts'

const name = { type: 'string', minLength: 1, maxLength: 255, pattern: '\\S' }

export const createQosBody = wrap('qos_specs', {
  type: 'object',
  properties: { name },
  required: ['name'],
})
export const updateQosBody = wrap('qos_specs', {
  type: 'object',
  patternProperties: {
    '^[a-zA-Z0-9-_:. ]{1,255}$': { type: ['string', 'null', 'boolean', 'number', 'integer'], maxLength: 255 },
  },
  additionalProperties: false,
})
export const deleteQosKeysBody = item(
  {
    keys: {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: 255 },
      uniqueItems: true,
    },
  },
  ['keys'],
)

const encryption = {
  type: 'object',
  properties: {
    key_size: {
      type: ['string', 'integer', 'null'],
      pattern: '^[0-9]+$',
      minimum: 0,
      maximum: 2_147_483_647,
    },
    provider: { type: 'string', maxLength: 255 },
    control_location: { enum: ['front-end', 'back-end'] },
    cipher: { type: ['string', 'null'], maxLength: 255 },
  },
}
export const createEncryptionBody = wrap('encryption', {
  ...encryption,
  required: ['provider', 'control_location'],
})
export const updateEncryptionBody = wrap('encryption', encryption)

export const defaultTypeBody = wrap('default_type', item({ volume_type: name }, ['volume_type']))
