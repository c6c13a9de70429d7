// Remote consoles: which are given out, and what their tokens lead to.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestCloud } from '../support/cloud.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

let laterMs = 0
const cloud = await startTestCloud({ hosts: 2, clock: { now: () => Date.now() + laterMs } })
after(() => cloud.close())

const ask = (id: string, protocol: string, type: string, version = 'latest') =>
  cloud.ask('POST', `/servers/${id}/remote-consoles`, {
    body: { remote_console: { protocol, type } },
    version,
  })
const tokenIn = (url: string): string => /token(?:%3D|=)([0-9a-f-]{36})$/.exec(url)?.[1] ?? ''
const lookUp = (token: string, version = 'latest', query = '') =>
  cloud.ask('GET', `/os-console-auth-tokens/${token}${query}`, { as: 'admin', version })
const messageOf = (body: Json): string => (Object.values(body)[0] as Json).message

test('a screen and a serial line each have a URL, whose token tells an administrator where they are', async () => {
  const server = await cloud.server()
  for (const [protocol, type, start] of [
    ['vnc', 'novnc', 'http://127.0.0.1:6080/vnc_auto.html?path=%3Ftoken%3D'],
    ['serial', 'serial', 'ws://127.0.0.1:6083/?token='],
  ] as const) {
    const { status, body } = await ask(server.id, protocol, type)
    const { url, ...rest } = body.remote_console
    assert.deepEqual([status, rest, url.startsWith(start)], [200, { protocol, type }, true])
    const { console } = (await lookUp(tokenIn(url))).body
    assert.deepEqual(
      [Object.keys(console).sort(), console.instance_uuid, console.host, typeof console.port],
      [
        ['host', 'instance_uuid', 'internal_access_path', 'port', 'tls_port'],
        server.id,
        '127.0.0.1',
        'number',
      ],
    )
  }
})

test('tokens are told from 2.31 on, with tls_port and no strange parameters from 2.99 on, and to administrators', async () => {
  const server = await cloud.server()
  const token = tokenIn((await ask(server.id, 'vnc', 'novnc')).body.remote_console.url)
  const hidden = await lookUp(token, '2.30')
  assert.deepEqual(
    [hidden.status, messageOf(hidden.body)],
    [401, 'The requested console type details are not accessible'],
  )
  assert.ok(!('tls_port' in (await lookUp(token, '2.98', '?a=b')).body.console))
  assert.equal((await lookUp(token, '2.99', '?a=b')).status, 400)
  assert.equal((await cloud.ask('GET', `/os-console-auth-tokens/${token}`)).status, 403)
})

test('a token ends after ten minutes, and with its server leaving the host; the database does not have it', async () => {
  const server = await cloud.server()
  const url = (await ask(server.id, 'vnc', 'novnc')).body.remote_console.url
  const { db } = cloud.cloud.store
  assert.ok(
    !JSON.stringify(await db.selectFrom('console_tokens').selectAll().execute()).includes(tokenIn(url)),
  )
  laterMs += 599_000
  assert.equal((await lookUp(tokenIn(url))).status, 200)
  laterMs += 1000
  await cloud.cloud.periodic.run('heartbeat')
  const ended = await lookUp(tokenIn(url))
  assert.deepEqual([ended.status, messageOf(ended.body)], [404, 'Token not found'])
  const second = tokenIn((await ask(server.id, 'vnc', 'novnc')).body.remote_console.url)
  assert.ok(
    (await db.selectFrom('console_tokens').selectAll().execute()).every(row => row.server_id === server.id),
  )
  await cloud.act(server, { migrate: null }, 'admin')
  assert.equal((await lookUp(second)).status, 404)
  const third = tokenIn((await ask(server.id, 'vnc', 'novnc')).body.remote_console.url)
  await cloud.ask('DELETE', `/servers/${server.id}`)
  await cloud.settled()
  assert.equal((await lookUp(third)).status, 404)
})

test('consoles a host does not have, and types that are none of the protocol', async () => {
  const server = await cloud.server()
  for (const [protocol, type, message] of [
    ['spice', 'spice-html5', 'Unavailable console type spice-html5.'],
    ['spice', 'spice-direct', 'Unavailable console type spice-direct.'],
    ['mks', 'webmks', 'Unavailable console type webmks.'],
    ['vnc', 'xvpvnc', 'Invalid console type xvpvnc'],
    ['vnc', 'serial', 'Invalid console type serial'],
  ] as const) {
    const { status, body } = await ask(server.id, protocol, type)
    assert.deepEqual([status, messageOf(body)], [400, message])
  }
})

test('protocols and types come with their versions', async () => {
  const server = await cloud.server()
  assert.equal((await ask(server.id, 'vnc', 'novnc', '2.5')).status, 404)
  assert.equal((await ask(server.id, 'vnc', 'novnc', '2.6')).status, 200)
  for (const [protocol, type, before, from] of [
    ['mks', 'webmks', '2.7', '2.8'],
    ['spice', 'spice-direct', '2.98', '2.99'],
  ] as const) {
    assert.match(messageOf((await ask(server.id, protocol, type, before)).body), /^Invalid input for field/)
    assert.match(messageOf((await ask(server.id, protocol, type, from)).body), /^Unavailable/)
  }
})

test('the actions of old answer until 2.5', async () => {
  const server = await cloud.server()
  const act = (body: Json, version = '2.5') => cloud.act(server, body, 'demo', version)
  const { status, body } = await act({ 'os-getVNCConsole': { type: 'novnc' } })
  assert.deepEqual([status, body.console.type, tokenIn(body.console.url).length], [200, 'novnc', 36])
  assert.equal((await act({ 'os-getSerialConsole': { type: 'serial' } })).status, 200)
  assert.equal((await act({ 'os-getSPICEConsole': { type: 'spice-html5' } })).status, 400)
  assert.equal((await act({ 'os-getRDPConsole': { type: 'rdp-html5' } })).status, 410)
  assert.equal((await act({ 'os-getVNCConsole': { type: 'novnc' } }, '2.6')).status, 404)
})

test('a server on its way out has no console, nor has one without a host', async () => {
  const server = await cloud.server()
  const force = (patch: object) =>
    cloud.cloud.store.db.updateTable('servers').set(patch).where('id', '=', server.id).execute()
  await force({ task_state: 'migrating' })
  const moving = await ask(server.id, 'vnc', 'novnc')
  assert.deepEqual(
    [moving.status, messageOf(moving.body)],
    [409, `Cannot 'get_vnc_console' instance ${server.id} while it is in task_state migrating`],
  )
  await force({ task_state: null })
  await cloud.act(server, { shelve: null })
  const away = await ask(server.id, 'vnc', 'novnc')
  assert.deepEqual([away.status, messageOf(away.body)], [409, `Instance ${server.id} is not ready`])
})
