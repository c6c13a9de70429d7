// SQLite through node:sqlite. Two connections to one file: one writes (a transaction at a time), one reads what is
// committed, so that reads never wait for a transaction and never see half of one (WAL).
import { chmodSync, existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely'
import { userPattern } from '../../../base/pattern.ts'
import { migrate } from '../migrate.ts'
import { prepare } from '../prepared.ts'
import { type AnyTables, type Store, StoreError } from '../store.ts'
import { Connections, SqliteDriver } from './driver.ts'

export function openSqlite(file: string): Store {
  const connections = open(file)
  const kysely = (durable: boolean) =>
    new Kysely<AnyTables>({
      dialect: {
        createAdapter: () => new Adapter(),
        createDriver: () => new SqliteDriver(connections, durable),
        createIntrospector: db => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    })
  const db = kysely(false)
  const durable = kysely(true)
  return {
    db,
    transaction: work => db.transaction().execute(work),
    accept: work => durable.transaction().execute(work),
    prepared(count, build) {
      const { query, bind } = prepare(db, count, build as never) // the caller's table type is a view of AnyTables
      const memory = readMemory(connections)
      return (...args) => memory(query.sql, args, bind) as never[]
    },
    matches: (text, pattern) =>
      sql<boolean>`${typeof text === 'string' ? sql.ref(text) : text} regexp ${pattern}`,
    instantText: column => sql<string>`strftime('%Y-%m-%d %H:%M:%S', ${sql.ref(column)} / 1000, 'unixepoch')`,
    jsonText: (column, path) =>
      sql<string>`coalesce(json_extract(${sql.ref(column)}, ${sql.lit(`$.${path.join('.')}`)}), '')`,
    migrate: migrations => migrate(db, migrations),
    async close() {
      await connections.idle()
      connections.close()
    },
  }
}

// What kysely does not know of SQLite. It would let one query at a time through, whole transactions included: the
// driver's connections take turns where they must, and readers need not wait. And a migration can be undone.
class Adapter extends SqliteAdapter {
  override get supportsMultipleConnections(): true {
    return true
  }
  override get supportsTransactionalDdl(): true {
    return true
  }
}

function open(file: string): Connections {
  const isFile = file !== ':memory:'
  const isNew = isFile && !existsSync(file)
  // An in-memory database has one connection; a shared cache would lock readers out during transactions.
  try {
    const writer = new DatabaseSync(file, { timeout: 5000 })
    writer.exec(
      'pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; pragma busy_timeout = 5000',
    )
    if (!isNew) checkIntegrity(writer)
    if (isNew) chmodSync(file, 0o600)
    const reader = isFile ? new DatabaseSync(file, { readOnly: true, timeout: 5000 }) : writer
    reader.exec('pragma cache_size = -16000')
    for (const db of new Set([writer, reader])) db.function('regexp', { deterministic: true }, matches)
    return new Connections(writer, reader)
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    // SQLite's findings come in several lines; ours is one.
    const why = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, ' ')
    throw new StoreError(
      `the database ${file} cannot be used (${why}); move it away to start afresh, or restore a copy`,
      { cause },
    )
  }
}

// The whole of a big database would take long; damage to the first pages and the schema shows here at once.
function checkIntegrity(db: DatabaseSync): void {
  db.prepare('select count(*) from sqlite_schema').get()
  const row = db.prepare('pragma quick_check(1)').get() as { quick_check: string } // its one column
  if (row.quick_check !== 'ok') throw new Error(row.quick_check)
}

const patterns = new Map<string, (text: string) => boolean>()
const patternsMax = 100

// `x regexp y` calls regexp(y, x). Patterns are compiled once; the API has refused those that cannot be used.
function matches(pattern: unknown, text: unknown): number {
  if (typeof pattern !== 'string' || typeof text !== 'string') return 0
  let compiled = patterns.get(pattern)
  if (!compiled) {
    if (patterns.size >= patternsMax) patterns.clear()
    compiled = userPattern(pattern) ?? (() => false)
    patterns.set(pattern, compiled)
  }
  return compiled(text) ? 1 : 0
}

const rememberedMax = 10_000

/**
 * Answers of one prepared read, kept until anything is written: this process is the only one that writes to the file
 * (main/data-folder.ts), so nothing can have changed meanwhile. Saves the file locks a read takes.
 */
function readMemory(connections: Connections) {
  const answers = new Map<string, readonly unknown[]>()
  let version = -1
  return (
    sql: string,
    args: readonly unknown[],
    bind: (args: readonly unknown[]) => unknown[],
  ): readonly unknown[] => {
    // One connection alone may be in the middle of a transaction that is rolled back.
    if (!connections.hasReader) return connections.read(sql, bind(args))
    if (version !== connections.version || answers.size > rememberedMax) {
      answers.clear()
      version = connections.version
    }
    const key = args.length === 1 ? String(args[0]) : JSON.stringify(args)
    let rows = answers.get(key)
    if (!rows) {
      rows = Object.freeze(connections.read(sql, bind(args)).map(row => Object.freeze(row)))
      answers.set(key, rows)
    }
    return rows
  }
}
