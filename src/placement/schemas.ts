// What the placement service takes, by microversion where it changed.
import Type, { type Static } from 'typebox'
import type { Call } from '../platform/http/call.ts'
import { querySchema } from '../platform/http/query.ts'
import { since } from './negotiate.ts'

const closed = { additionalProperties: false } as const
const integerMax = 2_147_483_647
const floatMax = 3.40282e38
const generation = Type.Integer({ minimum: -integerMax, maximum: Number.MAX_SAFE_INTEGER })

const uuid = Type.String({ format: 'uuid' })
const providerName = Type.String({ minLength: 1, maxLength: 200 })
export const classPattern = '^[A-Z0-9_]+$'
const customPattern = '^CUSTOM_[A-Z0-9_]+$'
const uuidPattern = '^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$'

// A parameter sent twice counts once, as upstream reads it, but for those that may be several from some version on.
const providerParameters = [
  { since: 0, name: 'name', items: { type: 'string' } },
  { since: 0, name: 'uuid', items: uuid },
  { since: 3, name: 'member_of', items: { type: 'string' } },
  { since: 4, name: 'resources', items: { type: 'string' } },
  { since: 14, name: 'in_tree', items: uuid },
  { since: 18, name: 'required', items: { type: 'string' } },
] as const
const providerQueries = providerParameters.map(({ since: minor }) => ({
  minor,
  schema: querySchema(
    {},
    {
      multi: Object.fromEntries(
        providerParameters.filter(row => row.since <= minor).map(({ name, items }) => [name, items]),
      ),
      others: 'refused',
    },
  ),
}))
export const providersQuery = (call: Call<unknown>): object =>
  providerQueries.findLast(({ minor }) => since(call, minor))!.schema // the first is for every version

const nullableUuid = Type.Union([uuid, Type.Null()])

export const createProviderBody = Type.Object(
  { name: providerName, uuid: Type.Optional(uuid), parent_provider_uuid: Type.Optional(nullableUuid) },
  closed,
)
export type CreateProviderBody = Static<typeof createProviderBody>
export const createProviderBody10 = Type.Object({ name: providerName, uuid: Type.Optional(uuid) }, closed)

export const updateProviderBody = Type.Object(
  { name: providerName, parent_provider_uuid: Type.Optional(nullableUuid) },
  closed,
)
export type UpdateProviderBody = Static<typeof updateProviderBody>
export const updateProviderBody10 = Type.Object({ name: providerName }, closed)

const amount = (minimum: number) => Type.Integer({ minimum, maximum: integerMax })
const inventoryFields = {
  total: amount(1),
  reserved: Type.Optional(amount(0)),
  min_unit: Type.Optional(amount(1)),
  max_unit: Type.Optional(amount(1)),
  step_size: Type.Optional(amount(1)),
  allocation_ratio: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: floatMax })),
}
const inventoryRecord = Type.Object(
  { ...inventoryFields, resource_provider_generation: Type.Optional(generation) },
  closed,
)
export type InventoryBody = Static<typeof inventoryRecord>

export const createInventoryBody = Type.Object(
  {
    ...inventoryFields,
    resource_provider_generation: Type.Optional(generation),
    resource_class: Type.String({ pattern: classPattern }),
  },
  closed,
)
export type CreateInventoryBody = Static<typeof createInventoryBody>

export const updateInventoryBody = Type.Object(
  { ...inventoryFields, resource_provider_generation: generation },
  closed,
)
export type UpdateInventoryBody = Static<typeof updateInventoryBody>

export const setInventoriesBody = Type.Object(
  {
    resource_provider_generation: generation,
    inventories: Type.Record(Type.String({ pattern: classPattern }), inventoryRecord, closed),
  },
  closed,
)
export type SetInventoriesBody = Static<typeof setInventoriesBody>

const aggregates = Type.Array(uuid, { uniqueItems: true })
export const setAggregatesBody11 = aggregates
export const setAggregatesBody = Type.Object({ aggregates, resource_provider_generation: generation }, closed)
export type SetAggregatesBody = Static<typeof setAggregatesBody>

export const setTraitsBody = Type.Object(
  {
    resource_provider_generation: generation,
    traits: Type.Array(Type.String({ minLength: 1, maxLength: 255, pattern: '^[A-Z0-9_]+$' }), {
      uniqueItems: true,
    }),
  },
  closed,
)
export type SetTraitsBody = Static<typeof setTraitsBody>

export const customName = Type.String({ minLength: 1, maxLength: 255, pattern: customPattern })
export const resourceClassBody = Type.Object({ name: customName }, closed)
export type ResourceClassBody = Static<typeof resourceClassBody>

const resources = Type.Record(Type.String({ pattern: classPattern }), Type.Integer({ minimum: 1 }), {
  minProperties: 1,
  ...closed,
})

// Before 1.12 allocations are a list, and owners are not asked for before 1.8.
const listedAllocations = Type.Array(
  Type.Object({ resource_provider: Type.Object({ uuid }, closed), resources }, closed),
  { minItems: 1 },
)
const owner = {
  project_id: Type.String({ minLength: 1, maxLength: 255 }),
  user_id: Type.String({ minLength: 1, maxLength: 255 }),
}
const allocationMap = (minProperties: number) =>
  Type.Record(
    Type.String({ pattern: uuidPattern }),
    Type.Object({ generation: Type.Optional(generation), resources }, closed),
    { minProperties, ...closed },
  )
const consumerGeneration = Type.Union([generation, Type.Null()])
const mappings = Type.Optional(
  Type.Record(Type.String({ pattern: '^[a-zA-Z0-9_-]{0,64}$' }), Type.Array(uuid, { minItems: 1 })),
)
const consumerType = Type.String({ minLength: 1, maxLength: 255, pattern: '^[A-Z0-9_]+$' })

export const allocationsBody10 = Type.Object({ allocations: listedAllocations }, closed)
export const allocationsBody18 = Type.Object({ allocations: listedAllocations, ...owner }, closed)
export const allocationsBody112 = Type.Object({ allocations: allocationMap(1), ...owner }, closed)
const deletable = Type.Object({ allocations: allocationMap(0), ...owner }, closed)
export const allocationsBody128 = Type.Object(
  { allocations: allocationMap(0), ...owner, consumer_generation: consumerGeneration },
  closed,
)
export const allocationsBody134 = Type.Object({ ...allocationsBody128.properties, mappings }, closed)
export const allocationsBody138 = Type.Object(
  { ...allocationsBody134.properties, consumer_type: consumerType },
  closed,
)
export type ListedAllocationsBody = Static<typeof allocationsBody10> &
  Partial<Static<typeof allocationsBody18>>
export type AllocationsBody = Static<typeof allocationsBody112> & Partial<Static<typeof allocationsBody138>>

const byConsumer = (body: object) => ({
  type: 'object',
  minProperties: 1,
  patternProperties: { [uuidPattern]: body },
  additionalProperties: false,
})
export const manyAllocationsBody113 = byConsumer(deletable)
export const manyAllocationsBody128 = byConsumer(allocationsBody128)
export const manyAllocationsBody134 = byConsumer(allocationsBody134)
export const manyAllocationsBody138 = byConsumer(allocationsBody138)
export type ManyAllocationsBody = Readonly<Record<string, AllocationsBody>>
