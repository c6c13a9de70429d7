import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startNetwork } from '../../test/support/network.ts'

const network = await startNetwork()
after(() => network.close())
const { api, make } = network

const external = await make('networks', { name: 'public', 'router:external': true }, { as: 'admin' })
await make('subnets', { network_id: external.id, ip_version: 4, cidr: '172.24.4.0/24' }, { as: 'admin' })

async function inner(cidr: string, values: object = {}) {
  const net = await make('networks', {})
  const subnet = await make('subnets', {
    network_id: net.id,
    ip_version: cidr.includes(':') ? 6 : 4,
    cidr,
    ...values,
  })
  return { net, subnet }
}
const put = (router: { id: string }, action: string, body: object) =>
  api('PUT', `/routers/${router.id}/${action}`, { body })
const set = (router: { id: string }, values: object) =>
  api('PUT', `/routers/${router.id}`, { body: { router: values } })

test('a router has its gateway’s address on the external network', async () => {
  const router = await make('routers', { name: 'r', external_gateway_info: { network_id: external.id } })
  assert.equal(router.external_gateway_info.enable_snat, true)
  assert.match(router.external_gateway_info.external_fixed_ips[0].ip_address, /^172\.24\.4\.\d+$/)
  const [port] = (await api('GET', `/ports?device_id=${router.id}`, { as: 'admin' })).body.ports
  assert.deepEqual(
    [port.device_owner, port.project_id, port.status],
    ['network:router_gateway', '', 'ACTIVE'],
  )
  const cleared = await set(router, { external_gateway_info: {} })
  assert.equal(cleared.body.router.external_gateway_info, null)
  assert.deepEqual((await api('GET', `/ports?device_id=${router.id}`, { as: 'admin' })).body.ports, [])
})

test('gateways lead to external networks only; SNAT and addresses are the administrator’s', async () => {
  const { net } = await inner('10.0.0.0/24')
  const inside = await api('POST', '/routers', {
    body: { router: { external_gateway_info: { network_id: net.id } } },
  })
  assert.deepEqual(
    [inside.status, inside.body.NeutronError.message],
    [400, `Bad router request: Network ${net.id} is not an external network.`],
  )
  const snat = { external_gateway_info: { network_id: external.id, enable_snat: false } }
  assert.equal((await api('POST', '/routers', { body: { router: snat } })).status, 403)
  const router = await make('routers', snat, { as: 'admin' })
  assert.equal(router.external_gateway_info.enable_snat, false)
})

test('an interface takes the subnet’s gateway address, and gives it back', async () => {
  const { net, subnet } = await inner('10.1.0.0/24')
  const router = await make('routers', {})
  const added = await put(router, 'add_router_interface', { subnet_id: subnet.id })
  assert.equal(added.status, 200)
  assert.deepEqual(
    [added.body.subnet_id, added.body.network_id, added.body.subnet_ids],
    [subnet.id, net.id, [subnet.id]],
  )
  const port = (await api('GET', `/ports/${added.body.port_id}`)).body.port
  assert.deepEqual(port.fixed_ips, [{ subnet_id: subnet.id, ip_address: '10.1.0.1' }])
  assert.equal(port.device_owner, 'network:router_interface')
  const direct = await api('DELETE', `/ports/${port.id}`)
  assert.deepEqual(
    [direct.status, direct.body.NeutronError.message],
    [
      409,
      `Port ${port.id} cannot be deleted directly via the port API: has device owner network:router_interface.`,
    ],
  )
  assert.equal((await api('DELETE', `/routers/${router.id}`)).body.NeutronError.type, 'RouterInUse')
  assert.equal((await put(router, 'remove_router_interface', { port_id: port.id })).status, 200)
  assert.equal((await api('GET', `/ports/${port.id}`)).status, 404)
  assert.equal((await api('DELETE', `/routers/${router.id}`)).status, 204)
})

test('interfaces by port; ports in use, without addresses or of others are refused', async () => {
  const { net, subnet } = await inner('10.2.0.0/24')
  const router = await make('routers', {})
  const port = await make('ports', { network_id: net.id, fixed_ips: [{ ip_address: '10.2.0.9' }] })
  const added = await put(router, 'add_router_interface', { port_id: port.id })
  assert.deepEqual([added.status, added.body.subnet_ids], [200, [subnet.id]])
  const second = await make('routers', {})
  assert.equal(
    (await put(second, 'add_router_interface', { port_id: port.id })).body.NeutronError.type,
    'PortInUse',
  )
  const bare = await make('ports', { network_id: net.id, fixed_ips: [] })
  assert.match(
    (await put(second, 'add_router_interface', { port_id: bare.id })).body.NeutronError.message,
    /Router port must have at least one fixed IP/,
  )
})

