import assert from 'node:assert/strict'
import { test } from 'node:test'
import { displayWidth, wrap } from '../../base/width.ts'
import { humanText } from './cells.ts'
import { drawTable, fitWidths } from './table.ts'

const plain = { maxWidth: 0, minColumnWidth: 8 }

test('a table looks as the openstack client draws it, numbers to the right', () => {
  const text = drawTable({
    ...plain,
    headings: ['ID', 'Name', 'RAM'],
    rows: [
      ['1', 'm1.tiny', '512'],
      ['98', 'm1.overquota', '16777216'],
    ],
    right: new Set([2]),
  })
  assert.equal(
    text,
    `+----+--------------+----------+
| ID | Name         |      RAM |
+----+--------------+----------+
| 1  | m1.tiny      |      512 |
| 98 | m1.overquota | 16777216 |
+----+--------------+----------+
`,
  )
})

test('a cell of several lines makes a row of several lines', () => {
  const text = drawTable({ ...plain, headings: ['a', 'b'], rows: [['x', 'one\ntwo']] })
  assert.match(text, /\| x \| one \|\n\| {3}\| two \|\n/)
})

test('wide and combining characters keep the borders straight', () => {
  const names = ['日本語', 'café', 'cafe\u0301', '👩‍👩‍👧', 'plain', '\u200bx']
  const lines = drawTable({ ...plain, headings: ['Name'], rows: names.map(name => [name]) })
    .trimEnd()
    .split('\n')
  assert.deepEqual(new Set(lines.map(displayWidth)), new Set([10]))
  assert.equal(displayWidth('日本語'), 6)
  assert.equal(displayWidth('cafe\u0301'), 4)
})

test('a table is fitted to a width by shrinking only what is wide, and broken at spaces', () => {
  assert.deepEqual(fitWidths([4, 100], 40, 8), [4, 29])
  assert.deepEqual(fitWidths([4, 10], 40, 8), [4, 10])
  assert.deepEqual(fitWidths([50, 50, 50], 20, 8), [8, 8, 8])
  assert.deepEqual(wrap('no valid host was found', 10), ['no valid', 'host was', 'found'])
  assert.deepEqual(wrap('abcdefgh', 3), ['abc', 'def', 'gh'])
  assert.deepEqual(wrap('日本語', 4), ['日本', '語'])
  const text = drawTable({
    headings: ['f', 'v'],
    rows: [['x', 'word '.repeat(30).trim()]],
    maxWidth: 30,
    minColumnWidth: 8,
  })
  for (const line of text.trimEnd().split('\n')) assert.equal(line.length, 30)
})

test("a server's name cannot steer the terminal", () => {
  assert.equal(humanText('a\u001b[2Jb\tc'), 'a\\x1b[2Jb\\tc')
  assert.equal(humanText('two\nlines'), 'two\nlines')
})
