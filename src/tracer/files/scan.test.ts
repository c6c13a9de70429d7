import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import {
  findPlainly,
  inOrder,
  logLine,
  temporaryFolder,
  traceLine,
  uuidOf,
} from '../../../test/support/logs.ts'
import type { LogRecord } from '../record.ts'
import { openLogFiles } from '../sources/log-files.ts'
import { ChunkSearch } from './chunk-search.ts'
import { Gatherer } from './gather.ts'
import { Searcher } from './searcher.ts'

const requests = 6

/** Some lines of one process: a record, one of several lines, or one with a traceback. */
const said = fc.record({
  request: fc.nat(requests - 1),
  process: fc.integer({ min: 1, max: 3 }),
  text: fc.constantFrom('spawned', `port ${uuidOf(2)} bound`, 'ünïcödé', '\u0000 zero', 'req- 0000'),
  more: fc.array(fc.constantFrom('  indented', `  of ${uuidOf(3)}`, ''), { maxLength: 3 }),
  trace: fc.option(
    fc.array(fc.constantFrom('  File "a.py", line 1, in b', `    c(${uuidOf(4)})`), { maxLength: 4 }),
  ),
})

const log = fc.array(said, { minLength: 1, maxLength: 60 }).map(all => {
  const lines: string[] = []
  for (const [index, { request, process, text, more, trace }] of all.entries()) {
    const ms = index * 2_000
    const level = trace ? 'ERROR' : 'INFO'
    lines.push(logLine(ms, text, { request, process, level }), ...more)
    if (trace)
      for (const line of ['Traceback (most recent call last):', ...trace, 'nova.exception.Oops: no'])
        lines.push(traceLine(ms, line, process))
  }
  return `${lines.join('\n')}\n`
})

test('whatever the chunks a log comes in, exactly the records that a loop over its lines finds are found', () => {
  const asked = fc.uniqueArray(fc.nat(requests - 1), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(
      log,
      asked,
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
      (content, ids, sizes) => {
        const texts = new Set(ids.map((id, index) => (index === 1 ? `req-${uuidOf(id)}` : uuidOf(id))))
        const found = new Map<number, LogRecord>()
        const gatherer = new Gatherer({ file: 'nova-compute.log' }, texts, record => {
          found.set(record.place.offset, record)
        })
        const search = new ChunkSearch(new Searcher(texts), gatherer)
        const bytes = Buffer.from(content)
        for (let [at, turn] = [0, 0]; at < bytes.length; turn++) {
          const offset = at
          at += sizes[turn % sizes.length] ?? 1
          search.take({ offset, bytes: bytes.subarray(offset, at), before: () => bytes.subarray(0, offset) })
        }
        gatherer.end()
        assert.deepEqual(inOrder([...found.values()]), findPlainly('nova-compute.log', content, texts))
      },
    ),
    { numRuns: 300 },
  )
})

test('texts of any length are found wherever they stand, each place once', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 200 })
  const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 12 }), {
    maxLength: 4,
  })
  fc.assert(
    fc.property(letters, texts, fc.nat(3), (hay, needles, shift) => {
      const places = new Set<number>()
      for (const needle of needles)
        for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) places.add(at)
      const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(hay)]).subarray(shift)
      assert.deepEqual(
        new Searcher(needles).search(bytes),
        [...places].sort((a, b) => a - b),
      )
    }),
    { numRuns: 500 },
  )
})

test('a plain and a packed log of many chunks give the same records, also where chunks meet', async t => {
  const folder = temporaryFolder(t)
  const lines = Array.from({ length: 20_000 }, (_, index) =>
    logLine(index, `server ${uuidOf(index % 500)} `.padEnd(index % 300, 'x'), {
      request: index % 1_000,
      process: index % 9,
    }),
  )
  const content = `${lines.join('\n')}\n`
  writeFileSync(join(folder, 'nova-compute.log'), content)
  writeFileSync(join(folder, 'nova-compute.log.1.gz'), gzipSync(content))
  const logs = await openLogFiles([folder])
  const texts = new Set([`req-${uuidOf(7)}`, uuidOf(444)])
  const { records, gaps } = await logs.find(texts, null)
  assert.deepEqual(gaps, [])
  const of = (name: string) =>
    inOrder(records.filter(({ place }) => place.file.endsWith(name))).map(
      ({ place: { file: _, ...place }, ...rest }) => ({
        ...rest,
        place,
      }),
    )
  const plainly = findPlainly('nova-compute.log', content, texts)
  assert.equal(of('.log').length, plainly.length)
  assert.deepEqual(
    of('.log').map(({ place }) => place.offset),
    plainly.map(({ place }) => place.offset),
  )
  assert.deepEqual(of('.gz'), of('.log'))
})
