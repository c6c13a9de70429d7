import assert from 'node:assert/strict'
import { test } from 'node:test'
import { globalId, requestId, serverId } from '../../../test/support/traces.ts'
import { handleIn } from './handle.ts'
import { instantOf, offsetOf } from './when.ts'

test('an id, a name and a word are handles as they stand', () => {
  for (const handle of [requestId, serverId, 'vm1', 'last', 'last-failed', 'Größe'])
    assert.equal(handleIn(` ${handle}\n`), handle)
  assert.equal(handleIn(requestId.toUpperCase().replace('REQ', 'req')), requestId)
})

test('of a log line, the local id of its context is taken, in either layout', () => {
  const tail = 'u1 p1 - - default default] cast'
  for (const context of [
    `[${globalId} ${requestId} ${tail}`,
    `[None ${requestId} ${tail}`,
    `[- ${requestId} ${tail}`,
    `[${requestId} ${tail}`,
  ])
    assert.equal(
      handleIn(`2026-11-23 09:30:41.334 11 INFO nova.api ${context} used request id ${globalId}`),
      requestId,
    )
})

test('of a JSON line, the field request_id is taken', () => {
  assert.equal(
    handleIn(`{"message":"x","global_request_id":"${globalId}","request_id":"${requestId}"}`),
    requestId,
  )
})

test('a line without a request is taken for the server it is about', () => {
  assert.equal(handleIn(`INFO nova.virt.libvirt [-] [instance: ${serverId}] Instance destroyed`), serverId)
  assert.equal(handleIn(`deleting ${serverId} now`), serverId)
  assert.equal(handleIn('my server'), 'my server')
})

const now = Date.UTC(2026, 10, 23, 12)

test('a time is an instant, a day, or how long ago; without a zone it is in that of the logs', () => {
  const at = (text: string, offset = 0) => new Date(instantOf('--since', text, now, offset)).toISOString()
  assert.equal(at('90s'), '2026-11-23T11:58:30.000Z')
  assert.equal(at('2h ago'), '2026-11-23T10:00:00.000Z')
  assert.equal(at('1d'), '2026-11-22T12:00:00.000Z')
  assert.equal(at('2026-11-23'), '2026-11-23T00:00:00.000Z')
  assert.equal(at('2026-11-23 09:30'), '2026-11-23T09:30:00.000Z')
  assert.equal(at('2026-11-23T09:30:40.5+01:00', 60), '2026-11-23T08:30:40.500Z')
  assert.equal(at('2026-11-23T09:30', 60), '2026-11-23T08:30:00.000Z')
  for (const wrong of ['', 'yesterday', '5 weeks', '2026-13-01'])
    assert.throws(() => at(wrong), /--since wants a time/)
})

test('an offset has a sign, hours and minutes', () => {
  assert.equal(offsetOf('+01:00'), 60)
  assert.equal(offsetOf('-0330'), -210)
  assert.equal(offsetOf(undefined), 0)
  assert.throws(() => offsetOf('CET'), /--utc-offset wants/)
})
