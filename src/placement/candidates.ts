// Allocation candidates: providers that could satisfy a request, with what they have. Each candidate is one provider
// that has everything asked for itself; requests spread over trees or sharing providers (numbered groups) are not
// answered here.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { querySchema } from '../platform/http/query.ts'
import type { Reply } from '../platform/http/types.ts'
import type { PlacementDeps } from './deps.ts'
import { since } from './negotiate.ts'
import { checkNames, fittingProviders } from './provider-filters.ts'
import { parseInTree, parseMemberOf, parseResources, parseTraits } from './query-params.ts'
import { type PlacementDb, placementDb } from './store.ts'
import type { ProvidersTable } from './tables.ts'
import { fresh } from './views.ts'

type PlacementCall = Call<PlacementDeps>

const text = { type: 'string' }
const parameters = [
  { since: 10, single: { resources: text } },
  { since: 16, single: { limit: { type: 'string', pattern: '^[1-9][0-9]{0,8}$' } } },
  { since: 17, multi: { required: text } },
  { since: 21, multi: { member_of: text } },
  { since: 25, single: { group_policy: { type: 'string', enum: ['none', 'isolate'] } } },
  { since: 31, single: { in_tree: text } },
  { since: 35, single: { root_required: text } },
  { since: 36, single: { same_subtree: text } },
] as const satisfies readonly { since: number; single?: object; multi?: object }[]

/** One for each version at which a parameter was added. */
const schemas = parameters.map(({ since: minor }) => {
  const known = parameters.filter(row => row.since <= minor)
  const pick = (kind: 'single' | 'multi'): Record<string, object> =>
    Object.assign({}, ...known.map(row => (kind in row ? row[kind as never] : {})))
  return { minor, schema: querySchema(pick('single'), { multi: pick('multi'), others: 'refused' }) }
})

const granular = /^(resources|required|member_of|in_tree)[a-zA-Z0-9_-]+$/

export const candidatesQuery = (call: PlacementCall): object => {
  const group = call.query.names.find(name => granular.test(name))
  if (group !== undefined && since(call, 25))
    throw fault('NotImplementedHere', { what: `granular request groups (${group})` })
  return schemas.findLast(({ minor }) => since(call, minor))?.schema ?? {}
}

export async function listCandidates(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:allocation_candidates:list')
  const { query } = call
  const value = query.one('resources')
  if (query.has('same_subtree')) throw fault('NotImplementedHere', { what: 'same_subtree' })
  if (value === undefined)
    throw fault('PlacementQueryBad', {
      reason: since(call, 25)
        ? 'At least one request group (`resources` or `resources{$S}`) is required.'
        : "Invalid query string parameters: 'resources' is a required property",
    })
  const resources = parseResources(value)
  const filters = {
    resources,
    inTree: parseInTree(call),
    traits: parseTraits(call, 'required'),
    rootTraits: parseTraits(call, 'root_required'),
    aggregates: parseMemberOf(call),
  }
  const db = placementDb(call.deps.store)
  await checkNames(db, filters, 'PlacementTraitUnknown')
  const limit = query.one('limit')
  const fitting = fittingProviders(db, filters).$if(limit !== undefined, rest => rest.limit(Number(limit)))
  const providers = await fitting.selectAll('provider').execute()
  const names = providers.map(provider => provider.uuid)
  const [inventories, traits] = await Promise.all([inventoriesOf(db, names), traitsOf(db, names)])
  return fresh(call, {
    allocation_requests: providers.map(provider => requestView(call, provider.uuid, resources)),
    provider_summaries: Object.fromEntries(
      providers.map(provider => [
        provider.uuid,
        summaryView(
          call,
          provider,
          (inventories.get(provider.uuid) ?? []).filter(
            row => since(call, 27) || resources.has(row.resource_class),
          ),
          (traits.get(provider.uuid) ?? []).map(row => row.trait),
        ),
      ]),
    ),
  })
}

function requestView(call: PlacementCall, provider: string, amounts: ReadonlyMap<string, number>) {
  const resources = Object.fromEntries(amounts)
  if (!since(call, 12)) return { allocations: [{ resource_provider: { uuid: provider }, resources }] }
  return {
    allocations: { [provider]: { resources } },
    ...(since(call, 34) ? { mappings: { '': [provider] } } : {}),
  }
}

const summaryView = (
  call: PlacementCall,
  provider: ProvidersTable,
  inventories: readonly InventoryWithUse[],
  traits: readonly string[],
) => ({
  resources: Object.fromEntries(
    inventories.map(row => [
      row.resource_class,
      {
        capacity: Math.floor((row.total - row.reserved) * row.allocation_ratio),
        used: Number(row.used ?? 0),
      },
    ]),
  ),
  ...(since(call, 17) ? { traits } : {}),
  ...(since(call, 29)
    ? { parent_provider_uuid: provider.parent_uuid, root_provider_uuid: provider.root_uuid }
    : {}),
})

interface InventoryWithUse {
  readonly provider_uuid: string
  readonly resource_class: string
  readonly total: number
  readonly reserved: number
  readonly allocation_ratio: number
  readonly used: number | null
}

// Lists of ids are cut up: databases bound the number of parameters of a query.
const idsPerQuery = 5_000

async function inPieces<T extends { readonly provider_uuid: string }>(
  uuids: readonly string[],
  read: (some: string[]) => Promise<readonly T[]>,
): Promise<ReadonlyMap<string, readonly T[]>> {
  const found = new Map<string, T[]>()
  for (let at = 0; at < uuids.length; at += idsPerQuery)
    for (const row of await read(uuids.slice(at, at + idsPerQuery))) {
      const rows = found.get(row.provider_uuid)
      if (rows) rows.push(row)
      else found.set(row.provider_uuid, [row])
    }
  return found
}

const inventoriesOf = (db: PlacementDb, uuids: readonly string[]) =>
  inPieces<InventoryWithUse>(uuids, some =>
    db
      .selectFrom('placement_inventories as inventory')
      .select(eb => [
        'inventory.provider_uuid',
        'inventory.resource_class',
        'inventory.total',
        'inventory.reserved',
        'inventory.allocation_ratio',
        eb
          .selectFrom('placement_allocations as allocation')
          .select(({ fn }) => fn.sum<number | null>('allocation.used').as('used'))
          .whereRef('allocation.provider_uuid', '=', 'inventory.provider_uuid')
          .whereRef('allocation.resource_class', '=', 'inventory.resource_class')
          .as('used'),
      ])
      .where('inventory.provider_uuid', 'in', some)
      .orderBy('inventory.resource_class')
      .execute(),
  )

const traitsOf = (db: PlacementDb, uuids: readonly string[]) =>
  inPieces(uuids, some =>
    db
      .selectFrom('placement_provider_traits')
      .selectAll()
      .where('provider_uuid', 'in', some)
      .orderBy('trait')
      .execute(),
  )
