// Which rule of the database a write broke. Uniqueness and references are decided there, not by asking first.

/** `text`: a null character, which PostgreSQL cannot keep and SQLite therefore may not (`refuseNulls`). */
/** `pattern`: a regular expression PostgreSQL does not know. */
export type Violation = 'unique' | 'foreign' | 'text' | 'pattern'

// SQLite's extended result codes (sqlite3.h) and PostgreSQL's error codes (appendix A), by what they mean here.
const sqliteCodes: Readonly<Record<number, Violation>> = { 1555: 'unique', 2067: 'unique', 787: 'foreign' }
const nullCharacter = '22021'
const postgresCodes: Readonly<Record<string, Violation>> = {
  '23505': 'unique',
  '23503': 'foreign',
  [nullCharacter]: 'text',
  '2201B': 'pattern',
}

/** What `error`, thrown by a query, says was violated; null when it is something else. */
export function violation(error: unknown): Violation | null {
  if (!(error instanceof Error)) return null
  const { errcode, code } = error as Error & { errcode?: unknown; code?: unknown } // either engine's own fields
  if (typeof errcode === 'number') return sqliteCodes[errcode] ?? null
  return typeof code === 'string' ? (postgresCodes[code] ?? null) : null
}

/** Throws what PostgreSQL throws when a query's parameters hold a null character. */
export function refuseNulls(parameters: readonly unknown[]): void {
  for (const value of parameters)
    if (typeof value === 'string' && value.includes('\0'))
      throw Object.assign(new Error('text may not contain null characters'), { code: nullCharacter })
}
