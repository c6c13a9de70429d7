import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../model/limits.ts'
import type { NoHost, Placed, Refusal } from './scheduler/selection.ts'
import { placementOf, recordsOf } from './scheduling-record.ts'

const refusal = (index: number): Refusal => {
  const first = {
    code: 'NoHost.Capacity.Ram',
    filter: 'Memory',
    text: 'memory: needs 8192 MB, has 512 MB, short 7680 MB',
    need: 8192,
    have: 512,
    short: 7680,
    unit: 'MB',
  } as const
  return { host: `host-${index}`, first, all: [first] }
}
const refusals = Array.from({ length: 10_000 }, (_, index) => refusal(index + 1))
const counts = [{ filter: 'Memory', stage: 'placement', start: 10_000, end: 0 }] as const
const noHost: NoHost = {
  kind: 'no-host',
  reason: 'NoCandidates',
  hosts: 10_000,
  servers: 1,
  fitted: 0,
  upstreamReason: '',
  sum: '',
  refusals,
  counts,
}

test('of ten thousand refused hosts a bounded number is kept, and the sum tells of all', () => {
  const [record] = recordsOf(noHost, ['s1'])
  assert.equal(record?.refused.length, limits.schedulingHostsMax)
  assert.ok(JSON.stringify(record).length < 50_000)
  assert.equal(record?.total, 10_000)
  assert.equal(record?.cause, 'NoHost.Capacity.Ram')
  assert.equal(
    record?.sum.owner,
    '0 of 10000 hosts can take it: 10000 have too little memory (need 8192 MB, best has 512 MB)',
  )
})

test('where a host was found, the others that could have been are a number', () => {
  const placed: Placed = {
    kind: 'placed',
    hosts: 10_000,
    servers: 2,
    placements: [
      { server: 's1', host: 'host-7', node: 'host-7', providerId: 'p7', alternates: [] },
      { server: 's2', host: 'host-8', node: 'host-8', providerId: 'p8', alternates: [] },
    ],
    refusals: refusals.slice(0, 2),
    counts,
  }
  const records = recordsOf(placed, ['s1', 's2'])
  assert.deepEqual(
    records.map(({ chosen, total, refused, cause }) => [chosen, total, refused.length, cause]),
    [
      ['host-7', 10_000, 2, null],
      ['host-8', 10_000, 2, null],
    ],
  )
})

test('an owner is told no host and none of what an administrator wrote', () => {
  const first = {
    code: 'NoHost.Disabled',
    filter: 'HostEnabled',
    text: 'is disabled',
    detail: 'rack 7',
  } as const
  const one: NoHost = { ...noHost, hosts: 1, refusals: [{ host: 'host-1', first, all: [first] }], counts: [] }
  const [record] = recordsOf(one, ['s1'])
  const told = (showHosts: boolean) =>
    JSON.stringify(placementOf(record!, { attempt: 1, at: null, showHosts })) // a record for each server
  assert.match(told(true), /host-1.*rack 7/)
  assert.doesNotMatch(told(false), /host-1|rack 7/)
})
