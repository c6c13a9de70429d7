import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idOf, noon, record, used } from '../../../test/support/log-records.ts'
import { corrected, skewsOf } from './skew.ts'

const api = record('nova-api', 100, { host: 'a', access: { durationMs: 100 } })
/** A request to neutron on host b, answered 20 ms after it came, by a clock that is `ahead` ms ahead. */
const network = (ahead: number) =>
  record('neutron-server', 60 + ahead, { host: 'b', localId: idOf(2), access: { durationMs: 20 } })
const told = used('nova-api', 70, 2, { host: 'a' })

test('clocks that agree are left alone, also with a little uncertainty', () => {
  assert.equal(skewsOf([api, told, network(0)], 'a').size, 0)
  assert.equal(skewsOf([api, told, network(100)], 'a').size, 0)
})

test('an answer that comes after it was told of shows a clock that is ahead', () => {
  const skews = skewsOf([api, told, network(5000)], 'a')
  assert.equal(skews.get('b'), 4990)
  const [fixed] = corrected([network(5000)], skews)
  assert.equal(fixed?.at, noon + 70)
})

test('a request that began before its caller shows a clock that is behind', () => {
  assert.equal(skewsOf([api, told, network(-5000)], 'a').get('b'), -4960)
})

test('work over RPC that began before its request shows a clock that is behind', () => {
  const work = record('nova-compute', -3000, { host: 'c' })
  assert.equal(skewsOf([api, work], 'a').get('c'), -3000)
})

test('a third clock is told through the second', () => {
  const image = record('glance-api', 60 + 5000 + 2000, {
    host: 'c',
    localId: idOf(3),
    access: { durationMs: 1 },
  })
  const toldByNetwork = used('neutron-server', 60 + 5000, 3, { host: 'b', localId: idOf(2) })
  const skews = skewsOf([api, told, network(5000), toldByNetwork, image], 'a')
  assert.equal(skews.get('c'), 4990 + 2000)
})

test('bounds that contradict each other tell nothing', () => {
  const both = [api, told, network(5000), used('nova-api', 20, 2, { host: 'a' })]
  assert.doesNotThrow(() => skewsOf(both, 'a'))
})
