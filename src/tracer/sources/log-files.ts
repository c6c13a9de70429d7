// Log files as a source: searched where an index or the times of their lines say, whole otherwise.
import { tmpdir } from 'node:os'
import type { Readable } from 'node:stream'
import { type Clock, systemClock } from '../../base/time.ts'
import type { Gap } from '../../model/trace.ts'
import { foundCharactersMax, foundRecordsMax, sampledFilesMax } from '../files/bounds.ts'
import { Covered } from '../files/coverage.ts'
import { sampleFile } from '../files/ends.ts'
import { type Inventory, takeInventory } from '../files/inventory.ts'
import { type LogFile, reasonOf, unreadable } from '../files/log-file.ts'
import { recentRecords } from '../files/recent.ts'
import { type Question, scanFile } from '../files/scan.ts'
import { Searcher } from '../files/searcher.ts'
import { type Range, TimeMap } from '../files/time-map.ts'
import { buildIndex } from '../index/build.ts'
import { IndexFolder, indexedBytesMin } from '../index/folder.ts'
import type { IndexReader } from '../index/format.ts'
import { hashOfText } from '../index/ids.ts'
import { indexedRanges } from '../index/lookup.ts'
import type { FileHint } from '../parse/reader.ts'
import type { LogRecord } from '../record.ts'
import type { Coverage, Found, Source, Window } from '../source.ts'

export interface LogFilesOptions {
  /** What the path `-` stands for. */
  readonly input?: Readable
  /** Minutes east of UTC of times that do not say their zone. */
  readonly utcOffsetMinutes?: number
  /** Where indexes lie; without it there are none. Never the folder of the logs. */
  readonly indexFolder?: string
  /** Where standard input is kept meanwhile. */
  readonly temporaryFolder?: string
  readonly clock?: Clock
  /** Told now and then how many bytes were read so far, for all questions together. */
  readonly onProgress?: (bytes: number) => void
}

export interface LogFiles extends Source {
  /** Bytes on the disk, of all files. */
  readonly size: number
  /** Bytes of logs worth indexing that no index covers; 0 without a folder for them. */
  unindexedBytes(): number
  /**
   * Builds the indexes that are not there, and extends those whose logs have grown. Tells bytes as they pass. Returns
   * how many it wrote; 0 without a folder for them.
   */
  buildIndexes(progress?: (bytes: number) => void): Promise<number>
}

/**
 * Opens files, folders in depth, `-` for standard input. What cannot be read is a gap of every answer; only when none of
 * the paths is there it throws the system's error.
 *   const logs = await openLogFiles(['/var/log/nova', 'old/nova-api.log.1.gz'], { utcOffsetMinutes: 60 })
 */
export async function openLogFiles(
  paths: readonly string[],
  options: LogFilesOptions = {},
): Promise<LogFiles> {
  const { input } = options
  const temporaryFolder = options.temporaryFolder ?? tmpdir()
  const inventory = await takeInventory(paths, input ? { input, temporaryFolder } : { temporaryFolder })
  const logs = new Logs(paths, inventory, options)
  await logs.sample()
  return logs
}

/** Indexes held open: a process may have a thousand files. */
const openedMax = 256

/** Not worth narrowing. */
const littleBytes = 4 * 1_048_576

class Logs implements LogFiles {
  readonly name: string
  readonly size: number
  private readonly inventory: Inventory
  private readonly utcOffsetMinutes: number
  private readonly indexes: IndexFolder | null
  private readonly covered = new Covered()
  private readonly onProgress: (bytes: number) => void
  private bytesRead = 0
  private readonly times = new Map<LogFile, TimeMap>()
  /** Open for all rounds of a question; null: there is none. */
  private readonly opened = new Map<LogFile, IndexReader | null>()

  constructor(paths: readonly string[], inventory: Inventory, options: LogFilesOptions) {
    this.name = `logs ${paths.map(path => (path === '-' ? 'standard input' : path)).join(' ')}`
    this.inventory = inventory
    this.size = inventory.files.reduce((sum, file) => sum + file.size, 0)
    this.utcOffsetMinutes = options.utcOffsetMinutes ?? 0
    this.onProgress = options.onProgress ?? (() => {})
    this.indexes = options.indexFolder
      ? new IndexFolder(options.indexFolder, options.clock ?? systemClock)
      : null
  }

  /** So that there is something to say of services that are silent in an answer. */
  async sample(): Promise<void> {
    for (const file of this.inventory.files.slice(0, sampledFilesMax)) {
      const { size, ends } = this.indexOf(file)?.directory.covers ?? {}
      if (
        ends &&
        size === file.size &&
        ends.file === file.name &&
        ends.utcOffsetMinutes === this.utcOffsetMinutes
      )
        for (const span of ends.spans) this.covered.join(span)
      else for (const record of await sampleFile(file, this.hintOf(file))) this.covered.add(record)
    }
  }

