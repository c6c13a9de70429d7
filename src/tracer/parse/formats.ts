// The formats of records, in the order they are tried on what is left of a line when its prefixes are gone.
import type { Parsed } from './parsed.ts'

export interface Format {
  readonly name: string
  readonly read: (text: string) => Parsed | null
}

export const formats: readonly Format[] = []
