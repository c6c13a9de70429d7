// Lines into records: what belongs together, what is counted, what a record says of itself.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
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

test('older releases repeat the ids before each line of a traceback', () => {
  const prefix = `${at} 7 ERROR nova.compute.manager [${local} u p - - -] [instance: abc]`
  const { records } = read(
    [
      `${prefix} Instance failed to spawn`,
      `${prefix} Traceback (most recent call last):`,
      `${prefix}   File "a.py", line 1, in f`,
      `${prefix} NoValidHost: No valid host was found.`,
      `2026-11-23 09:30:40.235 7 ERROR nova.compute.manager [${local} u p - - -] [instance: abc] Another`,
    ].join('\n'),
  )
  assert.deepEqual(
    records.map(({ message }) => message),
    ['Instance failed to spawn', 'Another'],
  )
  assert.equal(records[0]?.traceback.at(-1), 'NoValidHost: No valid host was found.')
})

test('a traceback another service sent stands without prefixes and with empty lines', () => {
  const { records, counts } = read(
    [
      `${at} 7 WARNING nova.scheduler.utils ${ids} Failed to migrate: No valid host was found.`,
      'Traceback (most recent call last):',
      '',
      '  File "a.py", line 1, in f',
      '    return g()',
      '',
      'nova.exception.NoValidHost: No valid host was found.',
      ': nova.exception_Remote.NoValidHost_Remote: No valid host was found.',
      `${at} 7 WARNING nova.scheduler.utils ${ids} Setting instance to ACTIVE state.`,
    ].join('\n'),
  )
  assert.deepEqual(counts, { records: 2, unparsed: 0, shortened: 0, continued: 7 })
  assert.equal(records[0]?.message, 'Failed to migrate: No valid host was found.')
  assert.deepEqual(records[0]?.traceback, [
    'Traceback (most recent call last):',
    '  File "a.py", line 1, in f',
    '    return g()',
    'nova.exception.NoValidHost: No valid host was found.',
    'nova.exception_Remote.NoValidHost_Remote: No valid host was found.',
  ])
})

test('lines without a prefix belong to the record before them, and its place covers them', () => {
  const { records } = read(
    `${at} 7 INFO nova.virt.libvirt.config ${ids} <domain>\n  <name>é</name>\n</domain>\n`,
  )
  assert.equal(records[0]?.message, '<domain>\n  <name>é</name>\n</domain>')
  assert.equal(
    records[0]?.place.length,
    Buffer.byteLength(
      `${at} 7 INFO nova.virt.libvirt.config ${ids} <domain>\n  <name>é</name>\n</domain>\n`,
    ) + 1,
  )
})

test('DevStack writes tracebacks without time and process; the journal has both', () => {
  const journal = (process: number, line: string) =>
    `Nov 23 09:30:40.234567 np1 nova-compute[${process}]: ${line}`
  const { records } = read(
    [
      journal(7, `ERROR nova.compute.manager [None ${local} demo admin] [instance: abc] It failed`),
      journal(7, 'ERROR nova.compute.manager [instance: abc] Traceback (most recent call last):'),
      journal(8, `ERROR nova.compute.manager [None ${local} demo admin] [instance: def] It failed too`),
      journal(8, 'ERROR nova.compute.manager [instance: def] Traceback (most recent call last):'),
      journal(7, 'ERROR nova.compute.manager [instance: abc]   File "a.py", line 1, in f'),
      journal(8, 'ERROR nova.compute.manager [instance: def] KeyError: 1'),
      journal(7, 'ERROR nova.compute.manager [instance: abc] ValueError: no'),
    ].join('\n'),
  )
  assert.deepEqual(
    records.map(({ serverId, traceback }) => [serverId, traceback.length, traceback.at(-1)]),
    [
      ['abc', 3, 'ValueError: no'],
      ['def', 2, 'KeyError: 1'],
    ],
  )
})

