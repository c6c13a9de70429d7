// From the places where a text was found to the records it stands in: back to the head of the record, and forward until
// the record is complete. Reading begins anew around each find, so that a file of gigabytes costs the parsing of some
// lines. Feed it chunk after chunk with the finds of each.

import { type FileHint, RecordReader, startsRecord } from '../parse/reader.ts'
import type { LogRecord } from '../record.ts'
import { backLinesHardMax, backLinesMax, lineBytesMax, quietLinesMax } from './bounds.ts'
import type { Chunk } from './chunks.ts'
import { type Line, LineCutter, lineAt, lineStart } from './lines.ts'
import { mentions } from './mentions.ts'

/** A find this close behind is read on to, instead of anew. */
const nearBytes = 32_768
/** A level of failure, which a line of a traceback has too, in whole or in the clothes of a record of its own. */
const mayBeTraceback = /\b(?:ERROR|TRACE|CRITICAL)\b/

export class Gatherer {
  /** Finds in lines no record could be made of. */
  unparsed = 0
  shortened = 0
  private readonly hint: FileHint
  private readonly texts: ReadonlySet<string>
  private readonly use: (record: LogRecord) => void
  private island: Island | null = null
  /** Lines in front of it have been read. */
  private done = 0

  constructor(hint: FileHint, texts: ReadonlySet<string>, use: (record: LogRecord) => void) {
    this.hint = hint
    this.texts = texts
    this.use = use
  }

  /** It is in the middle of a record, and wants what follows. */
  get isReading(): boolean {
    return this.island !== null
  }

  /** `hits`: offsets in the file, ascending; none lies behind this chunk, none before the last line of the one before. */
  take(chunk: Chunk, hits: readonly number[]): void {
    let at = 0
    if (this.island) {
      this.island.hits.push(...hits)
      if (!this.read(this.island, chunk.bytes, 0)) return
    }
    while (at < hits.length) {
      const hit = hits[at++]! // in range
      if (hit < this.done) continue
      const found = startOf(chunk, hit)
      if (!found) continue
      const island = new Island(found.offset, this.hint, hits.slice(at - 1))
      this.island = island
      const { bytes, begin } = found
      if (!this.read(island, bytes, begin)) return
    }
  }

  /** The file ends, or what comes next does not follow. */
  end(): void {
    const { island } = this
    if (!island) return
    const rest = island.cutter.rest()
    if (rest) this.line(island, rest)
    this.close(island)
  }

  /** Whether the island ended within these bytes. */
  private read(island: Island, bytes: Buffer, from: number): boolean {
    for (let line = island.cutter.next(bytes, from); line; line = island.cutter.next(bytes)) {
      this.line(island, line)
      const isComplete = island.waiting.size === 0 || island.quiet > quietLinesMax
      if (island.heads.size > 0 && isComplete && !island.isNear(line)) {
        this.done = line.offset + line.length + 1
        this.close(island)
        return true
      }
    }
    return false
  }

  private line(island: Island, line: Line): void {
    const isHit = island.takeHits(line)
    if (isHit) {
      island.waiting.add(line.offset)
      island.heads.add(line.offset)
      island.quiet = 0
    }
    if (line.isCut) this.shortened++
    const { reader } = island
    const { continued, unparsed } = reader.counts
    const complete = reader.push(line.text, line.offset, line.length)
    if (reader.counts.continued > continued) island.quiet = 0
    else island.quiet++
    if (isHit && reader.counts.unparsed > unparsed) {
      this.unparsed++
      island.waiting.delete(line.offset)
    }
    for (const record of complete) this.complete(island, record)
  }

  private complete(island: Island, record: LogRecord): void {
    const { offset, length } = record.place
    const isFound = island.heads.has(offset) || (island.heads.size > 0 && mentions(record, this.texts))
    island.waiting.delete(offset)
    if (!isFound) return
    for (const hit of island.waiting) if (hit > offset && hit < offset + length) island.waiting.delete(hit)
    this.use(record)
  }

  private close(island: Island): void {
    this.island = null
    for (const record of island.reader.end()) this.complete(island, record)
    this.shortened += island.reader.counts.shortened
  }
}

/** What is read in one go: the lines around one find, or around several near each other. */
class Island {
  readonly reader: RecordReader
  readonly cutter: LineCutter
  readonly hits: number[]
  /** Which of them comes next. */
  private next = 0
  /** Lines with finds. */
  readonly heads = new Set<number>()
  /** The same, until the record they belong to is complete. */
  readonly waiting = new Set<number>()
  /** Lines since one that told anything of an earlier record. */
  quiet = 0

  constructor(offset: number, hint: FileHint, hits: readonly number[]) {
    this.reader = new RecordReader(hint)
    this.cutter = new LineCutter(offset)
    this.hits = [...hits]
  }

  /** Whether the line has a find in what is kept of it. */
  takeHits(line: Line): boolean {
    let isHit = false
    for (let hit = this.hits[this.next]; hit !== undefined; hit = this.hits[++this.next]) {
      if (hit > line.offset + line.length) break
      isHit ||= hit >= line.offset && hit < line.offset + lineBytesMax
    }
    return isHit
  }

  isNear(line: Line): boolean {
    const next = this.hits[this.next]
    return next !== undefined && next - line.offset < nearBytes
  }
}

/** Where to begin reading for a find, in these bytes; null when its line began too long ago. */
function startOf(chunk: Chunk, hit: number): { bytes: Buffer; begin: number; offset: number } | null {
  // Most finds need nothing of what stands in front of their chunk.
  const own = backFrom(chunk.bytes, hit - chunk.offset, chunk.offset === 0)
  if (own?.isSure) return { bytes: chunk.bytes, begin: own.begin, offset: chunk.offset + own.begin }
  const before = chunk.before()
  const bytes = before.length === 0 ? chunk.bytes : Buffer.concat([before, chunk.bytes])
  const base = chunk.offset - before.length
  const found = backFrom(bytes, hit - base, base === 0)
  return found && { bytes, begin: found.begin, offset: base + found.begin }
}

/** `isSure`: more bytes in front would not change it. */
function backFrom(bytes: Buffer, hit: number, isStart: boolean): { begin: number; isSure: boolean } | null {
  if (hit < 0) return null
  let begin = lineStart(bytes, hit, isStart)
  if (begin < 0) return null
  const text = lineAt(bytes, begin)
  const isHead = startsRecord(text)
  if (isHead && !mayBeTraceback.test(text)) return { begin, isSure: true }
  let isBegun = isHead
  for (let lines = 1; begin > 0; lines++) {
    if (lines > (isBegun ? backLinesMax : backLinesHardMax)) return { begin, isSure: true }
    const earlier = lineStart(bytes, begin - 1, isStart)
    if (earlier < 0) return { begin, isSure: false }
    begin = earlier
    isBegun ||= startsRecord(lineAt(bytes, begin))
  }
  return { begin, isSure: isStart }
}
