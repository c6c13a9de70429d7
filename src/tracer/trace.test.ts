// From a handle to the record, on the logs of a real cloud and on records that a test says.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { idOf, memorySource, record, serverId, used } from '../../test/support/log-records.ts'
import { root } from '../../test/support/sources.ts'
import { type Trace, traceSchema } from '../model/trace.ts'
import { RecordReader } from './parse/reader.ts'
import type { LogRecord } from './record.ts'
import { traceHandle } from './trace.ts'

const isTrace = new Ajv2020({ strict: false }).compile(traceSchema)

async function traced(handle: string, records: readonly LogRecord[], options = {}): Promise<Trace> {
  const trace = await traceHandle(handle, [memorySource(records)], options)
  assert.ok(trace, `${handle} is known`)
  assert.ok(isTrace(trace), JSON.stringify(isTrace.errors))
  return trace
}

const folder = join(root, 'test/contract/fixtures/recorded-logs')
const recorded = readdirSync(folder)
  .filter(name => name.endsWith('.log'))
  .flatMap(name => {
    const reader = new RecordReader({ file: name })
    const records: LogRecord[] = []
    let offset = 0
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      const length = Buffer.byteLength(line) + 1
      records.push(...reader.push(line, offset, length))
      offset += length
    }
    return [...records, ...reader.end()]
  })
const resize = 'req-f475ad32-4c0a-421f-a77c-0dd30e99339b'

test('the failed resize of a real cloud is told from its logs alone', async () => {
  const trace = await traced(resize, recorded)
  assert.equal(trace.verdict.outcome, 'failed')
  assert.match(trace.verdict.cause?.code ?? '', /NoHost/)
  assert.equal(trace.server?.id, '2a6513a3-9864-4f44-b27a-8554e4436f0d')
  assert.deepEqual(
    trace.calls.map(({ service, edge }) => [service, edge]),
    [
      ['nova-api', 'root'],
      ['nova-conductor', 'proven'],
      ['nova-scheduler', 'proven'],
    ],
  )
  assert.ok(trace.calls[0]?.isOnFailedPath && trace.calls[1]?.isOnFailedPath)
  assert.deepEqual(
    [trace.request.method, trace.request.status, trace.request.microversion],
    ['POST', 202, '2.1'],
  )
  // Twenty other requests ask about it later; they are none of its own.
  assert.ok(trace.logs.every(({ localId }) => localId === resize))
})

test('a server id and a pasted line lead to the same record as the request id', async () => {
  const line = `2026-11-23 09:30:40.234 24394 WARNING nova.scheduler.utils [None ${resize} 92c6 6cb7 - - default default] Failed`
  const [byId, byLine] = [await traced(resize, recorded), await traced(line, recorded)]
  assert.deepEqual({ ...byLine, handle: '' }, { ...byId, handle: '' })
  const only = recorded.filter(({ localId }) => localId === resize)
  assert.equal((await traced('2a6513a3-9864-4f44-b27a-8554e4436f0d', only)).request.localId, resize)
})

test('what nobody wrote about is not known', async () => {
  assert.equal(await traceHandle(idOf(77), [memorySource(recorded)]), null)
  assert.equal(await traceHandle('no-such-server', [memorySource(recorded)]), null)
  assert.equal(await traceHandle('last', [memorySource([])]), null)
})

test('last and last-failed are the newest that changed something', async () => {
  const records = [
    record('nova-api', 0, { localId: idOf(1), access: { status: 409 } }),
    record('nova-api', 100, { localId: idOf(2), access: {} }),
    record('nova-api', 200, { localId: idOf(3), access: { method: 'GET', status: 404 } }),
  ]
  assert.equal((await traced('last', records)).request.localId, idOf(2))
  assert.equal((await traced('last-failed', records)).request.localId, idOf(1))
})

test('a clock that is ahead is told, and its times are put right', async () => {
  const trace = await traced(idOf(1), [
    record('nova-api', 100, { host: 'a', access: { durationMs: 100 } }),
    used('nova-api', 70, 2, { host: 'a' }),
    record('neutron-server', 60_060, {
      host: 'b',
      localId: idOf(2),
      access: { durationMs: 20, status: 201 },
    }),
  ])
  const gap = trace.gaps.find(({ kind }) => kind === 'clock-skew')
  assert.match(gap?.text ?? '', /^the clock of b is 59990 ms or more ahead/)
  assert.equal(trace.calls[1]?.endedAt, '2026-11-23T09:30:00.070Z')
})

test('services of which nothing was read are named', async () => {
  const trace = await traced(idOf(1), [record('nova-api', 0, { access: {} }), used('nova-api', 5, 2)])
  assert.deepEqual(
    trace.gaps.filter(({ kind }) => kind === 'silent-service').map(({ service }) => service),
    ['neutron-server', 'nova-conductor', 'nova-scheduler', 'nova-compute'],
  )
})

test("an owner's record holds nothing of hosts, lines, other projects, or addresses inside the cloud", async () => {
  const host = 'secret-host-7'
  const records = [
    record('nova-api', 0, { serverId, access: {} }),
    record('nova-conductor', 10, {
      level: 'WARNING',
      message: `Failed on ${host}`,
      traceback: [`File ${host}`],
    }),
    record('nova-compute', 20, {
      host,
      level: 'ERROR',
      message: 'Instance failed to spawn',
      traceback: ['boom'],
    }),
    record('neutron-server', 15, {
      localId: idOf(2),
      globalId: idOf(1),
      host,
      projectId: 'project-service',
      access: { method: 'POST', path: `/v2.0/ports?host=${host}`, status: 201 },
    }),
  ]
  const own = await traced(idOf(1), records, { owner: { projectId: 'project-1' } })
  const text = JSON.stringify(own)
  for (const secret of [host, 'boom', 'project-service', 'Failed on'])
    assert.ok(!text.includes(secret), secret)
  assert.equal(own.view, 'owner')
  assert.deepEqual(
    own.calls.map(({ service, operation }) => [service, operation]),
    [
      ['nova-api', 'POST /v2.1/servers'],
      ['neutron-server', 'POST'],
      ['nova-conductor', 'work'],
      ['nova-compute', 'work'],
    ],
  )
  assert.equal(
    await traceHandle(idOf(1), [memorySource(records)], { owner: { projectId: 'project-2' } }),
    null,
  )
})

test('of requests under one global id owners see those of their project', async () => {
  const shared = { globalId: idOf(9) }
  const records = [
    record('nova-api', 0, { ...shared, localId: idOf(1), access: {} }),
    record('nova-api', 50, { ...shared, localId: idOf(2), projectId: 'project-2', access: {} }),
  ]
  const own = await traced(idOf(9), records, { owner: { projectId: 'project-1' } })
  assert.deepEqual(
    own.calls.map(({ localId }) => localId),
    [idOf(1)],
  )
})