test('an entry of a journal in the words of DevStack is one record', () => {
  const { records } = read(
    JSON.stringify({
      MESSAGE: `ERROR nova.compute.manager [None ${local} demo admin] It failed\nERROR nova.compute.manager Traceback (most recent call last):\nERROR nova.compute.manager ValueError: no`,
      __REALTIME_TIMESTAMP: '1795426240234000',
      SYSLOG_IDENTIFIER: 'nova-compute',
    }),
  )
  assert.deepEqual(
    records.map(({ traceback }) => traceback.at(-1)),
    ['ValueError: no'],
  )
})

test('journalctl indents the lines after the first of an entry', () => {
  const prefix = 'Nov 23 09:30:40.234567 np1 nova-compute[7]: '
  const { records } = read(
    [
      `${prefix}ERROR nova.compute.manager [None ${local} demo admin] It failed`,
      `${' '.repeat(prefix.length)}Traceback (most recent call last):`,
      `${' '.repeat(prefix.length)}  File "a.py", line 1, in f`,
      `${' '.repeat(prefix.length)}ERROR nova.compute.manager ValueError: no`,
    ].join('\n'),
  )
  assert.deepEqual(
    records.map(({ traceback }) => traceback),
    [['Traceback (most recent call last):', '  File "a.py", line 1, in f', 'ValueError: no']],
  )
})

test('a program that ends of an exception tells it by its own name', () => {
  const prefix = 'Nov 23 09:30:40.234567 np1 nova-compute[7]: '
  for (const lines of [
    [
      `${at} 7 CRITICAL nova [-] Unhandled error: ValueError: no`,
      `${at} 7 ERROR nova Traceback (most recent call last):`,
      `${at} 7 ERROR nova ValueError: no`,
    ],
    [
      `${prefix}CRITICAL nova [None - - - - - -] Unhandled error`,
      `${prefix}ERROR nova Traceback (most recent call last):`,
      `${prefix}ERROR nova ValueError: no`,
    ],
  ]) {
    const { records } = read(lines.join('\n'))
    assert.equal(records.length, 1)
    assert.equal(records[0]?.traceback.at(-1), 'ValueError: no')
  }
})

test('an entry of several lines is one record: syslog, the journal, a container', () => {
  const whole = [
    `${at} 7 ERROR nova.compute.manager ${ids} It failed`,
    `${at} 7 ERROR nova.compute.manager Traceback (most recent call last):`,
    `${at} 7 ERROR nova.compute.manager ValueError: no`,
  ]
  const text = whole.join('\n')
  const cut = text.indexOf('\n')
  const forms: readonly (readonly string[])[] = [
    [`Nov 23 09:30:40 c1 nova-compute[7]: ${whole.join('#012')}`],
    [JSON.stringify({ MESSAGE: text, _HOSTNAME: 'c1', SYSLOG_IDENTIFIER: 'nova-compute', _PID: '7' })],
    [
      `2026-11-23T09:30:40.3Z stderr P ${text.slice(0, 30)}`,
      `2026-11-23T09:30:40.3Z stderr F ${text.slice(30, cut)}`,
      ...whole.slice(1).map(line => `2026-11-23T09:30:40.3Z stderr F ${line}`),
    ],
  ]
  for (const lines of forms) {
    const { records, counts } = read(lines.join('\n'))
    assert.equal(records.length, 1, lines.join('\n'))
    assert.equal(records[0]?.message, 'It failed')
    assert.deepEqual(records[0]?.traceback, ['Traceback (most recent call last):', 'ValueError: no'])
    assert.deepEqual(counts, { records: 1, unparsed: 0, shortened: 0, continued: lines.length - 1 })
  }
})

test('the answer of cinder has the method of its request', () => {
  const line = (message: string) => `${at} 7 INFO cinder.api.openstack.wsgi ${ids} ${message}`
  const { records } = read(
    [
      line('POST http://10.0.0.1/v3/p/volumes'),
      line('http://10.0.0.1/v3/p/volumes returned with HTTP 202'),
    ].join('\n'),
  )
  assert.equal(records[0]?.access, null)
  assert.equal(records[1]?.access?.method, 'POST')
})

