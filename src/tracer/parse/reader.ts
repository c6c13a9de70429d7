// Lines of one log into records. Lines of several processes stand between each other, so that a record is open until
// its own process begins another one:
//   const reader = new RecordReader({ file: 'nova-api.log' })
//   for (const { line, offset, length } of lines) use(reader.push(line, offset, length))
//   use(reader.end())
import { type Clock, type Instant, systemClock } from '../../base/time.ts'
import type { LogRecord } from '../record.ts'
import { lineLengthMax, openRecordsMax, partialsMax, processesMax } from './bounds.ts'
import { cleaned } from './clean.ts'
import { beginsRecord, type Line, looksContinued, readLine } from './line.ts'
import { Methods } from './methods.ts'
import { OpenRecord } from './open-record.ts'
import { tracebackBegins } from './oslo-text.ts'
import { nothingParsed, type Parsed, type Prefix } from './parsed.ts'
import { type LoggerService, serviceOfFile, serviceOfLogger, serviceOfTag } from './services.ts'
import { instantOf } from './stamp.ts'

export interface FileHint {
  readonly file: string
  readonly service?: string
  readonly host?: string | null
  /** Minutes east of UTC of times that do not say their zone; 0 when left out. */
  readonly utcOffsetMinutes?: number
  /** No line is younger: when the file was written last. For times without a year; now when left out. */
  readonly notAfter?: Instant
}

export interface ReadCounts {
  records: number
  /** Lines nothing could be made of, and that belong to no record. */
  unparsed: number
  /** Records and lines that were longer than may be kept. */
  shortened: number
  /** Lines that went into a record another line began. */
  continued: number
}

/** Whether a line begins a record, by itself alone. A line that does not may still begin one when nothing is open. */
export const startsRecord = (line: string): boolean =>
  beginsRecord(cleaned(line.length > lineLengthMax ? line.slice(0, lineLengthMax) : line))

/** Two lines of one record under one prefix are not further apart. */
const sameRecordMs = 1_000
const quarterMs = 15 * 60_000
const zoneMaxMs = 14 * 3_600_000
/** Between when a program wrote a line and when the log's keeper took it. */
const keeperLagMaxMs = 120_000

/** What uWSGI and Python print between records, and belongs to none. */
const foreignPattern =
  /^(?:\*\*\* |spawned uWSGI |WSGI app \d|mapped \d+ bytes|\/[^ :]+\.py:\d+: \w*Warning: )/

export class RecordReader {
  readonly counts: ReadCounts = { records: 0, unparsed: 0, shortened: 0, continued: 0 }
  private readonly hint: FileHint
  private readonly offset: number
  private readonly notAfter: Instant
  private readonly named: { readonly service: string | null; readonly host: string | null }
  /** By prefix and process, the one written to last at the end. */
  private readonly open = new Map<string, OpenRecord>()
  /** By prefix: the record its next line without a head belongs to. */
  private readonly newest = new Map<string, OpenRecord>()
  private readonly serviceOfProcess = new Map<string, string>()
  private readonly partials = new Map<string, { prefix: Prefix; text: string; offset: number }>()
  private readonly methods = new Methods()
  /** The newest prefix, and how wide it was: journalctl indents the lines after an entry's first by that much. */
  private padding: { readonly prefix: Prefix; readonly width: number } | null = null
  private complete: LogRecord[] = []

  constructor(hint: FileHint, clock: Clock = systemClock) {
    this.hint = hint
    this.offset = hint.utcOffsetMinutes ?? 0
    this.notAfter = hint.notAfter ?? clock.now()
    this.named = serviceOfFile(hint.file)
  }

  /**
   * Takes the next line, without its end; `offset` and `length` in bytes of the file. Returns the records that are
   * complete because of it.
   */
  push(line: string, offset: number, length: number): readonly LogRecord[] {
    let text = line
    if (text.length > lineLengthMax) {
      text = text.slice(0, lineLengthMax)
      this.counts.shortened++
    }
    const clean = cleaned(text)
    let read = readLine(clean, this.notAfter)
    if (read.prefix && clean.endsWith(read.text))
      this.padding = { prefix: read.prefix, width: clean.length - read.text.length }
    else if (!read.prefix && !read.parsed && this.padding) read = this.unpadded(clean, read, this.padding)
    this.take(read, offset, length)
    return this.taken()
  }

