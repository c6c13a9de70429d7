// What deploy/elk repeats of our tables: the index template, the causes as Logstash's translate filter reads them, and the
// dashboard. `npm run docs` writes them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rule } from '../src/tracer/explain/rules/rule.ts'
import { rules } from '../src/tracer/explain/rules/table.ts'
import { defaultPrefix, fields, indexTemplate } from '../src/tracer/ship/fields.ts'
import { dashboard } from './elk-dashboard.ts'

/**
 * A pattern of ours in Ruby's words: there `^` and `$` are ends of lines, a bracket inside a class begins another class,
 * and flags stand in the pattern.
 */
export function rubyPattern({ source, flags }: RegExp): string {
  let isClass = false
  let ruby = ''
  for (let at = 0; at < source.length; at += 1) {
    const letter = source[at] ?? ''
    if (letter === '\\') {
      at += 1
      // Ruby knows the slash without its backslash.
      ruby += source[at] === '/' ? '/' : `\\${source[at]}`
    } else if (isClass) {
      isClass = letter !== ']'
      ruby += letter === '[' ? '\\[' : letter
    } else {
      isClass = letter === '['
      const isEnd = !flags.includes('m') && (letter === '^' || letter === '$')
      ruby += isEnd ? (letter === '^' ? '\\A' : '\\z') : letter
    }
  }
  return `${flags.includes('i') ? '(?i)' : ''}${ruby}`
}

/** YAML's keys on one line end at 1024 characters, as written; a question mark lifts that. */
const keyLengthMax = 1000

/** The heaviest first, because the first that matches counts. Rules for some services only are left out. */
export const translated: readonly Rule[] = rules
  .filter(({ where }) => where === undefined)
  .sort((a, b) => b.weight - a.weight)

function causesFile(): string {
  const seen = new Set<string>()
  const rows = translated.flatMap(({ match, cause }) => {
    const key = JSON.stringify(rubyPattern(match))
    if (seen.has(key)) return []
    seen.add(key)
    return [key.length > keyLengthMax ? `? ${key}\n: ${cause}` : `${key}: ${cause}`]
  })
  return `# Texts that show a cause (docs/causes.md). Written by \`npm run docs\` from src/tracer/explain/rules.\n${rows.join('\n')}\n`
}

const marker = '<!-- fields -->'

/** The page is written by hand up to its table of fields. */
export const withFields = (page: string): string =>
  `${page.split(marker, 1)[0]}${marker}\n| Field | Type | What it is |\n| --- | --- | --- |\n${Object.entries(
    fields,
  )
    .map(([name, { mapping, what }]) => `| \`${name}\` | ${mapping.type} | ${what} |`)
    .join('\n')}\n`

/** Files by path from the root, as they should read. */
export const elkFiles: Readonly<Record<string, string>> = {
  'deploy/elk/index-template.json': `${JSON.stringify(indexTemplate(defaultPrefix), null, 2)}\n`,
  'deploy/elk/causes.yml': causesFile(),
  'deploy/elk/dashboard.ndjson': `${dashboard(defaultPrefix)
    .map(object => JSON.stringify(object))
    .join('\n')}\n`,
  'docs/elk.md': withFields(readFileSync(join(import.meta.dirname, '../docs/elk.md'), 'utf8')),
}
