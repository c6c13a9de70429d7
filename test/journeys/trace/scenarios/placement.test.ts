// Creates and moves for which no host could be found: full, too small, out of service, kept for others, or the wrong one.
import type { CauseCode } from '../../../../src/model/causes.ts'
import { type Scenario, type Stage, scenarios, type Told } from '../../../support/scenarios.ts'

const schedule = 'conductor_schedule_and_build_instances'

const noHost = (
  name: string,
  code: CauseCode,
  fault: Told['fault'],
  ask: Scenario['ask'],
  more: Partial<Scenario> = {},
): Scenario => ({ name, status: 202, outcome: 'failed', code, fault: fault!, step: schedule, ask, ...more })

const inZone = (zone: string) => ({ availability_zone: zone })

async function aggregate({ cloud }: Stage, name: string, host: string, metadata: object): Promise<void> {
  const made = await cloud.ask('POST', '/os-aggregates', { as: 'admin', body: { aggregate: { name } } })
  const act = (body: object) =>
    cloud.ask('POST', `/os-aggregates/${made.body.aggregate.id}/action`, { as: 'admin', body })
  await act({ add_host: { host } })
  await act({ set_metadata: { metadata } })
}

async function service({ cloud }: Stage, host: string, body: object): Promise<void> {
  const { services } = (await cloud.ask('GET', `/os-services?host=${host}`, { as: 'admin' })).body
  await cloud.ask('PUT', `/os-services/${services[0].id}`, { as: 'admin', body })
}

/** A create while a service is as `during` says. */
const whileService =
  (host: string, during: object, after: object, body: object = {}) =>
  async (stage: Stage) => {
    await service(stage, host, during)
    const answer = await stage.create(body)
    await service(stage, host, after)
    return answer
  }

async function group({ cloud }: Stage, policy: string): Promise<string> {
  const body = { server_group: { name: policy, policy } }
  return (await cloud.ask('POST', '/os-server-groups', { body })).body.server_group.id
}

async function fill(stage: Stage, body: object, size: object): Promise<string> {
  const flavorRef = await stage.flavor(size)
  const { id } = await stage.cloud.server({ name: 'filler', flavorRef, ...body })
  return id
}

/** With something on the host that leaves too little for the next. */
const whileFull = (filler: object, wanted: object) => async (stage: Stage) => {
  const id = await fill(stage, {}, filler)
  const answer = await stage.create({ flavorRef: await stage.flavor(wanted) })
  await stage.send('DELETE', `/servers/${id}`)
  return answer
}

const sized = (size: object) => async (stage: Stage) => stage.create({ flavorRef: await stage.flavor(size) })

scenarios('no host, of one', { hosts: 1, hostVcpus: 4, hostRamMb: 4096, hostDiskGb: 100 }, [
  noHost('too many vCPUs for any host', 'NoHost.HostTooSmall.Vcpu', 'request', sized({ vcpus: 5 })),
  noHost('too much memory for any host', 'NoHost.HostTooSmall.Ram', 'request', sized({ ram: 8192 }), {
    says: /1 of 1 hosts is too small for the memory \(need 8192 MB, has 4096 MB\)/,
    owner: { says: /1 of 1 hosts is too small for the memory$/ },
  }),
  noHost('too much disk for any host', 'NoHost.HostTooSmall.Disk', 'request', sized({ disk: 500 })),
  noHost(
    'a host whose memory is taken',
    'NoHost.Capacity.Ram',
    'capacity',
    whileFull({ ram: 3072 }, { ram: 2048 }),
  ),
  noHost(
    'a host whose disk is taken',
    'NoHost.Capacity.Disk',
    'capacity',
    whileFull({ disk: 70 }, { disk: 50 }),
  ),
  noHost(
    'a host that is disabled',
    'NoHost.Disabled',
    'cloud',
    whileService('host-1', { status: 'disabled', disabled_reason: 'fan on host-1' }, { status: 'enabled' }),
  ),
  noHost(
    'a host that is forced down',
    'NoHost.Down',
    'cloud',
    whileService('host-1', { forced_down: true }, { forced_down: false }),
  ),
  noHost(
    'a resize with nowhere to go',
    'NoHost.SameHost',
    'cloud',
    stage => stage.act({ resize: { flavorRef: '2' } }),
    { step: 'cold_migrate' },
  ),
  noHost(
    'a migration with nowhere to go',
    'NoHost.CurrentHost',
    'cloud',
    stage => stage.act({ migrate: null }, {}, 'admin'),
    { step: 'cold_migrate' },
  ),
  noHost(
    'a resize to more than any host has',
    'NoHost.HostTooSmall.Vcpu',
    'request',
    stage => stage.act({ resize: { flavorRef: '5' } }),
    { step: 'cold_migrate' },
  ),
  noHost('more servers at once than there is room for', 'NoHost.Capacity.Ram', 'capacity', async stage =>
    stage.create({ min_count: 3, max_count: 3, flavorRef: await stage.flavor({ ram: 1800 }) }),
  ),
  noHost('a trait no host has', 'NoHost.Trait', 'request', async stage =>
    stage.create({ flavorRef: await stage.flavor({}, { 'trait:HW_CPU_X86_AVX512F': 'required' }) }),
  ),
  noHost('a capability no host has', 'NoHost.Capability', 'request', async stage =>
    stage.create({ flavorRef: await stage.flavor({}, { 'capabilities:hypervisor_type': 's== xen' }) }),
  ),
  noHost('a resource no host has', 'NoHost.HostTooSmall.Other', 'request', async stage =>
    stage.create({ flavorRef: await stage.flavor({}, { 'resources:VGPU': '1' }) }),
  ),
  noHost(
    'an unshelve with no room left',
    'NoHost.Disabled',
    'cloud',
    async stage => {
      const server = await stage.cloud.server({ name: 'mine' })
      await stage.cloud.act(server, { shelve: null })
      await service(stage, 'host-1', { status: 'disabled' })
      const answer = await stage.cloud.act(server, { unshelve: null })
      await service(stage, 'host-1', { status: 'enabled' })
      return answer
    },
    { step: 'schedule_instances' },
  ),
])

