// Lines into records: what belongs together, what is counted, what a record says of itself.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord } from '../record.ts'
import { type FileHint, RecordReader, startsRecord } from './reader.ts'

const local = 'req-f475ad32-4c0a-421f-a77c-0dd30e99339b'
const ids = `[None ${local} 92c6 6cb7 - - default default]`
const at = '2026-11-23 09:30:40.234'

function read(text: string, hint: Partial<FileHint> = {}) {
  const reader = new RecordReader({ file: 'some.log', ...hint })
  const records: LogRecord[] = []
  let offset = 0
  for (const line of text.split('\n')) {
    const length = Buffer.byteLength(line) + 1
    records.push(...reader.push(line, offset, length))
    offset += length
  }
  records.push(...reader.end())
  return { records, counts: reader.counts }
}

test('a traceback in lines with the prefix of their record belongs to it, whole and without prefixes', () => {
  const trace = `${at} 7 ERROR nova.compute.manager [instance: abc] `
  const { records, counts } = read(
    [
      `${at} 7 ERROR nova.compute.manager ${ids} [instance: abc] It failed: ValueError: no`,
      `${trace}Traceback (most recent call last):`,
      `${at} 8 INFO nova.compute.manager ${ids} [instance: def] Between`,
      `${trace}  File "a.py", line 1, in f`,
      `${trace}ValueError: no`,
      trace,
      '2026-11-23 09:30:41.000 7 INFO nova.compute.manager [-] Next',
    ].join('\n'),
  )
  assert.deepEqual(counts, { records: 3, unparsed: 0, shortened: 0, continued: 4 })
  const [failed, between] = records
  assert.deepEqual(failed?.traceback, [
    'Traceback (most recent call last):',
    '  File "a.py", line 1, in f',
    'ValueError: no',
  ])
  assert.equal(failed?.message, 'It failed: ValueError: no')
  assert.equal(between?.serverId, 'def')
})

test('lines of a traceback begin no record', () => {
  const prefix = `${at} 7 ERROR nova.compute.manager`
  assert.equal(startsRecord(`${prefix} ${ids} It failed`), true)
  assert.equal(startsRecord(`${prefix} [-] It failed`), true)
  assert.equal(startsRecord(`${prefix} [instance: abc] ValueError: no`), false)
  assert.equal(startsRecord(`${prefix} ${ids} Traceback (most recent call last):`), false)
  assert.equal(startsRecord('Traceback (most recent call last):'), false)
  assert.equal(startsRecord(''), false)
})
