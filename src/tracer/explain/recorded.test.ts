// The logs of a real cloud: its verdicts, from the text alone.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { memorySource } from '../../../test/support/log-records.ts'
import { root } from '../../../test/support/sources.ts'
import { RecordReader } from '../parse/reader.ts'
import type { LogRecord } from '../record.ts'
import { traceHandle } from '../trace.ts'

const folder = join(root, 'test/contract/fixtures/recorded-logs')

function read(name: string): LogRecord[] {
  const reader = new RecordReader({ file: name })
  const lines = readFileSync(join(folder, name), 'utf8').split('\n')
  return [...lines.flatMap((line, index) => reader.push(line, index, line.length)), ...reader.end()]
}

const recorded = readdirSync(folder)
  .filter(name => name.endsWith('.log'))
  .flatMap(read)

async function verdictOf(requestId: string) {
  const trace = await traceHandle(requestId, [memorySource(recorded)])
  assert.ok(trace, requestId)
  return trace
}

test('the failed resize: its own host is the only one', async () => {
  const { verdict, placement } = await verdictOf('req-f475ad32-4c0a-421f-a77c-0dd30e99339b')
  assert.equal(
    verdict.sentence,
    "resize of server 2a6513a3-9864-4f44-b27a-8554e4436f0d failed at cold_migrate: no host can take it: 1 of 1 hosts is the server's current host and resize to the same host is off",
  )
  assert.deepEqual(
    [verdict.cause?.code, verdict.cause?.fault, verdict.isOver],
    ['NoHost.SameHost', 'cloud', true],
  )
  assert.deepEqual(
    placement.map(({ hostsTotal, hosts }) => [hostsTotal, hosts.map(({ host }) => host)]),
    [[1, ['compute1']]],
  )
})

test('the resize that is too big, and the build that is: placement has no candidates', async () => {
  for (const [requestId, step] of [
    ['req-93b63a56-e165-46d0-9436-723fd0170350', 'cold_migrate'],
    ['req-9d079e41-e368-4be2-bd01-e6c14cc20dcb', 'conductor_schedule_and_build_instances'],
  ] as const) {
    const { verdict } = await verdictOf(requestId)
    assert.deepEqual(
      [verdict.outcome, verdict.cause?.code, verdict.cause?.fault, verdict.step],
      ['failed', 'NoHost.NoCandidates', 'capacity', step],
    )
    assert.deepEqual(verdict.also, [])
  }
})

test('the build that went well has succeeded, and the resize whose end no log shows is unknown', async () => {
  assert.equal((await verdictOf('req-db224e70-8963-441e-9c7b-6295f81f0a17')).verdict.outcome, 'succeeded')
  const { verdict, placement } = await verdictOf('req-405fecae-fdbb-45be-9b94-2dd45ca2c861')
  assert.deepEqual([verdict.outcome, verdict.isOver], ['unknown', false])
  assert.match(placement[0]?.sum ?? '', /^which host was chosen is not said: /)
})
