// Bodies of the routes that only hand on (nova/api/openstack/compute/schemas: image_metadata, security groups).
import { querySchema } from '../../../platform/http/query.ts'
import { limit, metadataKey, rooted } from './parameters.ts'

const text = { type: ['string', 'null'], minLength: 0, maxLength: 255 } as const

export const securityGroupBody = rooted('security_group', {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 255 },
    description: { type: 'string', maxLength: 255 },
  },
  required: ['name', 'description'],
})

export const listSecurityGroupsQuery = querySchema({}, { multi: { limit, offset: limit } })
export const listImagesQuery = querySchema({}, { multi: { limit } })

const port = { type: ['integer', 'string', 'null'], pattern: '^(-1|[0-9]*)$' } as const

export const securityGroupRuleBody = rooted('security_group_rule', {
  type: 'object',
  properties: {
    parent_group_id: text,
    group_id: text,
    ip_protocol: text,
    from_port: port,
    to_port: port,
    cidr: text,
  },
  required: ['parent_group_id'],
})

const metadataOf = (key: string) => ({
  type: 'object',
  patternProperties: { [key]: { type: 'string', maxLength: 255 } },
  additionalProperties: false,
})

export const imageMetadataBody = rooted('metadata', metadataOf(metadataKey))
export const imageMetaBody = rooted('meta', {
  ...metadataOf(metadataKey),
  minProperties: 1,
  maxProperties: 1,
})
