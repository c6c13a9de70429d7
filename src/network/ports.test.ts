import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { projectIds, startNetwork } from '../../test/support/network.ts'

const network = await startNetwork()
after(() => network.close())
const { api, make, events, logged } = network
beforeEach(() => {
  events.length = 0
  logged.length = 0
})

const net = await make('networks', { name: 'n' })
const subnet = await make('subnets', { network_id: net.id, ip_version: 4, cidr: '10.0.0.0/24' })
const server = (id: string, host = 'host-1') => ({
  network_id: net.id,
  device_id: id,
  device_owner: 'compute:nova',
  'binding:host_id': host,
  project_id: projectIds.demo,
})
const update = (id: string, values: object, as: 'demo' | 'service' | 'admin' | 'other' = 'demo') =>
  api('PUT', `/ports/${id}`, { as, body: { port: values } })

test('a port has an address, a MAC and its project’s default group', async () => {
  const port = await make('ports', { network_id: net.id, name: 'p' })
  assert.match(port.mac_address, /^fa:16:3e:/)
  assert.equal(port.fixed_ips.length, 1)
  assert.equal(port.status, 'DOWN')
  assert.equal('binding:host_id' in port, false)
  const groups = (await api('GET', '/security-groups?name=default')).body.security_groups
  assert.deepEqual(port.security_groups, [groups[0].id])
})

test('Nova’s port is bound: ACTIVE with the host’s vif, and Nova is told', async () => {
  const port = await make('ports', server('s1'), { as: 'service' })
  assert.equal(port.project_id, projectIds.demo)
  assert.equal(port.status, 'ACTIVE')
  assert.equal(port['binding:vif_type'], 'ovs')
  assert.equal(port['binding:vif_details'].port_filter, true)
  assert.deepEqual(events, [
    { name: 'network-vif-plugged', serverId: 's1', tag: port.id, status: 'completed' },
  ])
  const found = await api('GET', '/ports?device_id=s1&binding:host_id=host-1', { as: 'service' })
  assert.deepEqual(
    found.body.ports.map((one: { id: string }) => one.id),
    [port.id],
  )
})

test('binding to a host without an agent fails, and says so', async () => {
  const port = await make('ports', server('s2', 'nowhere'), { as: 'service' })
  assert.deepEqual([port['binding:vif_type'], port.status], ['binding_failed', 'DOWN'])
  assert.deepEqual(
    events.map(event => [event.name, event.status]),
    [['network-vif-plugged', 'failed']],
  )
  assert.equal(logged.length, 1)
  assert.match(
    logged[0] ?? '',
    new RegExp(`managers .*Failed to bind port ${port.id} on host nowhere for vnic_type normal`),
  )
  const moved = await update(port.id, { 'binding:host_id': 'host-2' }, 'service')
  assert.deepEqual([moved.body.port['binding:vif_type'], moved.body.port.status], ['ovs', 'ACTIVE'])
})

test('a server’s port: unbound, unplugged; gone, deleted', async () => {
  const port = await make('ports', server('s3'), { as: 'service' })
  await update(port.id, { 'binding:host_id': '' }, 'service')
  await update(port.id, { 'binding:host_id': null, device_id: '', device_owner: '' }, 'service')
  const other = await make('ports', server('s4'), { as: 'service' })
  assert.equal((await api('DELETE', `/ports/${other.id}`, { as: 'service' })).status, 204)
  assert.deepEqual(
    events.map(event => `${event.serverId} ${event.name}`),
    [
      's3 network-vif-plugged',
      's3 network-vif-unplugged',
      's4 network-vif-plugged',
      's4 network-vif-deleted',
    ],
  )
})

test('a change of addresses or groups is told, a change of name is not', async () => {
  const port = await make('ports', server('s5'), { as: 'service' })
  events.length = 0
  await update(port.id, { name: 'x' })
  assert.equal(events.length, 0)
  await update(port.id, { fixed_ips: [...port.fixed_ips, { subnet_id: subnet.id }] })
  const group = await make('security-groups', { name: 'g' })
  await update(port.id, { security_groups: [group.id] })
  assert.deepEqual(
    events.map(event => event.name),
    ['network-changed', 'network-changed'],
  )
})

