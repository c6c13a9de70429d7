// How many columns a terminal gives to a text, and where to break it.

// ASCII, Latin letters, and the quotes, dashes, arrows, lines and ticks we draw with: each a column, and none joins
// another. Most texts have no more; the segmenter takes longer to be made than a short command takes.
const singles =
  /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u2193\u2500-\u257f\u2713\u2717]*$/
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u
// Unicode's East Asian Wide and Fullwidth blocks, coarsely; emoji are asked for by property.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u

let segmenter: Intl.Segmenter | undefined
function graphemes(text: string): readonly string[] {
  if (singles.test(text)) return text.split('')
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), part => part.segment)
}

const graphemeWidth = (grapheme: string): number =>
  zeroWidth.test(grapheme) ? 0 : wide.test(grapheme) ? 2 : 1

/** Terminal columns of one line. */
export const displayWidth = (text: string): number =>
  singles.test(text)
    ? text.length
    : graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0)

/** Breaks one line into lines of at most `max` columns, at spaces where possible. */
export function wrap(line: string, max: number): string[] {
  const lines: string[] = []
  let current = ''
  const push = () => {
    lines.push(current)
    current = ''
  }
  for (const word of line.split(' ')) {
    if (current !== '' && displayWidth(current) + 1 + displayWidth(word) <= max) {
      current += ` ${word}`
      continue
    }
    if (current !== '') push()
    for (const grapheme of displayWidth(word) <= max ? [word] : graphemes(word)) {
      if (current !== '' && displayWidth(current) + displayWidth(grapheme) > max) push()
      current += grapheme
    }
  }
  push()
  return lines
}
