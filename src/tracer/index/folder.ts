// Where indexes lie, and which log each is of. An index is named by the first bytes of its log, so that a log that is
// rotated (renamed) keeps it, and one that begins anew has another.
import { closeSync, fstatSync, mkdirSync, readdirSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Clock } from '../../base/time.ts'
import { openLog } from '../files/chunks.ts'
import type { LogFile } from '../files/log-file.ts'
import { type Covers, IndexReader } from './format.ts'

/** Smaller logs are searched as quickly as their index is read. */
export const indexedBytesMin = 1_048_576
const markBytes = 4_096
/** One that was being written when its process died. */
const staleMs = 3_600_000
const suffix = '.ids'

/** The checksums of both halves: they tell logs apart, whose writers mean no harm, and cost no cryptography's start. */
function mark(fd: number, from: number, to: number): string {
  const buffer = Buffer.allocUnsafe(Math.max(0, to - from))
  const bytes = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, from))
  const middle = bytes.length >> 1
  return [bytes.subarray(0, middle), bytes.subarray(middle)]
    .map(half => crc32(half).toString(16).padStart(8, '0'))
    .join('')
}

export class IndexFolder {
  readonly path: string
  private readonly clock: Clock

  constructor(path: string, clock: Clock) {
    this.path = path
    this.clock = clock
  }

  /** The index of a log when there is one that tells the truth about it. */
  open(file: LogFile): IndexReader | null {
    if (file.size < indexedBytesMin) return null
    let reader: IndexReader | null = null
    try {
      reader = new IndexReader(this.pathOf(file))
      if (isOf(reader.directory.covers, file)) return reader
    } catch {
      // Not there, or broken: without it the log is read, and the next one that is built takes its place.
    }
    reader?.close()
    return null
  }

  /** Writes an index beside its place and moves it there when it is whole; of two at once, the last one stays. */
  async replace(file: LogFile, write: (path: string) => Promise<void>): Promise<void> {
    mkdirSync(this.path, { recursive: true, mode: 0o700 })
    const path = this.pathOf(file)
    const temporary = `${path}.${process.pid}.${counter++}.tmp`
    try {
      await write(temporary)
      renameSync(temporary, path)
    } finally {
      rmSync(temporary, { force: true })
    }
  }

  /** Removes what killed processes left. */
  tidy(): void {
    try {
      for (const name of readdirSync(this.path)) {
        const path = join(this.path, name)
        if (name.endsWith('.tmp') && statSync(path).mtimeMs < this.clock.now() - staleMs)
          rmSync(path, { force: true })
      }
    } catch {
      // There is no folder yet, or another process tidies it.
    }
  }

  private pathOf(file: LogFile): string {
    const fd = openLog(file)
    try {
      return join(this.path, mark(fd, 0, markBytes) + suffix)
    } finally {
      closeSync(fd)
    }
  }
}

let counter = 0

/** What tells a log from others when its index is opened again. */
export function marksOf(
  file: LogFile,
  covered: number,
): Pick<Covers, 'head' | 'headBytes' | 'tail' | 'size'> {
  const fd = openLog(file)
  try {
    const { size } = fstatSync(fd)
    const end = file.isPacked ? size : covered
    return {
      head: mark(fd, 0, Math.min(markBytes, size)),
      headBytes: Math.min(markBytes, size),
      tail: mark(fd, Math.max(0, end - markBytes), end),
      size,
    }
  } finally {
    closeSync(fd)
  }
}

/** Logs only grow: with the same beginning and the same bytes where the index ends, it is the log it was made of. */
function isOf(covers: Covers, file: LogFile): boolean {
  if (covers.isPacked !== file.isPacked) return false
  if (file.isPacked ? covers.size !== file.size : covers.covered > file.size) return false
  const { head, tail } = marksOf(file, covers.covered)
  return head === covers.head && tail === covers.tail
}
