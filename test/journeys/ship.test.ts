// `faultline logs ship` as people run it: killed at any moment and started again, every line is there once.
import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runCli } from '../support/cli.ts'
import { fakeElasticsearch } from '../support/elasticsearch.ts'
import { runProgram } from '../support/program.ts'

const top = mkdtempSync(join(tmpdir(), 'faultline-ship-'))
after(() => rmSync(top, { recursive: true, force: true }))

const lines = (from: number, to: number) =>
  Array.from(
    { length: to - from },
    (_, at) =>
      `2026-11-23 09:30:40.${String(at % 1000).padStart(3, '0')} 7 INFO nova.compute.manager [None req-f475ad32-4c0a-421f-a77c-0dd30e99339b u p - - d d] line ${String(from + at).padStart(6, '0')}\n`,
  ).join('')

function folders(name: string) {
  const folder = join(top, name)
  const logs = join(folder, 'logs')
  mkdirSync(logs, { recursive: true })
  return { logs, state: join(folder, 'state'), log: join(logs, 'nova-compute.log') }
}

test('killed again and again while it ships, it loses nothing and doubles nothing', async () => {
  const { logs, state, log } = folders('killed')
  const server = await fakeElasticsearch({ delayMs: 5 })
  after(() => server.close())
  const args = ['logs', 'ship', '--elasticsearch', server.url, '--state', state, logs]
  writeFileSync(log, lines(0, 30_000))
  let kills = 0
  for (let finished = false; !finished; ) {
    const before = server.bulks()
    const { child, ended } = runProgram(args)
    // Each time a batch later, in the middle of what it does then.
    const watch = setInterval(() => {
      if (kills < 8 && server.bulks() - before > kills % 4) child.kill('SIGKILL')
    }, 1)
    const end = await ended
    clearInterval(watch)
    if (end.signal === 'SIGKILL') {
      kills += 1
      appendFileSync(log, lines(30_000 + kills * 10, 30_010 + kills * 10))
    } else {
      assert.equal(end.code, 0, end.stderr)
      finished = true
    }
  }
  assert.equal(kills, 8)
  const messages = [...server.documents.values()].map(({ document }) => String(document.message))
  assert.equal(messages.length, 30_080)
  assert.equal(new Set(messages).size, 30_080)
})

test('SIGTERM while following ends it when what it read has arrived', async () => {
  const { logs, state, log } = folders('stopped')
  const server = await fakeElasticsearch({ delayMs: 5 })
  after(() => server.close())
  writeFileSync(log, lines(0, 3000))
  const { child, ended } = runProgram([
    'logs',
    'ship',
    '--follow',
    '--elasticsearch',
    server.url,
    '--state',
    state,
    logs,
  ])
  while (server.bulks() === 0) await new Promise(resolve => setTimeout(resolve, 5))
  child.kill('SIGTERM')
  const { code, stdout } = await ended
  assert.equal(code, 0)
  assert.match(stdout, /^1 files, \d+ records: \d+ written, 0 already there, 0 refused\n$/)
})

test('the summary says what became of the lines, and the exit code says whether all arrived', async () => {
  const { logs, state, log } = folders('summary')
  const server = await fakeElasticsearch({
    item: ({ document }) => (document.message === 'line 000002' ? 400 : undefined),
  })
  after(() => server.close())
  const run = (...words: readonly string[]) =>
    runCli(undefined, ['logs', 'ship', '--elasticsearch', server.url, '--state', state, ...words])
  writeFileSync(log, lines(0, 5))
  const first = await run(logs)
  assert.equal(first.stdout, '1 files, 5 records: 4 written, 0 already there, 1 refused\n')
  assert.equal(first.exitCode, 3)
  assert.match(first.stderr, /refused\.ndjson/)
  assert.equal((await run(logs)).exitCode, 0)
  const missing = await run(join(logs, 'nothing'))
  assert.equal(missing.exitCode, 3)
  assert.match(missing.stderr, /nothing: there is no such file/)
  server.trouble.bulk = [403]
  writeFileSync(log, lines(100, 105))
  const refused = await run(logs)
  assert.equal(refused.exitCode, 1)
  assert.match(refused.stderr, /the server refuses: 403.*\n {2}nothing is lost/)
  assert.equal((await run('--index', 'Upper', logs)).exitCode, 2)
})
