// What stands in front of a program's own line.
import type { Instant } from '../../base/time.ts'
import type { Prefix } from './parsed.ts'

/** The outermost prefix of a line; null when it has none. */
export function readPrefix(_line: string, _notAfter: Instant): Prefix | null {
  return null
}