test('addresses asked for are given, once', async () => {
  const port = await make('ports', { network_id: net.id, fixed_ips: [{ ip_address: '10.0.0.200' }] })
  assert.deepEqual(port.fixed_ips, [{ subnet_id: subnet.id, ip_address: '10.0.0.200' }])
  const again = await api('POST', '/ports', {
    body: { port: { network_id: net.id, fixed_ips: [{ ip_address: '10.0.0.200' }] } },
  })
  assert.deepEqual(
    [again.status, again.body.NeutronError],
    [
      409,
      {
        type: 'IpAddressAlreadyAllocated',
        message: `IP address 10.0.0.200 already allocated in subnet ${subnet.id}`,
        detail: '',
      },
    ],
  )
  for (const [ip, type] of [
    ['10.9.9.9', 'InvalidIpForNetwork'],
    ['10.0.0.255', 'InvalidIpForSubnet'],
    ['10.0.0.0', 'InvalidIpForSubnet'],
  ]) {
    const wrong = await api('POST', '/ports', {
      body: { port: { network_id: net.id, fixed_ips: [{ ip_address: ip }] } },
    })
    assert.deepEqual([wrong.status, wrong.body.NeutronError.type], [400, type])
  }
  const none = await make('ports', { network_id: net.id, fixed_ips: [] })
  assert.deepEqual([none.fixed_ips, none.security_groups.length], [[], 1])
})

test('changing addresses keeps those named, frees the others', async () => {
  const port = await make('ports', { network_id: net.id, fixed_ips: [{ ip_address: '10.0.0.210' }] })
  const both = await update(port.id, {
    fixed_ips: [{ ip_address: '10.0.0.210' }, { ip_address: '10.0.0.211' }],
  })
  assert.deepEqual(
    both.body.port.fixed_ips.map((one: { ip_address: string }) => one.ip_address),
    ['10.0.0.210', '10.0.0.211'],
  )
  const one = await update(port.id, { fixed_ips: [{ subnet_id: subnet.id, ip_address: '10.0.0.211' }] })
  assert.equal(one.body.port.fixed_ips.length, 1)
  await make('ports', { network_id: net.id, fixed_ips: [{ ip_address: '10.0.0.210' }] })
  const six = Array.from({ length: 6 }, () => ({ subnet_id: subnet.id }))
  const tooMany = await update(port.id, { fixed_ips: six })
  assert.match(tooMany.body.NeutronError.message, /Exceeded maximum amount of fixed ips per port\.$/)
  assert.equal((await api('GET', `/ports/${port.id}`)).body.port.fixed_ips.length, 1)
})

test('a port keeps its groups when its addresses go', async () => {
  const port = await make('ports', { network_id: net.id })
  const { status, body } = await update(port.id, { fixed_ips: [] })
  assert.deepEqual([status, body.port.fixed_ips, body.port.security_groups.length], [200, [], 1])
})

test('port security, groups and address pairs go together', async () => {
  const bare = await make('ports', { network_id: net.id, port_security_enabled: false })
  assert.deepEqual(bare.security_groups, [])
  const pairs = [{ ip_address: '10.8.0.0/24' }]
  const refused = await update(bare.id, { allowed_address_pairs: pairs })
  assert.equal(refused.body.NeutronError.type, 'AddressPairAndPortSecurityRequired')
  const group = await make('security-groups', { name: 'h' })
  const grouped = await update(bare.id, { security_groups: [group.id] })
  assert.equal(grouped.body.NeutronError.type, 'PortSecurityAndIPRequiredForSecurityGroups')
  const port = await make('ports', { network_id: net.id, allowed_address_pairs: pairs })
  assert.deepEqual(port.allowed_address_pairs, [{ mac_address: port.mac_address, ip_address: '10.8.0.0/24' }])
  const off = await update(port.id, { port_security_enabled: false, allowed_address_pairs: [] })
  assert.equal(off.body.NeutronError.type, 'PortSecurityPortHasSecurityGroup')
  const cleared = await update(port.id, {
    port_security_enabled: false,
    allowed_address_pairs: [],
    security_groups: [],
  })
  assert.equal(cleared.body.port.port_security_enabled, false)
  const strangers = await api('POST', '/ports', {
    body: { port: { network_id: net.id, security_groups: ['11111111-1111-1111-1111-111111111111'] } },
  })
  assert.deepEqual([strangers.status, strangers.body.NeutronError.type], [404, 'SecurityGroupNotFound'])
})