test('a time without a year is of the newest year that is not to come', () => {
  const noon = Date.UTC(2027, 0, 2, 12)
  const years = (...days: string[]) =>
    read(days.map(day => `${day} 09:30:40 c1 nova-compute[7]: ${`INFO nova.service [-] x`}`).join('\n'), {
      notAfter: noon,
    }).records.map(record => new Date(record.at ?? 0).getUTCFullYear())
  assert.deepEqual(years('Dec 31', 'Jan  1', 'Jan  3', 'Dec 31'), [2026, 2027, 2027, 2026])
  // A day of grace, so that a clock or a zone apart moves no line by a year.
  assert.deepEqual(years('Jan  3', 'Jan  4'), [2027, 2026])
  assert.deepEqual(years('Feb 29'), [2024])
})

test('a line that belongs to nothing is counted', () => {
  const { records, counts } = read(
    [
      'nonsense',
      '*** Starting uWSGI 2.0.31 (64bit) ***',
      `${at} 7 INFO nova.service [-] x`,
      'WSGI app 0 (mountpoint="") ready in 2 seconds',
      '{"broken": ',
    ].join('\n'),
  )
  assert.deepEqual(counts, { records: 1, unparsed: 3, shortened: 0, continued: 1 })
  assert.equal(records[0]?.message, 'x\n{"broken": ')
})

test('a process that another follows keeps its record open, up to a bound', () => {
  const reader = new RecordReader({ file: 'nova-api.log' })
  let given = 0
  for (let process = 1; process <= 100; process++)
    given += reader.push(`${at} ${process} INFO nova.service [-] x`, process * 100, 100).length
  assert.equal(given, 36)
  assert.equal(reader.end().length, 64)
})

test('an endless traceback and an endless message are cut, and counted once a record', () => {
  const prefix = `${at} 7 ERROR nova.compute.manager`
  const trace = `${prefix} Traceback (most recent call last):\n${`${prefix}   File "a.py"\n`.repeat(5_000)}`
  const first = read(`${prefix} ${ids} It failed\n${trace}`)
  assert.equal(first.counts.shortened, 1)
  assert.equal(first.records[0]?.traceback.length, 2_000)
  const second = read(`${prefix} ${ids} ${'x'.repeat(200_000)}\n${'y\n'.repeat(100)}`)
  assert.equal(second.counts.shortened, 1)
  assert.equal(second.records[0]?.message.length, 65_536)
})

test('nothing of a terminal gets into a record', () => {
  const nasty =
    '\u001b]0;title\u0007a\u001b[2Jb\u009b31mc\u001bPq\u001b\\d\u0000e\u0008f\u202eg\u001bch\u001b]8;;http://x'
  const lines = [
    `${at} 7 INFO nova.service ${ids} [instance: a\u001b[31mb] ${nasty}`,
    JSON.stringify({ levelname: 'INFO', name: `nova\u001b[2J.x`, message: nasty, hostname: 'h\u009b1mi' }),
    `Nov 23 09:30:40 c1 kernel: ${nasty}`,
  ]
  for (const line of lines) {
    const [record] = read(line).records
    assert.match(record?.message ?? '', /^abcdefgh/)
    assert.doesNotMatch(JSON.stringify(record), /\\u00|[\u0080-\u009f\u202e]/)
  }
})

test('a clock with month 13 tells no time, and its line is not lost', () => {
  const { records, counts } = read(
    `${at} 7 INFO nova.service [-] x\n2026-13-23 09:30:40.234 7 INFO nova.service [-] y\n2026-02-30 25:61:61.234 7 INFO nova.service [-] z`,
  )
  assert.equal(counts.records + counts.continued, 3)
  assert.equal(records[0]?.message.split('\n').length, 3)
})

