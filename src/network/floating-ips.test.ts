import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { projectIds, startNetwork } from '../../test/support/network.ts'

const network = await startNetwork()
after(() => network.close())
const { api, make, events } = network

const external = await make('networks', { name: 'public', 'router:external': true }, { as: 'admin' })
await make('subnets', { network_id: external.id, ip_version: 4, cidr: '172.24.4.0/24' }, { as: 'admin' })
const net = await make('networks', {})
const subnet = await make('subnets', { network_id: net.id, ip_version: 4, cidr: '10.0.0.0/24' })
const router = await make('routers', { external_gateway_info: { network_id: external.id } })
await api('PUT', `/routers/${router.id}/add_router_interface`, { body: { subnet_id: subnet.id } })
const serverPort = () =>
  make('ports', { network_id: net.id, device_id: 'server-1', device_owner: 'compute:nova' })
const set = (id: string, values: object) => api('PUT', `/floatingips/${id}`, { body: { floatingip: values } })

test('a floating address is allocated, led to a port, and parted again', async () => {
  const port = await serverPort()
  events.length = 0
  const free = await make('floatingips', { floating_network_id: external.id })
  assert.deepEqual([free.status, free.port_id, free.router_id, free.port_details], ['DOWN', null, null, null])
  const led = (await set(free.id, { port_id: port.id })).body.floatingip
  assert.deepEqual(
    [led.status, led.port_id, led.fixed_ip_address, led.router_id],
    ['ACTIVE', port.id, port.fixed_ips[0].ip_address, router.id],
  )
  assert.deepEqual([led.port_details.device_id, led.port_details.mac_address], ['server-1', port.mac_address])
  assert.deepEqual(
    events.map(event => `${event.serverId} ${event.name}`),
    ['server-1 network-changed'],
  )
  const parted = (await set(free.id, { port_id: null })).body.floatingip
  assert.deepEqual([parted.status, parted.fixed_ip_address, parted.router_id], ['DOWN', null, null])
})

test('a fixed address has one floating address of a network', async () => {
  const port = await serverPort()
  await make('floatingips', { floating_network_id: external.id, port_id: port.id })
  const body = { floatingip: { floating_network_id: external.id, port_id: port.id } }
  const answers = await Promise.all([1, 2].map(() => api('POST', '/floatingips', { body })))
  for (const answer of answers)
    assert.deepEqual([answer.status, answer.body.NeutronError.type], [409, 'FloatingIPPortAlreadyAssociated'])
})

test('deleting the port frees the address; deleting the address frees its own port', async () => {
  const port = await serverPort()
  const floating = await make('floatingips', { floating_network_id: external.id, port_id: port.id })
  await api('DELETE', `/ports/${port.id}`)
  const shown = (await api('GET', `/floatingips/${floating.id}`)).body.floatingip
  assert.deepEqual([shown.status, shown.port_id, shown.router_id], ['DOWN', null, null])
  assert.equal((await api('DELETE', `/floatingips/${floating.id}`)).status, 204)
  const left = await api('GET', `/ports?device_id=${floating.id}`, { as: 'admin' })
  assert.deepEqual(left.body.ports, [])
})

test('while floating addresses need it, the way out stays', async () => {
  const port = await serverPort()
  const floating = await make('floatingips', { floating_network_id: external.id, port_id: port.id })
  const gateway = await api('PUT', `/routers/${router.id}`, {
    body: { router: { external_gateway_info: null } },
  })
  assert.equal(gateway.body.NeutronError.type, 'RouterExternalGatewayInUseByFloatingIp')
  const part = await api('PUT', `/routers/${router.id}/remove_router_interface`, {
    body: { subnet_id: subnet.id },
  })
  assert.equal(part.body.NeutronError.type, 'RouterInterfaceInUseByFloatingIP')
  await api('DELETE', `/floatingips/${floating.id}`)
})