  /** Where the first record begins that further lines may belong to; null when there is none. */
  get openSince(): number | null {
    const open = [...this.open.values()].map(({ known }) => known.offset)
    const parts = [...this.partials.values()].map(({ offset }) => offset)
    const first = Math.min(...open, ...parts)
    return first === Number.POSITIVE_INFINITY ? null : first
  }

  /** Ends the open records that have no line at or behind the offset: their processes have long been silent. */
  endQuiet(offset: number): readonly LogRecord[] {
    for (const [key, record] of this.open) if (record.endOffset <= offset) this.endOpen(key, record)
    return this.taken()
  }

  /** What is still open, at the end of the log. */
  end(): readonly LogRecord[] {
    for (const { prefix, text, offset } of this.partials.values())
      this.takeText({ ...prefix, isPartial: false }, text, offset, 0)
    this.partials.clear()
    for (const record of this.open.values()) this.finish(record)
    this.open.clear()
    this.newest.clear()
    return this.taken()
  }

  private unpadded(line: string, read: Line, { prefix, width }: { prefix: Prefix; width: number }): Line {
    const isPadded = prefix.tag !== null && width <= line.length && line.slice(0, width).trim() === ''
    return isPadded ? readLine(line.slice(width), this.notAfter, { ...prefix, isPartial: false }) : read
  }

  private taken(): readonly LogRecord[] {
    if (this.complete.length === 0) return none
    const complete = this.complete
    this.complete = []
    return complete
  }

  private take(read: Line, offset: number, length: number): void {
    const { prefix, parsed, text } = read
    if (prefix && (prefix.isPartial || this.partials.size > 0)) {
      const source = sourceOf(prefix)
      const begun = this.partials.get(source)
      if (prefix.isPartial || begun) {
        this.takePart(source, begun, prefix, text, offset, length)
        return
      }
    }
    if (prefix && !parsed && text.includes('\n')) this.takeText(prefix, text, offset, length)
    else this.takeLine(prefix, parsed, text, offset, length)
  }

  private takePart(
    source: string,
    begun: { prefix: Prefix; text: string; offset: number } | undefined,
    prefix: Prefix,
    text: string,
    offset: number,
    length: number,
  ): void {
    const whole = begun ? { ...begun, text: begun.text + text } : { prefix, text, offset }
    this.partials.delete(source)
    const isTooMuch = whole.text.length > lineLengthMax || this.partials.size >= partialsMax
    if (isTooMuch) this.counts.shortened++
    if (begun) this.counts.continued++
    if (prefix.isPartial && !isTooMuch) this.partials.set(source, whole)
    else this.takeText(whole.prefix, whole.text, whole.offset, offset + length - whole.offset)
  }

  /** A text behind a prefix that may be several lines: the entries of a journal, joined parts. */
  private takeText(prefix: Prefix, text: string, offset: number, length: number): void {
    const outer = { ...prefix, isPartial: false }
    let isFirst = true
    for (const line of text.split('\n')) {
      const inner = readLine(cleaned(line), this.notAfter, outer)
      const continuedBefore = this.counts.continued
      this.takeLine(inner.prefix, inner.parsed, inner.text, offset, length)
      // Lines of the log are counted, and this is one.
      if (!isFirst) this.counts.continued = continuedBefore
      isFirst = false
    }
  }

  private takeLine(
    prefix: Prefix | null,
    parsed: Parsed | null,
    text: string,
    offset: number,
    length: number,
  ): void {
    const source = prefix ? sourceOf(prefix) : ''
    if (!parsed) {
      this.takeUnknown(prefix, source, text, offset, length)
      return
    }
    const at = this.timeOf(prefix, parsed)
    const process = parsed.process ?? prefix?.process ?? null
    const key = `${source}|${process}`
    const before = this.open.get(key)
    if (before && isOfTraceback(before, parsed, at)) {
      before.traceHasContext ||= parsed.hasContext
      before.addTrace(parsed.message)
      before.reach(offset, length, at)
      this.counts.continued++
      return
    }
    const record = new OpenRecord(parsed, {
      at,
      service: this.serviceOf(prefix, parsed, key),
      host: parsed.host ?? prefix?.host ?? this.named.host ?? this.hint.host ?? null,
      process,
      file: this.hint.file,
      offset,
      length,
    })
    if (parsed.kind === 'single') {
      this.finish(record)
      return
    }
    record.traceHasContext = parsed.hasContext && record.hasTraceback
    if (before) {
      this.finish(before)
      // So that the newest stands last.
      this.open.delete(key)
    } else if (this.open.size >= openRecordsMax) this.endOldest()
    this.open.set(key, record)
    this.newest.set(source, record)
    if (prefix !== null) this.newest.set('', record)
  }

