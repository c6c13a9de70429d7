import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHandle } from './handle.ts'

const local = 'req-f475ad32-4c0a-421f-a77c-0dd30e99339b'
const global = 'req-2e5c4b19-a26f-4db3-9fda-c311aaaa113a'
const server = '2a6513a3-9864-4f44-b27a-8554e4436f0d'

const meant: readonly (readonly [string, ReturnType<typeof readHandle>])[] = [
  [local, { kind: 'request', id: local }],
  [` ${local.toUpperCase().replace('REQ', 'req')}\n`, { kind: 'request', id: local }],
  [server, { kind: 'server', id: server }],
  ['vm1', { kind: 'name', name: 'vm1' }],
  [`web-${server}`, { kind: 'name', name: `web-${server}` }],
  ['my server', { kind: 'name', name: 'my server' }],
  ['last', { kind: 'last' }],
  ['last-failed', { kind: 'last-failed' }],
]

test('ids, names and words are told apart', () => {
  for (const [text, handle] of meant) assert.deepEqual(readHandle(text), handle, text)
})

test('of a pasted log line the id of the service that wrote it counts, not that of its caller', () => {
  const line = (ids: string) =>
    `2026-11-23 09:30:40.234 24394 WARNING nova.scheduler.utils [${ids} 92c6 6cb7 - - default default] [instance: ${server}] Failed`
  assert.deepEqual(readHandle(line(`${global} ${local}`)), { kind: 'request', id: local })
  assert.deepEqual(readHandle(line(`None ${local}`)), { kind: 'request', id: local })
  assert.deepEqual(readHandle(line(local)), { kind: 'request', id: local })
  assert.deepEqual(readHandle(line('-')), { kind: 'server', id: server })
})

test('of a JSON line the field of the local id counts', () => {
  const line = `{"message": "x", "global_request_id": "${global}", "request_id": "${local}"}`
  assert.deepEqual(readHandle(line), { kind: 'request', id: local })
})

test('what a client printed with --debug is read as well', () => {
  assert.deepEqual(readHandle(`POST call to compute for http://api/v2.1/servers used request id ${local}`), {
    kind: 'request',
    id: local,
  })
})