test('DHCP options are added, replaced and taken away one by one', async () => {
  const port = await make('ports', {
    network_id: net.id,
    extra_dhcp_opts: [{ opt_name: 'mtu', opt_value: '1400' }],
  })
  assert.deepEqual(port.extra_dhcp_opts, [{ opt_name: 'mtu', opt_value: '1400', ip_version: 4 }])
  const changed = await update(port.id, {
    extra_dhcp_opts: [
      { opt_name: 'mtu', opt_value: null },
      { opt_name: 'tftp-server', opt_value: '10.0.0.5' },
    ],
  })
  assert.deepEqual(changed.body.port.extra_dhcp_opts, [
    { opt_name: 'tftp-server', opt_value: '10.0.0.5', ip_version: 4 },
  ])
})

test('on another’s shared network one takes what one is given', async () => {
  const shared = await make('networks', { shared: true }, { as: 'admin' })
  await make('subnets', { network_id: shared.id, ip_version: 4, cidr: '10.4.0.0/24' }, { as: 'admin' })
  assert.equal((await make('ports', { network_id: shared.id })).fixed_ips.length, 1)
  for (const [values, rule] of [
    [{ fixed_ips: [{ ip_address: '10.4.0.9' }] }, 'fixed_ips:ip_address'],
    [{ mac_address: 'fa:16:3e:aa:bb:cc' }, 'mac_address'],
    [{ device_owner: 'network:dhcp' }, 'device_owner'],
    [{ 'binding:host_id': 'host-1' }, 'binding:host_id'],
  ] as const) {
    const answer = await api('POST', '/ports', { body: { port: { network_id: shared.id, ...values } } })
    assert.equal(answer.status, 403)
    assert.match(answer.body.NeutronError.message, new RegExp(`rule:create_port:${rule}`))
  }
  const external = await make('networks', { 'router:external': true }, { as: 'admin' })
  const outside = await api('POST', '/ports', { body: { port: { network_id: external.id } } })
  assert.deepEqual(
    [outside.status, outside.body.NeutronError.message],
    [403, `Tenant ${projectIds.demo} not allowed to create port on this network`],
  )
})

test('a MAC is used once on a network', async () => {
  const mac = 'fa:16:3e:12:34:56'
  const port = await make('ports', { network_id: net.id, mac_address: mac.toUpperCase() })
  assert.equal(port.mac_address, mac)
  const again = await api('POST', '/ports', { body: { port: { network_id: net.id, mac_address: mac } } })
  assert.deepEqual([again.status, again.body.NeutronError.type], [409, 'MacAddressInUse'])
  const found = await api('GET', `/ports?mac_address=${mac.toUpperCase()}`)
  assert.equal(found.body.ports.length, 1)
})

test('others’ ports are not found, and hidden facts cannot be filtered on', async () => {
  const port = await make('ports', server('s9'), { as: 'service' })
  assert.equal((await api('GET', `/ports/${port.id}`, { as: 'other' })).status, 404)
  assert.equal((await update(port.id, { name: 'x' }, 'other')).status, 404)
  assert.deepEqual((await api('GET', '/ports?binding:host_id=host-1')).body.ports, [])
  const missing = '11111111-1111-1111-1111-111111111111'
  const lost = await api('POST', '/ports', { body: { port: { network_id: missing } } })
  assert.deepEqual(
    [lost.status, lost.body.NeutronError.message],
    [404, `Network ${missing} could not be found.`],
  )
})

test('ports are found by their addresses and groups', async () => {
  const port = await make('ports', { network_id: net.id, fixed_ips: [{ ip_address: '10.0.0.240' }] })
  for (const search of [
    'fixed_ips=ip_address%3D10.0.0.240',
    `fixed_ips=ip_address%3D10.0.0.240&fixed_ips=subnet_id%3D${subnet.id}`,
    'fixed_ips=ip_address_substr%3D0.240',
    `id=${port.id}&security_groups=${port.security_groups[0]}`,
  ])
    assert.deepEqual(
      (await api('GET', `/ports?${search}`)).body.ports.map((one: { id: string }) => one.id),
      [port.id],
      search,
    )
})
