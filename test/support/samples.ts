// Nova's documented answers (test/contract/fixtures/nova-api-samples), and what of an answer is compared with them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const samples = join(import.meta.dirname, '../contract/fixtures/nova-api-samples')

// What stands under these keys is data, not shape.
const opaque = new Set([
  'extra_specs',
  'metadata',
  'links',
  'hosts',
  'log',
  'cpu_info',
  'members',
  'siblings',
  'cpu_pinning',
])

/** The keys of a value, deep; of a list, those of its first element. */
export function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])]
  if (typeof value !== 'object' || value === null) return 'value'
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, opaque.has(name) ? 'data' : shape(item)]),
  )
}

/** The versions a sample is there for, as folders; empty for 2.1. */
export const foldersOf = (area: string, file: string): readonly string[] =>
  ['', ...readdirSync(join(samples, area)).filter(entry => /^v2\.\d+$/.test(entry))].filter(folder =>
    existsSync(join(samples, area, folder, `${file}.json`)),
  )

export const sampleIn = (area: string, folder: string, file: string): unknown =>
  JSON.parse(readFileSync(join(samples, area, folder, `${file}.json`), 'utf8'))
