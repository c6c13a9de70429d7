import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Io } from '../io.ts'
import { dict, dictOfLists, dicts, list } from './cells.ts'
import { emitList, emitShow, type OutputOptions } from './emit.ts'

const defaults: OutputOptions = { format: 'table', columns: [], noindent: false, maxWidth: 0 }
function printed(
  options: Partial<OutputOptions>,
  run: (io: Io, options: OutputOptions) => void,
  colour = false,
) {
  let text = ''
  const io = {
    colour,
    stdout(part: string) {
      text += part
    },
  } as Io // printing needs no more
  run(io, { ...defaults, ...options })
  return text
}

const columns = [
  { heading: 'ID', byDefault: true },
  { heading: 'Networks', byDefault: true },
  { heading: 'Host', byDefault: false },
]
const rows = [
  [1, dictOfLists({ private: ['10.0.0.3', 'fd00::3'] }), 'host-1'],
  [2, dictOfLists({}), null],
]
const listed = (options: Partial<OutputOptions>) =>
  printed(options, (io, o) => emitList(io, o, columns, rows))

test('json is the machine face, value and csv are its text as Python prints it', () => {
  assert.deepEqual(JSON.parse(listed({ format: 'json' })), [
    { ID: 1, Networks: { private: ['10.0.0.3', 'fd00::3'] } },
    { ID: 2, Networks: {} },
  ])
  assert.equal(listed({ format: 'value' }), "1 {'private': ['10.0.0.3', 'fd00::3']}\n2 {}\n")
  assert.equal(
    listed({ format: 'csv' }),
    `"ID","Networks"\n1,"{'private': ['10.0.0.3', 'fd00::3']}"\n2,"{}"\n`,
  )
  assert.equal(listed({ format: 'json', noindent: true }).split('\n').length, 2)
})

test('a column that is not there by default can be asked for, in any case and with underscores', () => {
  assert.equal(listed({ format: 'value', columns: ['host', 'ID'] }), '1 host-1\n2 None\n')
  assert.throws(
    () => listed({ columns: ['nope'] }),
    /No recognized column names in nope\. .* ID, Networks, Host/,
  )
})

test('an empty list is an empty line in a table and [] in json', () => {
  const empty = (options: Partial<OutputOptions>) => printed(options, (io, o) => emitList(io, o, columns, []))
  assert.equal(empty({}), '\n')
  assert.equal(empty({ format: 'json' }), '[]\n')
  assert.equal(empty({ format: 'value' }), '')
})

test('fields are sorted with capitals first; the faces of lists and objects are those of the openstack client', () => {
  const text = printed({}, (io, o) =>
    emitShow(io, o, {
      status: 'ACTIVE',
      'OS-EXT-STS:task_state': null,
      locked: false,
      groups: dicts([{ name: 'default' }, { name: 'web', id: null }]),
      tags: list(['b', 'a']),
      properties: dict({ b: '2', a: { c: 1 } }),
    }),
  )
  assert.equal(
    text,
    `+-----------------------+-----------------+
| Field                 | Value           |
+-----------------------+-----------------+
| OS-EXT-STS:task_state | None            |
| groups                | name='default'  |
|                       | id=, name='web' |
| locked                | False           |
| properties            | a.c='1', b='2'  |
| status                | ACTIVE          |
| tags                  | a, b            |
+-----------------------+-----------------+
`,
  )
})

test('statuses are coloured on a terminal only', () => {
  const show = (colour: boolean) => printed({}, (io, o) => emitShow(io, o, { status: 'ERROR' }), colour)
  assert.ok(show(true).includes('\u001b[31mERROR'))
  assert.ok(!show(false).includes('\u001b'))
})
