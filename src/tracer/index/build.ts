// Builds the index of a log in one pass, or extends it by what the log has grown.
import { alignedBuffer, type Chunk, chunksOf } from '../files/chunks.ts'
import { Covered } from '../files/coverage.ts'
import { sampleFile } from '../files/ends.ts'
import type { LogFile } from '../files/log-file.ts'
import { timedLine } from '../files/time-map.ts'
import type { FileHint } from '../parse/reader.ts'
import { blockBytes, blocksMax, Entries, segmentEntriesMax } from './entries.ts'
import { type IndexFolder, indexedBytesMin, marksOf } from './folder.ts'
import { type Covers, type IndexReader, IndexWriter } from './format.ts'
import { eachId, idBytes } from './ids.ts'

/** What a log has grown by is searched without an index until it is this much. */
const growthBytesMin = 1_048_576
const overlap = idBytes - 1

/** Whether it wrote one. Bytes gone through are told as they pass. */
export async function buildIndex(
  file: LogFile,
  hint: FileHint,
  folder: IndexFolder,
  progress: (bytes: number) => void,
): Promise<boolean> {
  if (file.size < indexedBytesMin) return false
  const before = folder.open(file)
  try {
    const from = before?.directory.covers.covered ?? 0
    if (before && (file.isPacked || file.size - from < growthBytesMin)) return false
    await folder.replace(file, async path => {
      const writer = new IndexWriter(path)
      try {
        const pass = new Pass(writer, before, hint)
        await pass.read(file, from, progress)
        await pass.finish(file)
      } finally {
        writer.close()
      }
    })
    return true
  } finally {
    before?.close()
  }
}

class Pass {
  private readonly writer: IndexWriter
  private readonly hint: FileHint
  private readonly entries = new Entries()
  private covered = 0
  private from = Number.POSITIVE_INFINITY
  private to = Number.NEGATIVE_INFINITY
  private hasAllTimes = true

  constructor(writer: IndexWriter, before: IndexReader | null, hint: FileHint) {
    this.writer = writer
    this.hint = hint
    const times = before?.directory.covers.times
    if (times && times.utcOffsetMinutes === (hint.utcOffsetMinutes ?? 0))
      ({ from: this.from, to: this.to } = times)
    else if (before) this.hasAllTimes = false
    // Small segments are sorted again together with what is new, so that there are never many.
    if (!before) return
    for (const segment of before.directory.segments) {
      if (segment.count >= segmentEntriesMax / 2) writer.copy(before, segment)
      else before.eachEntry(segment, (hash, block) => this.add(hash, block))
    }
  }

  async read(file: LogFile, from: number, progress: (bytes: number) => void): Promise<void> {
    const end = Math.min(blocksMax * blockBytes, file.isPacked ? Number.POSITIVE_INFINITY : file.size)
    const seam = alignedBuffer(2 * overlap)
    let tail = 0
    let offset = from
    for await (const chunk of chunksOf(file, from, end)) {
      const { bytes } = chunk
      const head = bytes.copy(seam, tail, 0, overlap)
      const seamStart = chunk.offset - tail
      eachId(seam.subarray(0, tail + head), (at, hash) => {
        if (seamStart + at < chunk.offset) this.addAt(hash, seamStart + at)
      })
      eachId(bytes, (at, hash) => this.addAt(hash, chunk.offset + at))
      tail = bytes.copy(seam, 0, Math.max(0, bytes.length - overlap))
      this.time(chunk)
      offset = chunk.offset + bytes.length
      progress(bytes.length)
    }
    // An id may begin in the last bytes and end in what is not written yet.
    this.covered = file.isPacked ? offset : Math.floor((offset - overlap) / blockBytes) * blockBytes
  }

  async finish(file: LogFile): Promise<void> {
    if (!this.entries.isEmpty) this.writer.segment(this.entries.take())
    const { covered, times } = this
    const seen = new Covered()
    for (const record of await sampleFile(file, this.hint)) seen.add(record)
    const ends = { file: file.name, utcOffsetMinutes: this.hint.utcOffsetMinutes ?? 0, spans: seen.all }
    this.writer.finish({ isPacked: file.isPacked, ...marksOf(file, covered), covered, times, ends })
  }

  private get times(): Covers['times'] {
    if (!this.hasAllTimes || this.from > this.to) return null
    return { from: this.from, to: this.to, utcOffsetMinutes: this.hint.utcOffsetMinutes ?? 0 }
  }

  private addAt(hash: number, offset: number): void {
    this.add(hash, Math.floor(offset / blockBytes))
  }

  private add(hash: number, block: number): void {
    this.entries.add(hash, block)
    if (this.entries.isFull) this.writer.segment(this.entries.take())
  }

  /** The times at both ends of each chunk stand for those between. */
  private time(chunk: Chunk): void {
    for (const isLast of [false, true]) {
      const line = timedLine(chunk.bytes, this.hint, isLast, chunk.offset === 0)
      if (!line) this.hasAllTimes = false
      else {
        this.from = Math.min(this.from, line.at)
        this.to = Math.max(this.to, line.at)
      }
    }
  }
}
