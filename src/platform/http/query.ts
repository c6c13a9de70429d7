// A query string: names to lists of values, as sent. Schemas see it so (every value a list of strings, as in Nova).

export class Query {
  readonly all: Readonly<Record<string, readonly string[]>>

  readonly #search: string

  constructor(search: string) {
    this.#search = search
    const all: Record<string, string[]> = Object.create(null) as Record<string, string[]>
    if (search !== '')
      for (const [name, value] of new URLSearchParams(search)) {
        const values = all[name]
        if (values) values.push(value)
        else all[name] = [value]
      }
    this.all = all
  }

  /** False when its escapes are not UTF-8 (`%ff`); the values then hold replacement characters. */
  get isUtf8(): boolean {
    if (!this.#search.includes('%')) return true
    try {
      decodeURIComponent(this.#search.replaceAll(/%(?![0-9a-fA-F]{2})/g, '%25'))
      return true
    } catch {
      return false
    }
  }

  /** The last value given for `name`, as webob's and werkzeug's single-value getters answer. */
  one(name: string): string | undefined {
    return this.all[name]?.at(-1)
  }

  many(name: string): readonly string[] {
    return this.all[name] ?? []
  }

  has(name: string): boolean {
    return name in this.all
  }

  get names(): readonly string[] {
    return Object.keys(this.all)
  }
}

/**
 * A schema for a query: `single` parameters may come once, `multi` ones repeatedly.
 * With `others: 'ignored'` unknown names pass; with `'refused'` they are a 400.
 */
export const querySchema = (
  single: Readonly<Record<string, object>>,
  options: {
    readonly multi?: Readonly<Record<string, object>>
    readonly others?: 'ignored' | 'refused'
  } = {},
): object => ({
  type: 'object',
  properties: {
    ...Object.fromEntries(
      Object.entries(single).map(([name, items]) => [name, { type: 'array', maxItems: 1, items }]),
    ),
    ...Object.fromEntries(
      Object.entries(options.multi ?? {}).map(([name, items]) => [name, { type: 'array', items }]),
    ),
  },
  additionalProperties: options.others !== 'refused',
})
