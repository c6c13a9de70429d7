// Regular expressions users send. They run in V8's linear engine, which cannot be made to run for minutes by a pattern
// like `(a+)+$`, and refuses what it could not do in linear time (back-references, look-ahead, large repetitions).
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--enable-experimental-regexp-engine')

/** Tests a text, upper and lower case alike, for the pattern anywhere in it; null when the pattern cannot be used. */
export function userPattern(pattern: string): ((text: string) => boolean) | null {
  try {
    const compiled = new RegExp(lowerCase(pattern), 'l')
    return text => compiled.test(text.toLowerCase())
  } catch {
    return null
  }
}

// The linear engine has no flag for case. Escapes stay as they are: `\S` is not `\s`.
const lowerCase = (pattern: string): string =>
  pattern.replace(/\\.|[^\\]+/gs, part => (part.startsWith('\\') ? part : part.toLowerCase()))
