// Documents that repeat a table say what the table says: `npm run docs` writes them again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pages } from '../../scripts/docs.ts'
import { notYetRows } from '../../src/compute/api/not-yet.ts'
import { operations } from '../../src/compute/operations/table.ts'
import type { ErrorRow } from '../../src/model/errors/row.ts'
import { errors } from '../../src/model/errors.ts'
import { eventRows } from '../../src/model/events.ts'
import { microversions } from '../../src/model/microversions.ts'
import { volumeMicroversions } from '../../src/model/volume-microversions.ts'
import { upOptions } from '../../src/platform/config/options.ts'
import { readRoot, sources } from '../support/sources.ts'

for (const [path, text] of Object.entries(pages))
  test(`${path} says what its tables say`, () => {
    assert.equal(readRoot(path), text, 'run `npm run docs`')
  })

const namesIn = (path: string): string[] =>
  [...readRoot(path).matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name ?? '')

test('every error is documented, and every documented error exists', () => {
  assert.deepEqual(namesIn('docs/errors.md').sort(), Object.keys(errors).sort())
})

test('every option is documented, and every documented option exists', () => {
  const documented = namesIn('docs/options.md').map(flag => flag.replace(/^--/, '').split(' ')[0])
  assert.deepEqual(documented.sort(), Object.keys(upOptions).sort())
})

test('docs/not-yet.md lists what answers 501, and nothing else', () => {
  const documented = [...readRoot('docs/not-yet.md').matchAll(/^\| `([A-Z, ]+) (\/[^`]*)`/gm)].map(
    ([, methods, path]) => `${methods} ${path}`,
  )
  assert.deepEqual(
    documented.sort(),
    notYetRows.map(({ methods, path }) => `${methods.join(', ')} ${path}`).sort(),
  )
})

test('every error has a status of refusal and a sentence', () => {
  for (const [code, row] of Object.entries<ErrorRow>(errors)) {
    assert.ok(row.status >= 300 && row.status < 600, code)
    assert.notEqual(row.text.trim(), '', code)
  }
})

test('every error of the catalogue is used by the sources', () => {
  const used = new Set(
    sources('src')
      .filter(({ path }) => !path.startsWith('src/model/errors'))
      .flatMap(({ text }) => [...text.matchAll(/'(\w+)'/g)].map(([, name]) => name)),
  )
  assert.deepEqual(
    Object.keys(errors).filter(code => !used.has(code)),
    [],
  )
})

test('every event is recorded by some operation, and steps name events of the table', () => {
  const texts = sources('src')
    .filter(({ path }) => /^src\/compute\/(operations|api|conductor)\//.test(path))
    .map(({ text }) => text)
  const unused = Object.keys(eventRows).filter(name => !texts.some(text => text.includes(`'${name}'`)))
  assert.deepEqual(unused, [])
  for (const { kind, steps } of Object.values(operations))
    for (const { name, event } of steps)
      if (event !== undefined) assert.ok(event in eventRows, `${kind}.${name}: ${event}`)
})

test('every microversion has its row, in order, with a feature of its own', () => {
  for (const [rows, first] of [
    [microversions, 1],
    [volumeMicroversions, 0],
  ] as const) {
    assert.deepEqual(
      rows.map(({ minor }) => minor),
      rows.map((_, index) => index + first),
    )
    assert.equal(new Set(rows.map(({ feature }) => feature)).size, rows.length)
  }
})
