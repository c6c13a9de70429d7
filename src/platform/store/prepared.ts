// Prepared reads: the query is built once with marked values; running it puts the real ones in their places.
import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import type { AnyTables } from './store.ts'

const mark = (index: number) => `\u0001argument ${index}`

/** A compiled query and a function that lays arguments out in its parameter order. */
export function prepare<R>(
  db: Kysely<AnyTables>,
  count: number,
  build: (db: Kysely<AnyTables>, args: readonly string[]) => Compilable<R>,
): { readonly query: CompiledQuery<R>; readonly bind: (args: readonly unknown[]) => unknown[] } {
  const marks = Array.from({ length: count }, (_, index) => mark(index))
  const query = build(db, marks).compile()
  const positions = query.parameters.map(value => (typeof value === 'string' ? marks.indexOf(value) : -1))
  return {
    query: query as CompiledQuery<R>,
    bind: args =>
      query.parameters.map((value, index) => (positions[index]! < 0 ? value : args[positions[index]!])),
  }
}

export const withParameters = <R>(query: CompiledQuery<R>, parameters: unknown[]): CompiledQuery<R> => ({
  ...query,
  parameters,
})
