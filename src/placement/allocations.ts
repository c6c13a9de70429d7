// Allocations over HTTP: what a consumer has, setting it for one consumer or several, and who has what of a provider.
import { isUuidLike } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, type Reply } from '../platform/http/types.ts'
import { type Claim, type ClaimItem, writeClaims } from './claim.ts'
import type { PlacementDeps } from './deps.ts'
import { since } from './negotiate.ts'
import {
  type AllocationsBody,
  allocationsBody10,
  allocationsBody18,
  allocationsBody112,
  allocationsBody128,
  allocationsBody134,
  allocationsBody138,
  type ListedAllocationsBody,
  type ManyAllocationsBody,
  manyAllocationsBody113,
  manyAllocationsBody128,
  manyAllocationsBody134,
  manyAllocationsBody138,
} from './schemas.ts'
import { type AllocationOfConsumer, getProvider, placementDb } from './store.ts'
import type { PlacementTables } from './tables.ts'
import { dashed } from './uuids.ts'
import { fresh } from './views.ts'

type PlacementCall = Call<PlacementDeps>

/** The owner of consumers made before 1.8, upstream's [placement]incomplete_consumer_*_id. */
const incompleteOwner = '00000000-0000-0000-0000-000000000000'
const unknownType = 'unknown'

export async function showAllocations(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:allocations:list')
  const rows = await call.deps.queries.allocationsOf(call.params.consumer!) // in the route's path
  return fresh(call, consumerView(call, rows), rows[0]?.created_at)
}

function consumerView(call: PlacementCall, rows: readonly AllocationOfConsumer[]) {
  const allocations: Record<string, { resources: Record<string, number>; generation: number }> = {}
  for (const row of rows) {
    allocations[row.provider_uuid] ??= { resources: {}, generation: row.provider_generation }
    allocations[row.provider_uuid]!.resources[row.resource_class] = row.used // put there above
  }
  const [first] = rows
  if (!first || !since(call, 12)) return { allocations }
  return {
    allocations,
    project_id: first.project_id,
    user_id: first.user_id,
    ...(since(call, 28) ? { consumer_generation: first.consumer_generation } : {}),
    ...(since(call, 38) ? { consumer_type: first.type ?? unknownType } : {}),
  }
}

export const allocationsBody = (call: PlacementCall): object => {
  if (since(call, 38)) return allocationsBody138
  if (since(call, 34)) return allocationsBody134
  if (since(call, 28)) return allocationsBody128
  if (since(call, 12)) return allocationsBody112
  return since(call, 8) ? allocationsBody18 : allocationsBody10
}

export const manyAllocationsBody = (call: PlacementCall): object => {
  if (since(call, 38)) return manyAllocationsBody138
  if (since(call, 34)) return manyAllocationsBody134
  return since(call, 28) ? manyAllocationsBody128 : manyAllocationsBody113
}

export async function setAllocations(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:allocations:update')
  const consumer = call.params.consumer! // in the route's path
  if (!isUuidLike(consumer)) throw fault('PlacementConsumerMalformed', { consumer })
  // Validated by the schema of the version.
  const body = since(call, 12) ? (call.body as AllocationsBody) : fromList(call.body as ListedAllocationsBody)
  await write(call, [claimOf(call, consumer, body)])
  return empty(204)
}

const fromList = ({ allocations, ...owner }: ListedAllocationsBody): AllocationsBody => ({
  project_id: incompleteOwner,
  user_id: incompleteOwner,
  ...owner,
  allocations: Object.fromEntries(
    allocations.map(({ resource_provider: { uuid }, resources }) => [uuid, { resources }]),
  ),
})

export async function setManyAllocations(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:allocations:manage')
  const body = call.body as ManyAllocationsBody // validated by the schema of the version
  const claims = Object.entries(body).map(([consumer, wanted]) => claimOf(call, consumer, wanted))
  // The same UUID with and without dashes would be one consumer twice.
  if (new Set(claims.map(claim => claim.consumer)).size < claims.length)
    throw fault('InvalidInput', { reason: 'a consumer is named more than once' })
  await write(call, claims)
  return empty(204)
}

function claimOf(call: PlacementCall, consumer: string, body: AllocationsBody): Claim {
  const wants = new Map<string, ClaimItem>()
  for (const [uuid, { resources }] of Object.entries(body.allocations)) {
    const provider = dashed(uuid)
    for (const [resourceClass, amount] of Object.entries(resources))
      wants.set(`${provider} ${resourceClass}`, { provider, resourceClass, amount })
  }
  return {
    consumer: dashed(consumer),
    projectId: body.project_id,
    userId: body.user_id,
    type: body.consumer_type,
    generation: since(call, 28) ? body.consumer_generation : undefined,
    wants: [...wants.values()],
  }
}

async function write(call: PlacementCall, claims: readonly Claim[]): Promise<void> {
  const { store, clock } = call.deps
  await store.accept<PlacementTables, void>(tx =>
    writeClaims(tx, claims, clock.now(), call.log.named('placement.objects.allocation')),
  )
}

export async function deleteAllocations(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:allocations:delete')
  const consumer = call.params.consumer! // in the route's path
  const removed = await call.deps.store.accept<PlacementTables, boolean>(async tx => {
    // Its allocations go with it (foreign key). Room given back needs no lock: nobody can be refused by it.
    const { numDeletedRows } = await tx
      .deleteFrom('placement_consumers')
      .where('uuid', '=', consumer)
      .executeTakeFirst()
    return numDeletedRows > 0n
  })
  if (!removed) throw fault('PlacementAllocationsNotFound', { consumer })
  return empty(204)
}

export async function listProviderAllocations(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:allocations:list')
  const uuid = call.params.uuid! // in the route's path
  const provider = await getProvider(call.deps, uuid, 'PlacementProviderNotFoundForAllocations')
  const rows = await placementDb(call.deps.store)
    .selectFrom('placement_allocations as allocation')
    .innerJoin('placement_consumers as consumer', 'consumer.uuid', 'allocation.consumer_uuid')
    .select(['consumer.uuid', 'consumer.generation', 'resource_class', 'used', 'allocation.created_at'])
    .where('allocation.provider_uuid', '=', uuid)
    .orderBy('consumer.created_at')
    .orderBy('consumer.uuid')
    .execute()
  const allocations: Record<string, { resources: Record<string, number>; consumer_generation?: number }> = {}
  for (const row of rows) {
    allocations[row.uuid] ??= {
      resources: {},
      ...(since(call, 28) ? { consumer_generation: row.generation } : {}),
    }
    allocations[row.uuid]!.resources[row.resource_class] = row.used // put there above
  }
  const modified = rows.reduce((latest, row) => Math.max(latest, row.created_at), 0)
  return fresh(call, { allocations, resource_provider_generation: provider.generation }, modified)
}