  private takeUnknown(
    prefix: Prefix | null,
    source: string,
    text: string,
    offset: number,
    length: number,
  ): void {
    const record = this.newest.get(source)
    const at = prefix?.stamp ? instantOf(prefix.stamp, this.offset) : null
    const isBlank = text.trim() === ''
    const belongs =
      record &&
      !foreignPattern.test(text) &&
      (!prefix || isBlank || looksContinued(text) || isNear(record.lastAt, at))
    if (belongs) {
      record.addText(text)
      record.reach(offset, length, at)
      this.counts.continued++
    } else if (isBlank) return
    else if (prefix && prefix.tag !== null) {
      const parsed = { ...nothingParsed, message: text }
      const known = this.serviceOf(prefix, parsed, source)
      const host = prefix.host ?? this.named.host ?? this.hint.host ?? null
      const { process } = prefix
      this.finish(
        new OpenRecord(parsed, { at, service: known, host, process, file: this.hint.file, offset, length }),
      )
    } else this.counts.unparsed++
  }

  private endOldest(): void {
    const [oldest] = this.open
    if (!oldest) return
    this.endOpen(...oldest)
  }

  private endOpen(key: string, record: OpenRecord): void {
    this.open.delete(key)
    for (const [source, newest] of this.newest) if (newest === record) this.newest.delete(source)
    this.finish(record)
  }

  private finish(record: OpenRecord): void {
    if (record.isShortened) this.counts.shortened++
    this.counts.records++
    this.complete.push(this.methods.complete(record.finish()))
  }

  /**
   * The program's own time, which is the exact one. It rarely says its zone; a prefix that says one tells it: the two are
   * a multiple of a quarter of an hour apart, and the little while it took to be logged.
   */
  private timeOf(prefix: Prefix | null, parsed: Parsed): Instant | null {
    const own = parsed.stamp
    const outer = prefix?.stamp ?? null
    if (!own) return outer ? instantOf(outer, this.offset) : null
    if (own.offset === null && outer !== null && outer.offset !== null) {
      const apart = own.wall - instantOf(outer, 0)
      const zone = Math.round(apart / quarterMs) * quarterMs
      if (Math.abs(zone) <= zoneMaxMs && Math.abs(apart - zone) <= keeperLagMaxMs) return own.wall - zone
    }
    return instantOf(own, this.offset)
  }

  private serviceOf(prefix: Prefix | null, parsed: Parsed, key: string): string {
    const told = this.hint.service ?? this.named.service
    if (told) return told
    const tagged = prefix?.tag ? serviceOfTag(prefix.tag) : null
    const named = tagged ?? parsed.service
    if (named !== null) return named
    const byLogger: LoggerService | null = parsed.logger === null ? null : serviceOfLogger(parsed.logger)
    if (byLogger?.isSure) {
      if (this.serviceOfProcess.size < processesMax) this.serviceOfProcess.set(key, byLogger.service)
      return byLogger.service
    }
    return this.serviceOfProcess.get(key) ?? byLogger?.service ?? prefix?.tag ?? 'unknown'
  }
}

const none: readonly LogRecord[] = []

const sourceOf = (prefix: Prefix): string => `${prefix.host} ${prefix.tag} ${prefix.process}`

const isNear = (before: Instant | null, at: Instant | null): boolean =>
  before === null || at === null || Math.abs(at - before) <= sameRecordMs

/**
 * oslo.log writes a traceback's lines with the time, process and logger of their record, to the millisecond. With no time
 * of their own (DevStack) they come within the second.
 */
function isOfTraceback(record: OpenRecord, line: Parsed, at: Instant | null): boolean {
  const head = record.parsed
  if (line.kind === 'single' || head.logger !== line.logger) return false
  if (line.stamp && head.stamp ? line.stamp.wall !== head.stamp.wall : !isNear(record.lastAt, at))
    return false
  if (line.kind === 'head')
    return (
      record.traceHasContext && line.hasContext && line.level === 'ERROR' && line.localId === head.localId
    )
  return (
    record.hasTraceback || (head.hasContext && !line.hasContext) || line.message.startsWith(tracebackBegins)
  )
}
