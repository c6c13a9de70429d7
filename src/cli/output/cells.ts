// A cell has two faces, as in cliff: the human one in tables, the machine one in json, csv and value.
import { pythonRepr, pythonStr } from '../../base/python.ts'
import type { Item } from '../item.ts'

/** A value that a person reads differently from a program. */
export class Formatted {
  readonly human: string
  readonly machine: unknown

  constructor(human: string, machine: unknown) {
    this.human = human
    this.machine = machine
  }
}

/** Plain JSON, or JSON with a human face. */
export type Cell = unknown

export const formatted = (human: string, machine: unknown): Formatted => new Formatted(human, machine)

export const machine = (cell: Cell): unknown => (cell instanceof Formatted ? cell.machine : (cell ?? null))
/** What `-f value` and csv print: Python's str() of the machine face. */
export const machineText = (cell: Cell): string => pythonStr(machine(cell))
/** What a table prints. Control characters are made visible: a server's name must not steer the terminal. */
export const humanText = (cell: Cell): string =>
  (cell instanceof Formatted ? cell.human : pythonStr(cell ?? null))
    .replaceAll('\r\n', '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is being shown
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, char => pythonRepr(char).slice(1, -1))

const pair = (key: string, value: unknown): string =>
  value === null || value === undefined ? `${key}=` : `${key}='${pythonStr(value)}'`

/** `key='value', other='value'`, keys sorted, nested keys joined by dots (osc_lib format_dict). */
function dictText(value: Item, prefix = ''): string {
  return Object.keys(value)
    .sort()
    .map(key => {
      const inner = value[key]
      return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? dictText(inner as Item, `${prefix}${key}.`) // an object that is no array
        : pair(prefix + key, inner)
    })
    .join(', ')
}

export const dict = (value: Item): Formatted => formatted(dictText(value), value)
/** One object on each line. */
export const dicts = (value: readonly Item[]): Formatted =>
  formatted(value.map(item => dictText(item)).join('\n'), value)
export const list = (value: readonly string[]): Formatted => formatted([...value].sort().join(', '), value)
/** `net=10.0.0.3, fd00::3; other=10.1.0.4` */
export const dictOfLists = (value: Readonly<Record<string, readonly string[]>>): Formatted =>
  formatted(
    Object.keys(value)
      .sort()
      .map(key => `${key}=${[...value[key]!].sort().join(', ')}`)
      .join('; '),
    value,
  )
export const upDown = (value: unknown): Formatted => formatted(value ? 'UP' : 'DOWN', value)
/** A number that is no count: `1.0`, which JSON gave us as 1. Anything else is left as it is. */
export const decimal = (value: unknown): Cell =>
  typeof value === 'number' && Number.isInteger(value) ? formatted(value.toFixed(1), value) : value
