// Markup that cannot be broken out of: whatever is put into a template is escaped, unless it is markup itself.

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replace(/[&<>"']/g, char => entities[char] ?? char)

export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Markup | readonly Markup[]

/** html`<td>${name}</td>` */
export const html = (literal: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(literal.map((piece, at) => piece + (at < parts.length ? textOf(parts[at] ?? '') : '')).join(''))

const textOf = (part: Part): string => {
  if (part instanceof Markup) return part.text
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return part.map(one => one.text).join('')
}

export const none = new Markup('')
export const when = (is: boolean, what: () => Markup): Markup => (is ? what() : none)
