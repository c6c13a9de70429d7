// Values as Cinder reads them: oslo.utils' booleans, and whole numbers as text or as they are.
import { fault } from '../model/errors.ts'

const truths = new Set(['1', 't', 'true', 'on', 'y', 'yes'])
const lies = new Set(['0', 'f', 'false', 'off', 'n', 'no'])

/** strutils.bool_from_string(strict=True). */
export function readFlag(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  const text = String(value).trim().toLowerCase()
  if (truths.has(text)) return true
  if (lies.has(text)) return false
  throw fault('VolumeInputInvalid', { reason: `${name} '${String(value)}' is not a boolean.` })
}

/** As `readFlag`, and false for what is neither. */
export const isTrue = (value: string | undefined): boolean => truths.has((value ?? '').trim().toLowerCase())
