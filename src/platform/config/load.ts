// Reads settings: defaults, then a JSON config file, then `FAULTLINE_*`, then the command line; each checked by its row.
import { existsSync, readFileSync } from 'node:fs'
import { isObject } from '../../base/json.ts'
import { type OptionRow, type UpOptionName, type UpSettings, upOptions } from './options.ts'

/** An option the user gave cannot be used; `message` is one line that says which and why. */
export class OptionError extends Error {
  override readonly name = 'OptionError'
}

export interface Sources {
  /** Path of a JSON object with option names as keys; undefined for none. */
  readonly configFile: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What the command line gave, by option name. */
  readonly given: Readonly<Record<string, string | boolean | undefined>>
}

export const variableOf = (name: string): string => `FAULTLINE_${name.toUpperCase().replaceAll('-', '_')}`

export function loadSettings(sources: Sources): UpSettings {
  const file = sources.configFile === undefined ? {} : readConfigFile(sources.configFile)
  for (const name of Object.keys(file))
    if (!(name in upOptions)) throw new OptionError(`${sources.configFile}: unknown option '${name}'`)
  const settings: Record<string, string | number | boolean> = {}
  for (const [name, row] of Object.entries<OptionRow>(upOptions)) {
    const variable = variableOf(name)
    const [value, from] =
      sources.given[name] !== undefined
        ? [sources.given[name], `--${name}`]
        : sources.environment[variable] !== undefined
          ? [sources.environment[variable], variable]
          : name in file
            ? [file[name], `${sources.configFile}: ${name}`]
            : [row.default, name]
    settings[name] = read(row, value, from)
  }
  return settings as UpSettings // every row was read by its type
}

function readConfigFile(path: string): Record<string, unknown> {
  if (!existsSync(path)) throw new OptionError(`--config: there is no file ${path}`)
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (isObject(parsed)) return parsed
  } catch (cause) {
    throw new OptionError(
      `--config: ${path} is not JSON (${cause instanceof Error ? cause.message : String(cause)})`,
    )
  }
  throw new OptionError(`--config: ${path} must hold one JSON object of option names and values`)
}

function read(row: OptionRow, value: unknown, from: string): string | number | boolean {
  switch (row.type) {
    case 'flag': {
      if (typeof value === 'boolean') return value
      if (value === 'true' || value === '1' || value === 'yes' || value === '') return true
      if (value === 'false' || value === '0' || value === 'no') return false
      throw new OptionError(`${from}: '${String(value)}' is neither true nor false`)
    }
    case 'count': {
      const text = String(value)
      const number = Number(text)
      if (!/^-?\d+$/.test(text) || number < (row.min ?? 0) || number > (row.max ?? Number.MAX_SAFE_INTEGER))
        throw new OptionError(
          `${from}: '${text}' is not a whole number from ${row.min ?? 0} to ${row.max ?? Number.MAX_SAFE_INTEGER}`,
        )
      return number
    }
    case 'choice':
      if (row.choices?.includes(String(value))) return String(value)
      throw new OptionError(`${from}: '${String(value)}' is not one of ${row.choices?.join(', ')}`)
    case 'text':
      return String(value)
  }
}

export const optionNames = Object.keys(upOptions) as UpOptionName[] // the table's own keys
