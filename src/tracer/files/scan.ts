// One file searched for some texts: bytes in, records out.
import type { Gap } from '../../model/trace.ts'
import type { FileHint } from '../parse/reader.ts'
import type { LogRecord } from '../record.ts'
import { ChunkSearch } from './chunk-search.ts'
import { chunksOf, Damaged } from './chunks.ts'
import { Gatherer } from './gather.ts'
import { type LogFile, reasonOf, unreadable } from './log-file.ts'
import type { Searcher } from './searcher.ts'
import type { Range } from './time-map.ts'

export interface Question {
  readonly texts: ReadonlySet<string>
  readonly searcher: Searcher
}

export interface Scanned {
  readonly gaps: readonly Gap[]
  /** Bytes gone through. */
  readonly bytes: number
}

/** Searches the ranges, which ascend and do not overlap. A record is handed over once, or again when more of it is known. */
export async function scanFile(
  file: LogFile,
  hint: FileHint,
  ranges: readonly Range[],
  question: Question,
  use: (record: LogRecord) => void,
): Promise<Scanned> {
  const gatherer = new Gatherer(hint, question.texts, use)
  const gaps: Gap[] = []
  let bytes = 0
  try {
    // A packed file has one beginning: it is gone through up to the last range.
    const runs = file.isPacked ? whole(ranges) : ranges
    // A record that goes on to the next range is read on there.
    for (const [index, range] of runs.entries())
      bytes += await scanRun(file, range, runs[index + 1]?.from, question, gatherer)
    gatherer.end()
  } catch (error) {
    gatherer.end()
    if (error instanceof Damaged)
      gaps.push({
        kind: 'cut-off',
        service: null,
        count: null,
        text: `${file.name}: ${error.message} after ${error.readBytes} unpacked bytes; what follows is missing`,
      })
    else gaps.push(unreadable(`${file.name}: ${reasonOf(error)}`))
  }
  if (gatherer.shortened > 0)
    gaps.push({
      kind: 'shortened',
      service: null,
      count: gatherer.shortened,
      text: `${file.name}: ${gatherer.shortened} lines or records were longer than is kept, and were cut`,
    })
  if (gatherer.unparsed > 0)
    gaps.push({
      kind: 'unparsed',
      service: null,
      count: gatherer.unparsed,
      text: `${file.name}: ${gatherer.unparsed} lines have the id but could not be read as records`,
    })
  return { gaps, bytes }
}

const whole = (ranges: readonly Range[]): readonly Range[] => {
  const last = ranges.at(-1)
  return last ? [{ from: 0, to: last.to }] : []
}

/** Reads past the end of the range while a record is not complete, but not into the next range. */
async function scanRun(
  file: LogFile,
  range: Range,
  nextFrom: number | undefined,
  question: Question,
  gatherer: Gatherer,
): Promise<number> {
  const search = new ChunkSearch(question.searcher, gatherer)
  let bytes = 0
  for await (const chunk of chunksOf(file, range.from, file.isPacked ? undefined : range.to)) {
    bytes += chunk.bytes.length
    search.take(chunk)
    const isBehind = chunk.offset + chunk.bytes.length >= range.to
    if (isBehind && !gatherer.isReading) return bytes
  }
  if (file.isPacked || !gatherer.isReading) return bytes
  for await (const chunk of chunksOf(file, range.to, nextFrom)) {
    bytes += chunk.bytes.length
    search.take(chunk)
    if (!gatherer.isReading) break
  }
  return bytes
}
