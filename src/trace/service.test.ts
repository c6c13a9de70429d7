// The trace service alone, with hand-made facts and log records: what the logs add to the database.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Caller, callers, callerTokens, runService } from '../../test/support/one-service.ts'
import type { TraceFacts } from '../model/trace-facts.ts'
import { silentLog } from '../platform/journal/log.ts'
import type { LogRecord } from '../tracer/record.ts'
import type { Source } from '../tracer/source.ts'
import { createTraceService } from './service.ts'

const nothingKnown: TraceFacts = {
  byRequest: async () => [],
  byServer: async () => null,
  serversNamed: async () => [],
  list: async () => [],
  of: async () => ({ server: null, action: null, placement: [], operation: null, fault: null }),
  mark: async () => null,
}

const id = (index: number) => `req-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
const refusal = (index: number, as: Caller | null, status: number, service = 'nova-api'): LogRecord => ({
  at: Date.UTC(2026, 10, 23, 9, 0, index),
  level: 'INFO',
  logger: 'nova.api.openstack.requestlog',
  service,
  host: null,
  process: 1,
  globalId: null,
  localId: id(index),
  userId: as && callers[as].userId,
  projectId: (as && callers[as].project?.id) ?? null,
  serverId: null,
  message: '',
  traceback: [],
  access: {
    method: 'POST',
    path: '/compute/v2.1/servers?x=1',
    status,
    microversion: '2.104',
    durationMs: 3,
    remoteAddress: null,
  },
  place: { file: 'nova-api.log', offset: 0, length: 1 },
})

// Newest first, as a source answers.
const records = [
  refusal(9, 'demo', 202),
  refusal(8, 'demo', 404, 'neutron-server'),
  refusal(7, null, 401),
  refusal(6, 'other', 409),
  refusal(5, 'demo', 409),
  refusal(4, 'demo', 403),
  refusal(3, 'reader', 400),
]
const logs: Source = {
  name: 'logs',
  find: async texts => ({ records: records.filter(({ localId }) => texts.has(localId ?? '')), gaps: [] }),
  coverage: () => [],
  recent: async limit => records.slice(0, limit),
  close: async () => {},
}

const trace = await runService(
  createTraceService({
    tokens: callerTokens,
    log: silentLog,
    facts: nothingKnown,
    logs,
    client: { call: async () => ({ status: 502, headers: {}, body: undefined, text: '' }) },
    closing: new AbortController().signal,
    origin: () => 'http://cloud',
  }),
)
after(() => trace.close())

const listed = async (as: Caller, query = '') =>
  (await trace.ask('GET', `/trace/v1/requests${query}`, { as })).body.requests.map(
    (one: { requestId: string }) => one.requestId,
  )

test('requests refused at once are listed for those whose project asked, and all for administrators', async () => {
  assert.deepEqual(await listed('demo'), [id(5), id(4), id(3)])
  assert.deepEqual(await listed('other'), [id(6)])
  assert.deepEqual(await listed('admin'), [id(7), id(6), id(5), id(4), id(3)])
})

test('a refusal is told in a line, without the query', async () => {
  const { body } = await trace.ask('GET', '/trace/v1/requests?limit=1')
  assert.deepEqual(
    [body.requests[0].what, body.requests[0].outcome, body.requests[0].sentence],
    ['POST /compute/v2.1/servers', 'failed', 'POST /compute/v2.1/servers was refused with 409.'],
  )
})

test('refusals are filtered and paged as other requests are', async () => {
  assert.deepEqual(await listed('demo', `?user=${callers.reader.userId}`), [id(3)])
  assert.deepEqual(await listed('demo', '?outcome=succeeded'), [])
  assert.deepEqual(await listed('demo', '?since=2026-11-23T09:00:04Z'), [id(5), id(4)])
  assert.deepEqual(await listed('demo', '?before=2026-11-23T09:00:04Z'), [id(3)])
  const { body } = await trace.ask('GET', '/trace/v1/requests?limit=2')
  const next = new URL(body.requests_links[0].href)
  assert.deepEqual(await listed('demo', next.search), [id(3)])
})

test('the last request may be one that was refused at once, and only logs know it', async () => {
  assert.equal((await trace.ask('GET', '/trace/v1/traces/last')).body.request.localId, id(5))
  assert.equal(
    (await trace.ask('GET', '/trace/v1/traces/last-failed', { as: 'other' })).body.request.status,
    409,
  )
})

test('a refusal is told from the logs alone, to its owner without its log lines', async () => {
  const owner = (await trace.ask('GET', `/trace/v1/traces/${id(4)}`)).body
  assert.deepEqual([owner.view, owner.verdict.outcome, owner.request.status], ['owner', 'failed', 403])
  assert.deepEqual(owner.logs, [])
  const { body } = await trace.ask('GET', `/trace/v1/traces/${id(4)}`, { as: 'admin' })
  assert.equal(body.logs.length, 1)
})

test('a request of others that only logs know is not there', async () => {
  assert.equal((await trace.ask('GET', `/trace/v1/traces/${id(6)}`)).status, 404)
})

test('a request that is over when it is followed is told and ends', async () => {
  const { text } = await trace.ask('GET', `/trace/v1/requests/${id(4)}/events`)
  assert.deepEqual(
    [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name),
    ['trace', 'trace', 'verdict'],
  )
})

test('a compute service that does not answer is no verdict on the request', async () => {
  const { status } = await trace.ask('POST', '/trace/v1/servers', { body: { server: {} } })
  assert.equal(status, 502)
})
