// The data of images: one file each, named after the image and the upload that wrote it. A file gets that name only
// when all of it is on the disk; until then it is a `.part`. So whatever ends with `.part` after a crash is rubbish.
import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { assert } from '../base/assert.ts'
import { fault } from '../model/errors.ts'

const uuid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'
const namePattern = new RegExp(`^(${uuid})\\.(${uuid})(\\.part)?$`)

/** Whose data a file is. */
export interface DataKey {
  readonly imageId: string
  readonly uploadId: string
}

/** Where an image's data lies. Ids come from outside: one that is no UUID never becomes a path. */
export function dataPath(folder: string, { imageId, uploadId }: DataKey): string {
  const name = `${imageId}.${uploadId}`
  assert(namePattern.test(name), `image data cannot be named ${JSON.stringify(name)}`)
  return join(folder, name)
}

export interface ReceivedData {
  /** Bytes. */
  readonly size: number
  /** Hex digests. */
  readonly md5: string
  readonly sha512: string
  /** The first bytes, by which formats are told (virtual-size.ts). */
  readonly head: Buffer
}

const headBytes = 512

/**
 * Writes `body` to its file while measuring it, a chunk at a time, and returns when it is safely on the disk.
 * When anything goes wrong nothing is left. A body that is refused is left unread for the server to deal with.
 */
export async function receiveData(
  folder: string,
  key: DataKey,
  body: Readable | Uint8Array | null,
  bytesMax: number,
): Promise<ReceivedData> {
  const path = dataPath(folder, key)
  const part = `${path}.part`
  try {
    await mkdir(folder, { recursive: true })
    const handle = await open(part, 'wx', 0o600)
    let received: ReceivedData
    try {
      received = await writeAll(handle, body, bytesMax)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, path)
    await syncFolder(folder)
    return received
  } catch (error) {
    await rm(part, { force: true })
    await rm(path, { force: true })
    throw storageFault(error)
  }
}

async function writeAll(
  handle: FileHandle,
  body: Readable | Uint8Array | null,
  bytesMax: number,
): Promise<ReceivedData> {
  const md5 = createHash('md5')
  const sha512 = createHash('sha512')
  const heads: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunksOf(body)) {
    if (size < headBytes) heads.push(chunk.subarray(0, headBytes - size))
    size += chunk.length
    if (size > bytesMax) throw fault('ImageTooLarge')
    md5.update(chunk)
    sha512.update(chunk)
    await writeChunk(handle, chunk)
  }
  return { size, md5: md5.digest('hex'), sha512: sha512.digest('hex'), head: Buffer.concat(heads) }
}

async function* chunksOf(body: Readable | Uint8Array | null): AsyncGenerator<Uint8Array> {
  if (body === null) return
  if (body instanceof Uint8Array) return yield body
  try {
    // Not destroyed when we stop early: a destroyed request could not be answered.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array // bytes: no encoding is set
  } catch (cause) {
    throw fault('ImageUploadBroken', {}, { cause })
  }
}

async function writeChunk(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten
}

/** Makes a rename in the folder survive a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** What a failed write means to whoever sent the data; other errors stay what they are. */
export function storageFault(error: unknown): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return fault('ImageStorageFull', {}, { cause: error })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return fault('ImageStorageDenied', {}, { cause: error })
    default:
      return error
  }
}

/** Opens an image's data; null when the file is not there. */
export async function openData(folder: string, key: DataKey): Promise<FileHandle | null> {
  try {
    return await open(dataPath(folder, key), 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

export const removeData = (folder: string, key: DataKey): Promise<void> =>
  rm(dataPath(folder, key), { force: true })

export interface DataFile extends DataKey {
  readonly isPart: boolean
  readonly path: string
}

/** Every file of ours in the folder; files with other names are somebody else's and left alone. */
export async function listData(folder: string): Promise<DataFile[]> {
  await mkdir(folder, { recursive: true })
  return (await readdir(folder)).flatMap(name => {
    const match = namePattern.exec(name)
    if (!match) return []
    const [, imageId, uploadId, part] = match
    return [{ imageId: imageId!, uploadId: uploadId!, isPart: part !== undefined, path: join(folder, name) }] // groups of the pattern
  })
}
