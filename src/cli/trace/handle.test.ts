import assert from 'node:assert/strict'
import { test } from 'node:test'
import { globalId, requestId, serverId } from '../../../test/support/traces.ts'
import { handleIn } from './handle.ts'
import { instantOf, offsetOf } from './when.ts'

test('an id, a name and a word are handles as they stand; of a line the id in it is', () => {
  for (const handle of [requestId, serverId, 'vm1', 'last', 'last-failed', 'Größe'])
    assert.equal(handleIn(` ${handle}\n`), handle)
  assert.equal(handleIn(`INFO nova.api [${globalId} ${requestId} u p - - default default] cast`), requestId)
  assert.equal(handleIn(`INFO nova.virt [-] [instance: ${serverId}] destroyed`), serverId)
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
