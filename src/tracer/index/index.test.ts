import assert from 'node:assert/strict'
import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { inOrder, logLine, temporaryFolder, timeOf, uuidOf } from '../../../test/support/logs.ts'
import { openLogFiles } from '../sources/log-files.ts'
import { Entries } from './entries.ts'
import { eachId } from './ids.ts'

const lines = (from: number, count: number, ids = 5_000): string =>
  `${Array.from({ length: count }, (_, at) => {
    const index = from + at
    return logLine(index * 10, `[instance: ${uuidOf(10_000 + (index % 300))}] said ${index}`, {
      request: (index * 31) % ids,
      process: index % 5,
    })
  }).join('\n')}\n`

/** The same question with and without the index. */
async function both(folder: string, indexFolder: string, texts: ReadonlySet<string>) {
  const plain = await openLogFiles([folder])
  const indexed = await openLogFiles([folder], { indexFolder })
  return [
    inOrder((await plain.find(texts, null)).records),
    inOrder((await indexed.find(texts, null)).records),
  ] as const
}

async function build(folder: string, indexFolder: string) {
  let bytes = 0
  const logs = await openLogFiles([folder], { indexFolder })
  const written = await logs.buildIndexes(passed => {
    bytes += passed
  })
  return { written, bytes }
}

test('with an index the answers are the same as without, for plain, packed and growing logs', async t => {
  const [folder, indexFolder] = [temporaryFolder(t), temporaryFolder(t)]
  writeFileSync(join(folder, 'nova-api.log'), lines(0, 20_000))
  writeFileSync(join(folder, 'nova-api.log.1.gz'), gzipSync(lines(20_000, 100_000)))
  assert.equal((await build(folder, indexFolder)).written, 2)
  appendFileSync(join(folder, 'nova-api.log'), lines(120_000, 300))
  const text = fc.oneof(
    fc.nat(5_100).map(number => `req-${uuidOf(number)}`),
    fc.nat(400).map(number => uuidOf(10_000 + number)),
  )
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(text, { minLength: 1, maxLength: 3 }), async texts => {
      const [plain, indexed] = await both(folder, indexFolder, new Set(texts))
      assert.deepEqual(indexed, plain)
    }),
    { numRuns: 12 },
  )
})

test('an id is in the index also where it stands across the blocks and chunks a log is read in', async t => {
  for (const begun of [1, 7, 20, 35, 39]) {
    const [folder, indexFolder] = [temporaryFolder(t), temporaryFolder(t)]
    // The id begins `begun` bytes in front of the end of a chunk.
    const line = logLine(1, '', { request: 77 })
    const before = `${'x'.repeat(1_048_576 - begun - line.indexOf('req-') - 1)}\n`
    const sound = `${before}${line}there\n`
    assert.equal(sound.indexOf('req-'), 1_048_576 - begun)
    writeFileSync(join(folder, 'nova-api.log'), sound + lines(100, 10_000))
    assert.equal((await build(folder, indexFolder)).written, 1)
    for (const text of [uuidOf(77), `req-${uuidOf(77)}`]) {
      const [plain, indexed] = await both(folder, indexFolder, new Set([text]))
      assert.equal(plain[0]?.message, 'there')
      assert.deepEqual(indexed, plain)
    }
  }
})

test('a text that is no id is searched for without the index', async t => {
  const [folder, indexFolder] = [temporaryFolder(t), temporaryFolder(t)]
  writeFileSync(join(folder, 'nova-api.log'), lines(0, 10_000))
  await build(folder, indexFolder)
  const [plain, indexed] = await both(folder, indexFolder, new Set(['said 77', uuidOf(3)]))
  assert.ok(plain.length > 12)
  assert.deepEqual(indexed, plain)
})

test('a log that has grown has its index extended by what is new', async t => {
  const [folder, indexFolder] = [temporaryFolder(t), temporaryFolder(t)]
  const file = join(folder, 'nova-api.log')
  writeFileSync(file, lines(0, 20_000))
  const first = await build(folder, indexFolder)
  appendFileSync(file, lines(20_000, 8_000, 9_000))
  const second = await build(folder, indexFolder)
  assert.deepEqual([first.written, second.written], [1, 1])
  assert.ok(second.bytes < first.bytes / 2, `${second.bytes} of ${first.bytes}`)
  assert.deepEqual(await build(folder, indexFolder), { written: 0, bytes: 0 })
  for (const number of [1, 4_999, (20_001 * 31) % 9_000, (27_999 * 31) % 9_000]) {
    const [plain, indexed] = await both(folder, indexFolder, new Set([uuidOf(number)]))
    assert.ok(plain.length > 0)
    assert.deepEqual(indexed, plain)
  }
})

