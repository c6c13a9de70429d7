// Instants are milliseconds since the epoch, UTC. Clocks are arguments; only `systemClock` reads the real one.

export type Instant = number
export interface Clock {
  now(): Instant
}
export const systemClock: Clock = { now: () => Date.now() }

/** What comes round. `every` answers how to stop it. */
export interface Timers {
  every(ms: number, tick: () => void): () => void
}
/** Real time passing; nothing of it keeps the process alive. */
export const systemTimers: Timers = {
  every(ms, tick) {
    const timer = setInterval(tick, ms)
    timer.unref()
    return () => clearInterval(timer)
  },
}

/** `2026-11-23T09:30:27Z`: server `created`, fault `created`, notifications. */
export const isoSeconds = (at: Instant): string => `${new Date(at).toISOString().slice(0, 19)}Z`

/** `2026-11-23T09:30:27.123Z`: trace records. */
export const isoMillis = (at: Instant): string => new Date(at).toISOString()

/** `2026-11-23T09:30:27.123000`, UTC without a zone: action times, `OS-SRV-USG:*`, service `updated_at`. */
export const isoMicros = (at: Instant): string => `${new Date(at).toISOString().slice(0, 23)}000`

/** `2026-11-23T09:30:27.123000Z`: token times. */
export const isoMicrosZ = (at: Instant): string => `${isoMicros(at)}Z`

const isoPattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i

/** Reads the ISO 8601 forms oslo.utils accepts (date alone, no seconds, fraction, offset); UTC when no zone. */
export function parseIso(text: string): Instant | undefined {
  const match = isoPattern.exec(text.trim())
  if (!match) return undefined
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '0', zone = 'Z'] = match
  const offset =
    zone.toUpperCase() === 'Z' ? 'Z' : zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
  const at = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`,
  )
  return Number.isNaN(at) ? undefined : at
}
