import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import {
  failedResize,
  globalId,
  hostile,
  requestId,
  running,
  stories,
  succeededCreate,
  trace,
} from '../../../test/support/traces.ts'
import { otlpUrl, sendOtlp } from './otlp/send.ts'
import type { Span } from './otlp/shape.ts'
import { renderOtlp } from './otlp.ts'

const spansOf = (body: ReturnType<typeof renderOtlp>): readonly Span[] =>
  body.resourceSpans.flatMap(one => one.scopeSpans.flatMap(scope => scope.spans))
const attribute = (span: Span | undefined, key: string) => {
  const value = span?.attributes.find(one => one.key === key)?.value
  return value && Object.values(value)[0]
}

// opentelemetry-proto v1 (trace.proto, common.proto, resource.proto): the fields a message may have, and their types.
type Check = (value: unknown) => boolean
const isText: Check = value => typeof value === 'string'
const isNumber: Check = value => typeof value === 'string' && /^\d+$/.test(value) && BigInt(value) < 2n ** 64n
const hex =
  (digits: number): Check =>
  value =>
    typeof value === 'string' && new RegExp(`^[0-9a-f]{${digits}}$`).test(value) && !/^0+$/.test(value)
const each =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check)
const among =
  (...values: readonly number[]): Check =>
  value =>
    values.includes(value as number)
