// The small language of Glance's filter values: `operator:value`, and lists with quotes (glance/common/utils.py,
// split_filter_op, validate_quotes and split_filter_value_for_quotes).
import { parseIso } from '../base/time.ts'
import { fault } from '../model/errors.ts'

/** `gt:2026-…` is an operator and a value; a time with colons of its own, or anything without one, is `eq`. */
export function splitOperator(text: string): { readonly operator: string; readonly value: string } {
  const colon = text.indexOf(':')
  if (colon < 0 || parseIso(text) !== undefined) return { operator: 'eq', value: text }
  return { operator: text.slice(0, colon), value: text.slice(colon + 1) }
}

/** `a,"b,c",d` is three values; a backslash takes the next character as it is. */
export function splitList(text: string): string[] {
  checkQuotes(text)
  const values: string[] = []
  for (const [, quoted, bare] of text.matchAll(/"([^"\\]*(?:\\.[^"\\]*)*)",?|([^,]+),?|,/g))
    values.push((quoted ?? bare ?? '').replace(/\\(.)/g, '$1'))
  return values
}

function checkQuotes(value: string): void {
  let isOpen = false
  for (let at = 0; at < value.length; at++) {
    if (value[at] === '\\') at += 1
    else if (value[at] === '"') {
      if (!isOpen && at > 0 && value[at - 1] !== ',') throw fault('ImageFilterQuoteBefore', { value })
      if (isOpen && at + 1 < value.length && value[at + 1] !== ',')
        throw fault('ImageFilterQuoteAfter', { value })
      isOpen = !isOpen
    }
  }
  if (isOpen) throw fault('ImageFilterQuoteOpen', { value })
}

export function readBoolean(filter: string, value: string): boolean {
  if (value !== 'true' && value !== 'false') throw fault('ImageFilterBoolean', { filter, value })
  return value === 'true'
}

/** As Python's int(); beyond what numbers hold exactly, the nearest that they do. */
export function readNumber(value: string): number {
  if (!/^\s*[+-]?\d+\s*$/.test(value)) throw fault('ImageFilterRange')
  return Math.max(Math.min(Number(value), Number.MAX_SAFE_INTEGER), Number.MIN_SAFE_INTEGER)
}
