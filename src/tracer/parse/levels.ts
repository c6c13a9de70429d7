// Words for levels, in whatever spelling, and what oslo.log calls them.

export const levels: ReadonlyMap<string, string> = new Map([
  ['DEBUG', 'DEBUG'],
  ['INFO', 'INFO'],
  ['WARNING', 'WARNING'],
  ['ERROR', 'ERROR'],
  ['CRITICAL', 'CRITICAL'],
  ['WARN', 'WARNING'],
  ['FATAL', 'CRITICAL'],
  // Levels of oslo.log's own, from before Pike and in drivers: TRACE (5) and AUDIT (21).
  ['TRACE', 'DEBUG'],
  ['AUDIT', 'INFO'],
])

/** oslo.log's word for a level in any case (`warning`, `Error`); null for what is none. */
export const levelOf = (word: string): string | null => levels.get(word.toUpperCase()) ?? null
