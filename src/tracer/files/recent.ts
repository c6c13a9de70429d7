// The newest records that tell of requests or failures, over all files: the ends of the files first, backwards, as far
// as it takes.
import type { Instant } from '../../base/time.ts'
import type { FileHint } from '../parse/reader.ts'
import type { LogRecord } from '../record.ts'
import { tailBytes, tailTotalBytesMax } from './bounds.ts'
import { blocksFromEnd, lastOfPacked } from './ends.ts'
import type { LogFile } from './log-file.ts'

/** A request line, or a failure. */
export const tellsOfRequest = (record: LogRecord): boolean =>
  record.access !== null || record.level === 'ERROR' || record.level === 'CRITICAL'

/** A file's last line, in a zone it does not say, against the time the file was written. */
const zoneMs = 15 * 3_600_000

interface Cursor {
  readonly blocks: Iterator<readonly LogRecord[]>
  /** Nothing that was not read yet is newer. */
  newest: Instant
}

export async function recentRecords(
  files: readonly LogFile[],
  hintOf: (file: LogFile) => FileHint,
  limit: number,
): Promise<readonly LogRecord[]> {
  const found: LogRecord[] = []
  const plain = files.filter(file => !file.isPacked)
  let cursors = plain.map(
    (file): Cursor => ({ blocks: blocksFromEnd(file, hintOf(file)), newest: file.modifiedAt + zoneMs }),
  )
  for (let bytes = 0; cursors.length > 0 && bytes < tailTotalBytesMax; bytes += tailBytes) {
    const cursor = cursors.reduce((a, b) => (b.newest > a.newest ? b : a))
    if (hasEnough(found, limit, cursor.newest)) break
    const block = nextBlock(cursor)
    if (!block) cursors = cursors.filter(other => other !== cursor)
    else {
      found.push(...block.filter(tellsOfRequest))
      const oldest = block.reduce((at, record) => Math.min(at, record.at ?? at), cursor.newest)
      cursor.newest = Math.min(cursor.newest, oldest)
    }
  }
  for (const { blocks } of cursors) blocks.return?.()
  const packed = files.filter(file => file.isPacked).sort((a, b) => b.modifiedAt - a.modifiedAt)
  for (const file of packed) {
    if (hasEnough(found, limit, file.modifiedAt)) break
    found.push(...(await lastOfPacked(file, hintOf(file), limit, tellsOfRequest).catch(() => [])))
  }
  return newestFirst(found).slice(0, limit)
}

/** A file that cannot be read has no more; a question says why. */
function nextBlock(cursor: Cursor): readonly LogRecord[] | null {
  try {
    const next = cursor.blocks.next()
    return next.done ? null : next.value
  } catch {
    return null
  }
}

const hasEnough = (found: readonly LogRecord[], limit: number, newestLeft: Instant): boolean => {
  if (found.length < limit) return false
  let newer = 0
  for (const { at } of found) if (at !== null && at >= newestLeft) newer++
  return newer >= limit
}

const newestFirst = (records: readonly LogRecord[]): LogRecord[] =>
  [...records].sort((a, b) => (b.at ?? 0) - (a.at ?? 0) || b.place.offset - a.place.offset)
