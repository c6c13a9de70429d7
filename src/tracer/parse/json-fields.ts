// An object of a collector as one level of fields, and values as what a record takes.
import { isObject } from '../../base/json.ts'
import { cleaned } from './clean.ts'

/** By path: `context.request_id`. */
export type Fields = ReadonlyMap<string, unknown>

const depthMax = 4
const fieldsMax = 512

/** Objects that only hold the record; theirs count as if they stood outside, and before those that do. */
const wrappers = new Set(['_source', 'message', 'log', 'MESSAGE', 'Attributes', 'attributes', 'fields'])
/** Objects that are stored as text, too. */
const mayBeText = new Set(['message', 'log', 'context', 'extra', 'MESSAGE', 'extra.instance'])

export function flattened(object: Record<string, unknown>): Fields {
  const fields = new Map<string, unknown>()
  fill(fields, object, '', 0)
  return fields
}

function fill(
  fields: Map<string, unknown>,
  object: Record<string, unknown>,
  path: string,
  depth: number,
): void {
  for (const [key, raw] of Object.entries(object)) {
    if (fields.size >= fieldsMax) return
    const name = path + key
    const value = mayBeText.has(name) ? parsedText(raw) : raw
    if (!isObject(value)) {
      if (!fields.has(name)) fields.set(name, value)
      continue
    }
    if (depth >= depthMax) continue
    // ECS has `log` as an object with members of other meaning; those with a message are records.
    const isWrapper = wrappers.has(name) && (name === '_source' || name === 'fields' || holdsRecord(value))
    if (isWrapper) for (const inner of Object.keys(value)) fields.delete(inner)
    fill(fields, value, isWrapper ? path : `${name}.`, depth + 1)
  }
}

const holdsRecord = (value: Record<string, unknown>): boolean => 'message' in value || 'msg' in value

function parsedText(raw: unknown): unknown {
  if (typeof raw !== 'string' || !raw.startsWith('{') || !raw.trimEnd().endsWith('}')) return raw
  try {
    const value: unknown = JSON.parse(raw)
    return isObject(value) ? value : raw
  } catch {
    return raw
  }
}

export function first(fields: Fields, names: readonly string[]): unknown {
  for (const name of names) {
    const value = fields.get(name)
    if (value !== undefined && value !== null && value !== '') return value
  }
  return undefined
}

/** One line of text, clean; numbers are written out. */
export function text(value: unknown): string | null {
  if (typeof value === 'string') return cleaned(value)
  return typeof value === 'number' ? String(value) : null
}

/** Text of several lines, each of them clean. systemd writes what is not UTF-8 as an array of bytes. */
export function lines(value: unknown): string | null {
  if (typeof value === 'string')
    return value.includes('\n') ? value.split('\n').map(cleaned).join('\n') : cleaned(value)
  if (!Array.isArray(value)) return null
  if (value.every(item => Number.isInteger(item) && item >= 0 && item <= 255))
    return lines(Buffer.from(value).toString('utf8'))
  return lines(value.filter(item => typeof item === 'string').join('\n'))
}

export function number(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || !/^\d{1,20}(?:\.\d{1,9})?$/.test(value)) return null
  return Number(value)
}
