// Bodies and queries of the flavor routes (nova/api/openstack/compute/schemas: flavors, flavor_manage, flavor_access,
// flavors_extraspecs).
import Type, { type Static } from 'typebox'
import type { Microversion } from '../../../model/microversions.ts'
import { querySchema } from '../../../platform/http/query.ts'
import { flavorSortKeys } from '../../store/flavors.ts'
import {
  boolean,
  intMax,
  limit,
  metadataKey,
  name,
  nonNegativeInteger,
  object,
  perVersion,
  positiveInteger,
  rooted,
  text,
} from './parameters.ts'

const amount = { ...nonNegativeInteger, maximum: intMax }
const positiveAmount = { ...positiveInteger, maximum: intMax }
const flavorId = {
  type: ['string', 'number', 'null'],
  minLength: 1,
  maxLength: 255,
  pattern: '^(?! )[a-zA-Z0-9. _-]+(?<! )$',
}
/** Printable characters only, as in Nova; no line breaks. */
const description = { type: ['string', 'null'], maxLength: 65_535, pattern: '^[^\\p{C}\\p{Zl}\\p{Zp}]*$' }
const rxtxFactor = {
  type: ['number', 'string'],
  pattern: '^[0-9]+(\\.[0-9]+)?$',
  exclusiveMinimum: 0,
  maximum: 3.40282e38,
}

export const createFlavorBody = perVersion(version =>
  rooted(
    'flavor',
    object(
      {
        name,
        id: flavorId,
        ram: positiveAmount,
        vcpus: positiveAmount,
        disk: amount,
        'OS-FLV-EXT-DATA:ephemeral': amount,
        swap: amount,
        'os-flavor-access:is_public': boolean,
        ...(version.has('strictQueriesEverywhere') ? {} : { rxtx_factor: rxtxFactor }),
        ...(version.has('flavorDescription') ? { description } : {}),
      },
      ['name', 'ram', 'vcpus', 'disk'],
    ),
  ),
)

/** The accepted body; numbers may still be text. */
export interface CreateFlavorBody {
  readonly flavor: {
    readonly name: string
    readonly id?: string | number | null
    readonly ram: number | string
    readonly vcpus: number | string
    readonly disk: number | string
    readonly 'OS-FLV-EXT-DATA:ephemeral'?: number | string
    readonly swap?: number | string
    readonly rxtx_factor?: number | string
    readonly 'os-flavor-access:is_public'?: boolean | string
    readonly description?: string | null
  }
}

export const updateFlavorBody = rooted('flavor', object({ description }, ['description']))
export interface UpdateFlavorBody {
  readonly flavor: { readonly description: string | null }
}

const keysOf = (version: Microversion) =>
  Object.keys(flavorSortKeys).filter(
    key => !version.has('strictQueriesEverywhere') || (key !== 'disabled' && key !== 'rxtx_factor'),
  )

export const listFlavorsQuery = perVersion(version =>
  querySchema(
    {},
    {
      multi: {
        limit,
        marker: text,
        is_public: text,
        minRam: text,
        minDisk: text,
        sort_key: { type: 'string', enum: keysOf(version) },
        sort_dir: { type: 'string', enum: ['asc', 'desc'] },
        ...(version.has('strictQueriesEverywhere') ? { name: text } : {}),
      },
      others: version.has('strictQueries') ? 'refused' : 'ignored',
    },
  ),
)

const tenant = Type.Object(
  { tenant: Type.String({ minLength: 1, maxLength: 255 }) },
  { additionalProperties: false },
)
export const addAccessBody = Type.Object({ addTenantAccess: tenant }, { additionalProperties: false })
export const removeAccessBody = Type.Object({ removeTenantAccess: tenant }, { additionalProperties: false })
export type AddAccessBody = Static<typeof addAccessBody>
export type RemoveAccessBody = Static<typeof removeAccessBody>

export const createExtraSpecsBody = rooted('extra_specs', {
  type: 'object',
  patternProperties: { [metadataKey]: { type: ['string', 'number'], maxLength: 255 } },
  additionalProperties: false,
})
export interface CreateExtraSpecsBody {
  readonly extra_specs: Readonly<Record<string, string | number>>
}

export const updateExtraSpecBody = {
  type: 'object',
  patternProperties: { [metadataKey]: { type: ['string', 'number'], maxLength: 255 } },
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
}
export type UpdateExtraSpecBody = Readonly<Record<string, string | number>>