test('a log that is rotated keeps its index, and the one that follows it gets its own', async t => {
  const [folder, indexFolder] = [temporaryFolder(t), temporaryFolder(t)]
  const file = join(folder, 'nova-api.log')
  writeFileSync(file, lines(0, 10_000))
  await build(folder, indexFolder)
  renameSync(file, `${file}.1`)
  assert.equal((await build(folder, indexFolder)).bytes, 0)
  writeFileSync(file, lines(50_000, 10_000))
  assert.equal((await build(folder, indexFolder)).written, 1)
  const [plain, indexed] = await both(folder, indexFolder, new Set([uuidOf(77)]))
  assert.deepEqual(indexed, plain)
})

test('a log written anew with the same beginning is not answered from the old index', async t => {
  const [folder, indexFolder] = [temporaryFolder(t), temporaryFolder(t)]
  const file = join(folder, 'nova-api.log')
  writeFileSync(file, lines(0, 10_000))
  await build(folder, indexFolder)
  writeFileSync(file, lines(0, 100) + lines(60_000, 12_000, 4_999))
  const [plain, indexed] = await both(folder, indexFolder, new Set([uuidOf(4_000)]))
  assert.ok(plain.length > 0)
  assert.deepEqual(indexed, plain)
})

test('an index with any byte damaged, or cut off anywhere, never changes an answer, and is built anew', async t => {
  const [folder, indexFolder] = [temporaryFolder(t), temporaryFolder(t)]
  writeFileSync(join(folder, 'nova-api.log'), lines(0, 10_000))
  await build(folder, indexFolder)
  const [name = ''] = readdirSync(indexFolder)
  const index = join(indexFolder, name)
  const sound = readFileSync(index)
  const texts = new Set([uuidOf(1_234), uuidOf(10_007)])
  const [plain] = await both(folder, indexFolder, texts)
  const damage = fc.record({
    at: fc.nat(sound.length - 1),
    by: fc.integer({ min: 1, max: 255 }),
    isCut: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(damage, async ({ at, by, isCut }) => {
      const broken = Buffer.from(isCut ? sound.subarray(0, at) : sound)
      if (!isCut) broken[at] = (broken[at] ?? 0) ^ by
      writeFileSync(index, broken)
      const logs = await openLogFiles([folder], { indexFolder })
      assert.deepEqual(inOrder((await logs.find(texts, null)).records), plain)
    }),
    { numRuns: 60 },
  )
  writeFileSync(index, sound.subarray(0, sound.length - 3))
  assert.equal((await build(folder, indexFolder)).written, 1)
  assert.deepEqual(readFileSync(index), sound)
})

test('two that build at once both end with a whole index', async t => {
  const [folder, indexFolder] = [temporaryFolder(t), temporaryFolder(t)]
  writeFileSync(join(folder, 'nova-api.log'), lines(0, 10_000))
  const written = await Promise.all([build(folder, indexFolder), build(folder, indexFolder)])
  assert.deepEqual(
    written.map(one => one.written),
    [1, 1],
  )
  assert.equal(readdirSync(indexFolder).length, 1)
  rmSync(join(folder, 'nova-api.log'))
  writeFileSync(join(folder, 'renamed.log'), lines(0, 10_000))
  assert.equal((await build(folder, indexFolder)).bytes, 0)
})

test('a packed log whose times lie outside the window is not unpacked', async t => {
  const [folder, indexFolder] = [temporaryFolder(t), temporaryFolder(t)]
  writeFileSync(join(folder, 'nova-api.log.1.gz'), gzipSync(lines(0, 150_000), { level: 1 }))
  await build(folder, indexFolder)
  const logs = await openLogFiles([folder], { indexFolder })
  const texts = new Set([uuidOf(1_234)])
  assert.equal((await logs.find(texts, { from: timeOf(5_000_000), to: timeOf(6_000_000) })).records.length, 0)
  assert.ok((await logs.find(texts, { from: timeOf(0), to: timeOf(1_000_000) })).records.length > 0)
})

test('ids are seen wherever they stand, and nothing else is', () => {
  const id = uuidOf(3)
  const found = (text: string): number[] => {
    const all: number[] = []
    eachId(Buffer.from(text), at => all.push(at))
    return all
  }
  assert.deepEqual(found(`${id} req-${id}/x${id}`), [0, 41, 79])
  assert.deepEqual(found(`a${id}b`), [1])
  assert.deepEqual(found(id.slice(1)), [])
  assert.deepEqual(found(id.toUpperCase()), [])
  assert.deepEqual(found(id.replace('-', 'x')), [])
})

test('more ids than one segment holds are kept in several', () => {
  const entries = new Entries()
  for (let hash = 0; !entries.isFull; hash++) entries.add(hash % 700_000, hash >> 10)
  const taken = entries.take()
  assert.ok(taken.length > 1_000_000)
  assert.deepEqual(taken, Float64Array.from(new Set(taken)).sort())
  assert.ok(entries.isEmpty)
})
