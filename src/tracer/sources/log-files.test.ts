import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  findPlainly,
  inOrder,
  logLine,
  temporaryFolder,
  timeOf,
  traceLine,
  uuidOf,
} from '../../../test/support/logs.ts'
import type { Gap } from '../../model/trace.ts'
import { takeInventory } from '../files/inventory.ts'
import { openLogFiles } from './log-files.ts'

const id = (request: number): ReadonlySet<string> => new Set([`req-${uuidOf(request)}`])
const kinds = (gaps: readonly Gap[]) => gaps.map(({ kind }) => kind)
const textOf = (gaps: readonly Gap[]) => gaps.map(({ text }) => text).join('\n')

test("in a real cloud's logs, each id finds exactly what a loop over all lines finds", async () => {
  const folder = new URL('../../../test/contract/fixtures/recorded-logs/', import.meta.url).pathname
  let ids = 0
  for (const name of readdirSync(folder).filter(name => name.endsWith('.log'))) {
    const file = join(folder, name)
    const content = readFileSync(file, 'utf8')
    const logs = await openLogFiles([file])
    for (const text of new Set(content.match(/(?:req-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))) {
      const texts = new Set([text])
      assert.deepEqual(
        inOrder((await logs.find(texts, null)).records),
        findPlainly(file, content, texts),
        text,
      )
      ids++
    }
  }
  assert.ok(ids > 50, `${ids} ids`)
})

test('folders are read in depth, rotated and packed files with them, each file once', async t => {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'nova', 'old'), { recursive: true })
  writeFileSync(join(folder, 'nova', 'nova-api.log'), logLine(3, 'third'))
  writeFileSync(join(folder, 'nova', 'nova-api.log.1'), `${logLine(2, 'second')}\n`)
  writeFileSync(join(folder, 'nova', 'old', 'nova-api.log-20261122.gz'), gzipSync(`${logLine(1, 'first')}\n`))
  symlinkSync(folder, join(folder, 'nova', 'old', 'up'))
  symlinkSync(join(folder, 'nova', 'nova-api.log'), join(folder, 'again.log'))
  const logs = await openLogFiles([folder, join(folder, 'nova', 'nova-api.log')])
  const { records, gaps } = await logs.find(id(1), null)
  assert.deepEqual(records.map(({ message }) => message).sort(), ['first', 'second', 'third'])
  assert.deepEqual(gaps, [])
})

test('what is no log is told and left: binary files, other packers, FIFOs, devices, what is not there', async t => {
  const folder = temporaryFolder(t)
  const fifo = join(folder, 'fifo.log')
  assert.equal(spawnSync('mkfifo', [fifo]).status, 0)
  writeFileSync(join(folder, 'wtmp'), Buffer.alloc(5_000, Buffer.from([7, 0, 0, 0, 65])))
  writeFileSync(join(folder, 'old.log.xz'), Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 1]))
  symlinkSync(join(folder, 'circle'), join(folder, 'circle'))
  writeFileSync(join(folder, 'nova-api.log'), logLine(1, 'there'))
  const logs = await openLogFiles([folder, fifo, '/dev/zero', join(folder, 'absent.log'), '-'])
  const { records, gaps } = await logs.find(id(1), null)
  assert.equal(records.length, 1)
  const said = textOf(gaps)
  for (const part of [
    'wtmp',
    'packed with xz',
    '/dev/zero: it is not a file',
    'absent.log: there is no such file',
    'circle',
  ])
    assert.ok(said.includes(part), `${part} in ${said}`)
  assert.deepEqual(new Set(kinds(gaps)), new Set(['unreadable']))
})

test('when none of the paths is there, that is an error', async t => {
  const absent = join(temporaryFolder(t), 'absent.log')
  await assert.rejects(openLogFiles([absent]), { code: 'ENOENT', path: absent })
})

test('empty files are passed over, and a folder of endless entries is looked at up to a bound', async t => {
  const folder = temporaryFolder(t)
  for (let index = 0; index < 50; index++) writeFileSync(join(folder, `${index}.log`), '')
  writeFileSync(join(folder, 'z.log'), logLine(1, 'there'))
  const { records, gaps } = await (await openLogFiles([folder])).find(id(1), null)
  assert.deepEqual([records.length, gaps], [1, []])
  const cut = await takeInventory([folder], { temporaryFolder: folder, entriesMax: 20 })
  assert.deepEqual(kinds(cut.gaps), ['cut-off'])
  assert.match(textOf(cut.gaps), /20 entries of folders; name fewer/)
})

