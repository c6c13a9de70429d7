// A log file as it was found, and how its bytes come.
import type { Instant } from '../../base/time.ts'
import type { Gap } from '../../model/trace.ts'

export interface LogFile {
  /** As it was named, or found below a folder that was named. `-` for standard input. */
  readonly name: string
  /** Where it is opened. */
  readonly path: string
  /** Packed with gzip: offsets are those of the unpacked bytes. */
  readonly isPacked: boolean
  /** As it lies on the disk. */
  readonly size: number
  readonly modifiedAt: Instant
  /** Device and inode. */
  readonly identity: string
}

/** What could not be read, and why. */
export const unreadable = (text: string, count: number | null = null): Gap => ({
  kind: 'unreadable',
  service: null,
  count,
  text,
})

/** Why the system refused, in plain words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'ENOENT':
      return 'there is no such file'
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read it'
    case 'ELOOP':
      return 'its symbolic links go in a circle'
    case 'EMFILE':
      return 'too many files are open'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
