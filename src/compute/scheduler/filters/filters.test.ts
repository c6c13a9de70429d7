import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amounts, flavorAsk, hostState, placementRequest } from '../../../../test/support/scheduling.ts'
import { select } from '../select.ts'
import type { Cause } from '../selection.ts'
import { defaultSettings, type HostState, type Request, type Settings } from '../snapshot.ts'
import { alwaysChecked, filters } from './table.ts'

/** Every cause the one host of a snapshot is refused for; empty when it is taken. */
function causesOf(
  host: Partial<HostState>,
  request: Partial<Request> = {},
  settings: Partial<Settings> = {},
): readonly Cause[] {
  const all = { ...defaultSettings, ...settings }
  const selection = select([hostState('host-1', host)], placementRequest(request), all, () => 0)
  return selection.kind === 'placed' ? [] : selection.refusals[0]!.all
}
const codes = (...args: Parameters<typeof causesOf>) => causesOf(...args).map(({ code }) => code)
const withFilter = (name: string): Partial<Settings> => ({ filters: [name] })

test('RequestedHost: only the host asked for passes, by host and by node', () => {
  assert.deepEqual(codes({}, { requested: { host: 'host-1', node: null } }), [])
  assert.deepEqual(codes({}, { requested: { host: null, node: 'host-1' } }), [])
  assert.deepEqual(codes({}, { requested: { host: 'host-2', node: null } }), ['NoHost.NotRequested'])
  assert.deepEqual(codes({}, { requested: { host: 'host-1', node: 'other' } }), ['NoHost.NotRequested'])
})

test("HostEnabled: a disabled host is refused; the administrator's reason stays out of the owner's text", () => {
  const [cause] = causesOf({ enabled: false, disabledReason: 'rack 7 is on fire' })
  assert.deepEqual(
    [cause?.code, cause?.text, cause?.detail],
    ['NoHost.Disabled', 'is disabled', 'rack 7 is on fire'],
  )
})

test('AvailabilityZone: the zone asked for, or any', () => {
  assert.deepEqual(codes({ zone: 'az1' }, { zone: 'az1' }), [])
  assert.deepEqual(codes({ zone: 'az1' }), [])
  assert.equal(causesOf({ zone: 'az1' }, { zone: 'az2' })[0]?.text, 'is not in availability zone az2')
})

test('TenantAggregate: a project with aggregates of its own goes there, when the operator wants it so', () => {
  const own = { id: 1, name: 'own', metadata: { filter_tenant_id_1: 'project-1' } }
  const hosts = [hostState('host-1'), hostState('host-2', { aggregates: [own] })]
  const settings = { ...defaultSettings, limitTenantsToAggregates: true }
  const selection = select(hosts, placementRequest(), settings, () => 0)
  assert.equal(selection.kind === 'placed' && selection.placements[0]?.host, 'host-2')
  assert.deepEqual(selection.refusals[0]?.first.code, 'NoHost.Tenant')
  assert.deepEqual(codes({}, {}, { limitTenantsToAggregates: true }), [])
  assert.deepEqual(codes({}, {}, { limitTenantsToAggregates: true, aggregateRequiredForTenants: true }), [
    'NoHost.Tenant',
  ])
})

test('Traits: required ones of flavor and image, forbidden ones of the flavor', () => {
  const flavor = (spec: string) => ({ flavor: flavorAsk({ extraSpecs: { 'trait:HW_CPU_X86_AVX': spec } }) })
  const image = { image: { id: 'i', properties: { 'trait:HW_CPU_X86_AVX': 'required' } } }
  assert.deepEqual(codes({}, flavor('required')), ['NoHost.Trait'])
  assert.deepEqual(codes({}, image), ['NoHost.Trait'])
  assert.deepEqual(codes({ traits: ['HW_CPU_X86_AVX'] }, flavor('required')), [])
  assert.deepEqual(codes({ traits: ['HW_CPU_X86_AVX'] }, flavor('forbidden')), ['NoHost.Trait'])
})

test('Vcpus: the ratio counts for all servers together, not for one', () => {
  const flavor = (vcpus: number) => ({ flavor: flavorAsk({ vcpus }) })
  assert.deepEqual(codes({ vcpus: amounts(4, { ratio: 4, used: 12 }) }, flavor(4)), [])
  assert.deepEqual(codes({ vcpus: amounts(4, { ratio: 4, used: 13 }) }, flavor(4)), ['NoHost.Capacity.Vcpu'])
  assert.deepEqual(codes({ vcpus: amounts(4, { ratio: 4 }) }, flavor(5)), ['NoHost.HostTooSmall.Vcpu'])
})

