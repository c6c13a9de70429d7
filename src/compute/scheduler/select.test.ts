import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { amounts, flavorAsk, hostState, placementRequest } from '../../../test/support/scheduling.ts'
import { resourcesOf } from '../../model/resources.ts'
import { select } from './select.ts'
import type { Placed, Selection } from './selection.ts'
import { defaultSettings, type HostState, type Request } from './snapshot.ts'

const never = () => assert.fail('chance was asked')
const choose = (hosts: readonly HostState[], request: Partial<Request> = {}): Selection =>
  select(hosts, placementRequest(request), defaultSettings, never)
const hostsOf = (selection: Selection) =>
  selection.kind === 'placed' ? selection.placements.map(({ host }) => host) : selection.reason
const servers = (count: number) => Array.from({ length: count }, (_, index) => `server-${index}`)

const anyAmounts = fc
  .record({
    total: fc.integer({ min: 0, max: 64 }),
    used: fc.integer({ min: 0, max: 80 }),
    ratio: fc.constantFrom(1, 1.5, 4),
  })
  .map(({ total, used, ratio }) => amounts(total, { used, ratio, reserved: Math.min(total, 2) }))
const anyHosts = fc
  .array(
    fc.record({
      enabled: fc.boolean(),
      up: fc.boolean(),
      zone: fc.constantFrom('nova', 'az1'),
      vcpus: anyAmounts,
      memoryMb: anyAmounts,
      diskGb: anyAmounts,
      buildFailures: fc.nat(3),
    }),
    { maxLength: 12 },
  )
  .map(list => list.map((more, index) => hostState(`host-${index}`, more)))
const anyRequest = fc
  .record({
    count: fc.integer({ min: 1, max: 6 }),
    vcpus: fc.integer({ min: 0, max: 8 }),
    memoryMb: fc.integer({ min: 0, max: 16 }),
    rootGb: fc.integer({ min: 0, max: 8 }),
    zone: fc.constantFrom(null, 'az1'),
    ignored: fc.boolean(),
    policy: fc.constantFrom(null, 'affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'),
    member: fc.constantFrom('host-0', 'host-1', 'elsewhere'),
    alternates: fc.nat(3),
  })
  .map(({ count, vcpus, memoryMb, rootGb, zone, ignored, policy, member, alternates }) =>
    placementRequest({
      servers: servers(count),
      flavor: flavorAsk({ vcpus, memoryMb, rootGb }),
      zone,
      ignore: ignored ? [{ host: 'host-0', cause: 'NoHost.SameHost' }] : [],
      group: policy && { id: 'g', policy, serversPerHostMax: 1, membersByHost: new Map([[member, 1]]) },
      alternates,
    }),
  )

test('every host is counted exactly once, whatever is asked of whichever hosts', () => {
  fc.assert(
    fc.property(anyHosts, anyRequest, (hosts, request) => {
      const selection = choose(hosts, request)
      const refused = selection.refusals.map(({ host }) => host)
      assert.equal(new Set(refused).size, refused.length)
      if (selection.kind === 'no-host')
        assert.deepEqual(
          refused,
          hosts.map(({ host }) => host),
        )
      for (const { first, all } of selection.refusals) assert.equal(first, all[0])
      const counts = selection.counts
      assert.equal(counts[0]?.start, hosts.length)
      assert.equal(counts.at(-1)?.end, hosts.length - refused.length)
      for (const [index, count] of counts.slice(1).entries()) assert.equal(count.start, counts[index]?.end)
    }),
  )
})

test('no host is given more than it has room for, and none that was refused', () => {
  fc.assert(
    fc.property(anyHosts, anyRequest, (hosts, request) => {
      const selection = choose(hosts, request)
      if (selection.kind !== 'placed') return
      assert.deepEqual(
        selection.placements.map(({ server }) => server),
        request.servers,
      )
      const needs = resourcesOf(request.flavor, false)
      for (const host of hosts) {
        const taken: number = selection.placements.filter(placement => placement.host === host.host).length
        if (taken === 0) continue
        assert.ok(host.enabled && host.up && (request.zone === null || host.zone === request.zone))
        for (const [name, has] of [
          ['VCPU', host.vcpus],
          ['MEMORY_MB', host.memoryMb],
          ['DISK_GB', host.diskGb],
        ] as const) {
          const need = needs.get(name) ?? 0
          if (need === 0) continue
          assert.ok(need <= has.total && has.used + need * taken <= (has.total - has.reserved) * has.ratio)
        }
        if (request.group?.policy === 'anti-affinity')
          assert.ok(taken + (request.group.membersByHost.get(host.host) ?? 0) <= 1)
      }
      for (const { host, alternates } of selection.placements) {
        assert.ok(alternates.length <= request.alternates)
        assert.ok(alternates.every(other => other.host !== host))
      }
    }),
  )
})

test('the same snapshot and request give the same answer, and are left as they were', () => {
  fc.assert(
    fc.property(anyHosts, anyRequest, (hosts, request) => {
      const before = structuredClone({ hosts, request })
      assert.deepEqual(choose(hosts, request), choose(hosts, request))
      assert.deepEqual({ hosts, request }, before)
    }),
  )
})

