// Usages: what is taken of a provider, and what a project has taken altogether.
import type { Call } from '../platform/http/call.ts'
import { querySchema } from '../platform/http/query.ts'
import type { Reply } from '../platform/http/types.ts'
import type { PlacementDeps } from './deps.ts'
import { since } from './negotiate.ts'
import { getProvider, placementDb } from './store.ts'
import { fresh } from './views.ts'

type PlacementCall = Call<PlacementDeps>

export async function showProviderUsages(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:usages')
  const provider = await getProvider(call.deps, call.params.uuid!) // in the route's path
  const rows = await placementDb(call.deps.store)
    .selectFrom('placement_inventories as inventory')
    .leftJoin('placement_allocations as allocation', join =>
      join
        .onRef('allocation.provider_uuid', '=', 'inventory.provider_uuid')
        .onRef('allocation.resource_class', '=', 'inventory.resource_class'),
    )
    .select(({ fn }) => ['inventory.resource_class', fn.sum<number | null>('allocation.used').as('used')])
    .where('inventory.provider_uuid', '=', provider.uuid)
    .groupBy('inventory.resource_class')
    .orderBy('inventory.resource_class')
    .execute()
  return fresh(call, {
    resource_provider_generation: provider.generation,
    usages: Object.fromEntries(rows.map(row => [row.resource_class, row.used ?? 0])),
  })
}

const text = { type: 'string', minLength: 1, maxLength: 255 }
const untyped = {
  ...querySchema({ project_id: text, user_id: text }, { others: 'refused' }),
  required: ['project_id'],
}
const typed = {
  ...querySchema(
    { project_id: text, user_id: text, consumer_type: { ...text, pattern: '^[A-Z0-9_]+$|^all$|^unknown$' } },
    { others: 'refused' },
  ),
  required: ['project_id'],
}
export const usagesQuery = (call: PlacementCall): object => (since(call, 38) ? typed : untyped)

/** Before 1.38 one sum for each class; since then grouped by consumer type, with the number of consumers. */
export async function showProjectUsages(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:usages')
  const { query } = call
  const userId = query.one('user_id')
  const type = query.one('consumer_type')
  const consumers = placementDb(call.deps.store)
    .selectFrom('placement_consumers as consumer')
    .where('consumer.project_id', '=', query.one('project_id')!) // required by the route's schema
    .$if(userId !== undefined, rest => rest.where('consumer.user_id', '=', userId!))
    .$if(type === 'unknown', rest => rest.where('consumer.type', 'is', null))
    .$if(type !== undefined && type !== 'unknown' && type !== 'all', rest =>
      rest.where('consumer.type', '=', type!),
    )
  const [sums, counts] = await Promise.all([
    consumers
      .innerJoin('placement_allocations as allocation', 'allocation.consumer_uuid', 'consumer.uuid')
      .select(({ fn }) => ['consumer.type', 'resource_class', fn.sum<number>('allocation.used').as('used')])
      .groupBy(['consumer.type', 'resource_class'])
      .orderBy('resource_class')
      .execute(),
    consumers
      .select(({ fn }) => ['consumer.type', fn.countAll<number>().as('count')])
      .groupBy('consumer.type')
      .execute(),
  ])
  const usages: Record<string, Record<string, number>> = {}
  const add = (group: string, name: string, amount: number) => {
    usages[group] ??= {}
    usages[group][name] = (usages[group][name] ?? 0) + amount
  }
  const isGrouped = since(call, 38)
  const groupOf = (row: { readonly type: string | null }) =>
    isGrouped && type !== 'all' ? (row.type ?? 'unknown') : 'all'
  if (isGrouped) for (const row of counts) add(groupOf(row), 'consumer_count', Number(row.count))
  for (const row of sums) add(groupOf(row), row.resource_class, row.used)
  return fresh(call, { usages: isGrouped ? usages : (usages.all ?? {}) })
}