  async find(texts: ReadonlySet<string>, window: Window | null): Promise<Found> {
    const passed = (bytes: number): void => {
      this.bytesRead += bytes
      this.onProgress(this.bytesRead)
    }
    const question: Question = { texts, searcher: new Searcher(texts), passed }
    const gaps: Gap[] = [...this.inventory.gaps]
    const kept = new Kept()
    for (const file of this.inventory.files) {
      const found = new Map<number, LogRecord>()
      try {
        const ranges = this.rangesOf(file, texts, window)
        const unread = await scanFile(file, this.hintOf(file), ranges, question, record => {
          if (kept.add(record)) found.set(record.place.offset, record)
        })
        gaps.push(...unread)
      } catch (error) {
        gaps.push(unreadable(`${file.name}: ${reasonOf(error)}`))
      }
      for (const record of found.values()) {
        this.covered.add(record)
        kept.records.push(record)
      }
    }
    if (kept.left > 0)
      gaps.push({
        kind: 'cut-off',
        service: null,
        count: kept.left,
        text: `${kept.left} more records have the ids; ask for a shorter time to have them`,
      })
    return { records: kept.records, gaps }
  }

  coverage(): readonly Coverage[] {
    return this.covered.all
  }

  recent(limit: number): Promise<readonly LogRecord[]> {
    return recentRecords(this.inventory.files, file => this.hintOf(file), limit)
  }

  unindexedBytes(): number {
    if (!this.indexes) return 0
    let bytes = 0
    for (const file of this.inventory.files) {
      if (file.size < indexedBytesMin) continue
      const index = this.indexOf(file)
      // Of a packed log it covers all or nothing.
      bytes += index ? (file.isPacked ? 0 : file.size - index.directory.covers.covered) : file.size
    }
    return bytes
  }

  async buildIndexes(progress: (bytes: number) => void = () => {}): Promise<number> {
    const { indexes } = this
    if (!indexes) return 0
    indexes.tidy()
    let written = 0
    for (const file of this.inventory.files) {
      try {
        if (await buildIndex(file, this.hintOf(file), indexes, progress)) written++
      } catch {
        // A log that cannot be read to its end has no index; questions say what is wrong with it.
      }
    }
    this.closeIndexes()
    return written
  }

  async close(): Promise<void> {
    this.closeIndexes()
    await this.inventory.spool?.remove()
  }

  private hintOf(file: LogFile): FileHint {
    return { file: file.name, utcOffsetMinutes: this.utcOffsetMinutes, notAfter: file.modifiedAt }
  }

  private rangesOf(file: LogFile, texts: ReadonlySet<string>, window: Window | null): readonly Range[] {
    const whole = [{ from: 0, to: file.isPacked ? Number.POSITIVE_INFINITY : file.size }]
    const hashes = [...texts].map(hashOfText)
    const index = this.indexOf(file)
    const indexed = index && indexedRanges(index, file, hashes, window, this.utcOffsetMinutes)
    const ranges = indexed ?? whole
    const isLittle = ranges.reduce((sum, { from, to }) => sum + to - from, 0) < littleBytes
    // Looking up times in the file costs as much as reading some MiB.
    if (!window || file.isPacked || isLittle) return ranges
    const allowed = this.timesOf(file).rangeOf(window)
    if (!allowed) return []
    return ranges
      .map(({ from, to }) => ({ from: Math.max(from, allowed.from), to: Math.min(to, allowed.to) }))
      .filter(({ from, to }) => from < to)
  }

  private indexOf(file: LogFile): IndexReader | null {
    let index = this.opened.get(file)
    if (index === undefined) {
      index = this.indexes?.open(file) ?? null
      if (this.opened.size >= openedMax) this.forgetOldest()
      this.opened.set(file, index)
    }
    return index
  }

  private closeIndexes(): void {
    for (const index of this.opened.values()) index?.close()
    this.opened.clear()
  }

  private forgetOldest(): void {
    for (const [file, index] of this.opened) {
      index?.close()
      this.opened.delete(file)
      return
    }
  }

  private timesOf(file: LogFile): TimeMap {
    let map = this.times.get(file)
    if (!map) {
      map = new TimeMap(file, this.hintOf(file), file.size)
      this.times.set(file, map)
    }
    return map
  }
}

/** The records of one answer, as many as may be held. */
class Kept {
  readonly records: LogRecord[] = []
  left = 0
  private count = 0
  private characters = 0

  add(record: LogRecord): boolean {
    const isRoom = this.count < foundRecordsMax && this.characters < foundCharactersMax
    if (!isRoom) this.left++
    else {
      this.count++
      this.characters += record.message.length
      for (const line of record.traceback) this.characters += line.length
    }
    return isRoom
  }
}
