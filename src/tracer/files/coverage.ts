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
    const key = `${service} ${host ?? ''}`
    let span = this.spans.get(key)
    if (!span) {
      if (this.spans.size >= spansMax) return
      span = { service, host, from: null, to: null, hasDebug: false }
      this.spans.set(key, span)
    }
    if (level === 'DEBUG') span.hasDebug = true
    if (at === null) return
    if (span.from === null || at < span.from) span.from = at
    if (span.to === null || at > span.to) span.to = at
  }

  get all(): readonly Coverage[] {
    return [...this.spans.values()]
  }
}
