// Where backups lie: two files each. `backup-<id>` has the blocks of a volume one behind the other, without those that
// are zero; `backup-<id>.index` says where each of them belongs, what all blocks were, and what the volume was called.
// An incremental backup has the blocks that differ from its parent, zero or not. The index is written last, under
// another name first: a backup without one was never finished.
import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { assert } from '../../base/assert.ts'
import { readJson } from '../../base/json.ts'
import { syncFolder } from '../files.ts'
import type { Named } from '../store.ts'

const blockBytes = 64 * 1024

/** What a restored volume takes over beside its bytes (cinder/backup/driver.py, BackupMetadataAPI). */
export interface BackedUpVolume {
  readonly name: string | null
  readonly description: string | null
  readonly isBootable: boolean
  readonly metadata: Named
  readonly imageMetadata: Named
}

interface Index {
  readonly version: 1
  readonly blockBytes: number
  readonly lengthBytes: number
  /** Of every block, whatever backup it lies in; '' is zero. */
  readonly digests: readonly string[]
  /** Blocks held here: number, and offset in the data file; -1 is zero. */
  readonly blocks: readonly (readonly [number, number])[]
  readonly volume: BackedUpVolume
}

const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const namePattern = /^backup-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.index(?:\.new)?)?$/

/** Whether a text can be the id of files here. */
export const isDataId = (text: unknown): text is string => typeof text === 'string' && idPattern.test(text)

export interface BackupFiles {
  /** Writes what `data` brings, or what of it differs from the parent; answers how many blocks that were. */
  write(
    id: string,
    given: { readonly parentId: string | null; readonly data: Readable; readonly volume: BackedUpVolume },
  ): Promise<number>
  /** What the volume held at the last of these backups, each the difference to the one before; the first is full. */
  read(ids: readonly string[]): Promise<{ readonly data: Readable; readonly volume: BackedUpVolume }>
  /** Whether the backup is here as a whole. */
  holds(id: string): Promise<boolean>
  remove(id: string): Promise<void>
  /** The ids of all backups that left something here. */
  list(): Promise<string[]>
}

/** Files below `folder`, which is made when it is needed. */
export function backupFiles(folder: string): BackupFiles {
  // Ids may come from records somebody imports: what is none never becomes a path.
  const pathOf = (id: string): string => {
    assert(idPattern.test(id), `a backup's file cannot be named ${JSON.stringify(id)}`)
    return join(folder, `backup-${id}`)
  }
  const readIndex = async (id: string): Promise<Index> =>
    readJson<Index>(await readFile(`${pathOf(id)}.index`, 'utf8'))
  return {
    async write(id, { parentId, data, volume }) {
      const before = parentId === null ? null : (await readIndex(parentId)).digests
      await mkdir(folder, { recursive: true })
      const index = await writeBlocks(pathOf(id), data, before)
      await writeIndex(`${pathOf(id)}.index`, { ...index, volume })
      await syncFolder(folder)
      return index.blocks.length
    },
    async read(ids) {
      const indexes = await Promise.all(ids.map(readIndex))
      const last = indexes.at(-1)
      assert(last !== undefined, 'a backup is read from at least one')
      const places = new Map<number, Place>()
      for (const [at, index] of indexes.entries())
        for (const [block, offset] of index.blocks) places.set(block, { path: pathOf(ids[at]!), offset }) // as many
      return { data: Readable.from(blocksOf(places, last.lengthBytes)), volume: last.volume }
    },
    async holds(id) {
      return (await readIndex(id).catch(() => null)) !== null
    },
    async remove(id) {
      for (const suffix of ['.index', '.index.new', '']) await rm(pathOf(id) + suffix, { force: true })
    },
    async list() {
      await mkdir(folder, { recursive: true })
      const ids = (await readdir(folder)).flatMap(name => namePattern.exec(name)?.[1] ?? [])
      return [...new Set(ids)]
    },
  }
}

async function writeBlocks(
  path: string,
  data: Readable,
  before: readonly string[] | null,
): Promise<Omit<Index, 'volume'>> {
  const digests: string[] = []
  const blocks: (readonly [number, number])[] = []
  let lengthBytes = 0
  let offset = 0
  const file = await open(path, 'w', 0o600)
  try {
    for await (const block of blocksIn(data)) {
      const digest = digestOf(block)
      const number = digests.push(digest) - 1
      lengthBytes += block.length
      if (digest === (before?.[number] ?? '')) continue
      blocks.push([number, digest === '' ? -1 : offset])
      if (digest === '') continue
      await writeAll(file, block, offset)
      offset += block.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { version: 1, blockBytes, lengthBytes, digests, blocks }
}

async function writeIndex(path: string, index: Index): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(JSON.stringify(index))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}

/** The stream in blocks, all but the last of the same length. */
async function* blocksIn(data: Readable): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0)
  for await (const chunk of data as AsyncIterable<Uint8Array>) {
    rest = Buffer.concat([rest, chunk])
    let start = 0
    for (; rest.length - start >= blockBytes; start += blockBytes)
      yield rest.subarray(start, start + blockBytes)
    rest = rest.subarray(start)
  }
  if (rest.length > 0) yield rest
}

const zeros = Buffer.alloc(blockBytes)
const digestOf = (block: Uint8Array): string =>
  zeros.compare(block, 0, block.length, 0, block.length) === 0
    ? ''
    : createHash('sha256').update(block).digest('base64')

async function writeAll(file: FileHandle, block: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < block.length; )
    done += (await file.write(block, done, block.length - done, position + done)).bytesWritten
}

interface Place {
  readonly path: string
  /** In the file; -1 is zero. */
  readonly offset: number
}

async function* blocksOf(
  places: ReadonlyMap<number, Place>,
  lengthBytes: number,
): AsyncGenerator<Uint8Array> {
  const opened = new Map<string, FileHandle>()
  try {
    for (let at = 0; at < lengthBytes; at += blockBytes) {
      const place = places.get(at / blockBytes)
      const block = Buffer.alloc(Math.min(blockBytes, lengthBytes - at))
      if (place && place.offset >= 0) {
        const file = opened.get(place.path) ?? (await open(place.path, 'r'))
        opened.set(place.path, file)
        await readAll(file, block, place)
      }
      yield block
    }
  } finally {
    for (const file of opened.values()) await file.close()
  }
}

async function readAll(file: FileHandle, block: Uint8Array, { path, offset }: Place): Promise<void> {
  for (let done = 0; done < block.length; ) {
    const { bytesRead } = await file.read(block, done, block.length - done, offset + done)
    if (bytesRead === 0) throw new Error(`${path} ends at ${offset + done} bytes`)
    done += bytesRead
  }
}