test('Memory: need, have and short are told, in the text and as numbers', () => {
  const host = { memoryMb: amounts(2560, { reserved: 512, used: 1536 }) }
  const [cause] = causesOf(host, { flavor: flavorAsk({ memoryMb: 2048 }) })
  assert.deepEqual(cause, {
    code: 'NoHost.Capacity.Ram',
    filter: 'Memory',
    text: 'memory: needs 2048 MB, has 512 MB, short 1536 MB',
    need: 2048,
    have: 512,
    short: 1536,
    unit: 'MB',
  })
})

test('Disk: root, ephemeral and swap together; a root volume takes nothing', () => {
  const flavor = flavorAsk({ rootGb: 10, ephemeralGb: 5, swapMb: 1025 })
  assert.equal(causesOf({ diskGb: amounts(20, { used: 4 }) }, { flavor })[0]?.need, 17)
  assert.deepEqual(codes({ diskGb: amounts(20, { used: 4 }) }, { flavor, bootsFromVolume: true }), [])
})

test('OtherResources: a custom class asked for by extra spec must be there', () => {
  const flavor = flavorAsk({ extraSpecs: { 'resources:CUSTOM_FPGA': '1' } })
  assert.deepEqual(codes({}, { flavor }), ['NoHost.HostTooSmall.Other'])
  assert.deepEqual(codes({ otherResources: { CUSTOM_FPGA: amounts(1, { used: 1 }) } }, { flavor }), [
    'NoHost.Capacity.Other',
  ])
  assert.deepEqual(codes({ otherResources: { CUSTOM_FPGA: amounts(1) } }, { flavor }), [])
})

test('IgnoredHosts: an ignored host is refused with its own cause', () => {
  assert.deepEqual(codes({}, { ignore: [{ host: 'host-1', cause: 'NoHost.SameHost' }] }), ['NoHost.SameHost'])
  assert.deepEqual(codes({}, { ignore: [{ host: 'host-2', cause: 'NoHost.SameHost' }] }), [])
})

test('ComputeFilter: a host that does not report is refused', () => {
  assert.deepEqual(codes({ up: false }), ['NoHost.Down'])
})

test('ComputeCapabilitiesFilter: scoped specs must match, bare ones only where the host has the name', () => {
  const flavor = (extraSpecs: Record<string, string>) => ({ flavor: flavorAsk({ extraSpecs }) })
  const host = { capabilities: { hypervisor_type: 'QEMU', cpu_info: { topology: { cores: 8 } } } }
  assert.deepEqual(codes(host, flavor({ 'capabilities:cpu_info:topology:cores': '>= 8' })), [])
  assert.deepEqual(codes(host, flavor({ 'capabilities:cpu_info:topology:cores': '>= 9' })), [
    'NoHost.Capability',
  ])
  assert.deepEqual(codes(host, flavor({ 'capabilities:gpu': '1' })), ['NoHost.Capability'])
  assert.deepEqual(codes(host, flavor({ hypervisor_type: 'KVM' })), ['NoHost.Capability'])
  assert.deepEqual(codes(host, flavor({ unknown: 'x', 'hw:mem_page_size': 'large' })), [])
})

test('ImagePropertiesFilter: architecture, hypervisor, mode and version, by old names too', () => {
  const image = (properties: Record<string, string>) => ({ image: { id: 'i', properties } })
  assert.deepEqual(
    codes({}, image({ hw_architecture: 'x86_64', img_hv_type: 'QEMU', hw_vm_mode: 'hvm' })),
    [],
  )
  assert.deepEqual(codes({}, image({ architecture: 'aarch64' })), ['NoHost.ImageProperties'])
  assert.deepEqual(codes({ machines: [] }, image({ hw_architecture: 'x86_64' })), ['NoHost.ImageProperties'])
  assert.deepEqual(codes({}, image({ img_hv_requested_version: '>=6.0,<6.3' })), [])
  assert.deepEqual(codes({}, image({ img_hv_requested_version: '>=7' })), ['NoHost.ImageProperties'])
  assert.deepEqual(codes({}, image({ os_type: 'linux' })), [])
})

const group = (
  policy: NonNullable<Request['group']>['policy'],
  members: readonly (readonly [string, number])[],
  serversPerHostMax = 1,
): Partial<Request> => ({ group: { id: 'g', policy, serversPerHostMax, membersByHost: new Map(members) } })

test("ServerGroupAntiAffinityFilter: up to the rule's number a host, and the server's own host passes", () => {
  assert.deepEqual(codes({}, group('anti-affinity', [['host-1', 1]])), ['NoHost.AntiAffinity'])
  assert.deepEqual(codes({}, group('anti-affinity', [['host-1', 1]], 2)), [])
  assert.deepEqual(codes({}, group('anti-affinity', [['host-2', 1]])), [])
  assert.deepEqual(codes({}, { ...group('anti-affinity', [['host-1', 1]]), currentHost: 'host-1' }), [])
  assert.deepEqual(codes({}, group('soft-anti-affinity', [['host-1', 1]])), [])
})

