// The aggregates a provider is in: UUIDs that only compute knows the meaning of.
import type { Call } from '../platform/http/call.ts'
import type { Reply } from '../platform/http/types.ts'
import type { PlacementDeps } from './deps.ts'
import { since } from './negotiate.ts'
import type { SetAggregatesBody } from './schemas.ts'
import { getProvider, type PlacementTx, placementDb, raiseGeneration } from './store.ts'
import type { PlacementTables } from './tables.ts'
import { fresh } from './views.ts'

type PlacementCall = Call<PlacementDeps>

const generationMinor = 19

const view = (call: PlacementCall, aggregates: readonly string[], generation: number) => ({
  aggregates,
  ...(since(call, generationMinor) ? { resource_provider_generation: generation } : {}),
})

export async function listAggregates(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:aggregates:list')
  const provider = await getProvider(call.deps, call.params.uuid!) // in the route's path
  const rows = await placementDb(call.deps.store)
    .selectFrom('placement_provider_aggregates')
    .select('aggregate_uuid')
    .where('provider_uuid', '=', provider.uuid)
    .orderBy('aggregate_uuid')
    .execute()
  const uuids = rows.map(row => row.aggregate_uuid)
  return fresh(call, view(call, uuids, provider.generation))
}

export async function setAggregates(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:aggregates:update')
  const provider = await getProvider(call.deps, call.params.uuid!) // in the route's path
  const now = call.deps.clock.now()
  // Validated by the route's schema: a bare list before 1.19.
  const body = call.body as SetAggregatesBody | readonly string[]
  const change = 'aggregates' in body ? body : { aggregates: body, resource_provider_generation: null }
  const expected = change.resource_provider_generation
  const generation = await call.deps.store.accept<PlacementTables, number>(async tx => {
    const raised =
      expected === null
        ? provider.generation
        : await raiseGeneration(tx, provider.uuid, now, {
            generation: expected,
            conflict: 'PlacementGenerationChanged',
          })
    await replace(tx, provider.uuid, change.aggregates)
    return raised
  })
  return fresh(call, view(call, change.aggregates, generation))
}

async function replace(tx: PlacementTx, uuid: string, aggregates: readonly string[]): Promise<void> {
  await tx.deleteFrom('placement_provider_aggregates').where('provider_uuid', '=', uuid).execute()
  if (aggregates.length > 0)
    await tx
      .insertInto('placement_provider_aggregates')
      .values(aggregates.map(aggregate => ({ provider_uuid: uuid, aggregate_uuid: aggregate })))
      .onConflict(conflict => conflict.doNothing())
      .execute()
}
