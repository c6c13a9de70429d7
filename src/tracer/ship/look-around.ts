// Which files there are to ship, each with how far it came. Beside the named ones that is what rotation made of them: the
// rest of `nova-api.log` may stand in `nova-api.log.1`, which nobody named.
import { closeSync, fstatSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { chunksOf, Damaged, openLog } from '../files/chunks.ts'
import { takeInventory } from '../files/inventory.ts'
import { type LogFile, reasonOf } from '../files/log-file.ts'
import { type Headed, headBytesMax, type KnownFile, recognise } from './identity.ts'

export interface Surroundings {
  readonly found: ReadonlyMap<LogFile, KnownFile>
  /** What could not be read, and why. */
  readonly problems: readonly string[]
}

export class LookAround {
  private readonly paths: readonly string[]
  /** Of packed files, by identity and size: unpacking begins with a lot of bytes. */
  private readonly heads = new Map<string, Uint8Array>()

  constructor(paths: readonly string[]) {
    this.paths = paths
  }

  async look(known: readonly KnownFile[]): Promise<Surroundings> {
    const { files, problems } = await filesAt(this.paths)
    const named = new Set(files.map(({ identity }) => identity))
    const lost = known.filter(({ identity }) => !named.has(identity)).map(({ name }) => name)
    const siblings = await siblingsOf(lost)
    const unnamed = siblings.filter(({ identity }) => !named.has(identity))
    const recognised = recognise(await this.headed([...files, ...unnamed]), known)
    const knownIds = new Set(known.map(({ id }) => id))
    const found = [...recognised].filter(([file, { id }]) => named.has(file.identity) || knownIds.has(id))
    return { found: new Map(found), problems }
  }

  private async headed(files: readonly LogFile[]): Promise<readonly Headed[]> {
    const headed: Headed[] = []
    for (const file of files) {
      const head = await this.headOf(file)
      // Gone, or begun anew, since it was found: the next look tells.
      if (head && head.length > 0) headed.push({ file, head })
    }
    return headed
  }

  private async headOf(file: LogFile): Promise<Uint8Array | null> {
    if (!file.isPacked) return plainHead(file)
    const key = `${file.identity} ${file.size}`
    const head = this.heads.get(key) ?? (await packedHead(file))
    this.heads.set(key, head)
    return head
  }
}

interface Files {
  readonly files: readonly LogFile[]
  readonly problems: readonly string[]
}

/** In the middle of a rotation none of the names may lead to a file: while following, the next look finds it. */
async function filesAt(paths: readonly string[]): Promise<Files> {
  try {
    const { files, gaps } = await takeInventory(paths, { temporaryFolder: '' })
    return { files, problems: gaps.map(({ text }) => text) }
  } catch (error) {
    return { files: [], problems: [`${paths.join(', ')}: ${reasonOf(error)}`] }
  }
}

function plainHead(file: LogFile): Uint8Array | null {
  try {
    const fd = openLog(file)
    try {
      const { dev, ino } = fstatSync(fd)
      if (`${dev}:${ino}` !== file.identity) return null
      const bytes = Buffer.alloc(headBytesMax)
      return bytes.subarray(0, readSync(fd, bytes, 0, headBytesMax, 0))
    } finally {
      closeSync(fd)
    }
  } catch {
    return null
  }
}

async function packedHead(file: LogFile): Promise<Uint8Array> {
  try {
    for await (const { bytes } of chunksOf(file)) return Buffer.from(bytes.subarray(0, headBytesMax))
  } catch (error) {
    if (!(error instanceof Damaged)) throw error
  }
  return new Uint8Array()
}

/** Files beside those, whose names begin alike. */
async function siblingsOf(paths: readonly string[]): Promise<readonly LogFile[]> {
  const stems = new Map<string, Set<string>>()
  for (const path of paths) {
    const folder = dirname(path)
    const stem = basename(path).replace(/\.(?:log)?(?:[.-][\d.-]+)?(?:\.gz)?$/, '')
    stems.set(folder, (stems.get(folder) ?? new Set()).add(stem))
  }
  const beside = [...stems].flatMap(([folder, names]) => {
    const all = entriesOf(folder).filter(entry => [...names].some(name => entry.startsWith(name)))
    return all.map(entry => join(folder, entry))
  })
  return (await filesAt(beside)).files
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(({ name }) => name)
  } catch {
    return []
  }
}

/** Bytes under the path now; null when it leads to nothing or to another file. */
export function sizeNow({ path, identity }: LogFile): number | null {
  try {
    const { dev, ino, size } = statSync(path)
    return `${dev}:${ino}` === identity ? size : null
  } catch {
    return null
  }
}
