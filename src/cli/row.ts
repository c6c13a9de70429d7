// What a command is: one row with its words, arguments, options, help and examples, and one function that runs it.
// A new command is a new row in its noun's file; parsing, output formats and help come from the row.
import { usage } from './errors.ts'
import type { Io } from './io.ts'
import type { Item } from './item.ts'
import type { Cell } from './output/cells.ts'
import type { Cloud } from './session/cloud.ts'

export interface OptionRow {
  /** commander's form: `--name <name>`, `--long`, `--no-dhcp`. */
  readonly flags: string
  readonly help: string
  /** May be given several times; the values are a list. */
  readonly many?: true
  /** The value is a whole number. */
  readonly number?: true
  readonly required?: true
  readonly choices?: readonly string[]
  /** Names (`no-dhcp`) of options that cannot be given together with this one. */
  readonly conflicts?: readonly string[]
}

type OptionExtras = Omit<OptionRow, 'flags' | 'help'>
export const option = (flags: string, help: string, extras: OptionExtras = {}): OptionRow => ({
  flags,
  help,
  ...extras,
})

/** Named arguments and options of one invocation, and the world. */
export interface Call {
  readonly io: Io
  readonly cloud: Cloud
  /** The value of `<name>`; of the first one when it is a list. */
  argument(name: string): string
  /** All values of `<name...>`. */
  arguments(name: string): readonly string[]
  /** The value of `--name TEXT`. */
  text(name: string): string | undefined
  number(name: string): number | undefined
  flag(name: string): boolean
  many(name: string): readonly string[]
}

interface CommonRow {
  /** `server event list` */
  readonly words: string
  /** commander's form: `<server>`, `<server...>`, `[project]`. */
  readonly arguments?: string
  readonly help: string
  readonly options?: readonly OptionRow[]
  /** What a wrong command line ends with, where 2 means something else; default 2. */
  readonly usageExitCode?: 1
  /** What follows `faultline `, one invocation each; at least one. */
  readonly examples: readonly [string, ...string[]]
}

/** Does something, and prints only what it wants to. */
export interface ActRow extends CommonRow {
  readonly kind: 'act'
  readonly run: (call: Call) => Promise<void>
}

/** Prints one thing as Field/Value rows, sorted by name. `undefined`: nothing to print. */
export interface ShowRow extends CommonRow {
  readonly kind: 'show'
  readonly run: (call: Call) => Promise<Readonly<Record<string, Cell>> | undefined>
}

/** Prints items as columns. */
export interface ListRow extends CommonRow {
  readonly kind: 'list'
  readonly columns: readonly Column[]
  readonly run: (call: Call) => Promise<readonly Item[]>
}

export type CommandRow = ActRow | ShowRow | ListRow

export const act = (row: Omit<ActRow, 'kind'>): ActRow => ({ kind: 'act', ...row })
export const show = (row: Omit<ShowRow, 'kind'>): ShowRow => ({ kind: 'show', ...row })
export const list = (row: Omit<ListRow, 'kind'>): ListRow => ({ kind: 'list', ...row })

/** What decides whether a column is there without being asked for with `-c`. */
export interface ListView {
  flag(option: string): boolean
  /** The value of `<name>`; empty when it was not given. */
  argument(name: string): string
  /** Minor version compute was called with; 0 when compute was not called. */
  readonly computeMinor: number
}

export interface Column {
  readonly heading: string
  readonly value: (item: Item) => Cell
  readonly when: (view: ListView) => boolean
}

/**
 * A column: heading, the item's key or a function of the item, and when it is there by default. A key that is not
 * there at all is an empty cell, null is None (osc_lib).
 */
export const column = (
  heading: string,
  value: string | ((item: Item) => Cell),
  when: (view: ListView) => boolean = () => true,
): Column => ({
  heading,
  value: typeof value === 'string' ? item => (value in item ? item[value] : '') : value,
  when,
})

/** Only with `--long`. */
export const long = (view: ListView): boolean => view.flag('long')
export const longOption = option('--long', 'list additional columns')

/** `key=value` options as an object. */
export function pairs(values: readonly string[], optionName: string): Record<string, string> {
  return Object.fromEntries(
    values.map(value => {
      const at = value.indexOf('=')
      if (at < 1) throw usage(`${optionName} wants key=value, not '${value}'`)
      return [value.slice(0, at), value.slice(at + 1)]
    }),
  )
}

/** Query text of what is defined: `?name=x&limit=2`, or nothing. Lists repeat their key. */
export function query(
  values: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): string {
  const parts = Object.entries(values).flatMap(([key, value]) =>
    value === undefined
      ? []
      : (typeof value === 'object' ? value : [value]).map(
          one => `${encodeURIComponent(key)}=${encodeURIComponent(String(one))}`,
        ),
  )
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

/** Runs for each value; goes on after a failure and throws at the end, so that one bad name stops nothing. */
export async function forEach(
  call: Call,
  values: readonly string[],
  run: (value: string) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  for (const value of values) {
    try {
      await run(value)
    } catch (error) {
      failures.push(error)
      if (failures.length < values.length && value !== values.at(-1)) call.io.stderr(`${errorText(error)}\n`)
    }
  }
  if (failures.length > 0) throw failures.at(-1)
}
const errorText = (error: unknown) => `faultline: ${error instanceof Error ? error.message : String(error)}`
