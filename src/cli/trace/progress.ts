// How much has been read, on a terminal's error output, while a long scan runs. Rewrites its own line.
import type { Io } from '../io.ts'

const everyMs = 200
const quietMs = 700

export interface Progress {
  readonly report: (bytes: number) => void
  /** Takes the line away. */
  readonly end: () => void
}

export function progressOn(io: Io): Progress {
  if (!io.isErrorTty) return { report: () => undefined, end: () => undefined }
  const began = io.now()
  let shownAt = 0
  return {
    report(bytes) {
      const now = io.now()
      if (now - began < quietMs || now - shownAt < everyMs) return
      shownAt = now
      io.stderr(`\rread ${size(bytes)} in ${((now - began) / 1000).toFixed(1)} s\u001b[K`)
    },
    end() {
      if (shownAt > 0) io.stderr('\r\u001b[K')
    },
  }
}

const size = (bytes: number): string =>
  bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(1)} MiB` : `${(bytes / 1024 ** 3).toFixed(2)} GiB`
