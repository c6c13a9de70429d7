// The records at both ends of a file: what it covers, and its newest.
import { closeSync, readSync } from 'node:fs'
import { type FileHint, RecordReader, startsRecord } from '../parse/reader.ts'
import type { LogRecord } from '../record.ts'
import { sampleBytes, smallFileBytes, smallSampleBytes, tailBytes } from './bounds.ts'
import { chunksOf, Damaged, openLog } from './chunks.ts'
import { LineCutter } from './lines.ts'
import type { LogFile } from './log-file.ts'

/** Some of the first and last records; of a packed file the first ones alone. Nothing when it cannot be read. */
export async function sampleFile(file: LogFile, hint: FileHint): Promise<readonly LogRecord[]> {
  const length = file.size <= smallFileBytes ? smallSampleBytes : sampleBytes
  try {
    if (!file.isPacked) {
      const fd = openLog(file)
      try {
        const head = recordsIn(read(fd, 0, length), 0, hint)
        const from = Math.max(length, file.size - length)
        return from >= file.size ? head : [...head, ...fromHead(read(fd, from, length), from, hint).records]
      } finally {
        closeSync(fd)
      }
    }
    for await (const { bytes } of chunksOf(file, 0, length))
      return recordsIn(bytes.subarray(0, length), 0, hint)
  } catch {
    // Reading it for a question says why it cannot be read.
  }
  return []
}

/** The records of a plain file from its end towards its beginning, a block of them at a time, each block in order. */
export function* blocksFromEnd(file: LogFile, hint: FileHint): Generator<readonly LogRecord[]> {
  const fd = openLog(file)
  try {
    let rest: Buffer = Buffer.alloc(0)
    for (let to = file.size; to > 0; ) {
      const from = Math.max(0, to - tailBytes)
      const bytes = Buffer.concat([read(fd, from, to - from), rest])
      if (from === 0) {
        yield recordsIn(bytes, 0, hint)
        return
      }
      const { records, begin } = fromHead(bytes, from, hint)
      // What stands in front of the first head belongs to a record of the block before it; a lump without any is let go.
      rest = begin === null ? Buffer.alloc(0) : bytes.subarray(0, begin)
      if (rest.length > tailBytes) rest = Buffer.alloc(0)
      yield records
      to = from
    }
  } finally {
    closeSync(fd)
  }
}

/** The last records of a packed file that a test lets through, in order. */
export async function lastOfPacked(
  file: LogFile,
  hint: FileHint,
  limit: number,
  isWanted: (record: LogRecord) => boolean,
): Promise<readonly LogRecord[]> {
  const reader = new RecordReader(hint)
  const cutter = new LineCutter(0)
  let kept: LogRecord[] = []
  const keep = (records: readonly LogRecord[]): void => {
    kept.push(...records.filter(isWanted))
    if (kept.length > limit * 2 + 1_000) kept = kept.slice(-limit)
  }
  try {
    for await (const { bytes } of chunksOf(file))
      for (let line = cutter.next(bytes); line; line = cutter.next(bytes))
        keep(reader.push(line.text, line.offset, line.length))
  } catch (error) {
    if (!(error instanceof Damaged)) throw error
  }
  keep(reader.end())
  return kept.slice(-limit)
}

function read(fd: number, from: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size)
  return buffer.subarray(0, readSync(fd, buffer, 0, size, from))
}

/** From the first line on that begins a record. */
function fromHead(bytes: Buffer, offset: number, hint: FileHint) {
  for (let at = bytes.indexOf(10) + 1; at > 0 && at < bytes.length; ) {
    const end = bytes.indexOf(10, at)
    const line = bytes.toString('utf8', at, end < 0 ? bytes.length : end)
    if (startsRecord(line)) return { records: recordsIn(bytes.subarray(at), offset + at, hint), begin: at }
    if (end < 0) break
    at = end + 1
  }
  return { records: [], begin: null }
}

function recordsIn(bytes: Buffer, offset: number, hint: FileHint): readonly LogRecord[] {
  const reader = new RecordReader(hint)
  const cutter = new LineCutter(offset)
  const records: LogRecord[] = []
  for (let line = cutter.next(bytes); line; line = cutter.next(bytes))
    records.push(...reader.push(line.text, line.offset, line.length))
  const rest = cutter.rest()
  if (rest) records.push(...reader.push(rest.text, rest.offset, rest.length))
  records.push(...reader.end())
  return records
}
