// One line: its prefixes, and what stands behind them.
import type { Instant } from '../../base/time.ts'
import { prefixesMax } from './bounds.ts'
import { formats } from './formats.ts'
import { readJsonLine } from './json-line.ts'
import { readOsloText, tracebackBegins } from './oslo-text.ts'
import type { Parsed, Prefix } from './parsed.ts'
import { readPrefix } from './prefixes.ts'
import { serviceOfTag } from './services.ts'

export interface Line {
  readonly prefix: Prefix | null
  /** Null when no format knows the text: it goes on from another line, or is no record. */
  readonly parsed: Parsed | null
  /** What is left behind the prefixes. */
  readonly text: string
}

/**
 * Reads a line that is clean and not too long. `notAfter` serves times without a year; `outer` is the prefix it has of
 * the line before it.
 */
export function readLine(line: string, notAfter: Instant, outer: Prefix | null = null): Line {
  let prefix = outer
  let text = line
  for (let depth = 0; ; depth++) {
    const parsed = readOsloText(text, prefix !== null)
    if (parsed) return { prefix, parsed, text }
    if (depth === prefixesMax) break
    const json = readJsonLine(text)
    if (json?.parsed) return { prefix: around(prefix, json.prefix), parsed: json.parsed, text }
    const next: Prefix | null = json ? json.prefix : readPrefix(text, notAfter)
    if (!next) break
    prefix = around(prefix, next)
    text = next.rest
    if (text.includes('\n')) return { prefix, parsed: null, text }
  }
  for (const format of formats) {
    const parsed = format.read(text)
    if (parsed) return { prefix, parsed, text }
  }
  return { prefix, parsed: null, text }
}

/** A prefix behind another: its own word counts, the outer one's where it has none. */
function around<T extends Prefix | null>(outer: Prefix | null, inner: T): Prefix | T {
  if (!outer || !inner) return outer ?? inner
  const isZoned = inner.stamp !== null && (inner.stamp.offset !== null || outer.stamp?.offset == null)
  return {
    stamp: isZoned ? inner.stamp : outer.stamp,
    host: inner.host ?? outer.host,
    tag: inner.tag ?? outer.tag,
    process: inner.process ?? outer.process,
    isPartial: inner.isPartial || outer.isPartial,
    rest: inner.rest,
  }
}

/** Whether a line begins a record, as far as it alone can tell. */
export function beginsRecord(line: string): boolean {
  const { prefix, parsed, text } = readLine(line, 0)
  if (parsed) return parsed.kind !== 'trace'
  if (!prefix || prefix.isPartial) return false
  const first = text.split('\n', 1)[0] ?? ''
  if (first !== text) return beginsRecord(first) || isOnItsOwn(prefix, first)
  return isOnItsOwn(prefix, text)
}

/** A prefixed line no format knows: another program's record, unless it looks like a part of something. */
export const isOnItsOwn = (prefix: Prefix, text: string): boolean =>
  text.trim() !== '' && !looksContinued(text) && prefix.tag !== null && serviceOfTag(prefix.tag) === null

/** Lines of a traceback, and what is indented. */
export const looksContinued = (text: string): boolean =>
  text.startsWith(' ') || text.startsWith('\t') || text.startsWith(tracebackBegins)
