// Prints lists and shows in the formats of the openstack client: table, json, value, csv.
import { CliError } from '../errors.ts'
import type { Io } from '../io.ts'
import { type Cell, humanText, machine, machineText } from './cells.ts'
import { drawTable } from './table.ts'

export const formats = ['table', 'json', 'value', 'csv'] as const
export type Format = (typeof formats)[number]

export interface OutputOptions {
  readonly format: Format
  /** `-c`: the columns or fields wanted; all when empty. */
  readonly columns: readonly string[]
  readonly noindent: boolean
  /** 0: no limit. */
  readonly maxWidth: number
}

export interface ListColumn {
  readonly heading: string
  /** False: shown only when asked for with `-c`. */
  readonly byDefault: boolean
}

/** Prints rows of cells, one for each column, in the order of the columns. */
export const emitList = (
  io: Io,
  options: OutputOptions,
  columns: readonly ListColumn[],
  rows: readonly (readonly Cell[])[],
): void => io.stdout(listText(io.colour, options, columns, rows))

function listText(
  colour: boolean,
  options: OutputOptions,
  columns: readonly ListColumn[],
  rows: readonly (readonly Cell[])[],
): string {
  const names = columns.map(column => column.heading)
  const wanted = pick(names, options.columns) ?? columns.flatMap((c, at) => (c.byDefault ? [at] : []))
  const headings = wanted.map(at => names[at]!)
  const cells = rows.map(row => wanted.map(at => row[at]))
  switch (options.format) {
    case 'json':
      return json(
        options,
        cells.map(row => object(headings, row)),
      )
    case 'value':
      return cells.map(row => `${row.map(machineText).join(' ')}\n`).join('')
    case 'csv':
      return [headings, ...cells].map(csvLine).join('')
    case 'table': {
      if (cells.length === 0) return '\n' // cliff prints an empty line for an empty list
      const right = new Set(cells[0]!.flatMap((cell, at) => (isNumeric(cell) ? [at] : [])))
      const text = cells.map(row => row.map(humanText))
      const paint = (padded: string, _row: number, column: number) => painted(headings[column]!, padded)
      return drawTable({
        headings,
        rows: text,
        right,
        maxWidth: options.maxWidth,
        minColumnWidth: 8,
        paint: colour ? paint : undefined,
      })
    }
  }
}

/** Prints one thing's fields, sorted by name (capitals first). */
export const emitShow = (io: Io, options: OutputOptions, fields: Readonly<Record<string, Cell>>): void =>
  io.stdout(showText(io.colour, options, fields))

function showText(colour: boolean, options: OutputOptions, fields: Readonly<Record<string, Cell>>): string {
  const names = Object.keys(fields).sort()
  const wanted = (pick(names, options.columns) ?? names.map((_, at) => at)).map(at => names[at]!)
  const cells = wanted.map(name => fields[name])
  switch (options.format) {
    case 'json':
      return json(options, object(wanted, cells))
    case 'value':
      return cells.map(cell => `${machineText(cell)}\n`).join('')
    case 'csv':
      return [['Field', 'Value'], ...wanted.map((name, at) => [name, cells[at]])].map(csvLine).join('')
    case 'table': {
      const paint = (padded: string, row: number, column: number) =>
        column === 1 ? painted(wanted[row]!, padded) : padded
      return drawTable({
        headings: ['Field', 'Value'],
        rows: wanted.map((name, at) => [name, humanText(cells[at])]),
        maxWidth: options.maxWidth,
        minColumnWidth: 16,
        paint: colour ? paint : undefined,
      })
    }
  }
}

/** Numbers go to the right; a state that is a number for programs and a word for people does not. */
const isNumeric = (cell: Cell): boolean =>
  typeof machine(cell) === 'number' && /^-?[\d.]+$/.test(humanText(cell))

/** Positions of the names asked for, in table order; undefined when none was asked for. */
function pick(names: readonly string[], asked: readonly string[]): number[] | undefined {
  if (asked.length === 0) return undefined
  const plain = (name: string) => name.toLowerCase().replaceAll('_', ' ')
  const wanted = new Set(asked.map(plain))
  const found = names.flatMap((name, at) => (wanted.has(plain(name)) ? [at] : []))
  if (found.length === 0)
    throw new CliError(
      `No recognized column names in ${asked.join(', ')}. Recognized columns are: ${names.join(', ')}.`,
      {
        exitCode: 2,
      },
    )
  return found
}

const object = (names: readonly string[], cells: readonly Cell[]) =>
  Object.fromEntries(names.map((name, at) => [name, machine(cells[at])]))

const json = (options: OutputOptions, value: unknown) =>
  `${JSON.stringify(value, null, options.noindent ? undefined : 2)}\n`

/** Everything but numbers and booleans is quoted (cliff's default, "nonnumeric"). */
const csvLine = (cells: readonly Cell[]): string =>
  `${cells
    .map(cell => {
      const value = machine(cell)
      if (typeof value === 'number' || typeof value === 'boolean') return machineText(cell)
      return `"${(value === null ? '' : machineText(cell)).replaceAll('"', '""')}"`
    })
    .join(',')}\n`

const green = '\u001b[32m'
const red = '\u001b[31m'
const yellow = '\u001b[33m'
const plain = '\u001b[0m'
const colours: Readonly<Record<string, string>> = {
  ACTIVE: green,
  active: green,
  up: green,
  UP: green,
  available: green,
  Success: green,
  ERROR: red,
  error: red,
  Error: red,
  down: red,
  DOWN: red,
  BUILD: yellow,
  RESIZE: yellow,
  VERIFY_RESIZE: yellow,
  REBUILD: yellow,
  disabled: yellow,
}
const coloured = /status|state|message|result/i

function painted(name: string, padded: string): string {
  const colour = coloured.test(name) ? colours[padded.trim()] : undefined
  return colour === undefined ? padded : colour + padded + plain
}