test('what cannot be reached or does not fit is refused in Neutron’s words', async () => {
  const port = await serverPort()
  const lonely = await make('networks', {})
  const island = await make('subnets', { network_id: lonely.id, ip_version: 4, cidr: '10.9.0.0/24' })
  const away = await make('ports', { network_id: lonely.id })
  const two = await make('ports', {
    network_id: net.id,
    fixed_ips: [{ subnet_id: subnet.id }, { subnet_id: subnet.id }],
  })
  const none = await make('ports', { network_id: net.id, fixed_ips: [] })
  const cases: [object, number, RegExp][] = [
    [{ floating_network_id: net.id }, 400, /Network .* is not a valid external network/],
    [{ floating_network_id: projectIds.demo }, 400, /is not a valid UUID/],
    [
      { port_id: away.id },
      404,
      new RegExp(`External network ${external.id} is not reachable from subnet ${island.id}`),
    ],
    [{ port_id: two.id }, 400, /has multiple fixed IPv4 addresses/],
    [{ port_id: none.id }, 400, /that has no fixed IPv4 addresses/],
    [{ port_id: port.id, fixed_ip_address: '10.0.0.250' }, 400, /does not have fixed ip 10.0.0.250/],
    [{ fixed_ip_address: '10.0.0.250' }, 400, /cannot be specified without a port_id/],
    [{ port_id: external.id }, 404, /^Port .* could not be found\.$/],
    [{ floating_ip_address: '172.24.4.99' }, 403, /rule:create_floatingip:floating_ip_address/],
  ]
  for (const [values, status, message] of cases) {
    const answer = await api('POST', '/floatingips', {
      body: { floatingip: { floating_network_id: external.id, ...values } },
    })
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.body.NeutronError.message, message)
  }
  const named = await make(
    'floatingips',
    { floating_network_id: external.id, floating_ip_address: '172.24.4.99' },
    { as: 'admin' },
  )
  assert.equal(named.floating_ip_address, '172.24.4.99')
  assert.equal((await api('GET', `/floatingips/${named.id}`)).status, 404)
})

const usedFloatingIps = async (): Promise<number> => {
  const { body } = await api('GET', `/quotas/${projectIds.demo}/details.json`)
  return body.quota.floatingip.used
}

test('an external network goes with the addresses that lead nowhere, and stays while one leads somewhere', async () => {
  const outside = await make('networks', { 'router:external': true }, { as: 'admin' })
  await make('subnets', { network_id: outside.id, ip_version: 4, cidr: '172.25.0.0/24' }, { as: 'admin' })
  const inner = await make('networks', {})
  const { id: subnetId } = await make('subnets', {
    network_id: inner.id,
    ip_version: 4,
    cidr: '10.77.0.0/24',
  })
  const way = await make('routers', { external_gateway_info: { network_id: outside.id } })
  await api('PUT', `/routers/${way.id}/add_router_interface`, { body: { subnet_id: subnetId } })
  const port = await make('ports', { network_id: inner.id })
  const before = await usedFloatingIps()
  const free = await make('floatingips', { floating_network_id: outside.id })
  const taken = await make('floatingips', { floating_network_id: outside.id, port_id: port.id })

  const refused = await api('DELETE', `/networks/${outside.id}`, { as: 'admin' })
  assert.deepEqual([refused.status, refused.body.NeutronError.type], [409, 'NetworkInUse'])
  assert.equal((await api('GET', `/floatingips/${free.id}`)).status, 200)
  assert.equal(await usedFloatingIps(), before + 2)

  await set(taken.id, { port_id: null })
  await api('PUT', `/routers/${way.id}`, { body: { router: { external_gateway_info: null } } })
  assert.equal((await api('DELETE', `/networks/${outside.id}`, { as: 'admin' })).status, 204)
  for (const { id } of [free, taken]) assert.equal((await api('GET', `/floatingips/${id}`)).status, 404)
  assert.equal(await usedFloatingIps(), before)
})