test('placement comes before ignored hosts, those before filters, and a host is counted under the first', () => {
  const host = hostState('host-1', { enabled: false, up: false, memoryMb: amounts(256) })
  const selection = choose([host], { ignore: [{ host: 'host-1', cause: 'NoHost.SameHost' }] })
  assert.deepEqual(
    selection.refusals[0]?.all.map(({ code }) => code),
    ['NoHost.Disabled', 'NoHost.HostTooSmall.Ram', 'NoHost.SameHost', 'NoHost.Down'],
  )
  assert.equal(hostsOf(selection), 'NoCandidates')
})

test("the reason is Nova's: none when placement has no candidates, its sentence when filters remove them", () => {
  const reasons = (host: Partial<HostState>, request: Partial<Request> = {}) => {
    const selection = choose([hostState('host-1', host)], request)
    return selection.kind === 'no-host' ? [selection.reason, selection.upstreamReason] : []
  }
  assert.deepEqual(reasons({ enabled: false }), ['NoCandidates', ''])
  assert.deepEqual(reasons({ up: false }), ['Filtered', 'There are not enough hosts available.'])
  assert.deepEqual(reasons({}, { ignore: [{ host: 'host-1', cause: 'NoHost.SameHost' }] }), [
    'Filtered',
    'There are not enough hosts available.',
  ])
  assert.deepEqual(reasons({ vcpus: amounts(1) }, { servers: servers(2) }), [
    'NotEnough',
    'There are not enough hosts available.',
  ])
  assert.deepEqual(reasons({}, { force: { host: 'gone', node: null } }), [
    'NoSuchHost',
    'No such host - host: gone node: None ',
  ])
})

test('no hosts at all is NoCandidates', () => {
  assert.equal(hostsOf(choose([])), 'NoCandidates')
})

test('a forced host is not asked about filters, but must have room', () => {
  const force = { host: 'host-1', node: null }
  assert.deepEqual(hostsOf(choose([hostState('host-1', { up: false })], { force })), ['host-1'])
  assert.equal(hostsOf(choose([hostState('host-1', { vcpus: amounts(0) })], { force })), 'NoCandidates')
})

test('servers of one request take room in turn: they spread, and all or none is placed', () => {
  const small = () => [hostState('a', { vcpus: amounts(2) }), hostState('b', { vcpus: amounts(2) })]
  assert.deepEqual(hostsOf(choose(small(), { servers: servers(4) })), ['a', 'b', 'a', 'b'])
  const tooMany = choose(small(), { servers: servers(5) })
  assert.deepEqual(tooMany.kind === 'no-host' && [tooMany.fitted, tooMany.refusals.length], [4, 2])
})

test('anti-affinity members of one request go to different hosts, affinity members to one', () => {
  const hosts = ['a', 'b', 'c'].map(host => hostState(host))
  const group = (policy: 'affinity' | 'anti-affinity') => ({
    group: { id: 'g', policy, serversPerHostMax: 1, membersByHost: new Map<string, number>() },
    servers: servers(3),
  })
  assert.deepEqual(hostsOf(choose(hosts, group('anti-affinity'))), ['a', 'b', 'c'])
  assert.deepEqual(hostsOf(choose(hosts, group('affinity'))), ['a', 'a', 'a'])
})

test('alternates are other hosts that fit, the best first', () => {
  const hosts = [300, 500, 100, 400].map((free, index) =>
    hostState(`host-${index}`, { diskGb: amounts(free) }),
  )
  const selection = choose(hosts, { alternates: 2 }) as Placed // four empty hosts
  assert.equal(selection.placements[0]?.host, 'host-1')
  assert.deepEqual(
    selection.placements[0]?.alternates.map(({ host }) => host),
    ['host-3', 'host-0'],
  )
})

test('with a subset size chance picks among that many of the best', () => {
  const hosts = [300, 500, 100, 400].map((free, index) =>
    hostState(`host-${index}`, { diskGb: amounts(free) }),
  )
  const settings = { ...defaultSettings, hostSubsetSize: 2 }
  const by = (chance: number) => hostsOf(select(hosts, placementRequest(), settings, () => chance))
  assert.deepEqual([by(0), by(0.49), by(0.5), by(0.999)], [['host-1'], ['host-1'], ['host-3'], ['host-3']])
})

test('a filter name nobody knows is a mistake in the settings', () => {
  assert.throws(
    () => select([], placementRequest(), { ...defaultSettings, filters: ['RamFilter'] }, never),
    /no filter called RamFilter/,
  )
})

test('a selection among 1,000 hosts, most of them refused, takes less than 5 ms', () => {
  const hosts = Array.from({ length: 1000 }, (_, index) =>
    hostState(`host-${index}`, { memoryMb: amounts(32_768, { used: index % 4 === 0 ? index : 32_500 }) }),
  )
  const request = { alternates: 2, group: null, flavor: flavorAsk({ extraSpecs: { 'hw:x': 'y' } }) }
  // The best of many: this measures the code, not what else the machine is doing.
  const times = Array.from({ length: 30 }, () => {
    const start = performance.now()
    choose(hosts, request)
    return performance.now() - start
  })
  assert.ok(Math.min(...times) < 5, `best was ${Math.min(...times)} ms`)
})
