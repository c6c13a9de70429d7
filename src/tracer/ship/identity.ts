// Which file is which, whatever became of its name: rotation renames files, packs them, or copies them and empties the
// original. A file is known by how it begins, and by device and inode while it is too short for that.
import { createHash } from 'node:crypto'
import type { LogFile } from '../files/log-file.ts'

/** A file as the state remembers it. */
export interface KnownFile {
  /** Part of the ids of its documents; never changes. */
  readonly id: string
  readonly name: string
  /** Device and inode. */
  readonly identity: string
  /** How many of its first bytes `head` is the hash of. */
  readonly headBytes: number
  readonly head: string
  /** Every record that begins in front of it has arrived. */
  readonly position: number
  /** Records in front of it and behind `position` were sent as they ended with the file, and may have grown since. */
  readonly ended: number
  /** Of a packed file that was read to its end: its size on the disk. */
  readonly packedSize: number | null
}

/** Looked at to tell files apart; shorter than `headBytesSure`, the beginning alone does not say which file it is. */
export const headBytesMax = 4_096
const headBytesSure = 1_024

export const hash = (...parts: readonly (string | Uint8Array)[]): string => {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(part).update('\0')
  return sum.digest('base64url').slice(0, 27)
}

/** A file, and its first bytes, unpacked. */
export interface Headed {
  readonly file: LogFile
  readonly head: Uint8Array
}

/** Each file with what is known of it, under its present name; new ones are at position 0. */
export function recognise(files: readonly Headed[], known: readonly KnownFile[]): Map<LogFile, KnownFile> {
  const free = new Set(known)
  const found = new Map<LogFile, KnownFile>()
  const claim = (one: Headed, matches: (known: KnownFile) => boolean): void => {
    if (found.has(one.file)) return
    for (const candidate of free) {
      if (candidate.headBytes > one.head.length || !matches(candidate)) continue
      if (hash(one.head.subarray(0, candidate.headBytes)) !== candidate.head) continue
      free.delete(candidate)
      found.set(one.file, { ...candidate, ...present(one) })
      return
    }
  }
  for (const one of files) claim(one, ({ identity }) => identity === one.file.identity)
  const moved = [...files].sort((a, b) => Number(a.file.isPacked) - Number(b.file.isPacked))
  for (const one of moved) claim(one, ({ headBytes }) => headBytes >= headBytesSure)
  const ids = new Set(known.map(({ id }) => id))
  for (const one of files) {
    if (found.has(one.file)) continue
    const now = present(one)
    const byHead = hash('head', now.head)
    // A second file that begins like another is a file of its own: better twice than not at all.
    const isSure = now.headBytes >= headBytesSure && !ids.has(byHead)
    const id = isSure ? byHead : hash('inode', now.head, now.identity)
    ids.add(id)
    found.set(one.file, { id, ...now, position: 0, ended: 0, packedSize: null })
  }
  return found
}

const present = ({ file, head }: Headed) => {
  const kept = head.subarray(0, headBytesMax)
  return { name: file.name, identity: file.identity, headBytes: kept.length, head: hash(kept) }
}
