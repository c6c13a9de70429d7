// What the files are known to hold of each service and host, from all that has been read of them.
import type { LogRecord } from '../record.ts'
import type { Coverage } from '../source.ts'

interface Span {
  service: string
  host: string | null
  from: number | null
  to: number | null
  hasDebug: boolean
}

/** Services and hosts told apart; a log that names more is not a log of a cloud. */
const spansMax = 10_000

export class Covered {
  private readonly spans = new Map<string, Span>()

  add(record: LogRecord): void {
    const { service, host, at, level } = record
    const span = this.spanOf(service, host)
    if (!span) return
    if (level === 'DEBUG') span.hasDebug = true
    if (at !== null) widen(span, at, at)
  }

  /** What was known of a service and host before. */
  join({ service, host, from, to, hasDebug }: Coverage): void {
    const span = this.spanOf(service, host)
    if (!span) return
    span.hasDebug ||= hasDebug
    if (from !== null && to !== null) widen(span, from, to)
  }

  private spanOf(service: string, host: string | null): Span | null {
    const key = `${service} ${host ?? ''}`
    const known = this.spans.get(key)
    if (known) return known
    if (this.spans.size >= spansMax) return null
    const span = { service, host, from: null, to: null, hasDebug: false }
    this.spans.set(key, span)
    return span
  }

  get all(): readonly Coverage[] {
    return [...this.spans.values()]
  }
}

function widen(span: Span, from: number, to: number): void {
  if (span.from === null || from < span.from) span.from = from
  if (span.to === null || to > span.to) span.to = to
}
