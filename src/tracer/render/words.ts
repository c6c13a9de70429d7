// How the views say things: outcomes, whose fault, times. The same words in the terminal and in the page.
import type { FaultParty, Outcome, Trace, TraceCall } from '../../model/trace.ts'

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
  running: 'STILL RUNNING',
  lost: 'LOST',
  unknown: 'UNKNOWN',
}

export const faultWords: Readonly<Record<FaultParty, string>> = {
  request: "the request's: it asks for what cannot be",
  capacity: "the cloud's capacity: there is not enough room",
  cloud: "the cloud's: its administrators can mend it",
  bug: 'a bug in the software',
}

/** ms since the epoch; null for what is no instant. */
export function ms(at: string | null): number | null {
  const value = at === null ? Number.NaN : Date.parse(at)
  return Number.isNaN(value) ? null : value
}

/** `12 ms`, `1.23 s`, `2 m 05 s`, `3 h 12 m`, `4 d 2 h`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 0) return `-${duration(-milliseconds)}`
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 59_995) return `${(milliseconds / 1000).toFixed(2)} s`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`
}
const two = (value: number) => String(value).padStart(2, '0')

/** From the start of the trace: `+120 ms`. */
export function offset(at: string | null, start: number | null): string {
  const value = ms(at)
  if (value === null || start === null) return ''
  return value < start ? duration(value - start) : `+${duration(value - start)}`
}

/** Between two instants; empty when one of them is not known. */
export function between(from: string | null, to: string | null): string {
  const start = ms(from)
  const end = ms(to)
  return start === null || end === null ? '' : duration(end - start)
}

/** `09:30:40.234` */
export const timeOfDay = (at: string | null): string => {
  const value = ms(at)
  return value === null ? '' : new Date(value).toISOString().slice(11, 23)
}

/** `2026-11-23 09:30:40.234 UTC` */
export const dayAndTime = (at: string | null): string => {
  const value = ms(at)
  return value === null ? '' : `${new Date(value).toISOString().slice(0, 23).replace('T', ' ')} UTC`
}

/** Where offsets count from: the request's start, or the first thing that has a time. */
export function startOf(trace: Trace): number | null {
  const asked = ms(trace.request.startedAt)
  if (asked !== null) return asked
  const all = [
    ...trace.calls.map(call => call.startedAt),
    ...(trace.action ? [trace.action.startedAt, ...trace.action.events.map(event => event.startedAt)] : []),
    ...trace.logs.map(log => log.at),
  ].flatMap(at => ms(at) ?? [])
  return all.length === 0 ? null : all.reduce((least, at) => Math.min(least, at))
}

/** What the view is called: `resize of vm1`, `POST /servers`. */
export function subject(trace: Trace): string {
  const { action, server, request } = trace
  const of = server?.name ?? server?.id ?? action?.serverId
  if (action) return `${action.name} of ${of}`
  if (request.method !== null && request.path !== null) return `${request.method} ${request.path}`
  return of === undefined ? trace.handle : `a request about ${of}`
}

/** `nova-compute on compute1` */
export const placeOf = (of: Pick<TraceCall, 'service' | 'host'>): string =>
  of.host === null || of.host === '' ? of.service : `${of.service} on ${of.host}`

const unitWords: Readonly<Record<string, string>> = { VCPU: 'vCPU', MEMORY_MB: 'MB', DISK_GB: 'GB' }
/** `2048 MB`; empty when there is no number. */
export const amount = (value: number | null, unit: string | null): string =>
  value === null ? '' : unit === null || unit === '' ? String(value) : `${value} ${unitWords[unit] ?? unit}`

/** `1 host`, `2 hosts` */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`
