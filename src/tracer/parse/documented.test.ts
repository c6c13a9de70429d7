import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { formats } from './formats.ts'
import { prefixForms } from './prefixes.ts'

test('docs/log-formats.md lists every form that is read', () => {
  const page = readFileSync(new URL('../../../docs/log-formats.md', import.meta.url), 'utf8')
  const documented = [...page.matchAll(/^\| ([^|]+?) \|/gm)].map(([, name]) => name)
  for (const { name } of [...prefixForms, ...formats]) assert.ok(documented.includes(name), name)
})
