// Runs the services' migrations through kysely's migrator, all in one table of what has been done.
import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { type AnyTables, type Migration, StoreError } from './store.ts'

const doneTable = 'schema_migrations'

export async function migrate(db: Kysely<AnyTables>, migrations: readonly Migration[]): Promise<void> {
  await refuseNewer(db, migrations)
  const migrator = new Migrator({
    db,
    migrationTableName: doneTable,
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

/** A schema that knows more than we do belongs to a newer program, which we must not write beside. */
async function refuseNewer(db: Kysely<AnyTables>, migrations: readonly Migration[]): Promise<void> {
  const all = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!all.some(({ name }) => name === doneTable)) return
  const known = new Set(migrations.map(({ name }) => name))
  const done = await db.selectFrom(doneTable).select('name').orderBy('name').execute()
  const unknown = done.find(({ name }) => !known.has(name))
  if (unknown)
    throw new StoreError(
      `the database belongs to a newer faultline (it has ${unknown.name}): use that one, or choose another database`,
    )
}
