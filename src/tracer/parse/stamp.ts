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
 * `2026-11-23 09:30:40.234`, with slashes, T, comma, no fraction or up to nine digits of it, and `Z`, `+01:00`, `+0100`,
 * ` +01:00` or ` UTC` behind.
 */
export function isoStamp(text: string, at: number): Stamp | null {
  const dash = text.charCodeAt(at + 4)
  if ((dash !== 45 && dash !== 47) || text.charCodeAt(at + 7) !== dash) return null
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

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/** 1 to 12 by its three letters at a position; NaN for none. */
function monthAt(text: string, at: number): number {
  const index = months.indexOf(text.slice(at, at + 3))
  return index >= 0 && index % 3 === 0 && text.length >= at + 3 ? index / 3 + 1 : Number.NaN
}

const dayMs = 86_400_000
/** Feb 29 may be eight years back (1896 to 1904, 2096 to 2104). */
const yearsBackMax = 8

/**
 * `Nov 23 09:30:40`, `Nov  3 09:30:40.234567`: the newest year in which that is not later than `notAfter`. A day of
 * grace covers clocks and zones; so an hour that comes twice, or a line out of order, never moves a year.
 */
export function monthDayStamp(text: string, at: number, notAfter: Instant): Stamp | null {
  const month = monthAt(text, at)
  if (Number.isNaN(month) || text.charCodeAt(at + 3) !== 32) return null
  const day = text.charCodeAt(at + 4) === 32 ? digit(text, at + 5) : two(text, at + 4)
  if (Number.isNaN(day) || text.charCodeAt(at + 6) !== 32) return null
  const clock = clockAt(text, at + 7)
  if (!clock) return null
  const newest = new Date(notAfter + dayMs).getUTCFullYear()
  for (let year = newest; year > newest - yearsBackMax; year--) {
    const wall = wallOf(year, month, day, clock.hour, clock.minute, clock.second)
    if (wall <= notAfter + dayMs) return { wall: wall + clock.ms, offset: null, end: clock.end }
  }
  return null
}

/** `Mon Nov 23 09:30:56 2026`, `Mon Nov 23 09:30:56.234567 2026`: C's ctime, uWSGI and Apache's error log. */
export function weekdayStamp(text: string): Stamp | null {
  const month = monthAt(text, 4)
  const day = text.charCodeAt(8) === 32 ? digit(text, 9) : two(text, 8)
  const clock = clockAt(text, 11)
  if (Number.isNaN(month) || Number.isNaN(day) || !clock || text.charCodeAt(clock.end) !== 32) return null
  const year = two(text, clock.end + 1) * 100 + two(text, clock.end + 3)
  const wall = wallOf(year, month, day, clock.hour, clock.minute, clock.second)
  return Number.isNaN(wall) ? null : { wall: wall + clock.ms, offset: null, end: clock.end + 5 }
}

/** `23/Nov/2026:09:30:40 +0000`, `23/Nov/2026:09:30:40.123`, `23/Nov/2026 09:30:40`: access logs. */
export function accessStamp(text: string, at: number): Stamp | null {
  const month = monthAt(text, at + 3)
  if (text.charCodeAt(at + 2) !== 47 || text.charCodeAt(at + 6) !== 47 || Number.isNaN(month)) return null
  const clock = clockAt(text, at + 12)
  if (!clock) return null
  const year = two(text, at + 7) * 100 + two(text, at + 9)
  const wall = wallOf(year, month, two(text, at), clock.hour, clock.minute, clock.second)
  if (Number.isNaN(wall)) return null
  const zone = zoneAt(text, clock.end)
  return { wall: wall + clock.ms, offset: zone?.offset ?? null, end: zone?.end ?? clock.end }
}

/** `09:30:40`, `09:30:40.234567` */
function clockAt(text: string, at: number) {
  if (text.charCodeAt(at + 2) !== 58 || text.charCodeAt(at + 5) !== 58) return null
  const hour = two(text, at)
  const minute = two(text, at + 3)
  const second = two(text, at + 6)
  if (Number.isNaN(hour + minute + second)) return null
  let end = at + 8
  let ms = 0
  if (text.charCodeAt(end) === 46 && digit(text, end + 1) >= 0) {
    const from = end + 1
    for (end = from; digit(text, end) >= 0 && end < from + 9; end++)
      if (end < from + 3) ms += digit(text, end) * 10 ** (2 - (end - from))
  }
  return { hour, minute, second, ms, end }
}
