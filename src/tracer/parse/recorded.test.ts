// Logs of a real cloud, read whole: every line is accounted for, and the sums are those of a count that knows nothing of
// the formats.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { LogRecord } from '../record.ts'
import { RecordReader } from './reader.ts'

const folder = new URL('../../../test/contract/fixtures/recorded-logs/', import.meta.url)
const resize = 'req-f475ad32-4c0a-421f-a77c-0dd30e99339b'

function read(file: string) {
  const bytes = readFileSync(new URL(file, folder))
  const lines = bytes.toString('utf8').split('\n').slice(0, -1)
  const reader = new RecordReader({ file })
  const records: LogRecord[] = []
  let offset = 0
  for (const line of lines) {
    const length = Buffer.byteLength(line) + 1
    records.push(...reader.push(line, offset, length))
    offset += length
  }
  records.push(...reader.end())
  return { bytes, lines, records, counts: reader.counts }
}

const services: Readonly<Record<string, readonly [service: string, host: string | null]>> = {
  'nova-api.resize-req-f475ad32-4c0a-421f-a77c-0dd30e99339b.log': ['nova-api', null],
  'nova-compute-compute1.full.log': ['nova-compute', 'compute1'],
  'nova-compute-compute2.full.log': ['nova-compute', 'compute2'],
  'nova-conductor.full.log': ['nova-conductor', null],
  'nova-scheduler.full.log': ['nova-scheduler', null],
}

test('every recorded file is read', () => {
  const logs = readdirSync(folder).filter(name => name.endsWith('.log'))
  assert.deepEqual(logs.sort(), Object.keys(services))
})

for (const [file, [service, host]] of Object.entries(services))
  test(`${file}: every line is in a record, with what it says`, () => {
    const { bytes, lines, records, counts } = read(file)
    // Lines of a traceback have the prefix of their record, without its ids.
    const heads = lines.filter(line => /^2026-\S+ \S+ \d+ \w+ \S+ \[(?:None |req-|-\])|^\[pid/.test(line))
    assert.deepEqual(counts, {
      records: heads.length,
      unparsed: 0,
      shortened: 0,
      continued: lines.length - heads.length,
    })
    const sum = (of: (record: LogRecord) => boolean) => records.filter(of).length
    const count = (pattern: RegExp) => heads.filter(line => pattern.test(line)).length
    for (const level of ['INFO', 'WARNING', 'ERROR'])
      assert.equal(
        sum(record => record.level === level && !record.message.startsWith('[pid')),
        count(new RegExp(`^2026-\\S+ \\S+ \\d+ ${level} `)),
      )
    assert.equal(
      sum(record => record.localId !== null),
      count(/ req-\S+ [0-9a-f-]+ [0-9a-f-]+ - - /),
    )
    assert.equal(
      sum(record => record.globalId !== null),
      count(/ \[req-\S+ req-/),
    )
    assert.equal(
      sum(record => record.serverId !== null),
      count(/\] \[instance: /),
    )
    assert.equal(
      sum(record => record.access !== null),
      count(/" status: |^\[pid/),
    )
    assert.equal(
      sum(record => record.traceback.length > 0),
      lines.filter(line => line.startsWith('Traceback')).length,
    )
    assert.ok(records.every(record => record.at !== null && record.process !== null))
    assert.ok(records.every(record => record.service === service && record.host === host))
    // The place of a record is where its line stands.
    for (const { place } of records) {
      const text = bytes.subarray(place.offset, place.offset + place.length).toString('utf8')
      assert.match(text, /^(?:2026-|\[pid)(?:.|\n)*\n$/)
    }
  })

test('the failed resize keeps the traceback of the scheduler whole', () => {
  const record = read('nova-conductor.full.log').records.find(
    ({ localId, traceback }) => localId === resize && traceback.length > 0,
  )
  assert.equal(record?.traceback[0], 'Traceback (most recent call last):')
  assert.ok(
    record?.traceback.includes(
      'nova.exception.NoValidHost: No valid host was found. There are not enough hosts available.',
    ),
  )
  assert.equal(
    record?.message,
    'Failed to compute_task_migrate_server: No valid host was found. There are not enough hosts available.',
  )
})