const filters = [
  'ComputeFilter',
  'ServerGroupAntiAffinityFilter',
  'ServerGroupAffinityFilter',
  'SameHostFilter',
  'DifferentHostFilter',
  'AggregateInstanceExtraSpecsFilter',
  'AggregateMultiTenancyIsolation',
]

scenarios('no host, of three', { hosts: 3, hostRamMb: 4096, compute: { filters } }, [
  noHost('a zone none of the hosts with room is in', 'NoHost.HostTooSmall.Ram', 'request', async stage => {
    await aggregate(stage, 'east', 'host-2', { availability_zone: 'east' })
    return stage.create({ ...inZone('east'), flavorRef: '4' })
  }),
  noHost(
    'a zone whose only host is disabled',
    'NoHost.Disabled',
    'cloud',
    whileService('host-2', { status: 'disabled' }, { status: 'enabled' }, inZone('east')),
  ),
  noHost('hosts kept for another project', 'NoHost.Tenant', 'cloud', async stage => {
    const kept = { filter_tenant_id: stage.neighbour.projectId }
    await aggregate(stage, 'kept', 'host-3', { ...kept, availability_zone: 'kept' })
    return stage.create(inZone('kept'))
  }),
  noHost('anti-affinity with as many members as hosts', 'NoHost.AntiAffinity', 'request', async stage => {
    const hint = { 'os:scheduler_hints': { group: await group(stage, 'anti-affinity') } }
    const create = (zone: string) =>
      stage.send('POST', '/servers', { body: { ...bodyOf(stage, inZone(zone)), ...hint } })
    await create('east')
    return create('east')
  }),
  noHost('affinity with a host that is too small', 'NoHost.Affinity', 'request', async stage => {
    const hint = { 'os:scheduler_hints': { group: await group(stage, 'affinity') } }
    await stage.send('POST', '/servers', { body: { ...bodyOf(stage, inZone('east')), ...hint } })
    return stage.send('POST', '/servers', { body: { ...bodyOf(stage, inZone('nova')), ...hint } })
  }),
  noHost(
    'the hint different_host, with a server on each',
    'NoHost.DifferentHostHint',
    'request',
    async stage => {
      const east = await stage.cloud.server({ name: 'a', ...inZone('east') })
      const nova = await stage.cloud.server({ name: 'b', ...inZone('nova') })
      const hint = { 'os:scheduler_hints': { different_host: [east.id, nova.id] } }
      return stage.send('POST', '/servers', { body: { ...bodyOf(stage, {}), ...hint } })
    },
  ),
  noHost('the hint same_host, in another zone', 'NoHost.SameHostHint', 'request', async stage => {
    const { id } = await stage.cloud.server({ name: 'a', ...inZone('east') })
    const hint = { 'os:scheduler_hints': { same_host: [id] } }
    return stage.send('POST', '/servers', { body: { ...bodyOf(stage, inZone('nova')), ...hint } })
  }),
  noHost(
    'a migration to a host that is too small',
    'NoHost.HostTooSmall.Ram',
    'request',
    async stage => stage.act({ resize: { flavorRef: '4' } }),
    { step: 'cold_migrate' },
  ),
  noHost('an extra spec no aggregate has', 'NoHost.AggregateExtraSpecs', 'request', async stage =>
    stage.create({ flavorRef: await stage.flavor({}, { ssd: 'true' }) }),
  ),
])

const bodyOf = ({ cloud }: Stage, more: object) => ({
  server: { name: 'mine', flavorRef: '1', imageRef: cloud.imageId, networks: 'auto', ...more },
})
