// When the lines of a file were written, by looking at a few: so that a question about some minutes reads only the part
// of a file those minutes are in. Only for files that can be read anywhere, and whose times are there and in order.
import { closeSync, readSync } from 'node:fs'
import type { Instant } from '../../base/time.ts'
import { type FileHint, RecordReader, startsRecord } from '../parse/reader.ts'
import type { Window } from '../source.ts'
import { openLog } from './chunks.ts'
import type { LogFile } from './log-file.ts'

interface Sample {
  readonly offset: number
  readonly at: Instant
}

export interface Range {
  readonly from: number
  readonly to: number
}

/** One look for so many bytes. */
const sampledBytes = 4 * 1_048_576
const samplesMax = 32
/** Read for one look: some lines, and where they tell no time, more. */
const probeBytes = 4_096
const longProbeBytes = 65_536
/** Processes write their lines a moment after they took the time. */
const disorderMs = 5_000
/** What belongs to a moment may be logged later: clocks, buffers. */
const marginMs = 60_000
const exactBytes = 262_144

export class TimeMap {
  private readonly file: LogFile
  private readonly hint: FileHint
  private readonly size: number
  /** Null: times are missing, or not in order. */
  private samples: readonly Sample[] | null | undefined

  constructor(file: LogFile, hint: FileHint, size: number) {
    this.file = file
    this.hint = hint
    this.size = size
  }

  /** The part of the file to read for a window; null when there is none. */
  rangeOf(window: Window): Range | null {
    const whole = { from: 0, to: this.size }
    const fd = openLog(this.file)
    try {
      const samples = this.sample(fd)
      const [first, last] = [samples?.[0], samples?.at(-1)]
      if (!samples || !first || !last) return whole
      const [from, to] = [window.from - marginMs, window.to + marginMs]
      if (last.at < from || first.at > to) return null
      // The last place that is too early, and the first that is too late.
      return {
        from: this.edge(fd, samples, at => at < from)?.early ?? 0,
        to: this.edge(fd, samples, at => at <= to)?.late ?? this.size,
      }
    } finally {
      closeSync(fd)
    }
  }

  /** Where times stop being early, to within some lines; undefined when the first is not. */
  private edge(
    fd: number,
    samples: readonly Sample[],
    isEarly: (at: Instant) => boolean,
  ): { readonly early: number; readonly late: number } | undefined {
    const index = samples.findLastIndex(({ at }) => isEarly(at))
    const before = samples[index]
    if (!before) return undefined
    let early = before.offset
    let late = samples[index + 1]?.offset ?? this.size
    while (late - early > exactBytes) {
      const middle = early + Math.floor((late - early) / 2)
      const found = this.timeBehind(fd, middle)
      if (!found || found.offset >= late) break
      if (isEarly(found.at)) early = found.offset
      else late = found.offset
    }
    return { early, late }
  }

  private sample(fd: number): readonly Sample[] | null {
    if (this.samples !== undefined) return this.samples
    this.samples = null
    const count = Math.min(samplesMax, Math.ceil(this.size / sampledBytes) + 1)
    const samples: Sample[] = []
    for (let index = 0; index <= count; index++) {
      const offset = Math.floor((this.size * index) / count)
      const sample = index === count ? this.lastTime(fd) : this.timeBehind(fd, offset)
      const before = samples.at(-1)
      if (!sample || (before && sample.at < before.at - disorderMs)) return null
      samples.push(sample)
    }
    this.samples = samples
    return samples
  }

  private lastTime(fd: number): Sample | null {
    for (const bytes of [probeBytes, longProbeBytes]) {
      const from = Math.max(0, this.size - bytes)
      const found = timedLine(readAt(fd, from, this.size - from), this.hint, true)
      if (found) return { offset: from + found.offset, at: found.at }
    }
    return null
  }

  /** The first line behind a place that tells its time. */
  private timeBehind(fd: number, offset: number): Sample | null {
    for (const bytes of [probeBytes, longProbeBytes]) {
      const found = timedLine(readAt(fd, offset, bytes), this.hint, false, offset === 0)
      if (found) return { offset: offset + found.offset, at: found.at }
    }
    return null
  }
}

function readAt(fd: number, offset: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size)
  return buffer.subarray(0, readSync(fd, buffer, 0, size, offset))
}

/** The first whole line of the bytes, or the last, that tells its time. `isStart`: the bytes begin with a line. */
export function timedLine(bytes: Buffer, hint: FileHint, isLast: boolean, isStart = false): Sample | null {
  const first = isStart ? 0 : bytes.indexOf(10) + 1
  if (first === 0 && !isStart) return null
  if (!isLast) {
    for (let at = first, end = bytes.indexOf(10, at); end >= 0; at = end + 1, end = bytes.indexOf(10, at)) {
      const time = timeOf(bytes.toString('utf8', at, end), hint)
      if (time !== null) return { offset: at, at: time }
    }
    return null
  }
  for (let end = bytes.lastIndexOf(10); end > first; ) {
    const at = bytes.lastIndexOf(10, end - 1) + 1
    const time = timeOf(bytes.toString('utf8', at, end), hint)
    if (time !== null) return { offset: at, at: time }
    end = at - 1
  }
  return null
}

/** The time of a line alone. */
function timeOf(line: string, hint: FileHint): Instant | null {
  if (!startsRecord(line)) return null
  const reader = new RecordReader(hint)
  const [record] = [...reader.push(line, 0, line.length), ...reader.end()]
  return record?.at ?? null
}
