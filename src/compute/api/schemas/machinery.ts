// Bodies and queries of services, hypervisors and aggregates.
import { querySchema } from '../../../platform/http/query.ts'
import { boolean, hostName, limit, name, object, perVersion, rooted, text, zoneName } from './parameters.ts'

const reason = { type: 'string', minLength: 1, maxLength: 255 }
const others = (isStrict: boolean) => (isStrict ? 'refused' : 'ignored')

export const listServicesQuery = perVersion(version =>
  querySchema({}, { multi: { host: text, binary: text }, others: others(version.has('strictQueries')) }),
)

/** The verbs of old (`enable`, `force-down` …) name host and binary; from 2.53 the path names the service. */
export const updateServiceBody = perVersion(version =>
  version.has('serviceUuids')
    ? object({
        status: { type: 'string', enum: ['enabled', 'disabled'] },
        disabled_reason: reason,
        forced_down: boolean,
      })
    : object(
        {
          host: hostName,
          binary: { type: 'string', minLength: 1, maxLength: 255 },
          disabled_reason: reason,
          ...(version.has('serviceForcedDown') ? { forced_down: boolean } : {}),
        },
        ['host', 'binary'],
      ),
)

export interface UpdateServiceBody {
  readonly status?: 'enabled' | 'disabled'
  readonly disabled_reason?: string
  readonly forced_down?: boolean | string
}

export interface ServiceVerbBody {
  readonly host: string
  readonly binary: string
  readonly disabled_reason?: string
  readonly forced_down?: boolean | string
}

export const listHypervisorsQuery = perVersion(version =>
  querySchema(
    {
      ...(version.has('hypervisorPaging') ? { limit, marker: text } : {}),
      ...(version.has('serviceUuids') ? { hypervisor_hostname_pattern: text, with_servers: boolean } : {}),
    },
    { others: others(version.has('strictQueries')) },
  ),
)

export const showHypervisorQuery = perVersion(version =>
  querySchema(version.has('serviceUuids') ? { with_servers: boolean } : {}, {
    others: others(version.has('strictQueries')),
  }),
)

const zoneOrNull = { oneOf: [{ type: 'null' }, zoneName] }

export const createAggregateBody = rooted(
  'aggregate',
  object({ name, availability_zone: zoneOrNull }, ['name']),
)
export interface CreateAggregateBody {
  readonly aggregate: { readonly name: string; readonly availability_zone?: string | null }
}

export const updateAggregateBody = rooted('aggregate', {
  ...object({ name, availability_zone: zoneOrNull }),
  anyOf: [{ required: ['name'] }, { required: ['availability_zone'] }],
})
export interface UpdateAggregateBody {
  readonly aggregate: { readonly name?: string; readonly availability_zone?: string | null }
}

export const cacheImagesBody = object(
  {
    cache: {
      type: 'array',
      minItems: 1,
      items: object({ id: { type: 'string', format: 'uuid' } }, ['id']),
    },
  },
  ['cache'],
)
export interface CacheImagesBody {
  readonly cache: readonly { readonly id: string }[]
}

const hostBody = (action: string) => rooted(action, object({ host: hostName }, ['host']))
export const addHostBody = hostBody('add_host')
export const removeHostBody = hostBody('remove_host')

export const setAggregateMetadataBody = rooted(
  'set_metadata',
  object(
    {
      metadata: {
        type: 'object',
        patternProperties: {
          '^[a-zA-Z0-9-_:. ]{1,255}$': { type: ['string', 'null'], maxLength: 255 },
        },
        additionalProperties: false,
      },
    },
    ['metadata'],
  ),
)
export interface SetAggregateMetadataBody {
  readonly set_metadata: { readonly metadata: Readonly<Record<string, string | null>> }
}
