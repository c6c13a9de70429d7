// Which parts of a log to search for some ids: the blocks its index names, and what the index does not cover.
import type { LogFile } from '../files/log-file.ts'
import type { Range } from '../files/time-map.ts'
import type { Window } from '../source.ts'
import { blockBytes } from './entries.ts'
import type { Covers, IndexReader } from './format.ts'
import { idBytes, requestPrefix } from './ids.ts'

/** As for the times of lines: clocks and buffers. */
const marginMs = 60_000

/** Null when the index cannot tell: one of the texts is no id, or a page of it is damaged. */
export function indexedRanges(
  index: IndexReader,
  file: LogFile,
  hashes: readonly (number | null)[],
  window: Window | null,
  utcOffsetMinutes: number,
): readonly Range[] | null {
  try {
    const { covers } = index.directory
    if (window && file.isPacked && isOutside(covers, window, utcOffsetMinutes)) return []
    const blocks = new Set<number>()
    for (const hash of hashes) {
      if (hash === null) return null
      for (const block of index.blocksOf(hash)) blocks.add(block)
    }
    const ranges = [...blocks].map(block => ({
      from: Math.max(0, block * blockBytes - requestPrefix.length),
      to: (block + 1) * blockBytes + idBytes,
    }))
    if (!file.isPacked)
      ranges.push({ from: Math.max(0, covers.covered - requestPrefix.length), to: file.size })
    return joined(ranges)
  } catch {
    // A page is damaged: the log is read instead.
    return null
  }
}

const isOutside = ({ times }: Covers, window: Window, utcOffsetMinutes: number): boolean =>
  times !== null &&
  times.utcOffsetMinutes === utcOffsetMinutes &&
  (times.to < window.from - marginMs || times.from > window.to + marginMs)

/** Ascending, those that touch made one. */
function joined(ranges: readonly Range[]): readonly Range[] {
  const all: { from: number; to: number }[] = []
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else all.push({ from, to })
  }
  return all
}
