// PostgreSQL through pg. Every commit there is durable, so `transaction` and `accept` are the same.
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { migrate } from '../migrate.ts'
import { prepare, withParameters } from '../prepared.ts'
import { type AnyTables, type Store, StoreError } from '../store.ts'

const int8 = 20
const numeric = 1700

export async function openPostgres(url: string): Promise<Store> {
  // Instants and counts are below 2^53: numbers, as SQLite gives them.
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === int8 || oid === numeric ? Number : pg.types.getTypeParser(oid, format),
  }
  const pool = new pg.Pool({ connectionString: url, max: 10, types: types as pg.CustomTypesConfig })
  // An idle connection the server closes is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {})
  try {
    await pool.query('select 1')
  } catch (cause) {
    await pool.end()
    throw new StoreError(
      `the database at ${new URL(url).host} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
  const db = new Kysely<AnyTables>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    transaction: work => db.transaction().execute(work),
    accept: work => db.transaction().execute(work),
    prepared(count, build) {
      const { query, bind } = prepare(db, count, build as never) // the caller's table type is a view of AnyTables
      return async (...args) => (await db.executeQuery(withParameters(query, bind(args)))).rows as never[]
    },
    matches: (column, pattern) => sql<boolean>`${sql.ref(column)} ~* ${pattern}`,
    migrate: migrations => migrate(db, migrations),
    close: () => db.destroy(),
  }
}
