// What the formats make of one line, before the reader has put lines together.
import type { Access } from '../record.ts'
import type { Stamp } from './stamp.ts'

/** What stands in front of a line and is not the program's own: syslog, journald, a container's log. */
export interface Prefix {
  readonly stamp: Stamp | null
  readonly host: string | null
  /** The name a syslog line or a journal entry carries: `nova-compute`, `devstack@n-cpu.service`. */
  readonly tag: string | null
  readonly process: number | null
  /** The line goes on in the next one of the same stream (CRI's `P`, docker's missing newline). */
  readonly isPartial: boolean
  readonly rest: string
}

/**
 * head: begins a record. trace: a line of a traceback in oslo's clothes, which belongs to the record before it.
 * single: a record on its own that never has lines after it (access lines).
 */
export type ParsedKind = 'head' | 'trace' | 'single'

export interface Parsed {
  readonly kind: ParsedKind
  readonly stamp: Stamp | null
  readonly level: string | null
  readonly logger: string | null
  readonly process: number | null
  /** The line has a bracket of ids, or `[-]`. */
  readonly hasContext: boolean
  readonly globalId: string | null
  readonly localId: string | null
  readonly userId: string | null
  readonly projectId: string | null
  readonly serverId: string | null
  readonly host: string | null
  /** What the line itself says its service is: a JSON field. */
  readonly service: string | null
  readonly message: string
  readonly traceback: readonly string[]
  readonly access: Access | null
}

export const nothingParsed: Parsed = {
  kind: 'single',
  stamp: null,
  level: null,
  logger: null,
  process: null,
  hasContext: false,
  globalId: null,
  localId: null,
  userId: null,
  projectId: null,
  serverId: null,
  host: null,
  service: null,
  message: '',
  traceback: [],
  access: null,
}
