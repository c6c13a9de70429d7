// The order every request goes through, the bounds on bodies, and what replies carry, over a real socket.
import assert from 'node:assert/strict'
import { METHODS } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { callers, callerTokens, runService } from '../../../test/support/one-service.ts'
import { rawClient } from '../../../test/support/raw-http.ts'
import { fault } from '../../model/errors.ts'
import { Log, type LogSink } from '../journal/log.ts'
import { querySchema } from './query.ts'
import { defineService, row } from './service.ts'
import { json } from './types.ts'

const lines: string[] = []
const sink: LogSink = { format: 'text', level: 'DEBUG', write: line => lines.push(line) }
const trail: string[] = []
interface Deps {
  readonly word: string
}
const body = { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } }
const service = await runService(
  defineService<Deps>({
    type: 'test',
    prefixes: ['/test/v1', '/test/old'],
    projectPrefix: true,
    deps: { word: 'hello' },
    routes: [
      row('GET', '/open', call => json(200, { word: call.deps.word }), { auth: 'open' }),
      row('GET', '/maybe', call => json(200, { who: call.caller?.userName ?? null }), { auth: 'optional' }),
      row('POST', '/things/{id}', call => json(201, { id: call.params.id, body: call.body }), {
        body,
        query: querySchema({ n: { type: 'string', pattern: '^\\d+$' } }, { others: 'refused' }),
      }),
      row(
        'PUT',
        '/stream',
        async call => {
          let bytes = 0
          if (call.request.body !== null)
            for await (const part of call.request.body as AsyncIterable<Buffer>) bytes += part.length
          return json(200, { bytes })
        },
        { reads: 'stream' },
      ),
      row('GET', '/late', () => json(200, {}), { since: 5 }),
      row('GET', '/bug', () => {
        throw new Error('a secret of ours')
      }),
      row('GET', '/refused', () => {
        throw fault(
          'PolicyDenied',
          { rule: 'x' },
          { headers: { 'X-Why': 'because' }, cause: new Error('inside') },
        )
      }),
      row('DELETE', '/things/{id}', () => ({ status: 204 })),
    ],
    tokens: callerTokens,
    log: new Log(sink, 'test.api'),
    requestLogger: 'test.requests',
    bodyBytesMax: 1000,
    requestIdHeaders: ['x-openstack-request-id', 'x-test-id'],
    negotiate(call) {
      trail.push('negotiate')
      const minor = Number(call.request.headers['x-minor'] ?? 1)
      call.version = { text: `1.${minor}`, minor }
    },
    replyHeaders: (call, out) => out.push('X-Version', call.version?.text ?? 'none'),
    renderFault: ({ status, message, code }) => json(status, { code, message }),
  }),
)
const wire = rawClient(service.origin)
after(() => {
  wire.close()
  return service.close()
})

const things = (ask: Parameters<typeof service.ask>[2], query = '') =>
  service.ask('POST', `/test/v1/things/7${query}`, ask)
const code = async (answer: ReturnType<typeof service.ask>) => (await answer).body.code

test('caller before version, version before content type, body before query before schema', async () => {
  const wrong = { body: { a: 'x' }, headers: { 'content-type': 'image/png', 'x-minor': '1' } }
  trail.length = 0
  assert.equal(await code(things({ ...wrong, as: null }, '?n=x')), 'Unauthenticated')
  assert.deepEqual(trail, [])
  assert.equal(await code(things(wrong, '?n=x')), 'UnsupportedContentType')
  assert.deepEqual(trail, ['negotiate'])
  assert.equal(await code(things({ raw: '{' }, '?n=x')), 'MalformedBody')
  assert.match((await things({ body: { a: 'x' } }, '?n=x')).body.message, /query parameters n/)
  assert.match((await things({ body: { a: 'x' } }, '?n=1')).body.message, /field\/attribute a/)
  assert.deepEqual((await things({ body: { a: 1 } }, '?n=1')).body, { id: '7', body: { a: 1 } })
})

test('a route that is not there in this version is not there at all', async () => {
  const late = (minor: string) => service.ask('GET', '/test/v1/late', { headers: { 'x-minor': minor } })
  assert.equal(await code(late('4')), 'RouteNotFound')
  assert.equal((await late('5')).status, 200)
})