test('what cannot be connected is refused in Neutron’s words', async () => {
  const router = await make('routers', {})
  const { subnet } = await inner('10.3.0.0/24')
  const same = await inner('10.3.0.0/25')
  const none = await inner('10.33.0.0/24', { gateway_ip: null })
  await put(router, 'add_router_interface', { subnet_id: subnet.id })
  const cases: [object, number, RegExp][] = [
    [{}, 400, /Either subnet_id or port_id must be specified/],
    [{ subnet_id: subnet.id, port_id: subnet.id }, 400, /Cannot specify both subnet-id and port-id/],
    [{ subnet_id: subnet.id }, 400, /Router already has a port on subnet/],
    [
      { subnet_id: same.subnet.id },
      400,
      /Cidr 10.3.0.0\/25 of subnet .* overlaps with cidr 10.3.0.0\/24 of subnet/,
    ],
    [{ subnet_id: none.subnet.id }, 400, /Subnet for router interface must have a gateway IP/],
    [{ subnet_id: router.id }, 404, /^Subnet .* could not be found\.$/],
    [{ port_id: router.id }, 404, /^Port .* could not be found\.$/],
    [{ subnet_id: 5 }, 400, /is not a valid UUID/],
  ]
  for (const [body, status, message] of cases) {
    const answer = await put(router, 'add_router_interface', body)
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.body.NeutronError.message, message)
  }
  const wrong = await put(router, 'remove_router_interface', { subnet_id: same.subnet.id })
  assert.deepEqual([wrong.status, wrong.body.NeutronError.type], [404, 'RouterInterfaceNotFoundForSubnet'])
  // Two routers at one gateway address.
  const second = await make('routers', {})
  const taken = await put(second, 'add_router_interface', { subnet_id: subnet.id })
  assert.deepEqual([taken.status, taken.body.NeutronError.type], [409, 'IpAddressAlreadyAllocated'])
})

test('the same subnet connected twice at once: one interface', async () => {
  const router = await make('routers', {})
  const { subnet } = await inner('10.4.0.0/24')
  const answers = await Promise.all(
    [1, 2, 3].map(() => put(router, 'add_router_interface', { subnet_id: subnet.id })),
  )
  assert.deepEqual(answers.map(answer => answer.status).sort(), [200, 400, 400])
})

test('IPv6 subnets of one network share a port, and leave it one by one', async () => {
  const { net, subnet } = await inner('fd00:1::/64')
  const second = await make('subnets', { network_id: net.id, ip_version: 6, cidr: 'fd00:2::/64' })
  const router = await make('routers', {})
  const one = await put(router, 'add_router_interface', { subnet_id: subnet.id })
  const two = await put(router, 'add_router_interface', { subnet_id: second.id })
  assert.equal(two.body.port_id, one.body.port_id)
  await put(router, 'remove_router_interface', { subnet_id: subnet.id })
  const port = (await api('GET', `/ports/${one.body.port_id}`)).body.port
  assert.deepEqual(port.fixed_ips, [{ subnet_id: second.id, ip_address: 'fd00:2::1' }])
})

test('routes need a neighbour, and keep its interface in place', async () => {
  const router = await make('routers', {})
  const { subnet } = await inner('10.5.0.0/24')
  await put(router, 'add_router_interface', { subnet_id: subnet.id })
  const route = { destination: '10.50.0.0/16', nexthop: '10.5.0.7' }
  const far = await set(router, { routes: [{ ...route, nexthop: '10.6.0.7' }] })
  assert.match(far.body.NeutronError.message, /the nexthop is not connected with router/)
  const self = await set(router, { routes: [{ ...route, nexthop: '10.5.0.1' }] })
  assert.match(self.body.NeutronError.message, /the nexthop is used by router/)
  assert.deepEqual((await set(router, { routes: [route] })).body.router.routes, [route])
  const held = await put(router, 'remove_router_interface', { subnet_id: subnet.id })
  assert.equal(held.body.NeutronError.type, 'RouterInterfaceInUseByRoute')
  const other = { destination: '10.51.0.0/16', nexthop: '10.5.0.8' }
  const more = await put(router, 'add_extraroutes', { router: { routes: [other] } })
  assert.equal(more.body.router.routes.length, 2)
  const less = await put(router, 'remove_extraroutes', { router: { routes: [route] } })
  assert.deepEqual(less.body.router.routes, [other])
})
