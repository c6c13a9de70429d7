// Fits a text that is mostly ids into a space: ids are cut in the middle, and only when they must be.
import { displayWidth } from '../../../base/width.ts'

const ids = /(?:req-)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}/gi

export interface Fit {
  readonly max: number
  /** Ids that are never cut: what was asked for. */
  readonly keep: ReadonlySet<string>
  /** The sign for what is left out. */
  readonly more: string
}

/** The text in at most `max` columns; wider only when an id to keep is in it and will not go in. */
export function fit(text: string, how: Fit): string {
  if (displayWidth(text) <= how.max) return text
  const shorter = shortIds(text, how)
  const isKept = (shorter.match(ids) ?? []).some(id => how.keep.has(id.toLowerCase()))
  return isKept ? shorter : cutMiddle(shorter, how.max, how.more)
}

/** Every id but those to keep without its middle: `2a65…6f0d`. */
export const shortIds = (text: string, { keep, more }: Omit<Fit, 'max'>): string =>
  text.replace(ids, id =>
    keep.has(id.toLowerCase()) ? id : `${id.slice(0, id.startsWith('req-') ? 8 : 4)}${more}${id.slice(-4)}`,
  )

/** Beginning and end, with what is between left out. */
export function cutMiddle(text: string, max: number, more: string): string {
  if (displayWidth(text) <= max) return text
  const room = Math.max(1, max - displayWidth(more))
  const letters = [...text]
  return `${take(letters, Math.ceil(room * 0.6))}${more}${take(letters.reverse(), Math.floor(room * 0.4), true)}`
}

function take(letters: readonly string[], columns: number, isReversed = false): string {
  const taken: string[] = []
  let used = 0
  for (const letter of letters) {
    const width = displayWidth(letter)
    if (used + width > columns) break
    used += width
    taken.push(letter)
  }
  return (isReversed ? taken.reverse() : taken).join('')
}

export const padEnd = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - displayWidth(text)))
export const padStart = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - displayWidth(text))) + text
