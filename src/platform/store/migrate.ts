// Runs the services' migrations through kysely's migrator, all in one table of what has been done.
import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { type AnyTables, type Migration, StoreError } from './store.ts'

export async function migrate(db: Kysely<AnyTables>, migrations: readonly Migration[]): Promise<void> {
  const migrator = new Migrator({
    db,
    migrationTableName: 'schema_migrations',
    migrationLockTableName: 'schema_migrations_lock',
    // Services grow independently: compute_0002 may come after volume_0001 in time and before it in name.
    allowUnorderedMigrations: true,
    provider: {
      getMigrations: async () => Object.fromEntries(migrations.map(({ name, up }) => [name, { up }])),
    },
  })
  const { error } = await migrator.migrateToLatest()
  if (error)
    throw new StoreError(
      `the database schema could not be brought up to date: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
}
