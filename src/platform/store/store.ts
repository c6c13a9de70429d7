// The database, whichever engine it is. Services get typed tables (`tables<MyTables>(store)`), short transactions and
// prepared reads; nothing outside this folder knows which engine answers.
import type { Compilable, Kysely, RawBuilder, Transaction } from 'kysely'

// The tables of all services share one database; each service sees its own through `tables<T>()`.
// biome-ignore lint/suspicious/noExplicitAny: Kysely's type parameter for "tables not known here"
export type AnyTables = any

export interface Store {
  readonly db: Kysely<AnyTables>
  /**
   * One atomic change. Keep it short: no call to another service inside, and nothing else but the transaction, because
   * it is run again when the database ended it for a deadlock. With SQLite it survives the death of the process, and
   * reaches the disk with the next `accept`.
   */
  transaction<T, R>(work: (tx: Transaction<T>) => Promise<R>): Promise<R>
  /** A transaction that is on the disk when it returns: for everything we answer 2xx for. */
  accept<T, R>(work: (tx: Transaction<T>) => Promise<R>): Promise<R>
  /**
   * A read compiled once. `build` gets placeholders to use as values; the result takes the real ones in that order.
   * Answers at once where the engine can (no promise), so that hot paths need not wait a turn.
   */
  prepared<T, R>(
    count: number,
    build: (db: Kysely<T>, args: readonly string[]) => Compilable<R>,
  ): (...args: readonly unknown[]) => R[] | Promise<R[]>
  /** True where a text (of a column, or one of the two below) matches a regular expression somewhere, in any case. */
  matches(text: string | RawBuilder<string>, pattern: string): RawBuilder<boolean>
  /** The instant in `column` as `2026-11-23 09:30:27`, UTC; null where there is none. */
  instantText(column: string): RawBuilder<string>
  /** The text at `path` in a column of JSON; empty where there is none. */
  jsonText(column: string, path: readonly string[]): RawBuilder<string>
  /** Brings the schema up to date; a service's migrations run in the order of their list. */
  migrate(migrations: readonly Migration[]): Promise<void>
  close(): Promise<void>
}

export interface Migration {
  /** `<service>_0001_<what>`: unique, never renamed once released. */
  readonly name: string
  up(db: Kysely<AnyTables>): Promise<void>
}

/** The store's tables as one service knows them. */
export const tables = <T>(store: Store): Kysely<T> => store.db as Kysely<T>

/** The database cannot be used; `message` says what to do about it. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}
