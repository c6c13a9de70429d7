// The placement service's tables: shapes of their rows, and the migrations that make them.
// Instants are ms since the epoch. What must not happen is forbidden by keys: an allocation needs its inventory, an
// inventory its resource class, a provider's trait the trait.
import type { Kysely } from 'kysely'
import type { AnyTables, Migration } from '../platform/store/store.ts'
import { standardResourceClasses, standardTraits } from './standards.ts'

export interface ProvidersTable {
  uuid: string
  name: string
  /** Grows with each change of inventories, traits or allocations. Whoever raises it holds the provider's row. */
  generation: number
  parent_uuid: string | null
  root_uuid: string
  created_at: number
  updated_at: number
}

export interface InventoriesTable {
  provider_uuid: string
  resource_class: string
  total: number
  reserved: number
  min_unit: number
  max_unit: number
  step_size: number
  allocation_ratio: number
  updated_at: number
}

export interface ConsumersTable {
  uuid: string
  project_id: string
  user_id: string
  /** `INSTANCE`, `MIGRATION` …; null when the client's version does not know types. */
  type: string | null
  generation: number
  created_at: number
}

export interface AllocationsTable {
  consumer_uuid: string
  provider_uuid: string
  resource_class: string
  used: number
  created_at: number
}

export interface NamesTable {
  name: string
  created_at: number
}

export interface ProviderTraitsTable {
  provider_uuid: string
  trait: string
}

export interface ProviderAggregatesTable {
  provider_uuid: string
  aggregate_uuid: string
}

export interface PlacementTables {
  placement_providers: ProvidersTable
  placement_inventories: InventoriesTable
  placement_consumers: ConsumersTable
  placement_allocations: AllocationsTable
  placement_resource_classes: NamesTable
  placement_traits: NamesTable
  placement_provider_traits: ProviderTraitsTable
  placement_provider_aggregates: ProviderAggregatesTable
}

export const placementMigrations: readonly Migration[] = [
  {
    name: 'placement_0001_start',
    async up(db) {
      await createNames(db, 'placement_resource_classes')
      await createNames(db, 'placement_traits')
      await createProviders(db)
      await createAllocations(db)
      await addStandards(db)
    },
  },
]

async function createNames(db: Kysely<AnyTables>, table: string): Promise<void> {
  await db.schema
    .createTable(table)
    .addColumn('name', 'text', column => column.primaryKey())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .execute()
}

async function createProviders(db: Kysely<AnyTables>): Promise<void> {
  await db.schema
    .createTable('placement_providers')
    .addColumn('uuid', 'text', column => column.primaryKey())
    .addColumn('name', 'text', column => column.notNull().unique())
    .addColumn('generation', 'bigint', column => column.notNull())
    .addColumn('parent_uuid', 'text', column => column.references('placement_providers.uuid'))
    .addColumn('root_uuid', 'text', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .execute()
  await createIndex(db, 'placement_providers', ['parent_uuid'])
  await createIndex(db, 'placement_providers', ['root_uuid'])
  await db.schema
    .createTable('placement_inventories')
    .addColumn('provider_uuid', 'text', column =>
      column.notNull().references('placement_providers.uuid').onDelete('cascade'),
    )
    .addColumn('resource_class', 'text', column =>
      column.notNull().references('placement_resource_classes.name').onUpdate('cascade'),
    )
    .addColumn('total', 'bigint', column => column.notNull())
    .addColumn('reserved', 'bigint', column => column.notNull())
    .addColumn('min_unit', 'bigint', column => column.notNull())
    .addColumn('max_unit', 'bigint', column => column.notNull())
    .addColumn('step_size', 'bigint', column => column.notNull())
    .addColumn('allocation_ratio', 'double precision', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .addPrimaryKeyConstraint('placement_inventories_key', ['provider_uuid', 'resource_class'])
    .execute()
  await createIndex(db, 'placement_inventories', ['resource_class'])
  await createPairs(db, 'placement_provider_traits', 'trait', 'placement_traits.name')
  await createPairs(db, 'placement_provider_aggregates', 'aggregate_uuid')
}

async function createPairs(
  db: Kysely<AnyTables>,
  table: string,
  column: string,
  references?: string,
): Promise<void> {
  await db.schema
    .createTable(table)
    .addColumn('provider_uuid', 'text', provider =>
      provider.notNull().references('placement_providers.uuid').onDelete('cascade'),
    )
    .addColumn(column, 'text', other =>
      references === undefined ? other.notNull() : other.notNull().references(references),
    )
    .addPrimaryKeyConstraint(`${table}_key`, ['provider_uuid', column])
    .execute()
  await createIndex(db, table, [column])
}

async function createAllocations(db: Kysely<AnyTables>): Promise<void> {
  await db.schema
    .createTable('placement_consumers')
    .addColumn('uuid', 'text', column => column.primaryKey())
    .addColumn('project_id', 'text', column => column.notNull())
    .addColumn('user_id', 'text', column => column.notNull())
    .addColumn('type', 'text')
    .addColumn('generation', 'bigint', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .execute()
  await createIndex(db, 'placement_consumers', ['project_id', 'user_id'])
  await db.schema
    .createTable('placement_allocations')
    .addColumn('consumer_uuid', 'text', column =>
      column.notNull().references('placement_consumers.uuid').onDelete('cascade'),
    )
    .addColumn('provider_uuid', 'text', column => column.notNull())
    .addColumn('resource_class', 'text', column => column.notNull())
    .addColumn('used', 'bigint', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addPrimaryKeyConstraint('placement_allocations_key', [
      'consumer_uuid',
      'provider_uuid',
      'resource_class',
    ])
    .addForeignKeyConstraint(
      'placement_allocations_inventory',
      ['provider_uuid', 'resource_class'],
      'placement_inventories',
      ['provider_uuid', 'resource_class'],
      key => key.onUpdate('cascade'),
    )
    .execute()
  // With `used` in it, what is taken of a provider is summed from the index alone.
  await createIndex(db, 'placement_allocations', ['provider_uuid', 'resource_class', 'used'])
}

async function createIndex(db: Kysely<AnyTables>, table: string, columns: readonly string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_${columns.join('_')}`)
    .on(table)
    .columns([...columns])
    .execute()
}

// A standard name added to the tables later needs a migration that calls this again.
async function addStandards(db: Kysely<AnyTables>): Promise<void> {
  const rows = (names: readonly string[]) => names.map(name => ({ name, created_at: 0 }))
  const add = (table: string, names: readonly string[]) =>
    db
      .insertInto(table)
      .values(rows(names))
      .onConflict(conflict => conflict.doNothing())
      .execute()
  await add('placement_resource_classes', standardResourceClasses)
  await add('placement_traits', standardTraits)
}
