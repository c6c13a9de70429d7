// Which rule of the database a write broke. Uniqueness and references are decided there, not by asking first.

export type Violation = 'unique' | 'foreign'

// SQLite's extended result codes (sqlite3.h) and PostgreSQL's error codes (appendix A), by what they mean here.
const sqliteCodes: Readonly<Record<number, Violation>> = { 1555: 'unique', 2067: 'unique', 787: 'foreign' }
const postgresCodes: Readonly<Record<string, Violation>> = { '23505': 'unique', '23503': 'foreign' }

/** What `error`, thrown by a query, says was violated; null when it is something else. */
export function violation(error: unknown): Violation | null {
  if (!(error instanceof Error)) return null
  const { errcode, code } = error as Error & { errcode?: unknown; code?: unknown } // either engine's own fields
  if (typeof errcode === 'number') return sqliteCodes[errcode] ?? null
  return typeof code === 'string' ? (postgresCodes[code] ?? null) : null
}