const message =
  (required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  value =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(required).every(key => key in value) &&
    Object.entries(value).every(([key, inner]) => (required[key] ?? optional[key])?.(inner) === true)
const anyValue: Check = value =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 1 &&
  message(
    {},
    {
      stringValue: isText,
      intValue: one => typeof one === 'string' && /^-?\d+$/.test(one),
      boolValue: one => typeof one === 'boolean',
    },
  )(value)
const keyValues = each(message({ key: isText, value: anyValue }))
const span = message(
  {
    traceId: hex(32),
    spanId: hex(16),
    name: value => isText(value) && value !== '',
    kind: among(1, 2, 3, 4, 5),
    startTimeUnixNano: isNumber,
    endTimeUnixNano: isNumber,
  },
  {
    parentSpanId: hex(16),
    attributes: keyValues,
    events: each(message({ timeUnixNano: isNumber, name: isText }, { attributes: keyValues })),
    status: message({}, { code: among(0, 1, 2), message: isText }),
  },
)
const exportRequest = message({
  resourceSpans: each(
    message({
      resource: message({ attributes: keyValues }),
      scopeSpans: each(message({ scope: message({ name: isText }), spans: each(span) })),
    }),
  ),
})

test('every story becomes a message as the proto has it, whose spans end after they start and have parents that are there', () => {
  for (const [name, story] of Object.entries(stories)) {
    const body = JSON.parse(JSON.stringify(renderOtlp(story()))) as ReturnType<typeof renderOtlp> // what is sent
    assert.ok(exportRequest(body), name)
    const spans = spansOf(body)
    const ids = new Set(spans.map(one => one.spanId))
    assert.equal(ids.size, spans.length, `${name}: span ids differ`)
    for (const one of spans) {
      assert.ok(BigInt(one.endTimeUnixNano) >= BigInt(one.startTimeUnixNano))
      assert.ok(one.parentSpanId === undefined || ids.has(one.parentSpanId))
    }
  }
})

test('one span for each call and each event, each at its service and host', () => {
  const of = failedResize()
  const body = renderOtlp(of)
  assert.equal(spansOf(body).length, of.calls.length + (of.action?.events.length ?? 0))
  const services = body.resourceSpans.map(one =>
    one.resource.attributes.map(({ value }) => Object.values(value)[0]).join('@'),
  )
  assert.deepEqual(services, [
    'nova-api@controller',
    'nova-conductor@controller',
    'nova-scheduler@controller',
    'placement',
    'neutron-server',
  ])
})

test('the trace id is that of the global id, else of the local one, and the same each time', () => {
  assert.equal(spansOf(renderOtlp(failedResize()))[0]?.traceId, globalId.slice(4).replaceAll('-', ''))
  assert.equal(spansOf(renderOtlp(succeededCreate()))[0]?.traceId, requestId.slice(4).replaceAll('-', ''))
  assert.deepEqual(renderOtlp(failedResize()), renderOtlp(failedResize()))
  const odd = { ...succeededCreate(), request: { ...trace().request, localId: 'req-not-a-uuid' } }
  assert.match(spansOf(renderOtlp(odd))[0]?.traceId ?? '', /^[0-9a-f]{32}$/)
})

test('attributes have the names of the semantic conventions, and the root has the verdict', () => {
  const spans = spansOf(renderOtlp(failedResize()))
  const [root] = spans
  assert.equal(root?.name, 'POST /v2.1/servers/{id}/action')
  assert.equal(root.startTimeUnixNano, '1795426240234000000')
  assert.equal(attribute(root, 'http.request.method'), 'POST')
  assert.equal(attribute(root, 'http.response.status_code'), '202')
  assert.equal(attribute(root, 'openstack.request_id'), requestId)
  assert.equal(attribute(root, 'faultline.cause'), 'NoHost.Capacity.Ram')
  assert.deepEqual(root.status, { code: 2, message: failedResize().verdict.sentence })
  const candidates = spans.find(one => one.name === 'GET /allocation_candidates')
  assert.match(String(attribute(candidates, 'url.query')), /^limit=1000&/)
  assert.equal(
    attribute(
      spans.find(one => one.name === 'select_destinations'),
      'rpc.method',
    ),
    'select_destinations',
  )
})

test('lines that matter are events of the span they were said in', () => {
  const scheduler = spansOf(renderOtlp(failedResize())).find(one => one.name === 'select_destinations')
  assert.equal(scheduler?.events.length, 1)
  assert.match(JSON.stringify(scheduler?.events), /Got no allocation candidates/)
})

test('what has not ended ends where it was last seen', () => {
  const pending = spansOf(renderOtlp(running())).find(one => one.kind === 1)
  assert.equal(pending?.startTimeUnixNano, pending?.endTimeUnixNano)
  assert.equal(attribute(pending, 'faultline.event.result'), 'pending')
})

test('what logs say is sent as well-formed text', () => {
  assert.ok(JSON.stringify(renderOtlp(hostile())).isWellFormed())
})

async function collector(
  answers: readonly { status: number; headers?: Record<string, string>; body?: string }[],
) {
  const got: { path: string; type: string | undefined; body: unknown }[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    got.push({ path: request.url ?? '', type: request.headers['content-type'], body: JSON.parse(text) })
    const answer = answers[Math.min(got.length, answers.length) - 1]
    response.writeHead(answer?.status ?? 200, answer?.headers)
    response.end(answer?.body ?? '{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  const sleeps: number[] = []
  const sending = {
    fetch: globalThis.fetch,
    now: () => Date.UTC(2026, 10, 23),
    async sleep(milliseconds: number) {
      sleeps.push(milliseconds)
    },
  }
  return {
    url: `http://127.0.0.1:${port}`,
    got,
    sleeps,
    sending,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test('spans are posted as JSON to /v1/traces, or to the path that was given', async () => {
  const to = await collector([{ status: 200 }])
  await sendOtlp(to.url, renderOtlp(failedResize()), to.sending)
  await sendOtlp(`${to.url}/otlp/traces`, renderOtlp(failedResize()), to.sending)
  await to.close()
  assert.deepEqual(
    to.got.map(one => [one.path, one.type]),
    [
      ['/v1/traces', 'application/json'],
      ['/otlp/traces', 'application/json'],
    ],
  )
  assert.ok(to.got.every(one => exportRequest(one.body)))
})

test('a collector that is busy is asked again, when it says', async () => {
  const to = await collector([
    { status: 503, headers: { 'retry-after': '7' } },
    { status: 429, headers: { 'retry-after': new Date(Date.UTC(2026, 10, 23) + 3000).toUTCString() } },
    { status: 502 },
    { status: 200 },
  ])
  await sendOtlp(to.url, renderOtlp(failedResize()), to.sending)
  await to.close()
  assert.equal(to.got.length, 4)
  assert.deepEqual(to.sleeps, [7000, 3000, 2000])
})

test('it is not asked for ever, and the error says what it answered', async () => {
  const to = await collector([{ status: 503, body: 'overloaded' }])
  await assert.rejects(
    sendOtlp(to.url, renderOtlp(failedResize()), to.sending),
    /did not take the spans in 5 attempts: 503 overloaded/,
  )
  await to.close()
  assert.equal(to.got.length, 5)
})

test('a refusal is not tried again, and spans that were left out are an error', async () => {
  const refusing = await collector([{ status: 400, body: 'bad data' }])
  await assert.rejects(sendOtlp(refusing.url, renderOtlp(failedResize()), refusing.sending), /400 bad data/)
  await refusing.close()
  assert.equal(refusing.got.length, 1)
  const partial = await collector([
    { status: 200, body: '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}' },
  ])
  await assert.rejects(
    sendOtlp(partial.url, renderOtlp(failedResize()), partial.sending),
    /refused 2 spans: too old/,
  )
  await partial.close()
})

test('a collector that is not there is an error after some attempts', async () => {
  const gone = await collector([])
  await gone.close()
  await assert.rejects(
    sendOtlp(gone.url, renderOtlp(failedResize()), gone.sending),
    /did not take the spans in 5 attempts: .*ECONNREFUSED/,
  )
  assert.deepEqual(gone.sleeps, [500, 1000, 2000, 4000])
})

test('what is no address of a collector is said to be none', () => {
  for (const wrong of ['collector', 'ftp://x', ''])
    assert.throws(() => otlpUrl(wrong), /is no address of a collector/)
})
