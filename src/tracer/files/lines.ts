// Bytes that come in chunks, as lines with their places. A line longer than the bound is cut, and its rest passed over.
import { lineBytesMax } from './bounds.ts'

const newline = 10

export interface Line {
  readonly text: string
  readonly offset: number
  /** Without the end of the line; of the whole line, when it was cut. */
  readonly length: number
  readonly isCut: boolean
}

/**
 *   const cutter = new LineCutter(offset)
 *   for (let line = cutter.next(bytes); line; line = cutter.next(bytes)) use(line)
 * `next` goes through one chunk after the other; null asks for the next one.
 */
export class LineCutter {
  /** Of the line that is begun. */
  private offset: number
  private readonly kept: Buffer[] = []
  private keptBytes = 0
  private passedBytes = 0
  private at = 0

  constructor(offset: number) {
    this.offset = offset
  }

  /** `from`: where in the first chunk to begin. */
  next(bytes: Buffer, from = 0): Line | null {
    const begin = Math.max(this.at, from)
    const end = bytes.indexOf(newline, begin)
    if (end < 0) {
      this.keep(bytes.subarray(begin))
      this.at = 0
      return null
    }
    this.at = end + 1
    if (this.keptBytes + this.passedBytes === 0 && end - begin <= lineBytesMax) {
      const line = {
        text: bytes.toString('utf8', begin, end),
        offset: this.offset,
        length: end - begin,
        isCut: false,
      }
      this.offset += line.length + 1
      return line
    }
    this.keep(bytes.subarray(begin, end))
    const line = this.taken()
    this.offset += line.length + 1
    return line
  }

  /** Where in the chunk the next line begins. */
  get position(): number {
    return this.at
  }

  /** What stands behind the last end of a line. */
  rest(): Line | null {
    return this.keptBytes + this.passedBytes === 0 ? null : this.taken()
  }

  private keep(bytes: Buffer): void {
    const room = Math.min(bytes.length, lineBytesMax - this.keptBytes)
    // A copy: the chunk is filled again.
    if (room > 0) this.kept.push(Buffer.from(bytes.subarray(0, room)))
    this.keptBytes += room
    this.passedBytes += bytes.length - room
  }

  private taken(): Line {
    const line = {
      text: Buffer.concat(this.kept).toString('utf8'),
      offset: this.offset,
      length: this.keptBytes + this.passedBytes,
      isCut: this.passedBytes > 0,
    }
    this.kept.length = 0
    this.keptBytes = 0
    this.passedBytes = 0
    return line
  }
}

/** The line that holds a byte: where it begins, or -1 when that is not in these bytes. `isStart`: they begin a line. */
export function lineStart(bytes: Buffer, at: number, isStart: boolean): number {
  const before = at === 0 ? -1 : bytes.lastIndexOf(newline, at - 1)
  return before >= 0 ? before + 1 : isStart ? 0 : -1
}

/** The text of the line that begins here, as far as it is in these bytes. */
export function lineAt(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(newline, start)
  return bytes.toString('utf8', start, Math.min(end < 0 ? bytes.length : end, start + lineBytesMax))
}
