// The bytes of a log file, in order, in chunks that stand next to each other.
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { createGunzip, constants as zlib } from 'node:zlib'
import { chunkBytes } from './bounds.ts'
import type { LogFile } from './log-file.ts'

export interface Chunk {
  /** Of its first byte, in the unpacked file. */
  readonly offset: number
  /** Holds until the next chunk is asked for. */
  readonly bytes: Buffer
  /** What stands right in front of it, as far as it can still be had: the last MiB. */
  before(): Buffer
}

/** Why a packed file could not be read to its end. */
export class Damaged extends Error {
  readonly isTruncated: boolean
  readonly readBytes: number

  constructor(isTruncated: boolean, readBytes: number) {
    super(isTruncated ? 'it ends in the middle' : 'it is damaged')
    this.isTruncated = isTruncated
    this.readBytes = readBytes
  }
}

/** For whoever else uses the process: between chunks, now and then. */
const chunksPerTurn = 64

/** A buffer that 32-bit words can be read from in place. */
export const alignedBuffer = (bytes: number): Buffer => Buffer.from(new ArrayBuffer(bytes))

export const openLog = (file: LogFile): number =>
  openSync(file.path, constants.O_RDONLY | constants.O_NONBLOCK)

/**
 * From `start` to `end`, or all. A packed file is always read from its beginning; it throws `Damaged` after the last
 * chunk that could be read.
 */
export function chunksOf(file: LogFile, start = 0, end = Number.POSITIVE_INFINITY): AsyncGenerator<Chunk> {
  return file.isPacked ? unpacked(file, end) : plain(file, start, end)
}

async function* plain(file: LogFile, from: number, to: number): AsyncGenerator<Chunk> {
  const fd = openLog(file)
  try {
    const buffer = alignedBuffer(Math.min(chunkBytes, Math.max(0, to - from)))
    let offset = from
    for (let turn = 1; offset < to; turn++) {
      const at = offset
      const read = readSync(fd, buffer, 0, Math.min(buffer.length, to - at), at)
      if (read === 0) return
      yield {
        offset: at,
        bytes: buffer.subarray(0, read),
        before: () => {
          const size = Math.min(chunkBytes, at)
          const earlier = Buffer.allocUnsafe(size)
          return earlier.subarray(0, readSync(fd, earlier, 0, size, at - size))
        },
      }
      offset += read
      if (turn % chunksPerTurn === 0) await setImmediate()
    }
  } finally {
    closeSync(fd)
  }
}

/** Packed bytes handed over at once: they may unpack to a thousand times as many. */
const pieceBytes = 16_384

async function* unpacked(file: LogFile, to: number): AsyncGenerator<Chunk> {
  const fd = openLog(file)
  const gunzip = createGunzip({ chunkSize: 131_072 })
  // Flowing, so that what was unpacked before an error arrives before it.
  const queue: Buffer[] = []
  let failure: NodeJS.ErrnoException | null = null
  let settle = (): void => {}
  gunzip.on('data', (bytes: Buffer) => queue.push(bytes))
  gunzip.on('end', () => settle())
  gunzip.on('error', (error: NodeJS.ErrnoException) => {
    failure = error
    settle()
  })
  try {
    let [current, previous] = [alignedBuffer(chunkBytes), alignedBuffer(chunkBytes)]
    let [offset, filled, previousFilled] = [0, 0, 0]
    const piece = Buffer.alloc(pieceBytes)
    const chunk = (): Chunk => {
      const earlier = previous.subarray(0, previousFilled)
      return { offset, bytes: current.subarray(0, filled), before: () => earlier }
    }
    for (let isEnd = false; !isEnd && !failure && offset < to; ) {
      const read = readSync(fd, piece, 0, pieceBytes, null)
      isEnd = read === 0
      await new Promise<void>(resolve => {
        settle = resolve
        if (isEnd) gunzip.end()
        else gunzip.write(Buffer.from(piece.subarray(0, read)), () => resolve())
      })
      for (const bytes of queue.splice(0)) {
        for (let taken = 0; taken < bytes.length; ) {
          const copied = bytes.copy(current, filled, taken)
          taken += copied
          filled += copied
          if (filled < chunkBytes) continue
          yield chunk()
          offset += filled
          ;[current, previous] = [previous, current]
          ;[filled, previousFilled] = [0, filled]
        }
      }
    }
    if (filled > 0 && offset < to) yield chunk()
    if (failure) throw new Damaged(isCutShort(failure), offset + filled)
  } finally {
    gunzip.destroy()
    closeSync(fd)
  }
}

const isCutShort = (error: NodeJS.ErrnoException): boolean => error.errno === zlib.Z_BUF_ERROR
