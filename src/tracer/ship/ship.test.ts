// Shipping to a server on a real socket: every line arrives once, whatever happens in between.
import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  type FakeElasticsearch,
  fakeElasticsearch,
  type Trouble,
} from '../../../test/support/elasticsearch.ts'
import { idOf } from '../../../test/support/log-records.ts'
import { openElasticsearch } from '../sources/elasticsearch.ts'
import { type ShipCounts, type ShipOptions, ship } from './ship.ts'

const top = mkdtempSync(join(tmpdir(), 'faultline-ship-'))
after(() => rmSync(top, { recursive: true, force: true }))
const never = new AbortController().signal
const clock = { now: () => Date.UTC(2026, 10, 24) }

interface Place {
  readonly server: FakeElasticsearch
  readonly logs: string
  readonly ship: (options?: Partial<ShipOptions>) => Promise<ShipCounts>
  readonly messages: () => readonly string[]
}

async function place(trouble: Trouble = {}): Promise<Place> {
  const folder = mkdtempSync(join(top, 'one-'))
  const logs = join(folder, 'logs')
  mkdirSync(logs)
  const server = await fakeElasticsearch(trouble)
  after(() => server.close())
  return {
    server,
    logs,
    ship: options =>
      ship({
        url: server.url,
        paths: [logs],
        stateFolder: join(folder, 'state'),
        clock,
        stop: never,
        ...options,
      }),
    messages: () => [...server.documents.values()].map(({ document }) => String(document.message)).sort(),
  }
}

const padded = (number: number) => String(number).padStart(6, '0')
const line = (number: number, text = `line ${padded(number)}`, process = 7) =>
  `2026-11-23 09:30:${String(number % 60).padStart(2, '0')}.${String(number % 1000).padStart(3, '0')} ${process} INFO nova.compute.manager [None ${idOf(number)} user-1 project-1 - - default default] ${text}`
const linesOf = (from: number, to: number, process = 7) =>
  Array.from({ length: to - from }, (_, at) => `${line(from + at, undefined, process)}\n`).join('')
const wanted = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `line ${padded(from + at)}`)