test('a line in the message of a JSON record forges no other', () => {
  const forged = `x\n${at} 7 ERROR nova.compute.manager ${ids} forged`
  const { records } = read(JSON.stringify({ levelname: 'INFO', name: 'nova.service', message: forged }))
  assert.equal(records.length, 1)
  assert.equal(records[0]?.message, forged)
})

test('lines of ten megabytes take time in proportion', () => {
  const big = 10_000_000
  const lines = [
    'a'.repeat(big),
    `${at} 7 INFO nova.service [-] ${'\u001b['.repeat(big / 2)}`,
    `${at} 7 INFO nova.service [${' req-'.repeat(big / 5)}`,
    `${at} ${'7 '.repeat(big / 2)}`,
    `{"message":"${'['.repeat(big)}"}`,
    `${'['.repeat(big)}`,
    `10.0.0.1 - - [23/Nov/2026:09:30:40 +0000] "${'\\"'.repeat(big / 2)}`,
    `<1>1 2026-11-23T09:30:40Z a b c d ${'[a '.repeat(big / 3)}`,
    `${at} 7 INFO nova.service [-] ${'" status: '.repeat(big / 10)}`,
    `[pid: 1|app: 0|req: 1/1] 1.1.1.1 () {1} [Mon Nov 23 09:30:56 2026] GET ${' => generated 1'.repeat(big / 15)}`,
  ]
  for (const line of lines) {
    const began = performance.now()
    read(line)
    assert.ok(performance.now() - began < 2_000, line.slice(0, 60))
  }
})

const piece = fc.constantFrom(
  at,
  ' 7 ',
  'ERROR',
  ' INFO ',
  'nova.compute.manager',
  ` ${ids} `,
  '[-]',
  '[instance: abc] ',
  'Traceback (most recent call last):',
  '  File "a.py"',
  'Nov 23 09:30:40 c1 nova-compute[7]: ',
  '2026-11-23T09:30:40.3Z stderr P ',
  '2026-11-23T09:30:40.3Z stderr F ',
  '[pid: 1|app: 0|req: 1/1] 1.1.1.1 () {1} [Mon Nov 23 09:30:56 2026] GET /x => generated 1 bytes in 1 msecs (HTTP/1.1 200) ',
  '1.1.1.1 - - [23/Nov/2026:09:30:40 +0000] "GET /v3 HTTP/1.1" 200 252',
  '{"message":"x","levelname":"INFO"}',
  '{"log":"',
  '"}',
  '<34>1 ',
  '\u001b[31m',
  '\u0000',
  ' ',
)
const anyLine = fc
  .array(fc.oneof(piece, fc.string({ unit: 'binary' })), { maxLength: 6 })
  .map(parts => parts.join('').replaceAll('\n', ' '))

test('whatever the lines are: nothing throws, and each is a record, a part of one, or counted', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 12 }), lines => {
      const { records, counts } = read(lines.join('\n'))
      const accounted = counts.records + counts.continued + counts.unparsed
      assert.equal(records.length, counts.records)
      assert.ok(accounted >= lines.filter(startsRecord).length)
      assert.ok(accounted <= lines.length)
    }),
    { numRuns: 1_000 },
  )
})

test('whatever stands between them, no record is lost, and each tells where it stands', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyLine, { maxLength: 3 }), { minLength: 1, maxLength: 6 }), between => {
      const lines: string[] = []
      const expected = between.map((noise, index) => {
        lines.push(...noise)
        const offset = Buffer.byteLength(lines.map(line => `${line}\n`).join(''))
        lines.push(`${at} ${index % 3} INFO nova.compute.manager ${ids} head ${index}.`)
        return { offset, message: `head ${index}.` }
      })
      const { records } = read(lines.join('\n'))
      for (const { offset, message } of expected)
        assert.ok(records.find(({ place }) => place.offset === offset)?.message.startsWith(message))
    }),
    { numRuns: 1_000 },
  )
})
