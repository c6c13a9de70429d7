// The placement table of another cloud, as far as the lines of its scheduler allow.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acted, created, told } from '../../../../test/support/told.ts'
import type { Placement } from '../../../model/trace.ts'

const scheduler = (logger: string, ...lines: readonly string[]) =>
  lines.map(line => `nova-scheduler INFO nova.scheduler.${logger} | ${line}`).join('\n')
const failed =
  'nova-conductor WARNING nova.scheduler.utils | Failed to compute_task_build_instances: No valid host was found. There are not enough hosts available.'
const state = (host: string) => `(${host}, ${host}) ram: 512MB disk: 1024MB io_ops: 0 instances: 1`

const codes = ({ hosts }: Placement) => hosts.map(({ host, first }) => [host, first?.code])

test('counts of filters become hosts without names, so that they add up to the hosts there were', async () => {
  const { placement, verdict } = await told(`${created}
    ${scheduler('filters', 'Filter RamFilter returned 0 hosts', "Filtering removed all hosts for the request with instance ID '2a65'. Filter results: ['RetryFilter: (start: 4, end: 4)', 'ComputeFilter: (start: 4, end: 3)', 'RamFilter: (start: 3, end: 0)']")}
    ${failed}`)
  const [table] = placement
  assert.ok(table && placement.length === 1)
  assert.equal(table.hostsTotal, 4)
  assert.deepEqual(codes(table), [
    [null, 'NoHost.Down'],
    [null, 'NoHost.Capacity.Ram'],
    [null, 'NoHost.Capacity.Ram'],
    [null, 'NoHost.Capacity.Ram'],
  ])
  assert.deepEqual(table.counts.at(-1), { filter: 'RamFilter', start: 3, end: 0 })
  assert.equal(table.sum, '0 of 4 hosts can take it: 3 have too little memory, 1 is down or disabled')
  assert.equal(verdict.cause?.code, 'NoHost.Capacity.Ram')
  assert.deepEqual(
    verdict.also.map(({ code, found }) => [code, found]),
    [['NoHost.Down', '1 is down or disabled']],
  )
})

test('lines about each host give names and numbers, and the filter that said them is not counted twice', async () => {
  const { placement, verdict } = await told(`${created}
    ${scheduler('filters', 'Starting with 3 host(s)')}
    ${scheduler('filters.compute_filter', `${state('compute1')} is disabled, reason: rack 4`, `${state('compute2')} has not been heard from in a while`)}
    ${scheduler('filters', 'Filter ComputeFilter returned 1 host(s)')}
    ${scheduler('filters.ram_filter', `${state('compute3')} does not have 8192 MB usable ram, it only has 512.0 MB usable ram.`)}
    ${scheduler('filters', 'Filter RamFilter returned 0 hosts', "Filtering removed all hosts for the request with instance ID '2a65'. Filter results: ['ComputeFilter: (start: 3, end: 1)', 'RamFilter: (start: 1, end: 0)']")}
    ${failed}`)
  const [table] = placement
  assert.ok(table && placement.length === 1)
  assert.deepEqual(codes(table), [
    ['compute1', 'NoHost.Disabled'],
    ['compute2', 'NoHost.Down'],
    ['compute3', 'NoHost.Capacity.Ram'],
  ])
  const { need, have, short, unit, input } = table.hosts[2]?.first ?? {}
  assert.deepEqual([need, have, short, unit, input], [8192, 512, 7680, 'MB', 'flavor.ram'])
  assert.equal(
    table.sum,
    '0 of 3 hosts can take it: 1 is disabled, 1 is down, 1 has too little memory (need 8192 MB, has 512 MB)',
  )
  assert.doesNotMatch(verdict.sentence, /compute[123]/)
})

test('lists of hosts at DEBUG name those that each filter took away', async () => {
  const { placement } = await told(`${created}
    ${scheduler('filters', "Filtering removed all hosts for the request with instance ID '2a65'. Filter results: [('AvailabilityZoneFilter', [('compute1', 'compute1'), ('compute2', 'compute2')]), ('ServerGroupAntiAffinityFilter', [(u'compute2', u'compute2')]), ('PciPassthroughFilter', None)]")}
    ${failed}`)
  assert.deepEqual(placement.map(codes), [
    [
      ['compute1', 'NoHost.AntiAffinity'],
      ['compute2', 'NoHost.Pci'],
    ],
  ])
})

