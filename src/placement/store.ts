// Queries of the placement service: prepared reads for what compute asks all the time, and the one way to change a
// provider.
import type { Kysely, Transaction } from 'kysely'
import { type ErrorCode, type Fault, fault } from '../model/errors.ts'
import { type Store, tables } from '../platform/store/store.ts'
import { type Violation, violation } from '../platform/store/violations.ts'
import type { PlacementTables, ProvidersTable } from './tables.ts'

export type PlacementTx = Transaction<PlacementTables>
export type PlacementDb = Kysely<PlacementTables>

export const placementDb = (store: Store): PlacementDb => tables<PlacementTables>(store)

type Answer<R> = R[] | Promise<R[]>

export interface AllocationOfConsumer {
  readonly provider_uuid: string
  readonly provider_generation: number
  readonly resource_class: string
  readonly used: number
  readonly created_at: number
  readonly project_id: string
  readonly user_id: string
  readonly type: string | null
  readonly consumer_generation: number
}

export interface PlacementQueries {
  provider(uuid: string): Answer<ProvidersTable>
  allocationsOf(consumer: string): Answer<AllocationOfConsumer>
}

export const createQueries = (store: Store): PlacementQueries => ({
  provider: store.prepared<PlacementTables, ProvidersTable>(1, (db, [uuid]) =>
    db.selectFrom('placement_providers').selectAll().where('uuid', '=', uuid!),
  ),
  allocationsOf: store.prepared<PlacementTables, AllocationOfConsumer>(1, (db, [consumer]) =>
    db
      .selectFrom('placement_consumers as consumer')
      .innerJoin('placement_allocations as allocation', 'allocation.consumer_uuid', 'consumer.uuid')
      .innerJoin('placement_providers as provider', 'provider.uuid', 'allocation.provider_uuid')
      .select([
        'provider.uuid as provider_uuid',
        'provider.generation as provider_generation',
        'allocation.resource_class',
        'allocation.used',
        'allocation.created_at',
        'consumer.project_id',
        'consumer.user_id',
        'consumer.type',
        'consumer.generation as consumer_generation',
      ])
      .where('consumer.uuid', '=', consumer!),
  ),
})

/** The provider, or 404 in the words of `missing`. */
export async function getProvider(
  deps: { readonly queries: PlacementQueries },
  uuid: string,
  missing: ErrorCode = 'PlacementProviderNotFound',
): Promise<ProvidersTable> {
  const [found] = await deps.queries.provider(uuid)
  if (!found) throw fault(missing, { provider: uuid })
  return found
}

/**
 * Raises the provider's generation and so holds its row: every change of a provider begins with this. With `expected`
 * the generation must be that one. Answers the new generation.
 * @throws PlacementProviderNotFound, or the fault `conflict` names
 */
export async function raiseGeneration(
  tx: PlacementTx,
  uuid: string,
  now: number,
  expected?: {
    readonly generation: number
    readonly conflict: 'PlacementGenerationConflict' | 'PlacementGenerationChanged'
  },
): Promise<number> {
  const rows = await tx
    .updateTable('placement_providers')
    .set(eb => ({ generation: eb('generation', '+', 1), updated_at: now }))
    .where('uuid', '=', uuid)
    .$if(expected !== undefined, query => query.where('generation', '=', expected!.generation)) // checked here
    .returning('generation')
    .execute()
  const [row] = rows
  if (row) return row.generation
  if (expected) {
    const found = await tx
      .selectFrom('placement_providers')
      .select('uuid')
      .where('uuid', '=', uuid)
      .executeTakeFirst()
    if (found) throw fault(expected.conflict)
  }
  throw fault('PlacementProviderNotFound', { provider: uuid })
}

/** Which of `names` the table does not have, in the order given. */
export async function unknownNames(
  db: PlacementDb,
  table: 'placement_traits' | 'placement_resource_classes',
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length === 0) return []
  const rows = await db
    .selectFrom(table)
    .select('name')
    .where('name', 'in', [...names])
    .execute()
  const known = new Set(rows.map(({ name }) => name))
  return names.filter(name => !known.has(name))
}

/** What `work` answers; when the database refused it for breaking a rule of that kind, the fault instead. */
export async function unlessBroken<T>(work: Promise<T>, kind: Violation, refusal: () => Fault): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw violation(error) === kind ? refusal() : error
  }
}
