// `--since` and `--until`: an instant, a day, or how long ago.
import { usage } from '../errors.ts'

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** ms since the epoch. Without a zone a time is UTC, or at the offset of `--utc-offset`, as in the logs. */
export function instantOf(option: string, text: string, now: number, offsetMinutes: number): number {
  const ago = /^(\d+)\s*([smhd])(?:\s+ago)?$/.exec(text.trim())
  if (ago) return now - Number(ago[1]) * (units[ago[2] ?? ''] ?? 0)
  const spelled = text.trim().replace(' ', 'T')
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(spelled) && spelled.includes('T')
  const at = Date.parse(hasZone ? spelled : `${spelled.includes('T') ? spelled : `${spelled}T00:00`}Z`)
  if (Number.isNaN(at))
    throw usage(
      `${option} wants a time (2026-11-23T09:30, 2026-11-23) or how long ago (90s, 30m, 2h, 1d), not '${text}'`,
    )
  return hasZone ? at : at - offsetMinutes * 60_000
}

/** Minutes of `+01:00`; 0 without one. */
export function offsetOf(text: string | undefined): number {
  if (text === undefined) return 0
  const found = /^([+-])(\d{2}):?(\d{2})$/.exec(text)
  if (!found) throw usage(`--utc-offset wants +HH:MM or -HH:MM, not '${text}'`)
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3]))
}
