// Ids that are the same each time the same request is sent: a collector then has it once, however often it was asked.
import { createHash } from 'node:crypto'
import type { Trace } from '../../../model/trace.ts'

const uuid = /^(?:req-)?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i
const zero = /^0+$/

/** 32 digits: those of the global id, else of the local one. An id that is no UUID is hashed. */
export function traceIdOf({ request, action, handle }: Trace): string {
  const id = request.globalId ?? request.localId ?? action?.requestId ?? handle
  const digits = uuid.exec(id)?.slice(1).join('').toLowerCase()
  return digits === undefined || zero.test(digits) ? hash(id, 32) : digits
}

/** 16 digits, by what the span is of. */
export const spanIdOf = (traceId: string, key: string): string => hash(`${traceId} ${key}`, 16)

const hash = (text: string, digits: number): string => {
  const found = createHash('sha256').update(text).digest('hex').slice(0, digits)
  return zero.test(found) ? '1'.padStart(digits, '0') : found // a span id of zeros is none
}

/** Each with a key no other has: the second of a name is `name #2`. */
export function distinct<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly [T, string])[] {
  const seen = new Map<string, number>()
  return all.map(one => {
    const key = keyOf(one)
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    return [one, count === 1 ? key : `${key} #${count}`] as const
  })
}
