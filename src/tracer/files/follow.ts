// Records as they are appended to files. A log that is rotated is read to its end, and the one that takes its name from
// its beginning; one that is emptied is read from its beginning again.
import { closeSync, fstatSync, readSync, statSync } from 'node:fs'
import { type FileHint, RecordReader } from '../parse/reader.ts'
import type { LogRecord } from '../record.ts'
import { chunkBytes } from './bounds.ts'
import { openLog } from './chunks.ts'
import { LineCutter } from './lines.ts'
import type { LogFile } from './log-file.ts'

export interface FollowOptions {
  /** Called anew for each look, so that files which appear are followed too, from their beginning. */
  readonly files: () => readonly LogFile[]
  readonly hintOf: (file: LogFile) => FileHint
  /** Until the next look; rejects or ends when nothing more is wanted, with `signal` aborted. */
  readonly wait: () => Promise<void>
  readonly signal: AbortSignal
}

/** Looks without anything new after which the last record of a file counts as complete. */
const quietLooks = 2

/** Records appended from now on, each file's in order. Packed files do not grow. */
export async function* followLogs(options: FollowOptions): AsyncGenerator<LogRecord> {
  const { files, hintOf, wait, signal } = options
  const followed = new Map<string, Followed>()
  /** Files that were there at the last look: one that was only renamed is not a new one. */
  let known = new Set<string>()
  try {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const all = files()
      const before = known
      known = new Set(all.map(({ identity }) => identity))
      for (const file of all) {
        if (file.isPacked || followed.has(file.name) || before.has(file.identity)) continue
        const one = open(file, hintOf(file), isFirst)
        if (one) followed.set(file.name, one)
      }
      for (const [name, one] of followed) {
        yield* one.look()
        if (!one.isReplaced()) continue
        // What was written between the look and the rename.
        yield* one.look()
        yield* one.end()
        followed.delete(name)
        const next = open(one.file, hintOf(one.file), false)
        if (!next) continue
        followed.set(name, next)
        yield* next.look()
      }
      await wait().catch(() => {})
    }
  } finally {
    for (const one of followed.values()) one.close()
  }
}

function open(file: LogFile, hint: FileHint, isAtEnd: boolean): Followed | null {
  try {
    return new Followed(file, hint, isAtEnd)
  } catch {
    // Gone again, or not yet there.
    return null
  }
}

class Followed {
  readonly file: LogFile
  private readonly hint: FileHint
  private readonly fd: number
  private readonly identity: string
  private offset: number
  private reader: RecordReader
  private cutter: LineCutter
  private quiet = 0
  private isOpen = true

  constructor(file: LogFile, hint: FileHint, isAtEnd: boolean) {
    this.file = file
    this.hint = hint
    this.fd = openLog(file)
    const { dev, ino, size } = fstatSync(this.fd)
    this.identity = `${dev}:${ino}`
    this.offset = isAtEnd ? size : 0
    this.reader = new RecordReader(hint)
    this.cutter = new LineCutter(this.offset)
  }

  /** What has been appended since the last look. */
  *look(): Generator<LogRecord> {
    if (fstatSync(this.fd).size < this.offset) {
      yield* this.reader.end()
      this.offset = 0
      this.reader = new RecordReader(this.hint)
      this.cutter = new LineCutter(0)
    }
    const buffer = Buffer.allocUnsafe(chunkBytes)
    let isQuiet = true
    for (let read = this.read(buffer); read > 0; read = this.read(buffer)) {
      isQuiet = false
      this.offset += read
      const bytes = buffer.subarray(0, read)
      for (let line = this.cutter.next(bytes); line; line = this.cutter.next(bytes))
        yield* this.reader.push(line.text, line.offset, line.length)
    }
    this.quiet = isQuiet ? this.quiet + 1 : 0
    if (this.quiet === quietLooks) yield* this.reader.end()
  }

  isReplaced(): boolean {
    try {
      const { dev, ino } = statSync(this.file.path)
      return `${dev}:${ino}` !== this.identity
    } catch {
      // Renamed, and the next one is not there yet.
      return false
    }
  }

  *end(): Generator<LogRecord> {
    const rest = this.cutter.rest()
    if (rest) yield* this.reader.push(rest.text, rest.offset, rest.length)
    yield* this.reader.end()
    this.close()
  }

  close(): void {
    if (this.isOpen) closeSync(this.fd)
    this.isOpen = false
  }

  private read(buffer: Buffer): number {
    return readSync(this.fd, buffer, 0, buffer.length, this.offset)
  }
}