/** Looks until it holds; the test's own time limit ends what never does. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5))
}

test('every line arrives once, under the day it was written; a second run has nothing to do', async () => {
  const { server, logs, ship, messages } = await place()
  writeFileSync(join(logs, 'nova-compute.log'), linesOf(0, 2500))
  writeFileSync(
    join(logs, 'nova-api.log.1.gz'),
    gzipSync(`${line(3000).replace('-23 ', '-22 ')}\n${line(3001)}\n`),
  )
  const first = await ship()
  assert.deepEqual([first.files, first.records, first.written, first.refused], [2, 2502, 2502, 0])
  assert.deepEqual(messages(), [...wanted(0, 2500), ...wanted(3000, 3002)])
  assert.deepEqual([...new Set([...server.documents.values()].map(({ index }) => index))].sort(), [
    'faultline-logs-2026.11.22',
    'faultline-logs-2026.11.23',
  ])
  const second = await ship()
  assert.equal(second.written, 0)
  assert.ok(second.records <= 1, 'only what ended with the file is looked at again')
})

test('a traceback stays with its record, also when it is written after a run had ended', async () => {
  const { server, logs, ship } = await place()
  const path = join(logs, 'nova-compute.log')
  writeFileSync(
    path,
    `${linesOf(0, 3)}${line(3).replace('INFO', 'ERROR')}\nTraceback (most recent call last):\n`,
  )
  await ship()
  appendFileSync(
    path,
    `  File "a.py", line 1, in f\nnova.exception.NoValidHost: No valid host was found.\n${line(4)}\n`,
  )
  await ship()
  assert.equal(server.documents.size, 5)
  const failed = [...server.documents.values()].find(
    ({ document }) => document.levelname === 'ERROR',
  )?.document
  assert.equal(String(failed?.traceback).split('\n').length, 3)
  assert.equal(failed?.cause, 'Schedule.NoHost')
})

test('records of processes that write at the same time are whole after every stop', async () => {
  const { server, logs, ship } = await place()
  const path = join(logs, 'nova-compute.log')
  const parts = Array.from({ length: 40 }, (_, at) => {
    const trace = `2026-11-23 09:30:40.234 7 ERROR nova.compute.manager `
    return `2026-11-23 09:30:40.234 7 ERROR nova.compute.manager [None ${idOf(at)} u p - - d d] failed ${padded(at)}\n${line(at, `other ${padded(at)}`, 8)}\n${trace}Traceback (most recent call last):\n${trace}  File "x.py", line ${at}\n${trace}ValueError: ${at}\n`
  })
  writeFileSync(path, '')
  for (const part of parts) {
    // Cut in the middle of a line.
    const middle = part.length >> 1
    appendFileSync(path, part.slice(0, middle))
    await ship()
    appendFileSync(path, part.slice(middle))
  }
  await ship()
  const expected = await place()
  writeFileSync(join(expected.logs, 'nova-compute.log'), parts.join(''))
  await expected.ship()
  const tell = ({ documents }: FakeElasticsearch) =>
    [...documents.values()].map(({ document }) => `${document.message} ${document.traceback}`).sort()
  assert.deepEqual(tell(server), tell(expected.server))
})

test('429, 503, cut connections and lost answers cost time, and nothing else', async () => {
  const refusals = new Map<string, number>()
  const { server, logs, ship, messages } = await place({
    bulk: [429, 'cut', 503, 'cut-after'],
    item({ id }) {
      if (id.charCodeAt(0) % 4 !== 0) return undefined
      refusals.set(id, (refusals.get(id) ?? 0) + 1)
      return (refusals.get(id) ?? 0) <= 2 ? 429 : undefined
    },
  })
  writeFileSync(join(logs, 'nova-compute.log'), linesOf(0, 1500))
  const reasons: string[] = []
  const counts = await ship({ onRetry: reason => reasons.push(reason) })
  assert.deepEqual(messages(), wanted(0, 1500))
  assert.equal(counts.written + counts.alreadyThere, 1500)
  assert.ok(counts.alreadyThere > 0, 'the answer that was lost left documents')
  assert.ok(reasons.length >= 5, reasons.join('\n'))
  assert.equal(server.documents.size, 1500)
})

test('while the server is slow nothing piles up: one request at a time, and reading waits', async () => {
  const { server, logs, ship } = await place({ delayMs: 30 })
  writeFileSync(join(logs, 'nova-compute.log'), linesOf(0, 6000))
  const counts = await ship()
  assert.equal(counts.written, 6000)
  assert.equal(server.atOnceMax(), 1)
})

test('a document that will never fit is told and left out; the others arrive', async () => {
  const { logs, ship, messages } = await place({
    item: ({ document }) => (document.message === 'line 000002' ? 400 : undefined),
  })
  writeFileSync(join(logs, 'nova-compute.log'), linesOf(0, 5))
  const told: string[] = []
  const counts = await ship({
    onRefused: ({ item, reason }) => told.push(`${item.document.message}: ${reason}`),
  })
  assert.deepEqual([counts.written, counts.refused], [4, 1])
  assert.match(told.join(), /^line 000002: 400 refused/)
  assert.equal(messages().length, 4)
})

test('a body that is too large is sent in parts', async () => {
  const { server, logs, ship } = await place({ bodyBytesMax: 100_000 })
  writeFileSync(join(logs, 'nova-compute.log'), linesOf(0, 1000))
  const counts = await ship()
  assert.equal(counts.written, 1000)
  assert.ok(server.bulks() > 4)
})

test('a server that refuses ends it at once, and nothing counts as arrived', async () => {
  const { server, logs, ship, messages } = await place({ bulk: [401] })
  writeFileSync(join(logs, 'nova-compute.log'), linesOf(0, 5))
  await assert.rejects(ship(), /the server refuses: 401/)
  await ship()
  assert.deepEqual(messages(), wanted(0, 5))
  assert.equal(server.documents.size, 5)
})

test('rotated files are gone on with under their new names, renamed, packed or copied', async () => {
  const { logs, ship, messages } = await place()
  const path = join(logs, 'nova-compute.log')
  writeFileSync(path, linesOf(0, 100))
  await ship()
  appendFileSync(path, linesOf(100, 120))
  renameSync(path, `${path}.1`)
  writeFileSync(path, linesOf(120, 220))
  await ship()
  assert.deepEqual(messages(), wanted(0, 220))
  writeFileSync(`${path}.2.gz`, gzipSync(readFileSync(`${path}.1`)))
  rmSync(`${path}.1`)
  const packed = await ship()
  assert.equal(packed.written, 0)
  appendFileSync(path, linesOf(220, 230))
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
  appendFileSync(path, linesOf(230, 300))
  await ship()
  assert.deepEqual(messages(), wanted(0, 300))
})

test('the rest of a rotated file is sent though only the new one is named', async () => {
  const { logs, ship, messages } = await place()
  const path = join(logs, 'nova-compute.log')
  writeFileSync(join(logs, 'nova-compute.log.7'), linesOf(900, 950))
  writeFileSync(path, linesOf(0, 100))
  await ship({ paths: [path] })
  appendFileSync(path, linesOf(100, 110))
  renameSync(path, `${path}.1`)
  writeFileSync(path, linesOf(110, 200))
  await ship({ paths: [path] })
  assert.deepEqual(messages(), wanted(0, 200))
})

test('while following, what is written, rotated and new arrives; stopping sends what was read', async () => {
  const { logs, ship, messages } = await place()
  const path = join(logs, 'nova-compute.log')
  writeFileSync(path, linesOf(0, 50))
  const stop = new AbortController()
  let now = clock.now()
  // Each look at the clock is a while later: files are quiet soon.
  const ticking = {
    now() {
      now += 3_000
      return now
    },
  }
  const following = ship({ isFollowing: true, stop: stop.signal, clock: ticking })
  await until(() => messages().length === 50)
  appendFileSync(path, linesOf(50, 60))
  await until(() => messages().length === 60)
  appendFileSync(path, linesOf(60, 70))
  renameSync(path, `${path}.1`)
  writeFileSync(path, linesOf(70, 80))
  writeFileSync(join(logs, 'nova-api.log'), linesOf(80, 90))
  await until(() => messages().length === 90)
  stop.abort()
  await following
  assert.deepEqual(messages(), wanted(0, 90))
})

test('between a rename and the new file there is none: following goes on', async () => {
  const { logs, ship, messages } = await place()
  const path = join(logs, 'nova-compute.log')
  writeFileSync(path, linesOf(0, 50))
  const stop = new AbortController()
  let now = clock.now()
  const ticking = {
    now() {
      now += 3_000
      return now
    },
  }
  const following = ship({ paths: [path], isFollowing: true, stop: stop.signal, clock: ticking })
  await until(() => messages().length === 50)
  appendFileSync(path, linesOf(50, 60))
  renameSync(path, `${path}.1`)
  const before = now
  await until(() => now > before + 20_000)
  writeFileSync(path, linesOf(60, 70))
  await until(() => messages().length === 70)
  stop.abort()
  await following
  assert.deepEqual(messages(), wanted(0, 70))
})

test('a server that is away while following is waited for; a stop does not wait', async () => {
  const { server, logs, ship } = await place({ bulk: Array.from({ length: 1000 }, () => 503) })
  writeFileSync(join(logs, 'nova-compute.log'), linesOf(0, 50))
  const stop = new AbortController()
  const following = ship({ isFollowing: true, stop: stop.signal })
  await until(() => server.bulks() >= 2)
  stop.abort()
  const counts = await following
  assert.equal(counts.written, 0)
  server.trouble.bulk = []
  assert.equal((await ship()).written, 50)
})

test('the template is put first, for the names that are used, unless it is not wanted', async () => {
  const { server, ship } = await place()
  await ship({ isTemplatePut: false })
  assert.equal(server.templates.size, 0)
  await ship({ prefix: 'openstack' })
  const template = server.templates.get('openstack') as { index_patterns: string[] } // it keeps what was put
  assert.deepEqual(template.index_patterns, ['openstack-*'])
})

test('two servers, or two prefixes, are shipped to apart', async () => {
  const { server, logs, ship } = await place()
  writeFileSync(join(logs, 'nova-compute.log'), linesOf(0, 5))
  await ship()
  const counts = await ship({ prefix: 'other' })
  assert.equal(counts.written, 5)
  assert.equal(server.documents.size, 10)
})

test('what was shipped is found by the source of traces, by request and by time, in pages', async () => {
  const { server, logs, ship } = await place()
  writeFileSync(join(logs, 'nova-compute.log'), `${linesOf(0, 1200)}${line(1201, `calls ${idOf(5)}`)}\n`)
  await ship()
  const source = await openElasticsearch(server.url, { index: 'faultline-logs-*' })
  const { records, gaps } = await source.find(new Set([idOf(5)]), null)
  assert.deepEqual(records.map(({ message }) => message).sort(), [`calls ${idOf(5)}`, 'line 000005'])
  assert.deepEqual(gaps, [])
  assert.equal((await source.find(new Set(['project-1']), null)).records.length, 1201)
  const late = { from: Date.UTC(2026, 10, 25), to: Date.UTC(2026, 10, 26) }
  assert.equal((await source.find(new Set([idOf(5)]), late)).records.length, 0)
  await source.close()
})
