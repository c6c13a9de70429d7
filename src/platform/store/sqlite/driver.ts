// kysely's driver over node:sqlite: selects outside a transaction go to the reader, the rest to the writer in turn.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  SelectQueryNode,
} from 'kysely'
import { refuseNulls } from '../violations.ts'

/** Both connections, their prepared statements, and whose turn it is to write. */
export class Connections {
  readonly #writer: DatabaseSync
  readonly #reader: DatabaseSync
  readonly #written = new Map<string, StatementSync>()
  readonly #readOnly = new Map<string, StatementSync>()
  #turn: Promise<void> = Promise.resolve()
  #version = 0

  constructor(writer: DatabaseSync, reader: DatabaseSync) {
    this.#writer = writer
    this.#reader = reader
  }

  /** Grows with everything written. */
  get version(): number {
    return this.#version
  }

  /** Reads have a connection of their own. */
  get hasReader(): boolean {
    return this.#reader !== this.#writer
  }

  /** Waits for the writer; the function returned gives it to the next in line. */
  async take(): Promise<() => void> {
    const before = this.#turn
    let done = () => {}
    this.#turn = new Promise(resolve => {
      done = resolve
    })
    await before
    return done
  }

  idle(): Promise<void> {
    return this.#turn
  }

  read(sql: string, parameters: readonly unknown[]): unknown[] {
    refuseNulls(parameters)
    return statement(this.#reader, this.#readOnly, sql).all(...(parameters as SQLInputValue[])) // bound values come from kysely
  }

  write(sql: string, parameters: readonly unknown[]): QueryResult<unknown> {
    refuseNulls(parameters)
    this.#version += 1
    const prepared = statement(this.#writer, this.#written, sql)
    if (prepared.columns().length > 0) return { rows: prepared.all(...(parameters as SQLInputValue[])) }
    const { changes, lastInsertRowid } = prepared.run(...(parameters as SQLInputValue[]))
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  exec(sql: string): void {
    this.#version += 1
    this.#writer.exec(sql)
  }

  close(): void {
    if (this.#reader !== this.#writer) this.#reader.close()
    this.#writer.exec('pragma wal_checkpoint(truncate)')
    this.#writer.close()
  }
}

const statementsMax = 500

function statement(db: DatabaseSync, known: Map<string, StatementSync>, sql: string): StatementSync {
  let found = known.get(sql)
  if (!found) {
    found = db.prepare(sql)
    if (known.size >= statementsMax) known.delete(known.keys().next().value!) // size > 0
    known.set(sql, found)
  }
  return found
}

class SqliteConnection implements DatabaseConnection {
  readonly connections: Connections
  /** Gives the writer back; set while a transaction of this connection is open. */
  release: (() => void) | null = null

  constructor(connections: Connections) {
    this.connections = connections
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const run = () => this.connections.write(query.sql, query.parameters) as QueryResult<R> // rows are what the query selects
    if (this.release) return run()
    if (SelectQueryNode.is(query.query))
      return { rows: this.connections.read(query.sql, query.parameters) as R[] }
    const done = await this.connections.take()
    try {
      return run()
    } finally {
      done()
    }
  }

  // biome-ignore lint/correctness/useYield: kysely's interface has it; nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming queries are not used')
  }
}

export class SqliteDriver implements Driver {
  readonly #connections: Connections
  readonly #durable: boolean

  /** `durable`: transactions are on the disk when they commit (synchronous = full). */
  constructor(connections: Connections, durable: boolean) {
    this.#connections = connections
    this.#durable = durable
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new SqliteConnection(this.#connections)
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const mine = connection as SqliteConnection // made by acquireConnection
    const release = await this.#connections.take()
    try {
      if (this.#durable) this.#connections.exec('pragma synchronous = full')
      this.#connections.exec('begin immediate')
      mine.release = release
    } catch (error) {
      release()
      throw error
    }
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    // A failed commit (disk full) leaves the transaction open: kysely rolls it back next, and that gives the writer on.
    this.#connections.exec('commit')
    this.#end(connection as SqliteConnection)
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      this.#connections.exec('rollback')
    } finally {
      this.#end(connection as SqliteConnection)
    }
  }

  #end(connection: SqliteConnection): void {
    if (this.#durable) this.#connections.exec('pragma synchronous = normal')
    connection.release?.()
    connection.release = null
  }

  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}
