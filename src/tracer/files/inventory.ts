// From the paths somebody names to the files that are read: files, folders in depth, standard input. What cannot be
// read is a gap in the trace, never an error: the rest of the logs still answers.
import {
  closeSync,
  constants,
  fstatSync,
  opendirSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Gap } from '../../model/trace.ts'
import { depthMax, entriesMax, filesMax, sniffBytes } from './bounds.ts'
import { type LogFile, reasonOf, unreadable } from './log-file.ts'
import { type Content, contentOf, isHole } from './sniff.ts'
import { type Spool, spoolInput } from './spool.ts'

export interface Inventory {
  readonly files: readonly LogFile[]
  readonly gaps: readonly Gap[]
  /** Holds standard input; gone when closed. */
  readonly spool: Spool | null
}

export interface InventoryOptions {
  /** What `-` stands for. */
  readonly input?: Readable
  /** Where standard input is kept while it is read. */
  readonly temporaryFolder: string
  /** Entries of folders that are looked at. */
  readonly entriesMax?: number
}

/** Every file below the paths that looks like a log, each once, whatever its names. Throws when no path is there. */
export async function takeInventory(paths: readonly string[], options: InventoryOptions): Promise<Inventory> {
  const walk = new Walk(options.entriesMax ?? entriesMax)
  let spool: Spool | null = null
  for (const path of paths) {
    if (path !== '-') walk.named(path)
    else if (!options.input) walk.gaps.push(unreadable('- (standard input): there is none'))
    else if (!spool) {
      spool = await spoolInput(options.input, options.temporaryFolder)
      if (spool.problem !== null) walk.gaps.push(unreadable(`- (standard input): ${spool.problem}`))
      walk.file('-', spool.path, true)
    }
  }
  if (walk.files.length === 0 && walk.absent !== null && walk.absentCount === paths.length) throw walk.absent
  return { files: walk.files, gaps: [...walk.gaps, ...walk.summary()], spool }
}

class Walk {
  readonly files: LogFile[] = []
  readonly gaps: Gap[] = []
  private readonly seen = new Set<string>()
  private readonly skipped = new Map<string, string[]>()
  private entries = 0
  private isCut = false
  private readonly entriesMax: number

  constructor(entriesMax: number) {
    this.entriesMax = entriesMax
  }

  /** Why the first of the named paths that cannot be looked at cannot, and how many they are. */
  absent: unknown = null
  absentCount = 0

  named(path: string): void {
    const stats = this.statsOf(path, error => {
      this.absent ??= error
      this.absentCount++
    })
    if (stats?.isDirectory()) this.folder(path, 0)
    else if (stats) this.file(path, path, true)
  }

  /** Only what is on the way is told one by one; what a folder holds beside logs is told in a sum. */
  file(name: string, path: string, isNamed: boolean): void {
    const stats = this.statsOf(path)
    if (!stats) return
    const say = (text: string): void => {
      if (isNamed) this.gaps.push(unreadable(`${name}: ${text}`))
      else this.skip(text, name)
    }
    // Opening a FIFO would wait for whoever writes it; a device may never end.
    if (!stats.isFile()) {
      say('it is not a file')
      return
    }
    const identity = `${stats.dev}:${stats.ino}`
    if (stats.size === 0 || this.seen.has(identity)) return
    this.seen.add(identity)
    if (this.files.length >= filesMax) {
      this.isCut = true
      return
    }
    let content: Content
    try {
      content = sniff(path)
    } catch (error) {
      this.gaps.push(unreadable(`${name}: ${reasonOf(error)}`))
      return
    }
    if (content === 'empty') return
    if (content === 'binary') say('it is not text')
    else if (typeof content === 'object')
      say(`it is packed with ${content.packedBy}, which is not read; unpack it first`)
    else
      this.files.push({
        name,
        path,
        isPacked: content === 'gzip',
        size: stats.size,
        modifiedAt: stats.mtimeMs,
        identity,
      })
  }

  summary(): readonly Gap[] {
    const gaps = [...this.skipped].map(([why, names]) =>
      unreadable(
        `${names.length === 1 ? '1 file' : `${names.length} files`} below the folders: ${why} ` +
          `(${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''})`,
        names.length,
      ),
    )
    if (this.isCut)
      gaps.push({
        kind: 'cut-off',
        service: null,
        count: null,
        text: `there are more than ${filesMax} files or ${this.entriesMax} entries of folders; name fewer to have all of them read`,
      })
    return gaps
  }

  private folder(path: string, depth: number): void {
    const stats = this.statsOf(path)
    if (!stats) return
    // A link back up leads to a folder that was already walked.
    const identity = `${stats.dev}:${stats.ino}`
    if (this.seen.has(identity)) return
    this.seen.add(identity)
    if (depth > depthMax) {
      this.isCut = true
      return
    }
    const names: string[] = []
    try {
      const folder = opendirSync(path)
      try {
        for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
          if (this.entries++ >= this.entriesMax) {
            this.isCut = true
            break
          }
          names.push(entry.name)
        }
      } finally {
        folder.closeSync()
      }
    } catch (error) {
      this.gaps.push(unreadable(`${path}: ${reasonOf(error)}`))
      return
    }
    for (const name of names.sort()) {
      const below = join(path, name)
      if (this.statsOf(below)?.isDirectory()) this.folder(below, depth + 1)
      else this.file(below, below, false)
    }
  }

  private statsOf(path: string, failed: (error: unknown) => void = () => {}): Stats | null {
    try {
      return statSync(path)
    } catch (error) {
      failed(error)
      this.gaps.push(unreadable(`${path}: ${reasonOf(error)}`))
      return null
    }
  }

  private skip(why: string, name: string): void {
    const names = this.skipped.get(why) ?? []
    names.push(name)
    this.skipped.set(why, names)
  }
}

function sniff(path: string): Content {
  // Without waiting, should it have become a FIFO meanwhile.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const bytes = Buffer.alloc(sniffBytes)
    const read = bytes.subarray(0, readSync(fd, bytes, 0, sniffBytes, 0))
    if (!isHole(read)) return contentOf(read)
    const size = fstatSync(fd).size
    return contentOf(bytes.subarray(0, readSync(fd, bytes, 0, sniffBytes, Math.max(0, size - sniffBytes))))
  } finally {
    closeSync(fd)
  }
}
