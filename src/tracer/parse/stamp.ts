// Times as log lines write them. A stamp keeps what was written: the wall clock, and the zone when the line says it.
import type { Instant } from '../../base/time.ts'

export interface Stamp {
  /** What the clock on the wall showed, as if it were UTC, in ms. */
  readonly wall: number
  /** Minutes east of UTC; null when the line does not say. */
  readonly offset: number | null
  /** Where the text after it begins. */
  readonly end: number
}

const minuteMs = 60_000
const zoneOffsetMaxMinutes = 14 * 60

/** The instant of a stamp; `offset` serves those that do not say theirs. */
export const instantOf = (stamp: Stamp, offset: number): Instant =>
  stamp.wall - (stamp.offset ?? offset) * minuteMs

/** The digit at a position; NaN for anything else, so that sums with it are NaN. */
const digit = (text: string, at: number): number => {
  const value = text.charCodeAt(at) - 48
  return value >= 0 && value <= 9 ? value : Number.NaN
}
const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1)

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** ms since the epoch; NaN for what no calendar has (month 13, 30 February; a leap second is the second after). */
export function wallOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
) {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= (monthDays[month - 1] ?? 0))) return Number.NaN
  if (month === 2 && day === 29 && !isLeap(year)) return Number.NaN
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

/**
 * `2026-11-23 09:30:40.234`, with T, comma, no fraction or up to nine digits of it, and `Z`, `+01:00`, `+0100`,
 * ` +01:00` or ` UTC` behind.
 */
export function isoStamp(text: string, at: number): Stamp | null {
  if (text.charCodeAt(at + 4) !== 45 || text.charCodeAt(at + 7) !== 45) return null
  const between = text.charCodeAt(at + 10)
  if (between !== 32 && between !== 84) return null
  if (text.charCodeAt(at + 13) !== 58 || text.charCodeAt(at + 16) !== 58) return null
  let wall = wallOf(
    two(text, at) * 100 + two(text, at + 2),
    two(text, at + 5),
    two(text, at + 8),
    two(text, at + 11),
    two(text, at + 14),
    two(text, at + 17),
  )
  if (Number.isNaN(wall)) return null
  let end = at + 19
  const point = text.charCodeAt(end)
  if ((point === 46 || point === 44) && digit(text, end + 1) >= 0) {
    wall += digit(text, end + 1) * 100 + (digit(text, end + 2) || 0) * 10
    // A shorter fraction has other characters where its digits would be.
    if (digit(text, end + 2) >= 0) wall += digit(text, end + 3) || 0
    end += 2
    while (digit(text, end) >= 0 && end < at + 29) end++
  }
  const zone = zoneAt(text, end)
  return { wall, offset: zone?.offset ?? null, end: zone?.end ?? end }
}

/** A zone behind a time: `Z`, `+01:00`, `+0100`, `+01`, ` UTC`. */
export function zoneAt(text: string, at: number): { offset: number; end: number } | null {
  let from = at
  let code = text.charCodeAt(from)
  if (code === 90) return { offset: 0, end: from + 1 }
  if (code === 32) {
    if (text.startsWith(' UTC ', from) || text.startsWith(' GMT ', from)) return { offset: 0, end: from + 4 }
    code = text.charCodeAt(++from)
    // ` -` alone is an empty field of a custom format.
    if (Number.isNaN(two(text, from + 1))) return null
  }
  if (code !== 43 && code !== 45) return null
  const hours = two(text, from + 1)
  let end = from + 3
  if (text.charCodeAt(end) === 58) end++
  let minutes = two(text, end)
  if (Number.isNaN(minutes)) {
    minutes = 0
    end = from + 3
  } else end += 2
  const offset = (code === 45 ? -1 : 1) * (hours * 60 + minutes)
  return Number.isNaN(offset) || Math.abs(offset) > zoneOffsetMaxMinutes ? null : { offset, end }
}
