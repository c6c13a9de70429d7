// The traits of one provider.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, type Reply } from '../platform/http/types.ts'
import type { PlacementDeps } from './deps.ts'
import type { SetTraitsBody } from './schemas.ts'
import { getProvider, type PlacementTx, placementDb, raiseGeneration } from './store.ts'
import type { PlacementTables } from './tables.ts'
import { fresh } from './views.ts'

type PlacementCall = Call<PlacementDeps>

const view = (traits: readonly string[], generation: number) => ({
  traits,
  resource_provider_generation: generation,
})

export async function listProviderTraits(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:traits:list')
  const provider = await getProvider(call.deps, call.params.uuid!) // in the route's path
  const rows = await placementDb(call.deps.store)
    .selectFrom('placement_provider_traits')
    .select('trait')
    .where('provider_uuid', '=', provider.uuid)
    .orderBy('trait')
    .execute()
  const names = rows.map(row => row.trait)
  return fresh(call, view(names, provider.generation))
}

export async function setProviderTraits(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:traits:update')
  const uuid = call.params.uuid! // in the route's path
  const body = call.body as SetTraitsBody // validated by the route's schema
  const now = call.deps.clock.now()
  const generation = await call.deps.store.accept<PlacementTables, number>(async tx => {
    const raised = await raiseGeneration(tx, uuid, now, {
      generation: body.resource_provider_generation,
      conflict: 'PlacementGenerationChanged',
    })
    await replace(tx, uuid, body.traits)
    return raised
  })
  return fresh(call, view(body.traits, generation))
}

export async function deleteProviderTraits(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:traits:delete')
  const uuid = call.params.uuid! // in the route's path
  await call.deps.store.accept<PlacementTables, void>(async tx => {
    await raiseGeneration(tx, uuid, call.deps.clock.now())
    await replace(tx, uuid, [])
  })
  return empty(204)
}

async function replace(tx: PlacementTx, uuid: string, traits: readonly string[]): Promise<void> {
  await tx.deleteFrom('placement_provider_traits').where('provider_uuid', '=', uuid).execute()
  if (traits.length === 0) return
  // Taken from the table of traits, whose rows stay (foreign key) once they are taken; the rest is unknown.
  const taken = await tx
    .insertInto('placement_provider_traits')
    .columns(['provider_uuid', 'trait'])
    .expression(eb =>
      eb
        .selectFrom('placement_traits')
        .select(select => [select.val(uuid).as('provider_uuid'), 'name'])
        .where('name', 'in', [...traits]),
    )
    .returning('trait')
    .execute()
  const known = new Set(taken.map(row => row.trait))
  const unknown = traits.filter(trait => !known.has(trait))
  if (unknown.length > 0) throw fault('PlacementTraitsUnknown', { names: unknown.join(', ') })
}
