// A record whose lines are still coming.
import type { Instant } from '../../base/time.ts'
import type { LogRecord } from '../record.ts'
import { accessOf } from './access.ts'
import { messageLengthMax, tracebackLengthMax, tracebackLinesMax } from './bounds.ts'
import { withoutDebugTail } from './debug-tail.ts'
import { tracebackBegins } from './oslo-text.ts'
import type { Parsed } from './parsed.ts'

/** What the reader knows of a record beside what its first line says. */
export interface Known {
  readonly at: Instant | null
  readonly service: string
  readonly host: string | null
  readonly process: number | null
  readonly file: string
  readonly offset: number
  readonly length: number
}

export class OpenRecord {
  readonly parsed: Parsed
  readonly known: Known
  private readonly lines: string[]
  private readonly traceback: string[]
  private messageLength = 0
  private tracebackLength = 0
  private end: number
  /** The time of its newest line. */
  lastAt: Instant | null
  /** Its traceback's lines repeat the ids of its head. */
  traceHasContext = false
  isShortened = false

  constructor(parsed: Parsed, known: Known) {
    this.parsed = parsed
    this.known = known
    this.lines = []
    this.traceback = []
    this.lastAt = known.at
    this.end = known.offset + known.length
    if (parsed.message.startsWith(tracebackBegins)) this.addTrace(parsed.message)
    else for (const line of parsed.message.split('\n')) this.addText(line)
    for (const line of parsed.traceback) this.addTrace(line)
  }

  /** Where its last line ends. */
  get endOffset(): number {
    return this.end
  }

  get hasTraceback(): boolean {
    return this.traceback.length > 0
  }

  /** A line without oslo's prefix: of the message, or of a traceback once that has begun. */
  addText(line: string): void {
    if (this.traceback.length > 0 || line.startsWith(tracebackBegins)) {
      // oslo.log appends `: class: text` of the exception to the message, and the message was a traceback.
      this.addTrace(line.startsWith(': ') ? line.slice(2) : line)
      return
    }
    const room = messageLengthMax - this.messageLength
    if (room <= 0 || line.length > room) this.isShortened = true
    if (room <= 0) return
    this.lines.push(line.length > room ? copied(line.slice(0, room)) : line)
    this.messageLength += line.length + 1
  }

  /** Empty lines are left out, as oslo.log's JSON formatter does. */
  addTrace(line: string): void {
    if (line.trim() === '') return
    const room = tracebackLengthMax - this.tracebackLength
    if (room <= 0 || line.length > room || this.traceback.length >= tracebackLinesMax) {
      this.isShortened = true
      if (room <= 0 || this.traceback.length >= tracebackLinesMax) return
    }
    this.traceback.push(line.length > room ? copied(line.slice(0, room)) : line)
    this.tracebackLength += line.length + 1
  }

  /** The record reaches to the end of this line. */
  reach(offset: number, length: number, at: Instant | null): void {
    this.end = Math.max(this.end, offset + length)
    this.lastAt = at ?? this.lastAt
  }

  finish(): LogRecord {
    const { parsed, known, lines, traceback } = this
    while (lines.length > 1 && lines.at(-1)?.trim() === '') lines.pop()
    const whole = lines.length === 1 ? (lines[0] ?? '') : lines.join('\n')
    const { message, process } = withoutDebugTail(whole, parsed.level)
    return {
      at: known.at,
      level: parsed.level,
      logger: parsed.logger,
      service: known.service,
      host: known.host,
      process: known.process ?? process,
      globalId: parsed.globalId,
      localId: parsed.localId,
      userId: parsed.userId,
      projectId: parsed.projectId,
      serverId: parsed.serverId,
      // A traceback whose beginning was not there to be read: its last line says what happened.
      message: message === '' ? (traceback.at(-1) ?? '') : message,
      traceback,
      access: parsed.access ?? accessOf(message, parsed.logger),
      place: { file: known.file, offset: known.offset, length: this.end - known.offset },
    }
  }
}

/** Of its own: a slice keeps the whole text it was cut from. */
const copied = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le')
