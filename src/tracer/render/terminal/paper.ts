// What the terminal view is written on: knows the width, the colours and the signs there are, and never lets a line
// grow wider than the terminal.
import { displayWidth, wrap } from '../../../base/width.ts'
import { visible, visibleAscii } from '../neutral.ts'
import { cutMiddle } from './fit.ts'

export interface PaperOptions {
  /** Columns; 0: as wide as it needs (a file, a pipe). */
  readonly width: number
  readonly colour: boolean
  /** False: ASCII alone. */
  readonly isUtf8: boolean
}

const styles = {
  strong: '\u001b[1m',
  dim: '\u001b[2m',
  bad: '\u001b[31m',
  worst: '\u001b[1;31m',
  good: '\u001b[32m',
  best: '\u001b[1;32m',
  open: '\u001b[33m',
  openest: '\u001b[1;33m',
} as const
const plain = '\u001b[0m'
export type Style = keyof typeof styles

/** A part of a line: text, or text in a style. */
export type Span = string | { readonly text: string; readonly style: Style | undefined }
export const styled = (text: string, style: Style | undefined): Span => ({ text, style })
const textOf = (span: Span): string => (typeof span === 'string' ? span : span.text)

const signs = {
  failed: ['✗', 'x'],
  succeeded: ['✓', '+'],
  pending: ['…', '~'],
  orphan: ['?', '?'],
  none: [' ', ' '],
  more: ['…', '..'],
  bullet: ['·', '-'],
  times: ['×', 'x'],
  proven: ['├─ ', '|- '],
  provenLast: ['└─ ', '`- '],
  inferred: ['├┄ ', '|. '],
  inferredLast: ['└┄ ', '`. '],
  through: ['│  ', '|  '],
  gap: ['   ', '   '],
  quote: ['│ ', '| '],
} as const
export type Sign = keyof typeof signs

/** Narrower than that a request id does not fit beside anything. */
const narrowest = 52

export class Paper {
  readonly width: number
  readonly isEndless: boolean
  private readonly options: PaperOptions
  private readonly lines: string[] = []

  constructor(options: PaperOptions) {
    this.options = options
    this.isEndless = options.width <= 0
    this.width = this.isEndless ? 120 : Math.max(narrowest, options.width)
  }

  sign(name: Sign): string {
    return signs[name][this.options.isUtf8 ? 0 : 1]
  }

  /** One line as it stands; whoever calls has seen to its width. */
  line(...spans: readonly Span[]): void {
    const shown = spans.map(span => this.paint(span)).join('')
    this.lines.push(this.options.colour ? shown : shown.trimEnd())
  }

  /** A text after `first`, broken into lines that all start where it starts. */
  paragraph(first: readonly Span[], text: string, style?: Style): void {
    const indent = displayWidth(first.map(textOf).join(''))
    const broken = text.split('\n').flatMap(part => (this.isEndless ? [part] : this.broken(part, indent)))
    for (const [at, part] of broken.entries())
      this.line(...(at === 0 ? first : [' '.repeat(indent)]), styled(part, style))
  }

  /** Spaces a line begins with are kept, as far as there is room: tracebacks are read by them. */
  private broken(part: string, indent: number): readonly string[] {
    const lead = /^ {0,8}/.exec(part)?.[0] ?? ''
    const room = Math.max(16, this.width - indent - lead.length)
    return wrap(part.trimStart(), room).map(line => lead + line)
  }

  blank(): void {
    if (this.lines.length > 0 && this.lines.at(-1) !== '') this.lines.push('')
  }

  heading(text: string, right = ''): void {
    this.blank()
    const title = this.isEndless
      ? text
      : cutMiddle(text.replaceAll('\n', ' '), this.width - displayWidth(right) - 2, this.sign('more'))
    const space = this.width - displayWidth(title) - displayWidth(right)
    this.line(styled(title, 'strong'), ' '.repeat(Math.max(2, space)), styled(right, 'dim'))
  }

  text(): string {
    return this.lines.map(line => `${line}\n`).join('')
  }

  /** What is written came through here, whatever was forgotten before: no control characters but our own. */
  private paint(span: Span): string {
    const text = (this.options.isUtf8 ? visible : visibleAscii)(textOf(span)).replaceAll('\n', '\\n')
    const style = typeof span === 'string' ? undefined : span.style
    return this.options.colour && style !== undefined && text.trim() !== ''
      ? `${styles[style]}${text}${plain}`
      : text
  }
}
