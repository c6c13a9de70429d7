// Which providers fit: the conditions of GET /resource_providers and GET /allocation_candidates, as SQL.

import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { type ErrorCode, fault } from '../model/errors.ts'
import { nothingWanted, type Wanted } from './query-params.ts'
import { type PlacementDb, unknownNames } from './store.ts'
import type { PlacementTables, ProvidersTable } from './tables.ts'

export interface ProviderFilters {
  readonly name?: string
  readonly uuid?: string
  /** Any provider of the tree this one is in. */
  readonly inTree?: string
  readonly resources?: ReadonlyMap<string, number>
  readonly traits?: Wanted
  /** Asked of the root of the provider's tree. */
  readonly rootTraits?: Wanted
  readonly aggregates?: Wanted
}

export type ProviderQuery = SelectQueryBuilder<
  PlacementTables & { provider: ProvidersTable },
  'provider',
  object
>

/**
 * Names must exist before they can be asked for.
 * @throws PlacementClassUnknown, or the fault named for unknown traits
 */
export async function checkNames(
  db: PlacementDb,
  filters: ProviderFilters,
  unknownTraits: ErrorCode,
): Promise<void> {
  const classes = await unknownNames(db, 'placement_resource_classes', [...(filters.resources?.keys() ?? [])])
  if (classes.length > 0) throw fault('PlacementClassUnknown', { class: classes[0] })
  const traits = [filters.traits ?? nothingWanted, filters.rootTraits ?? nothingWanted].flatMap(wanted => [
    ...wanted.anyOf.flat(),
    ...wanted.forbidden,
  ])
  const unknown = await unknownNames(db, 'placement_traits', traits)
  if (unknown.length > 0) throw fault(unknownTraits, { names: unknown.join(', ') })
}

/** Providers that fit, nothing selected yet; in the order they were made. */
export function fittingProviders(db: PlacementDb, filters: ProviderFilters): ProviderQuery {
  let query: ProviderQuery = db.selectFrom('placement_providers as provider')
  if (filters.name !== undefined) query = query.where('provider.name', '=', filters.name)
  if (filters.uuid !== undefined) query = query.where('provider.uuid', '=', filters.uuid)
  for (const condition of conditions(filters)) query = query.where(condition)
  return query.orderBy('provider.created_at').orderBy('provider.uuid')
}

function conditions(filters: ProviderFilters): readonly RawBuilder<boolean>[] {
  const { inTree, resources, traits, rootTraits, aggregates } = filters
  return [
    ...(inTree === undefined
      ? []
      : [
          sql<boolean>`provider.root_uuid = (select root_uuid from placement_providers where uuid = ${inTree})`,
        ]),
    ...[...(resources ?? [])].map(([name, amount]) => hasRoom(name, amount)),
    ...pairs(traits, names => hasTrait('uuid', names)),
    ...pairs(rootTraits, names => hasTrait('root_uuid', names)),
    ...pairs(aggregates, isMember),
  ]
}

const pairs = (
  wanted: Wanted = nothingWanted,
  has: (names: readonly string[]) => RawBuilder<boolean>,
): readonly RawBuilder<boolean>[] => [
  ...wanted.anyOf.map(has),
  ...(wanted.forbidden.length === 0 ? [] : [sql<boolean>`not ${has(wanted.forbidden)}`]),
]

// The same arithmetic as in claim.ts, which decides; this only looks.
const hasRoom = (resourceClass: string, amount: number) => sql<boolean>`exists (
  select 1 from placement_inventories inventory
  where inventory.provider_uuid = provider.uuid and inventory.resource_class = ${resourceClass}
  and inventory.min_unit <= ${amount} and inventory.max_unit >= ${amount}
  and cast(${amount} as bigint) % inventory.step_size = 0
  and (inventory.total - inventory.reserved) * inventory.allocation_ratio >= ${amount} + (
    select coalesce(sum(allocation.used), 0) from placement_allocations allocation
    where allocation.provider_uuid = inventory.provider_uuid
    and allocation.resource_class = inventory.resource_class))`

const hasTrait = (column: 'uuid' | 'root_uuid', names: readonly string[]) => sql<boolean>`exists (
  select 1 from placement_provider_traits owned
  where owned.provider_uuid = ${sql.ref(`provider.${column}`)} and owned.trait in (${sql.join([...names])}))`

const isMember = (uuids: readonly string[]) => sql<boolean>`exists (
  select 1 from placement_provider_aggregates member
  where member.provider_uuid = provider.uuid and member.aggregate_uuid in (${sql.join([...uuids])}))`
