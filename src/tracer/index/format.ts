// An index as it lies on the disk: pages of sorted entries, a directory of the pages, and a footer. Every page and the
// directory have a checksum, and nothing is used before it was compared; so a lookup reads the directory and a page.
//   page       hashes (u32 LE) ascending, then their blocks (u32 LE)
//   directory  JSON
//   footer     bytes of the directory, its CRC-32, version, magic (u32 LE each)
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { Coverage } from '../source.ts'
import { blockOf, hashOf } from './entries.ts'

export const indexVersion = 2
const magic = 0x58494c46
const footerBytes = 16
export const pageEntriesMax = 4_096
const entryBytes = 8
/** Larger ones are not ours. */
const directoryBytesMax = 64 * 1_048_576

export interface Page {
  readonly first: number
  readonly count: number
  readonly crc: number
  readonly offset: number
}

export interface Segment {
  readonly count: number
  readonly pages: readonly Page[]
}

/** Which log an index is of. */
export interface Covers {
  readonly isPacked: boolean
  /** Mark of the first bytes of the log as it lies on the disk, and how many they are. */
  readonly head: string
  readonly headBytes: number
  /** Mark of the last bytes that are covered; of a packed log, the last ones as they lie on the disk. */
  readonly tail: string
  /** Offsets below are covered. */
  readonly covered: number
  /** Of the log when it was gone through; a packed one does not grow. */
  readonly size: number
  /** What the ends of the log said of services and hosts then, read under this name and in this zone. */
  readonly ends: {
    readonly file: string
    readonly utcOffsetMinutes: number
    readonly spans: readonly Coverage[]
  }
  /** Times seen, for a zone of lines that do not say theirs; null when some could not be read. */
  readonly times: { readonly from: number; readonly to: number; readonly utcOffsetMinutes: number } | null
}

export interface Directory {
  readonly covers: Covers
  readonly segments: readonly Segment[]
}

export class BrokenIndex extends Error {}

export class IndexWriter {
  private readonly fd: number
  private offset = 0
  private readonly segments: Segment[] = []

  constructor(path: string) {
    this.fd = openSync(path, 'wx', 0o600)
  }

  /** Entries sorted, each once. */
  segment(entries: Float64Array): void {
    const pages: Page[] = []
    for (let at = 0; at < entries.length; at += pageEntriesMax) {
      const part = entries.subarray(at, at + pageEntriesMax)
      const bytes = Buffer.allocUnsafe(part.length * entryBytes)
      part.forEach((entry, index) => {
        bytes.writeUInt32LE(hashOf(entry), index * 4)
        bytes.writeUInt32LE(blockOf(entry), (part.length + index) * 4)
      })
      pages.push(this.page(bytes))
    }
    this.segments.push({ count: entries.length, pages })
  }

  /** One that another index has. */
  copy(reader: IndexReader, segment: Segment): void {
    this.segments.push({ ...segment, pages: segment.pages.map(page => this.page(reader.bytesOf(page))) })
  }

  finish(covers: Covers): void {
    const directory = Buffer.from(JSON.stringify({ covers, segments: this.segments } satisfies Directory))
    const footer = Buffer.alloc(footerBytes)
    ;[directory.length, crc32(directory), indexVersion, magic].forEach((value, index) => {
      footer.writeUInt32LE(value, index * 4)
    })
    this.write(Buffer.concat([directory, footer]))
  }

  close(): void {
    closeSync(this.fd)
  }

  private page(bytes: Buffer): Page {
    const page = {
      first: bytes.readUInt32LE(0),
      count: bytes.length / entryBytes,
      crc: crc32(bytes),
      offset: this.offset,
    }
    this.write(bytes)
    return page
  }

  private write(bytes: Buffer): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.fd, bytes, done)
    this.offset += bytes.length
  }
}

export class IndexReader {
  readonly directory: Directory
  private readonly fd: number

  /** Throws when there is none, or it is broken. */
  constructor(path: string) {
    this.fd = openSync(path, 'r')
    try {
      this.directory = this.readDirectory()
    } catch (error) {
      closeSync(this.fd)
      throw error
    }
  }

  /** The blocks a hash stands in, ascending. */
  blocksOf(hash: number): readonly number[] {
    const blocks = new Set<number>()
    for (const { pages } of this.directory.segments) {
      // The last page that begins before the hash may end with it.
      let index = Math.max(0, lowerBound(pages.length, at => pages[at]!.first < hash) - 1)
      for (let page = pages[index]; page && page.first <= hash; page = pages[++index]) {
        const bytes = this.bytesOf(page)
        const { count } = page
        let at = lowerBound(count, entry => bytes.readUInt32LE(entry * 4) < hash)
        for (; at < count && bytes.readUInt32LE(at * 4) === hash; at++)
          blocks.add(bytes.readUInt32LE((count + at) * 4))
      }
    }
    return [...blocks].sort((a, b) => a - b)
  }

  /** Hands over every entry of a segment. */
  eachEntry(segment: Segment, use: (hash: number, block: number) => void): void {
    for (const page of segment.pages) {
      const bytes = this.bytesOf(page)
      for (let at = 0; at < page.count; at++)
        use(bytes.readUInt32LE(at * 4), bytes.readUInt32LE((page.count + at) * 4))
    }
  }

  bytesOf(page: Page): Buffer {
    const bytes = this.read(page.offset, page.count * entryBytes)
    if (crc32(bytes) !== page.crc) throw new BrokenIndex('a page is damaged')
    return bytes
  }

  close(): void {
    closeSync(this.fd)
  }

  private readDirectory(): Directory {
    const { size } = fstatSync(this.fd)
    if (size < footerBytes) throw new BrokenIndex('it is too short')
    const footer = this.read(size - footerBytes, footerBytes)
    const [bytes, crc, version, mark] = [0, 4, 8, 12].map(at => footer.readUInt32LE(at))
    if (mark !== magic || version !== indexVersion) throw new BrokenIndex('it is of another version')
    if (bytes === undefined || bytes > Math.min(directoryBytesMax, size - footerBytes))
      throw new BrokenIndex('its directory is damaged')
    const text = this.read(size - footerBytes - bytes, bytes)
    if (crc32(text) !== crc) throw new BrokenIndex('its directory is damaged')
    return JSON.parse(text.toString()) // of this version, and as it was written
  }

  private read(offset: number, size: number): Buffer {
    const bytes = Buffer.allocUnsafe(size)
    if (readSync(this.fd, bytes, 0, size, offset) !== size) throw new BrokenIndex('it is too short')
    return bytes
  }
}

/** How many of the first ones are before what is looked for. */
function lowerBound(count: number, isBefore: (at: number) => boolean): number {
  let [from, to] = [0, count]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (isBefore(middle)) from = middle + 1
    else to = middle
  }
  return from
}
