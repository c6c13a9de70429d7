// What logs say is printed, never obeyed: control characters, escapes and marks that turn the direction of writing
// become visible text before anything is laid out.

// C0 but newline, DEL and C1; direction marks, embeddings, overrides and isolates (CVE-2021-42574); line and paragraph
// separators; byte order marks, annotation marks and tags, which nobody sees; halves of surrogate pairs.
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is being shown
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu
const notAscii = /[^\n -~]/gu

const codeOf = (char: string): string => {
  const code = char.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`
}

/** Every character that could steer what shows the text, as Python would write it (`\x1b`). Tabs become spaces. */
export const visible = (text: string): string =>
  text.replaceAll('\r\n', '\n').replaceAll('\t', '    ').replace(unprintable, codeOf)

/** The same in ASCII alone. */
export const visibleAscii = (text: string): string => visible(text).replace(notAscii, codeOf)

/** A copy in which every text has been changed, however deep it is. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  const walk = (inner: unknown): unknown => {
    if (typeof inner === 'string') return change(inner)
    if (Array.isArray(inner)) return inner.map(walk)
    if (typeof inner !== 'object' || inner === null) return inner
    return Object.fromEntries(Object.entries(inner).map(([key, one]) => [key, walk(one)]))
  }
  return walk(value) as T // texts stay texts, so the shape is the same
}
