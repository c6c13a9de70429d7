// One file, from where it was left: records, and how far it is safe to say that everything has been seen. Reading begins
// somewhat in front of that, because lines of one record may stand on both sides.
import { closeSync, fstatSync, readSync } from 'node:fs'
import type { Clock, Instant } from '../../base/time.ts'
import { alignedBuffer, chunksOf, Damaged, openLog } from '../files/chunks.ts'
import { LineCutter } from '../files/lines.ts'
import type { LogFile } from '../files/log-file.ts'
import { RecordReader } from '../parse/reader.ts'
import type { LogRecord } from '../record.ts'
import { hash, type KnownFile } from './identity.ts'

export interface Shippable {
  readonly record: LogRecord
  /** Of those that begin at the same byte: a journal's entry may hold several. */
  readonly ordinal: number
  /** It ended with the file, not because another began: what was sent of it before is replaced. */
  readonly mayHaveGrown: boolean
}

export interface Step {
  readonly records: readonly Shippable[]
  /** Records that begin in front of it have all been handed out. */
  readonly position: number
}

/** More than a record can be long (parse/bounds.ts), so that its head is seen again. */
const warmUpBytes = 524_288
const readBytes = 262_144
/** Lines of one record follow each other within milliseconds: a process silent for so long has ended its last one. */
const quietMs = 60_000

export class FileReading {
  readonly file: LogFile
  /** Lines no record could be made of, and what was cut. */
  get counts(): { readonly unparsed: number; readonly shortened: number } {
    return this.reader.counts
  }
  damage: string | null = null
  isEnded = false
  /** Somebody emptied the file, and it has begun anew. */
  isReplaced = false
  /** When there was more to read. */
  grewAt: Instant
  private readonly from: number
  private readonly known: KnownFile
  private readonly clock: Clock
  private readonly reader: RecordReader
  private readonly cutter: LineCutter
  /** Where the next bytes are read. */
  private at: number
  /** Behind the last line that was taken. */
  private lineEnd: number
  private isMidLine: boolean
  private ordinals = new Map<number, number>()
  private quietMark: { readonly at: Instant; readonly offset: number }

  constructor(file: LogFile, known: KnownFile, utcOffsetMinutes: number, clock: Clock) {
    this.file = file
    this.known = known
    this.clock = clock
    this.reader = new RecordReader({ file: file.name, utcOffsetMinutes, notAfter: file.modifiedAt }, clock)
    this.from = Math.max(0, known.position - warmUpBytes)
    this.at = file.isPacked ? 0 : this.from
    this.cutter = new LineCutter(this.at)
    this.isMidLine = this.at > 0
    this.lineEnd = this.at
    this.grewAt = clock.now()
    this.quietMark = { at: this.grewAt, offset: 0 }
  }

  get position(): number {
    return Math.max(this.known.position, Math.min(this.reader.openSince ?? this.lineEnd, this.lineEnd))
  }

  /** What there is now, step by step; nothing when the path leads to another file meanwhile. */
  async *read(): AsyncGenerator<Step, void> {
    if (this.file.isPacked) {
      try {
        for await (const { bytes } of chunksOf(this.file)) yield this.take(bytes)
      } catch (error) {
        if (!(error instanceof Damaged)) throw error
        this.damage = error.message
      }
      return
    }
    let fd: number
    try {
      fd = openLog(this.file)
    } catch {
      return
    }
    try {
      const { dev, ino, size } = fstatSync(fd)
      if (`${dev}:${ino}` !== this.file.identity || size < this.at) return
      const buffer = alignedBuffer(readBytes)
      const { head, headBytes } = this.known
      this.isReplaced ||= hash(buffer.subarray(0, readSync(fd, buffer, 0, headBytes, 0))) !== head
      if (this.isReplaced) return
      for (;;) {
        const read = readSync(fd, buffer, 0, readBytes, this.at)
        if (read === 0) return
        this.at += read
        yield this.take(buffer.subarray(0, read))
      }
    } finally {
      closeSync(fd)
    }
  }

  /** What is still open, as if nothing came any more. This reading is over with it. */
  end(): readonly Shippable[] {
    this.isEnded = true
    const rest = this.cutter.rest()
    const records = rest && !this.isMidLine ? [...this.reader.push(rest.text, rest.offset, rest.length)] : []
    return this.shippable([...records, ...this.reader.end()], true)
  }

  /** How many of the file's bytes were looked at. */
  get readTo(): number {
    return this.at
  }

  /** Behind the beginning of every record that was handed out. */
  get endOffset(): number {
    return Math.max(this.at, this.lineEnd + 1)
  }

  private take(bytes: Buffer): Step {
    const complete: LogRecord[] = []
    for (let line = this.cutter.next(bytes); line; line = this.cutter.next(bytes)) {
      this.lineEnd = line.offset + line.length + 1
      const isWhole = !this.isMidLine && line.offset >= this.from
      this.isMidLine = false
      if (isWhole) complete.push(...this.reader.push(line.text, line.offset, line.length))
    }
    const now = this.clock.now()
    if (now - this.quietMark.at > quietMs) {
      complete.push(...this.reader.endQuiet(this.quietMark.offset))
      this.quietMark = { at: now, offset: this.lineEnd }
    }
    const records = this.shippable(complete, false)
    const { position } = this
    for (const offset of this.ordinals.keys()) if (offset < position) this.ordinals.delete(offset)
    return { records, position }
  }

  private shippable(records: readonly LogRecord[], isEnd: boolean): readonly Shippable[] {
    return records.flatMap(record => {
      const { offset } = record.place
      const ordinal = this.ordinals.get(offset) ?? 0
      this.ordinals.set(offset, ordinal + 1)
      if (offset < this.known.position) return []
      return [{ record, ordinal, mayHaveGrown: isEnd || offset < this.known.ended }]
    })
  }
}
