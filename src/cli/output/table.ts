// The table openstack users know: +----+, one space of padding, numbers to the right.
import { displayWidth, wrap } from '../../base/width.ts'

export interface TableOptions {
  readonly headings: readonly string[]
  /** Text cells, newlines allowed. */
  readonly rows: readonly (readonly string[])[]
  /** Columns set to the right, by position. */
  readonly right?: ReadonlySet<number>
  /** The whole table's width; 0 is as wide as it needs. */
  readonly maxWidth: number
  /** Wrapping stops here even when the table stays too wide (cliff: 8 in lists, 16 in shows). */
  readonly minColumnWidth: number
  /** Colours a padded cell; width has been settled before. */
  readonly paint?: (padded: string, row: number, column: number) => string
}

/** The table as text, ending in a newline. */
export function drawTable(options: TableOptions): string {
  const { headings, right = new Set() } = options
  const all = [headings, ...options.rows].map(row => row.map(cell => cell.split('\n')))
  const natural = headings.map((_, column) =>
    Math.max(...all.map(row => Math.max(...(row[column] ?? ['']).map(displayWidth)))),
  )
  const widths = fitWidths(natural, options.maxWidth, options.minColumnWidth)
  const rule = `+${widths.map(width => '-'.repeat(width + 2)).join('+')}+\n`
  let text = rule
  for (const [index, row] of all.entries()) {
    const cells = row.map((lines, column) =>
      widths[column]! < natural[column]! ? lines.flatMap(line => wrap(line, widths[column]!)) : lines,
    )
    const height = Math.max(1, ...cells.map(lines => lines.length))
    for (let line = 0; line < height; line++) {
      const padded = widths.map((width, column) => {
        const cell = cells[column]?.[line] ?? ''
        const space = ' '.repeat(Math.max(0, width - displayWidth(cell)))
        const full = right.has(column) ? space + cell : cell + space
        return index === 0 || !options.paint ? full : options.paint(full, index - 1, column)
      })
      text += `| ${padded.join(' | ')} |\n`
    }
    if (index === 0) text += rule
  }
  return text + rule
}

/**
 * Columns narrower than an equal share keep their width, the others share what is left; the last one takes
 * the remainder (cliff's TableFormatter). A word that cannot be broken does not widen its column again.
 */
export function fitWidths(natural: readonly number[], maxWidth: number, minColumnWidth: number): number[] {
  const usable = maxWidth - 1 - 3 * natural.length
  const total = natural.reduce((sum, width) => sum + width, 0)
  if (maxWidth <= 0 || total <= usable) return [...natural]
  const share = Math.max(0, Math.floor(usable / natural.length))
  const shrinking = natural.flatMap((width, column) => (width > share ? [column] : []))
  let left = usable - natural.reduce((sum, width) => sum + (width > share ? 0 : width), 0)
  const each = Math.floor(left / shrinking.length)
  const widths = [...natural]
  for (const [order, column] of shrinking.entries()) {
    const width = order === shrinking.length - 1 ? left : each
    widths[column] = Math.min(natural[column]!, Math.max(minColumnWidth, width))
    left -= each
  }
  return widths
}