test('a packed file that was cut off gives what can be read, and says that the rest is missing', async t => {
  const file = join(temporaryFolder(t), 'nova-api.log.gz')
  // Text that packs badly, so that half of the file is about half of the lines.
  const lines = Array.from({ length: 20_000 }, (_, index) =>
    logLine(index, uuidOf(index * 7_907), { request: index }),
  )
  const packed = gzipSync(`${lines.join('\n')}\n`)
  writeFileSync(file, packed.subarray(0, packed.length >> 1))
  const logs = await openLogFiles([file])
  const early = await logs.find(id(9_000), null)
  assert.deepEqual([early.records.length, kinds(early.gaps)], [1, ['cut-off']])
  assert.match(textOf(early.gaps), /it ends in the middle after \d{6,} unpacked bytes/)
  const late = await logs.find(id(15_000), null)
  assert.deepEqual([late.records.length, kinds(late.gaps)], [0, ['cut-off']])
})

test('a packed file with damage in its middle gives what stands in front of it', async t => {
  const file = join(temporaryFolder(t), 'nova-api.log.gz')
  const lines = Array.from({ length: 20_000 }, (_, index) =>
    logLine(index, uuidOf(index * 7_907), { request: index }),
  )
  const packed = gzipSync(`${lines.join('\n')}\n`)
  packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 2_000)
  writeFileSync(file, packed)
  const { records, gaps } = await (await openLogFiles([file])).find(id(5_000), null)
  assert.deepEqual([records.length, kinds(gaps)], [1, ['cut-off']])
})

test('a line of ten million bytes is cut and counted, and lines around it are found', async t => {
  const file = join(temporaryFolder(t), 'nova-api.log')
  const long = `${logLine(2, 'x'.repeat(10_000_000), { request: 2 })} req-${uuidOf(5)}`
  writeFileSync(file, [logLine(1, 'before'), long, logLine(3, 'behind', { request: 3 }), ''].join('\n'))
  const logs = await openLogFiles([file])
  assert.equal((await logs.find(id(1), null)).records[0]?.message, 'before')
  assert.equal((await logs.find(id(3), null)).records[0]?.message, 'behind')
  const { records, gaps } = await logs.find(id(2), null)
  assert.equal(records.length, 1)
  assert.ok((records[0]?.message.length ?? 0) < 1_100_000)
  assert.ok(kinds(gaps).includes('shortened'))
  // What stands in the part that is cut away is not there.
  assert.equal((await logs.find(id(5), null)).records.length, 0)
})

test('a traceback without an end and a file full of zeros are read within bounds', async t => {
  const folder = temporaryFolder(t)
  const trace = Array.from({ length: 50_000 }, () => traceLine(1, '  File "nova/a.py", line 1, in again'))
  const head = logLine(1, 'it went wrong', { level: 'ERROR' })
  writeFileSync(
    join(folder, 'nova-compute.log'),
    [head, traceLine(1, 'Traceback (most recent call last):'), ...trace, ''].join('\n'),
  )
  writeFileSync(
    join(folder, 'hole.log'),
    Buffer.concat([Buffer.alloc(3_000_000), Buffer.from(`\n${logLine(2, 'behind a hole')}\n`)]),
  )
  const { records, gaps } = await (await openLogFiles([folder])).find(id(1), null)
  assert.deepEqual(records.map(({ message }) => message).sort(), ['behind a hole', 'it went wrong'])
  assert.ok((records.find(({ traceback }) => traceback.length > 0)?.traceback.length ?? 0) <= 2_000)
  assert.ok(kinds(gaps).includes('shortened'))
})

test('standard input is read as often as needed, and leaves nothing behind', async t => {
  const temporary = temporaryFolder(t)
  const input = Readable.from([`${logLine(1, 'one')}\n${logLine(2, 'tw'.slice(0, 1))}`, `wo\n`])
  const logs = await openLogFiles(['-'], { input, temporaryFolder: temporary })
  for (let round = 0; round < 2; round++) {
    const { records } = await logs.find(id(1), null)
    assert.deepEqual(
      records.map(({ message, place }) => [message, place.file]),
      [
        ['one', '-'],
        ['two', '-'],
      ],
    )
  }
  await logs.close()
  assert.deepEqual(readdirSync(temporary), [])
})