test('a filter of somebody’s own is told by its name', async () => {
  const { placement, verdict } = await told(`${created}
    ${scheduler('filters', "Filtering removed all hosts for the request with instance ID '2a65'. Filter results: ['LicenceFilter: (start: 2, end: 0)']")}
    ${failed}`)
  assert.equal(placement[0]?.sum, '0 of 2 hosts can take it: 2 are refused by LicenceFilter')
  assert.equal(verdict.cause?.code, 'NoHost.Filtered')
})

test('hosts that are ignored count with those that are filtered', async () => {
  const { placement, verdict } = await told(`${acted}
    ${scheduler('host_manager', 'Host filter ignoring hosts: compute1')}
    ${scheduler('filters', "Filtering removed all hosts for the request with instance ID '2a65'. Filter results: ['ComputeFilter: (start: 2, end: 0)']")}
    ${failed.replace('build_instances', 'migrate_server')}`)
  assert.equal(placement[0]?.hostsTotal, 3)
  assert.deepEqual(placement[0]?.counts[0], { filter: 'IgnoredHosts', start: 3, end: 2 })
  assert.equal(verdict.cause?.code, 'NoHost.Down')
  assert.deepEqual(
    verdict.also.map(({ code }) => code),
    ['NoHost.SameHost'],
  )
})

test('a live migration that went on to other hosts: its own, then those that were tried', async () => {
  const { placement } = await told(`${acted}
    nova-compute INFO nova.compute.manager | Took 1.00 seconds for pre_live_migration on destination host compute2.
    ${scheduler('host_manager', 'Host filter ignoring hosts: compute1, compute2')}
    ${failed.replace('build_instances', 'migrate_server')}`)
  assert.deepEqual(placement.map(codes), [
    [
      ['compute1', 'NoHost.CurrentHost'],
      ['compute2', 'NoHost.AlreadyTried'],
    ],
  ])
})

test('each time a host was looked for has its table, and a host that was chosen is marked', async () => {
  const { placement, verdict } = await told(`${acted}
    ${scheduler('host_manager', 'Host filter ignoring hosts: compute1')}
    ${scheduler('manager', `Selected host: ${state('compute2')}`)}
    ${scheduler('host_manager', 'Host filter ignoring hosts: compute1, compute2')}
    ${failed.replace('build_instances', 'migrate_server')}`)
  assert.deepEqual(
    placement.map(({ attempt, hosts }) => [attempt, hosts.filter(({ isChosen }) => isChosen).length]),
    [
      [1, 1],
      [2, 0],
    ],
  )
  assert.match(verdict.sentence, /no host can take it: 1 of 2 hosts is/)
})

test('our own sum line is read back into a table', async () => {
  const { placement, verdict } = await told(`${created}
    nova-scheduler INFO faultline.scheduler | 0 of 6 hosts can take it: 3 have too little memory (need 8192 MB, best has 4096 MB), 2 are not in availability zone az2, host-6 is disabled
    ${failed}`)
  assert.equal(placement[0]?.hostsTotal, 6)
  assert.deepEqual(codes(placement[0]).slice(2), [
    [null, 'NoHost.Capacity.Ram'],
    [null, 'NoHost.Zone'],
    [null, 'NoHost.Zone'],
    ['host-6', 'NoHost.Disabled'],
  ])
  assert.equal(verdict.cause?.code, 'NoHost.Capacity.Ram')
  assert.match(
    verdict.cause?.found ?? '',
    /3 of 6 hosts have too little memory \(need 8192 MB, best has 4096 MB\)/,
  )
})

test('lines nobody would write are no harm', async () => {
  const { verdict } = await told(`${created}
    ${scheduler('filters', `Filtering removed all hosts for the request with instance ID 'x'. Filter results: [${"('A', [".repeat(300)}`, `Host filter ignoring hosts: ${','.repeat(500)}`, '0 of 999999999 hosts can take it: 999999 are down, ((((')}
    ${failed}`)
  assert.equal(verdict.outcome, 'failed')
})
