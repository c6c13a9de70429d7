// PostgreSQL through pg. Every commit there is durable, so `transaction` and `accept` are the same.
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { limits } from '../../../model/limits.ts'
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
  const transaction: Store['transaction'] = work => againAfterDeadlock(() => db.transaction().execute(work))
  return {
    db,
    transaction,
    accept: transaction,
    prepared(count, build) {
      const { query, bind } = prepare(db, count, build as never) // the caller's table type is a view of AnyTables
      return async (...args) => (await db.executeQuery(withParameters(query, bind(args)))).rows as never[]
    },
    matches: (text, pattern) =>
      sql<boolean>`${typeof text === 'string' ? sql.ref(text) : text} ~* ${pattern}`,
    instantText: column =>
      sql<string>`to_char(to_timestamp(${sql.ref(column)} / 1000) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')`,
    jsonText: (column, path) =>
      sql<string>`coalesce(${sql.ref(column)}::json #>> ${sql.lit(`{${path.join(',')}}`)}, '')`,
    migrate: migrations => migrate(db, migrations),
    close: () => db.destroy(),
  }
}

/** Of two transactions that wait for each other PostgreSQL ends one, with nothing of it done: it is tried again. */
async function againAfterDeadlock<R>(run: () => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await run()
    } catch (error) {
      const { code } = error as { readonly code?: unknown } // pg's own field
      if (typeof code !== 'string' || !retryable.has(code) || attempt === limits.transactionTriesMax)
        throw error
    }
}

/** deadlock_detected, serialization_failure (PostgreSQL, appendix A). */
const retryable: ReadonlySet<string> = new Set(['40P01', '40001'])
