// Writing allocations. All of a request's consumers in one transaction, in one order: consumers' rows are held first,
// then providers' rows, each sorted by id, and only then is the room counted. So two requests for the last room wait
// for each other, and the second one sees what the first one took, whichever engine this is.
import { fault } from '../model/errors.ts'
import type { Log } from '../platform/journal/log.ts'
import { type PlacementTx, raiseGeneration, unknownNames } from './store.ts'

/** What one consumer shall have from now on, in place of what it has. */
export interface Claim {
  readonly consumer: string
  readonly projectId: string
  readonly userId: string
  /** Undefined where the client's version does not know types: what is there stays. */
  readonly type: string | undefined
  /** What the client believes the consumer's generation to be, null for a new one; undefined before 1.28. */
  readonly generation: number | null | undefined
  readonly wants: readonly ClaimItem[]
}

export interface ClaimItem {
  readonly provider: string
  readonly resourceClass: string
  readonly amount: number
}

/**
 * Replaces the allocations of every claim's consumer, or changes nothing.
 * Says in the log, in upstream's words, how much was needed, used and there when room was lacking.
 * @throws PlacementConsumerConflict, PlacementAllocationOverCapacity, …Violates, …NoInventory, …ProviderUnknown
 */
export async function writeClaims(
  tx: PlacementTx,
  claims: readonly Claim[],
  now: number,
  log: Log,
): Promise<void> {
  const old: string[] = []
  for (const claim of [...claims].sort((a, b) => order(a.consumer, b.consumer)))
    if (!(await holdConsumer(tx, claim, now))) old.push(claim.consumer)
  const given = old.length === 0 ? [] : await providersOf(tx, old)
  await holdProviders(tx, claims, given, now)
  if (old.length > 0) await tx.deleteFrom('placement_allocations').where('consumer_uuid', 'in', old).execute()
  const items = claims.flatMap(claim => claim.wants)
  if (items.length > 0) await checkRoom(tx, claims, items, log)
  await insert(tx, claims, now)
  const emptied = claims.filter(claim => claim.wants.length === 0).map(claim => claim.consumer)
  if (emptied.length > 0) await tx.deleteFrom('placement_consumers').where('uuid', 'in', emptied).execute()
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Makes the consumer or raises its generation; true when it is new. */
async function holdConsumer(tx: PlacementTx, claim: Claim, now: number): Promise<boolean> {
  const { consumer, generation } = claim
  if (generation === null || generation === undefined) {
    const made = await tx
      .insertInto('placement_consumers')
      .values({
        uuid: consumer,
        project_id: claim.projectId,
        user_id: claim.userId,
        type: claim.type ?? null,
        generation: 1,
        created_at: now,
      })
      .onConflict(conflict => conflict.doNothing())
      .returning('uuid')
      .execute()
    if (made.length > 0) return true
  }
  const raised =
    generation === null
      ? []
      : await tx
          .updateTable('placement_consumers')
          .set(eb => ({
            generation: eb('generation', '+', 1),
            project_id: claim.projectId,
            user_id: claim.userId,
            ...(claim.type === undefined ? {} : { type: claim.type }),
          }))
          .where('uuid', '=', consumer)
          .$if(generation !== undefined, query => query.where('generation', '=', generation!)) // checked here
          .returning('uuid')
          .execute()
  if (raised.length > 0) return false
  const found = await tx
    .selectFrom('placement_consumers')
    .select('generation')
    .where('uuid', '=', consumer)
    .executeTakeFirst()
  throw fault('PlacementConsumerConflict', {
    expected: found?.generation ?? 'null',
    got: generation ?? 'None',
  })
}

async function providersOf(tx: PlacementTx, consumers: readonly string[]): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('placement_allocations')
    .select('provider_uuid')
    .distinct()
    .where('consumer_uuid', 'in', [...consumers])
    .execute()
  return rows.map(row => row.provider_uuid)
}

