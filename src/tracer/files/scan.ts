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
  /** Told of bytes as they pass. */
  readonly passed: (bytes: number) => void
}

/** What could not be read. Searches the ranges, which ascend and do not overlap. A record is handed over once, or again when more of it is known. */
export async function scanFile(
  file: LogFile,
  hint: FileHint,
  ranges: readonly Range[],
  question: Question,
  use: (record: LogRecord) => void,
): Promise<readonly Gap[]> {
  const gatherer = new Gatherer(hint, question.texts, use)
  const gaps: Gap[] = []
  try {
    // A packed file has one beginning: it is gone through up to the last range.
    const runs = file.isPacked ? whole(ranges) : ranges
    // A record that goes on to the next range is read on there.
    for (const [index, range] of runs.entries())
      await scanRun(file, range, runs[index + 1]?.from, question, gatherer)
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
  return gaps
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
): Promise<void> {
  const { searcher, passed } = question
  const search = new ChunkSearch(searcher, gatherer)
  for await (const chunk of chunksOf(file, range.from, file.isPacked ? undefined : range.to)) {
    passed(chunk.bytes.length)
    search.take(chunk)
    if (chunk.offset + chunk.bytes.length >= range.to && !gatherer.isReading) return
  }
  if (file.isPacked || !gatherer.isReading) return
  for await (const chunk of chunksOf(file, range.to, nextFrom)) {
    passed(chunk.bytes.length)
    search.take(chunk)
    if (!gatherer.isReading) return
  }
}