test('ServerGroupAffinityFilter: where the group is; anywhere while it is nowhere', () => {
  assert.deepEqual(codes({}, group('affinity', [])), [])
  assert.deepEqual(codes({}, group('affinity', [['host-1', 1]])), [])
  assert.deepEqual(codes({}, group('affinity', [['host-2', 1]])), ['NoHost.Affinity'])
  assert.deepEqual(codes({}, group('soft-affinity', [['host-2', 1]])), [])
})

test('AllHostsFilter: refuses nobody', () => {
  assert.deepEqual(codes({ up: false }, {}, withFilter('AllHostsFilter')), [])
})

test('SameHostFilter and DifferentHostFilter: the hints count only where the operator has them on', () => {
  const sameHost = [{ id: 's', host: 'host-2' }]
  const differentHost = [{ id: 's', host: 'host-1' }]
  assert.deepEqual(codes({}, { sameHost, differentHost }), [])
  assert.deepEqual(codes({}, { sameHost }, withFilter('SameHostFilter')), ['NoHost.SameHostHint'])
  assert.deepEqual(codes({}, { sameHost: differentHost }, withFilter('SameHostFilter')), [])
  assert.deepEqual(codes({}, { differentHost }, withFilter('DifferentHostFilter')), [
    'NoHost.DifferentHostHint',
  ])
  assert.deepEqual(codes({}, { differentHost: sameHost }, withFilter('DifferentHostFilter')), [])
})

test('NumInstancesFilter and IoOpsFilter: up to the most a host may have', () => {
  assert.deepEqual(codes({ servers: 49 }, {}, withFilter('NumInstancesFilter')), [])
  assert.deepEqual(codes({ servers: 50 }, {}, withFilter('NumInstancesFilter')), ['NoHost.TooManyServers'])
  assert.deepEqual(codes({ ioOps: 7 }, {}, withFilter('IoOpsFilter')), [])
  assert.deepEqual(codes({ ioOps: 8 }, {}, withFilter('IoOpsFilter')), ['NoHost.Busy'])
})

test('AggregateInstanceExtraSpecsFilter: some aggregate must have what the flavor asks for', () => {
  const settings = withFilter('AggregateInstanceExtraSpecsFilter')
  const flavor = flavorAsk({ extraSpecs: { 'aggregate_instance_extra_specs:disk': 'ssd', 'hw:x': 'y' } })
  const ssd = [{ id: 1, name: 'a', metadata: { disk: 'nvme, ssd' } }]
  assert.deepEqual(codes({ aggregates: ssd }, { flavor }, settings), [])
  assert.deepEqual(codes({}, { flavor }, settings), ['NoHost.AggregateExtraSpecs'])
})

test('AggregateMultiTenancyIsolation: an aggregate of other projects is closed', () => {
  const settings = withFilter('AggregateMultiTenancyIsolation')
  const of = (projects: string) => ({
    aggregates: [{ id: 1, name: 'a', metadata: { filter_tenant_id: projects } }],
  })
  assert.deepEqual(codes(of('project-2'), {}, settings), ['NoHost.Tenant'])
  assert.deepEqual(codes(of('project-2,project-1'), {}, settings), [])
  assert.deepEqual(codes({}, {}, settings), [])
})

test('IsolatedHostsFilter: isolated images and hosts are for each other', () => {
  const settings = {
    ...withFilter('IsolatedHostsFilter'),
    isolatedHosts: ['host-1'],
    isolatedImages: ['secret'],
  }
  const image = (id: string) => ({ image: { id, properties: {} } })
  assert.deepEqual(codes({}, image('secret'), settings), [])
  assert.deepEqual(codes({}, image('plain'), settings), ['NoHost.Isolated'])
  assert.deepEqual(codes({}, image('plain'), { ...settings, restrictIsolatedHosts: false }), [])
  assert.deepEqual(codes({}, image('secret'), { ...settings, isolatedHosts: [] }), ['NoHost.Isolated'])
})

test('a rebuild asks only the filters about images, and not placement', () => {
  const full = { vcpus: amounts(1, { used: 1 }), enabled: false, up: false }
  const image = { id: 'i', properties: { hw_architecture: 'sparc' } }
  const requested = { host: 'host-1', node: null }
  assert.deepEqual(codes(full, { isRebuild: true, requested }), [])
  assert.deepEqual(codes(full, { isRebuild: true, requested, image }), ['NoHost.ImageProperties'])
})

test('the table has each filter once, and every default filter', () => {
  const names = [...alwaysChecked, ...filters].map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  for (const name of defaultSettings.filters) assert.ok(names.includes(name), name)
})