async function holdProviders(
  tx: PlacementTx,
  claims: readonly Claim[],
  given: readonly string[],
  now: number,
): Promise<void> {
  const wanted = new Set(claims.flatMap(claim => claim.wants.map(item => item.provider)))
  // One at a time, so that the order of the locks is the order here. Claims are for one or two providers.
  for (const uuid of [...new Set([...wanted, ...given])].sort(order))
    try {
      await raiseGeneration(tx, uuid, now)
    } catch (cause) {
      // Its allocations would hold it (foreign keys): only a provider asked for can be unknown.
      throw wanted.has(uuid)
        ? fault('PlacementAllocationProviderUnknown', { provider: uuid }, { cause })
        : cause
    }
}

async function checkRoom(
  tx: PlacementTx,
  claims: readonly Claim[],
  items: readonly ClaimItem[],
  log: Log,
): Promise<void> {
  const inventories = await tx
    .selectFrom('placement_inventories as inventory')
    .select(eb => [
      'inventory.provider_uuid',
      'inventory.resource_class',
      'inventory.total',
      'inventory.reserved',
      'inventory.min_unit',
      'inventory.max_unit',
      'inventory.step_size',
      'inventory.allocation_ratio',
      eb
        .selectFrom('placement_allocations as allocation')
        .select(({ fn }) => fn.sum<number | null>('allocation.used').as('used'))
        .whereRef('allocation.provider_uuid', '=', 'inventory.provider_uuid')
        .whereRef('allocation.resource_class', '=', 'inventory.resource_class')
        .as('used'),
    ])
    .where('inventory.provider_uuid', 'in', [...new Set(items.map(item => item.provider))])
    .where('inventory.resource_class', 'in', [...new Set(items.map(item => item.resourceClass))])
    .execute()
  const known = new Map(
    inventories.map(row => [
      key(row.provider_uuid, row.resource_class),
      { ...row, used: Number(row.used ?? 0) },
    ]),
  )
  for (const { provider, resourceClass, amount } of items) {
    const inventory = known.get(key(provider, resourceClass))
    const about = { class: resourceClass, provider }
    if (!inventory) return refuseMissing(tx, claims, about)
    const { min_unit, max_unit, step_size, used } = inventory
    const capacity = (inventory.total - inventory.reserved) * inventory.allocation_ratio
    if (amount < min_unit || amount > max_unit || amount % step_size !== 0) {
      log.warning(
        `Allocation for ${resourceClass} on resource provider ${provider} violates min_unit, max_unit, or step_size. Requested: ${amount}, min_unit: ${min_unit}, max_unit: ${max_unit}, step_size: ${step_size}`,
      )
      throw fault('PlacementAllocationViolates', about)
    }
    if (used + amount > capacity) {
      log.warning(
        `Over capacity for ${resourceClass} on resource provider ${provider}. Needed: ${amount}, Used: ${used}, Capacity: ${capacity}`,
      )
      throw fault('PlacementAllocationOverCapacity', about)
    }
    inventory.used += amount
  }
}

const key = (provider: string, resourceClass: string) => `${provider} ${resourceClass}`

async function refuseMissing(
  tx: PlacementTx,
  claims: readonly Claim[],
  about: { readonly class: string; readonly provider: string },
): Promise<never> {
  const unknown = await unknownNames(tx, 'placement_resource_classes', [about.class])
  const consumer = claims.find(claim =>
    claim.wants.some(item => item.provider === about.provider && item.resourceClass === about.class),
  )?.consumer
  throw unknown.length > 0
    ? fault('PlacementAllocationClassUnknown', { class: about.class, consumer })
    : fault('PlacementAllocationNoInventory', about)
}

async function insert(tx: PlacementTx, claims: readonly Claim[], now: number): Promise<void> {
  const rows = claims.flatMap(({ consumer, wants }) =>
    wants.map(({ provider, resourceClass, amount }) => ({
      consumer_uuid: consumer,
      provider_uuid: provider,
      resource_class: resourceClass,
      used: amount,
      created_at: now,
    })),
  )
  if (rows.length > 0) await tx.insertInto('placement_allocations').values(rows).execute()
}
