// How shipping goes on: a line that rewrites itself on a terminal; elsewhere only that the server does not answer.
import type { ShipCounts } from '../tracer/ship/ship.ts'
import type { Io } from './io.ts'

const redrawMs = 200

export interface ShipProgress {
  readonly show: (counts: Readonly<ShipCounts>) => void
  readonly retry: (reason: string, ms: number) => void
  readonly clear: () => void
}

export function showProgress(io: Io): ShipProgress {
  let drawnAt = 0
  let isSilenced = false
  const clear = () => {
    if (io.isErrorTty) io.stderr('\r\u001b[K')
  }
  return {
    clear,
    show(counts) {
      isSilenced = false
      if (!io.isErrorTty || io.now() - drawnAt < redrawMs) return
      drawnAt = io.now()
      io.stderr(`\r\u001b[K${counts.written} written, ${counts.alreadyThere} already there`)
    },
    // Once in a row: a server that is down for the night does not fill the journal.
    retry(reason, ms) {
      if (isSilenced) return
      isSilenced = true
      clear()
      io.stderr(`faultline: ${reason}; trying again in ${ms} ms, then less often\n`)
    },
  }
}
