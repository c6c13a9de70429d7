// Chunks that follow each other, searched: finds in each, and those across two.
import type { Chunk } from './chunks.ts'
import type { Gatherer } from './gather.ts'
import type { Searcher } from './searcher.ts'

export class ChunkSearch {
  private readonly searcher: Searcher
  private readonly gatherer: Gatherer
  private readonly overlap: number
  /** The last bytes of what was searched. */
  private tail: Buffer = Buffer.alloc(0)

  constructor(searcher: Searcher, gatherer: Gatherer) {
    this.searcher = searcher
    this.gatherer = gatherer
    this.overlap = Math.max(0, searcher.lengthMax - 1)
  }

  take(chunk: Chunk): void {
    const { bytes, offset } = chunk
    const start = offset - this.tail.length
    const seam = Buffer.concat([this.tail, bytes.subarray(0, this.overlap)])
    const hits = this.searcher
      .search(seam)
      .map(at => at + start)
      .filter(at => at < offset)
    for (const at of this.searcher.search(bytes)) hits.push(at + offset)
    // More than one chunk, when chunks are small.
    const last = bytes.length >= this.overlap ? bytes : Buffer.concat([this.tail, bytes])
    this.tail = Buffer.from(last.subarray(Math.max(0, last.length - this.overlap)))
    if (hits.length > 0 || this.gatherer.isReading) this.gatherer.take(chunk, hits)
  }
}
