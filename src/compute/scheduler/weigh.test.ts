import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amounts, hostState, placementRequest } from '../../../test/support/scheduling.ts'
import { select } from './select.ts'
import { defaultSettings, type HostState, type Request } from './snapshot.ts'

/** Which of two hosts, alike but for what is named, is taken. */
function better(
  a: Partial<HostState>,
  b: Partial<HostState>,
  request: Partial<Request> = {},
  multipliers: Readonly<Record<string, number>> = {},
): string {
  const hosts = [hostState('a', a), hostState('b', b)]
  const selection = select(hosts, placementRequest(request), { ...defaultSettings, multipliers }, () => 0)
  return selection.kind === 'placed' ? (selection.placements[0]?.host ?? '') : selection.sum
}

test('more free memory, vCPUs and disk are better', () => {
  assert.equal(better({ memoryMb: amounts(1024) }, { memoryMb: amounts(2048) }), 'b')
  assert.equal(better({ vcpus: amounts(4) }, { vcpus: amounts(4, { ratio: 2 }) }), 'b')
  assert.equal(better({ diskGb: amounts(100, { used: 50 }) }, { diskGb: amounts(100, { used: 40 }) }), 'b')
})

test('hosts alike are taken in the order of the snapshot', () => {
  assert.equal(better({}, {}), 'a')
})

test('a negative multiplier packs instead of spreading', () => {
  const multipliers = { ram_weight_multiplier: -1 }
  assert.equal(better({ memoryMb: amounts(2048) }, { memoryMb: amounts(1024) }, {}, multipliers), 'b')
})

test('fewer operations in progress and newer hypervisors are better', () => {
  assert.equal(better({ ioOps: 3 }, { ioOps: 1 }), 'b')
  assert.equal(better({ hypervisorVersion: 6_000_000 }, { hypervisorVersion: 6_002_000 }), 'b')
})

test('the number of servers counts only when the operator gives it a multiplier', () => {
  assert.equal(better({ servers: 5 }, { servers: 1 }), 'a')
  assert.equal(better({ servers: 5 }, { servers: 1 }, {}, { num_instances_weight_multiplier: -1 }), 'b')
})

test('a host with failed builds comes last, however much room it has', () => {
  assert.equal(better({ buildFailures: 1, ioOps: 0 }, { memoryMb: amounts(600), ioOps: 9 }), 'b')
})

test('soft policies prefer hosts with more, or fewer, members', () => {
  const group = (policy: 'soft-affinity' | 'soft-anti-affinity', host: string) => ({
    group: { id: 'g', policy, serversPerHostMax: 1, membersByHost: new Map([[host, 2]]) },
  })
  assert.equal(better({}, {}, group('soft-affinity', 'b')), 'b')
  assert.equal(better({}, {}, group('soft-anti-affinity', 'a')), 'b')
})

test("an aggregate's metadata overrides the multiplier for its hosts; the least of several wins", () => {
  const aggregate = (id: number, value: string) => ({
    id,
    name: String(id),
    metadata: { ram_weight_multiplier: value },
  })
  const big = { memoryMb: amounts(4096), aggregates: [aggregate(1, '5'), aggregate(2, '-1')] }
  assert.equal(better(big, { memoryMb: amounts(1024) }), 'b')
  assert.equal(better({ ...big, aggregates: [aggregate(1, 'many')] }, { memoryMb: amounts(1024) }), 'a')
})
