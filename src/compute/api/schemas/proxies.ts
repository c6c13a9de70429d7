// Bodies of the routes that only hand on (nova/api/openstack/compute/schemas: image_metadata, security groups, volumes).
import { querySchema } from '../../../platform/http/query.ts'
import { text as anyText, boolean, limit, metadataKey, object, rooted } from './parameters.ts'

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
/** Lists that are cut by number, here or where they come from. */
export const listVolumesQuery = listSecurityGroupsQuery
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

export const proxiedVolumeBody = rooted(
  'volume',
  object(
    {
      volume_type: anyText,
      metadata: { type: 'object' },
      snapshot_id: anyText,
      size: { type: ['integer', 'string'], pattern: '^[0-9]+$', minimum: 1 },
      availability_zone: anyText,
      display_name: anyText,
      display_description: anyText,
    },
    ['size'],
  ),
)
export interface ProxiedVolumeBody {
  readonly volume: {
    readonly volume_type?: string
    readonly metadata?: object
    readonly snapshot_id?: string
    readonly size: number | string
    readonly availability_zone?: string
    readonly display_name?: string
    readonly display_description?: string
  }
}

export const proxiedSnapshotBody = rooted(
  'snapshot',
  object({ volume_id: anyText, force: boolean, display_name: anyText, display_description: anyText }, [
    'volume_id',
  ]),
)
export interface ProxiedSnapshotBody {
  readonly snapshot: {
    readonly volume_id: string
    readonly force?: boolean | string
    readonly display_name?: string
    readonly display_description?: string
  }
}
