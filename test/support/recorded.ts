// Comparing an answer with a recorded one, leaf by leaf. What differs on purpose stands in a table, each row with its
// reason; a row nothing needs any more is reported too.

export type Leaf = RegExp | string | number | boolean | null | undefined

export interface Difference {
  /** Path of the leaf: `status`, `headers.Vary.1`, `body.server.flavor.id`. */
  readonly at: RegExp
  /** Who asked for what, in the words of the test (`demo compute 2.84`), where the row is not for all. */
  readonly when?: RegExp
  /** The value itself, or its form; undefined where there is none. */
  readonly theirs: Leaf
  readonly ours: Leaf
  readonly why: string
}

/** What differs from run to run, by its form. */
const unsteady: readonly (readonly [form: RegExp, name: string])[] = [
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, '<time>'],
  // The recorded Nova kept whole seconds in its database; ours are finer, in the same form.
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/, '<time with microseconds>'],
  [/^fa:16:3e(:[0-9a-f]{2}){3}$/, '<mac>'],
  [/^instance-[0-9a-f]{8}$/, '<instance name>'],
  [/^r-[0-9a-z]{8}$/, '<reservation>'],
  [/^( {2}File ".+", line \d+, in [\w<>]+\n( {4}.+\n)*)+$/, '<frames>'],
]

const steady = (value: unknown): unknown =>
  typeof value === 'string' ? (unsteady.find(([form]) => form.test(value))?.[1] ?? value) : value

/** Every leaf of a value with its path: `body.server.status` → `ACTIVE`; empty lists and objects are leaves (`[]`). */
export function leaves(
  value: unknown,
  path: string,
  out: Map<string, unknown> = new Map(),
): Map<string, unknown> {
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0)
    return out.set(path, typeof value === 'object' && value !== null ? JSON.stringify(value) : value)
  for (const [key, inner] of Object.entries(value)) leaves(inner, `${path}.${key}`, out)
  return out
}

export interface Comparison {
  /** What is wrong, a line a leaf. `isExact` says where even what differs from run to run must be the same. */
  compare(
    when: string,
    theirs: ReadonlyMap<string, unknown>,
    ours: ReadonlyMap<string, unknown>,
    isExact?: (path: string) => boolean,
  ): string[]
  /** Rows no comparison has needed so far. */
  unused(): string[]
}

export function comparison(differences: readonly Difference[]): Comparison {
  const used = new Set<Difference>()
  return {
    compare(when, theirs, ours, isExact = () => false) {
      const wrong: string[] = []
      for (const path of new Set([...theirs.keys(), ...ours.keys()])) {
        const [a, b] = [theirs.get(path), ours.get(path)]
        if (Object.is(a, b) || (!isExact(path) && Object.is(steady(a), steady(b)))) continue
        const known = differences.find(
          row =>
            row.at.test(path) &&
            (row.when === undefined || row.when.test(when)) &&
            matches(row.theirs, a) &&
            matches(row.ours, b),
        )
        if (known) used.add(known)
        else wrong.push(`${path}: recorded ${JSON.stringify(a)}, here ${JSON.stringify(b)}`)
      }
      return wrong
    },
    unused: () => differences.filter(row => !used.has(row)).map(({ at, why }) => `${at}: ${why}`),
  }
}

const matches = (wanted: Leaf, value: unknown): boolean =>
  wanted instanceof RegExp ? typeof value === 'string' && wanted.test(value) : Object.is(wanted, value)