test('a caller is needed, welcome, or not asked for', async () => {
  const get = (path: string, as: 'demo' | null, headers = {}) =>
    service.ask('GET', `/test/v1${path}`, { as, headers })
  assert.equal((await get('/open', null)).status, 200)
  assert.deepEqual((await get('/maybe', null)).body, { who: null })
  assert.deepEqual((await get('/maybe', 'demo')).body, { who: 'demo' })
  assert.equal((await get('/late', null, { 'x-auth-token': 'nobody' })).status, 401)
})

test('paths answer below every prefix, with and without the project, with and without a last slash', async () => {
  const project = callers.demo.project?.id
  for (const path of ['/test/v1/open', '/test/old/open', `/test/v1/${project}/open`, '/test/v1/open/'])
    assert.equal((await service.ask('GET', path, { as: null })).status, 200, path)
  for (const path of ['/test/v1/nothing', '/test/v1', '/test/v1/open/more', '/test/v1/things/%ff'])
    assert.equal(await code(service.ask('GET', path)), 'RouteNotFound', path)
  assert.equal(await code(service.ask('DELETE', '/test/v1/things/')), 'RouteNotFound', 'an id is not empty')
  const nowhere = await service.ask('GET', '/elsewhere')
  assert.deepEqual([nowhere.status, nowhere.body.error.code], [404, 404])
})

test('a service can take a last slash for part of the path: then only the root has one', async () => {
  const strict = await runService(
    defineService<Deps>({
      type: 'strict',
      prefixes: ['/strict/v1'],
      isSlashStrict: true,
      deps: { word: 'hello' },
      routes: ['/', '/things', '/things/{id}'].map(path => row('GET', path, () => json(200, { path }))),
      tokens: callerTokens,
      log: new Log(sink, 'test.api'),
      requestLogger: 'test.requests',
      renderFault: ({ status, code }) => json(status, { code }),
    }),
  )
  after(() => strict.close())
  for (const path of ['', '/', '/things', '/things/1'])
    assert.equal((await strict.ask('GET', `/strict/v1${path}`)).status, 200, path)
  for (const path of ['/things/', '/things/1/'])
    assert.equal(await code(strict.ask('GET', `/strict/v1${path}`)), 'RouteNotFound', path)
})

test('bodies have a bound, whether or not they say how long they are', async () => {
  lines.length = 0
  const large = `{"a":1,"b":"${'x'.repeat(2000)}"}`
  const told = await things({ raw: large, headers: { 'content-type': 'application/json' } })
  assert.deepEqual([told.status, told.body.code], [413, 'BodyTooLarge'])
  const stranger = await things({ raw: large, as: null, headers: { 'content-type': 'image/png' } })
  assert.equal(stranger.body.code, 'BodyTooLarge', 'said before anything else is looked at')
  assert.match(lines.join(''), /max_request_body_size \(1000\)\.\n/)
  const untold = await fetch(`${service.origin}/test/v1/things/7`, {
    method: 'POST',
    headers: { 'x-auth-token': 'demo', 'content-type': 'application/json' },
    body: new Blob([large]).stream(),
    duplex: 'half',
  } as RequestInit) // duplex is not in the type yet
  assert.equal(untold.status, 413)
  assert.equal((await things({ body: { a: 1 } })).status, 201, 'the connection and the service go on')
})

test('a streaming route reads as much as it likes', async () => {
  const answer = await service.ask('PUT', '/test/v1/stream', { raw: 'x'.repeat(100_000) })
  assert.deepEqual(answer.body, { bytes: 100_000 })
})

test('what is no JSON, nests without end or is not UTF-8 is malformed', async () => {
  const latin = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])
  for (const raw of ['{', '', 'undefined', `${'['.repeat(400)}${']'.repeat(400)}`, latin]) {
    const answer = await things({ raw, headers: { 'content-type': 'application/json' } })
    assert.equal(answer.status, 400, JSON.stringify(raw))
  }
  assert.equal((await things({ raw: '{"a":1}', headers: { 'content-type': 'text/plain' } })).status, 201)
})

test('every reply has its own request id under each name; a good id from outside becomes the global one', async () => {
  const given = 'req-11111111-2222-4333-8444-555555555555'
  for (const [sent, global] of [
    [given, given],
    [given.toUpperCase(), 'None'],
    ['req-1', 'None'],
  ]) {
    lines.length = 0
    const answer = await service.ask('GET', '/test/v1/refused', {
      headers: { 'x-openstack-request-id': sent! },
    })
    const id = answer.headers.get('x-openstack-request-id')
    assert.equal(answer.headers.get('x-test-id'), id)
    assert.notEqual(id, given)
    assert.ok(
      lines.every(line => line.includes(`[${global} ${id} `)),
      lines.join(''),
    )
  }
})

