// What volumes and snapshots hold: one sparse file each, as long as its size. Only the first `writtenBytes` of a file
// are ever read, so that a large volume with little in it costs little. Whoever gives a file to a machine that writes
// has to raise that number.
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, truncate } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { assert } from '../base/assert.ts'

export const gibibyte = 1024 ** 3
const blockBytes = 64 * 1024

export interface FileKey {
  readonly kind: 'volume' | 'snapshot'
  readonly id: string
}

const namePattern = /^(volume|snapshot)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const fileName = ({ kind, id }: FileKey): string => `${kind}-${id}`

/** More came than fits. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge'
}

export interface VolumeFiles {
  /** A file of `sizeGib` with what `data` brings; answers how many bytes that were. What was there before is gone. */
  write(key: FileKey, sizeGib: number, data: Readable | null): Promise<number>
  /** The first `bytes` of a file. */
  read(key: FileKey, bytes: number): Readable
  extend(key: FileKey, sizeGib: number): Promise<void>
  remove(key: FileKey): Promise<void>
  /** One file takes another's name and place; nothing to do when it is not there any more. */
  rename(from: FileKey, to: FileKey): Promise<void>
  /** Names of all files of ours. */
  list(): Promise<string[]>
  /** Removes one of them. */
  removeNamed(name: string): Promise<void>
  /** Files nobody owns that could become somebody's. */
  listExisting(): Promise<readonly ExistingFile[]>
  /** Makes such a file ours; once it is, doing it again changes nothing. */
  adopt(name: string, key: FileKey): Promise<void>
  /** Makes a file of ours nobody's again, under its own name; likewise. */
  abandon(key: FileKey): Promise<void>
}

export interface ExistingFile {
  readonly name: string
  readonly bytes: number
}

/** Whether a text can be the name of such a file: no path, nothing hidden. */
export const isExistingName = (text: unknown): text is string =>
  typeof text === 'string' && /^[\w][\w.+-]{0,254}$/.test(text)

/** Below the folder of volumes: what an operator puts there can be managed, what is unmanaged goes there. */
const existingFolder = 'existing'

/** Makes new and renamed entries of a folder last. */
export async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

/** Files below `folder`, which is made when it is needed. */
export function volumeFiles(folder: string): VolumeFiles {
  // Ids are ours, but a name that is none of ours never becomes a path.
  const pathOf = (name: string): string => {
    assert(namePattern.test(name), `a volume's file cannot be named ${JSON.stringify(name)}`)
    return join(folder, name)
  }
  const path = (key: FileKey) => pathOf(fileName(key))
  const existing = join(folder, existingFolder)
  const existingPath = (name: string): string => {
    assert(isExistingName(name), `an existing file cannot be named ${JSON.stringify(name)}`)
    return join(existing, name)
  }
  return {
    async write(key, sizeGib, data) {
      await mkdir(folder, { recursive: true })
      const file = await open(path(key), 'w', 0o600)
      try {
        await file.truncate(sizeGib * gibibyte)
        const written = data === null ? 0 : await fill(file, data, sizeGib * gibibyte)
        await file.sync()
        return written
      } finally {
        await file.close()
      }
    },
    read: (key, bytes) => (bytes === 0 ? Readable.from([]) : Readable.from(blocksOf(path(key), bytes))),
    async extend(key, sizeGib) {
      const { size } = await stat(path(key))
      if (size < sizeGib * gibibyte) await truncate(path(key), sizeGib * gibibyte)
    },
    remove: key => rm(path(key), { force: true }),
    async rename(from, to) {
      if ((await readdir(folder)).includes(fileName(from))) await rename(path(from), path(to))
    },
    async list() {
      await mkdir(folder, { recursive: true })
      return (await readdir(folder)).filter(name => namePattern.test(name))
    },
    removeNamed: name => rm(pathOf(name), { force: true }),
    async listExisting() {
      await mkdir(existing, { recursive: true })
      const names = (await readdir(existing)).filter(isExistingName).sort()
      return Promise.all(names.map(async name => ({ name, bytes: (await stat(existingPath(name))).size })))
    },
    adopt: (name, key) => move(existingPath(name), path(key)),
    async abandon(key) {
      await mkdir(existing, { recursive: true })
      await move(path(key), existingPath(fileName(key)))
    },
  }
}

/** Renames, so that it lasts; a file that has been moved already stays where it is. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (await stat(to).catch(() => null)) return
    throw error
  }
  await syncFolder(dirname(from))
  await syncFolder(dirname(to))
}

/** Writes a stream from the beginning, leaving out what is zero; answers how long it was. */
async function fill(file: FileHandle, data: Readable, bytesMax: number): Promise<number> {
  let at = 0
  for await (const chunk of data as AsyncIterable<Uint8Array>) {
    if (at + chunk.length > bytesMax) throw new TooLarge(`more than ${bytesMax} bytes`)
    for (let start = 0; start < chunk.length; start += blockBytes) {
      const block = chunk.subarray(start, start + blockBytes)
      if (!isZero(block)) await writeAll(file, block, at + start)
    }
    at += chunk.length
  }
  return at
}

const zeros = Buffer.alloc(blockBytes)
const isZero = (block: Uint8Array): boolean => zeros.compare(block, 0, block.length, 0, block.length) === 0

async function writeAll(file: FileHandle, block: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < block.length; )
    done += (await file.write(block, done, block.length - done, position + done)).bytesWritten
}

// A file is opened when somebody reads: a stream that is never read leaves nothing open.
async function* blocksOf(path: string, bytes: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r')
  try {
    for (let at = 0; at < bytes; ) {
      const { bytesRead, buffer } = await file.read(
        Buffer.alloc(Math.min(4 * blockBytes, bytes - at)),
        0,
        null,
        at,
      )
      if (bytesRead === 0) throw new Error(`${path} ends at ${at} bytes, before ${bytes}`)
      yield buffer.subarray(0, bytesRead)
      at += bytesRead
    }
  } finally {
    await file.close()
  }
}