test('a file that shrinks after it was opened gives what is left, and one that grows what it has grown by later', async t => {
  const folder = temporaryFolder(t)
  const [short, grown] = [join(folder, 'a.log'), join(folder, 'b.log')]
  for (const file of [short, grown]) writeFileSync(file, `${logLine(1, 'one')}\n${logLine(2, 'two')}\n`)
  const logs = await openLogFiles([folder])
  truncateSync(short, logLine(1, 'one').length + 1)
  appendFileSync(grown, `${logLine(3, 'three')}\n`)
  const { records } = await logs.find(id(1), null)
  assert.deepEqual(
    inOrder(records).map(({ message }) => message),
    ['one', 'one', 'two', 'three'],
  )
})

/** Lines a tenth of a second apart: some 8 MB, in which an early and a late line share an id. */
const longLog = (times: (index: number) => number): string =>
  `${Array.from({ length: 40_000 }, (_, index) =>
    logLine(times(index), `line ${index} `.padEnd(20, '.'), { request: index % 20_000 }),
  ).join('\n')}\n`

test('within a window, only that part of a long file in order is read', async t => {
  const file = join(temporaryFolder(t), 'nova-api.log')
  writeFileSync(
    file,
    longLog(index => index * 100),
  )
  const logs = await openLogFiles([file])
  const window = { from: timeOf(3_500_000), to: timeOf(3_510_000) }
  const messages = async (request: number, within: typeof window | null) =>
    (await logs.find(id(request), within)).records.map(({ message }) => message.replace(/\.*$/, '').trim())
  // 15100 is written at 1,510 s and, as line 35,100, at 3,510 s.
  assert.deepEqual(await messages(15_100, window), ['line 35100'])
  assert.deepEqual(await messages(15_100, null), ['line 15100', 'line 35100'])
  assert.deepEqual(await messages(15_000, { from: timeOf(0), to: timeOf(1) }), [])
})

test('a file whose times are not in order is read whole whatever the window', async t => {
  const file = join(temporaryFolder(t), 'nova-api.log')
  writeFileSync(
    file,
    longLog(index => (index < 20_000 ? index * 100 + 4_000_000 : index * 100)),
  )
  const logs = await openLogFiles([file])
  const { records } = await logs.find(id(15_100), { from: timeOf(3_500_000), to: timeOf(3_510_000) })
  assert.equal(records.length, 2)
})

test('the newest records that tell of requests or failures come first, over all files', async t => {
  const folder = temporaryFolder(t)
  const access = (ms: number, request: number) =>
    logLine(ms, '10.0.0.1 "GET /v2.1/servers" status: 200 len: 5 microversion: 2.1 time: 0.1', {
      request,
    }).replace('nova.compute.manager', 'nova.api.openstack.requestlog')
  const many = Array.from({ length: 5_000 }, (_, index) => access(index * 10, index))
  writeFileSync(join(folder, 'nova-api.log'), `${many.slice(2_000).join('\n')}\n`)
  writeFileSync(join(folder, 'nova-api.log.1.gz'), gzipSync(`${many.slice(0, 2_000).join('\n')}\n`))
  writeFileSync(
    join(folder, 'nova-compute.log'),
    `${logLine(49_985, 'bad', { request: 9_999, level: 'ERROR' })}\n${logLine(49_988, 'fine')}\n`,
  )
  const logs = await openLogFiles([folder])
  const newest = await logs.recent(3)
  assert.deepEqual(
    newest.map(({ at }) => at),
    [49_990, 49_985, 49_980].map(timeOf),
  )
  assert.equal(newest[1]?.message, 'bad')
  assert.equal((await logs.recent(4_900)).length, 4_900)
})

test('coverage says from when to when each service of a host was read, and whether it has DEBUG lines', async t => {
  const folder = temporaryFolder(t)
  writeFileSync(
    join(folder, 'nova-compute-compute1.log'),
    `${logLine(1, 'a')}\n${logLine(5, 'b', { level: 'DEBUG' })}\n${logLine(9, 'c')}\n`,
  )
  const logs = await openLogFiles([folder])
  assert.deepEqual(logs.coverage(), [
    { service: 'nova-compute', host: 'compute1', from: timeOf(1), to: timeOf(9), hasDebug: true },
  ])
})

test('times that do not say their zone are read in the zone that is given', async t => {
  const file = join(temporaryFolder(t), 'nova-api.log')
  writeFileSync(file, logLine(0, 'here'))
  const logs = await openLogFiles([file], { utcOffsetMinutes: 120 })
  assert.equal((await logs.find(id(1), null)).records[0]?.at, timeOf(-2 * 3_600_000))
})