test('refusals keep their cause to the log, bugs their message, too', async () => {
  lines.length = 0
  const refused = await service.ask('GET', '/test/v1/refused')
  assert.deepEqual(
    [refused.status, refused.body.message, refused.headers.get('x-why')],
    [403, "Policy doesn't allow x to be performed.", 'because'],
  )
  const bug = await service.ask('GET', '/test/v1/bug')
  assert.equal(bug.status, 500)
  assert.doesNotMatch(bug.text, /secret/)
  assert.match(
    lines.join(''),
    /ERROR test\.api .*Unexpected exception in API method: Error: a secret of ours/,
  )
})

test('the request line says who, what, how it ended and how long the answer is', async () => {
  lines.length = 0
  const answer = await things({ body: { a: 1 } }, '?n=1')
  const line = lines.find(one => one.includes('test.requests'))
  const length = answer.text.length
  assert.match(
    line ?? '',
    new RegExp(
      `INFO test\\.requests \\[None req-\\S+ ${callers.demo.userId} ${callers.demo.project?.id} - - default default\\] 127\\.0\\.0\\.1 "POST /test/v1/things/7\\?n=1" status: 201 len: ${length} microversion: 1\\.1 time: \\d+\\.\\d{6}\\n$`,
    ),
  )
})

test('headers of replies: length and type, none of a body where there is none', async () => {
  const made = await things({ body: { a: 1 } })
  assert.deepEqual(
    [made.headers.get('content-type'), made.headers.get('content-length'), made.headers.get('x-version')],
    ['application/json', String(made.text.length), '1.1'],
  )
  const gone = await service.ask('DELETE', '/test/v1/things/7')
  assert.deepEqual([gone.status, gone.headers.get('content-type'), gone.text], [204, null, ''])
})

test('odd methods and bodies with GET do no harm', async () => {
  const send = (method: string, path: string, text: string | null) =>
    wire.send({ method, path, headers: { 'x-auth-token': 'demo' }, body: text })
  assert.equal((await send('GET', '/test/v1/open', '{"a":1}')).status, 200)
  assert.equal((await send('PURGE', '/test/v1/open', null)).status, 404)
  assert.equal((await send('OPTIONS', '/test/v1/open', null)).status, 404)
  assert.equal((await send('GET', '/test/v1/open', null)).status, 200)
})

/** What comes back for bytes sent as they are, once the other end has closed. */
async function exchange(bytes: string): Promise<string> {
  const { port } = new URL(service.origin)
  const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes))
  return text(socket)
}

test('every method the parser knows is asked who it is, and finds no route', async () => {
  const routed = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']
  for (const method of METHODS.filter(one => !routed.includes(one)))
    for (const path of ['/test/v1/open', '/test/v1/nothing']) {
      const send = (token: string) =>
        exchange(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${token}\r\n`)
      const known = await send('X-Auth-Token: demo\r\n')
      assert.match(known, /^HTTP\/1\.1 404 .*x-test-id: req-.*"RouteNotFound"/s, `${method} ${path}`)
      assert.match(await send(''), /^HTTP\/1\.1 401 /, `${method} ${path}`)
    }
})

test('what the parser refuses is one clean reply, and the service goes on', async () => {
  for (const [bytes, status] of [
    ['FOO /test/v1/open HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['get /test/v1/open HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['\0\x16\x03', 400],
    ['POST /test/v1/open HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n', 400],
    [`GET /test/v1/open HTTP/1.1\r\nHost: x\r\nX-Much: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ] as const) {
    const answer = await exchange(bytes)
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} .*\r\nConnection: close\r\n`, 's'))
    const { error } = JSON.parse(answer.slice(answer.indexOf('{')))
    assert.deepEqual([error.code, typeof error.message], [status, 'string'])
  }
  assert.equal((await service.ask('GET', '/test/v1/open', { as: null })).status, 200)
})

test('a CONNECT to somewhere else is no tunnel', async () => {
  const answer = await exchange(
    'CONNECT example.com:80 HTTP/1.1\r\nHost: example.com\r\n\r\nGET / HTTP/1.1\r\n\r\n',
  )
  assert.match(answer, /^HTTP\/1\.1 404 .*Nothing is served at this path/s)
})
