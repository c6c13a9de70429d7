import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startNetwork } from '../../test/support/network.ts'

const network = await startNetwork()
after(() => network.close())
const { api, make } = network

test('an IPv4 subnet has the first address as gateway and the rest as its pool', async () => {
  const { id } = await make('networks', {})
  const subnet = await make('subnets', { network_id: id, ip_version: 4, cidr: '10.0.0.77/24' })
  assert.equal(subnet.cidr, '10.0.0.0/24')
  assert.equal(subnet.gateway_ip, '10.0.0.1')
  assert.deepEqual(subnet.allocation_pools, [{ start: '10.0.0.2', end: '10.0.0.254' }])
  const shown = (await api('GET', `/networks/${id}`)).body.network
  assert.deepEqual([shown.subnets, shown.revision_number], [[subnet.id], 2])
})

test('a gateway in the middle splits the pool; null means none', async () => {
  const { id } = await make('networks', {})
  const middle = { network_id: id, ip_version: 4, cidr: '10.0.1.0/29', gateway_ip: '10.0.1.3' }
  assert.deepEqual((await make('subnets', middle)).allocation_pools, [
    { start: '10.0.1.1', end: '10.0.1.2' },
    { start: '10.0.1.4', end: '10.0.1.6' },
  ])
  const none = await make('subnets', { network_id: id, ip_version: 4, cidr: '10.0.2.0/30', gateway_ip: null })
  assert.equal(none.gateway_ip, null)
  assert.deepEqual(none.allocation_pools, [{ start: '10.0.2.1', end: '10.0.2.2' }])
})

test('what Neutron refuses in a subnet is refused in its words', async () => {
  const { id } = await make('networks', {})
  await make('subnets', { network_id: id, ip_version: 4, cidr: '10.0.0.0/24' })
  const six = { ip_version: 6, cidr: 'fd00::/64' }
  const cases: [object, number, RegExp][] = [
    [{ ip_version: 4, cidr: 'x' }, 400, /^Invalid input for cidr. Reason: 'x' is not a valid IP subnet\.$/],
    [
      { ip_version: 4, cidr: '10.9.0.0' },
      400,
      /isn't a recognized IP subnet cidr, '10.9.0.0\/32' is recommended/,
    ],
    [{ cidr: '10.9.0.0/24' }, 400, /Required attribute 'ip_version' not specified/],
    [{ ip_version: 4 }, 400, /a subnetpool must be specified in the absence of a cidr/],
    [{ ip_version: 5, cidr: '10.9.0.0/24' }, 400, /'5' is not in \[4, 6\]/],
    [{ ip_version: 6, cidr: '10.9.0.0/24' }, 400, /does not match the ip_version '6'/],
    [{ ip_version: 4, cidr: '10.0.0.128/25' }, 400, /overlaps with another subnet\.$/],
    [
      { ip_version: 4, cidr: '10.9.0.0/24', allocation_pools: [{ start: '10.9.0.1', end: '10.9.0.9' }] },
      409,
      /^Gateway ip 10.9.0.1 conflicts with allocation pool 10.9.0.1-10.9.0.9\.$/,
    ],
    [
      { ip_version: 4, cidr: '10.9.0.0/24', allocation_pools: [{ start: '10.9.1.2', end: '10.9.1.9' }] },
      400,
      /spans beyond the subnet cidr 10.9.0.0\/24/,
    ],
    [
      { ip_version: 4, cidr: '10.9.0.0/24', allocation_pools: [{ start: '10.9.0.9', end: '10.9.0.2' }] },
      400,
      /The allocation pool 10.9.0.9-10.9.0.2 is not valid/,
    ],
    [
      {
        ip_version: 4,
        cidr: '10.9.0.0/24',
        allocation_pools: [
          { start: '10.9.0.2', end: '10.9.0.20' },
          { start: '10.9.0.10', end: '10.9.0.30' },
        ],
      },
      409,
      /Found overlapping allocation pools: 10.9.0.2-10.9.0.20 10.9.0.10-10.9.0.30/,
    ],
    [
      { ip_version: 4, cidr: '10.9.0.0/24', dns_nameservers: ['fd00::1'] },
      400,
      /does not match the ip_version/,
    ],
    [{ ip_version: 4, cidr: '10.9.0.0/24', dns_nameservers: ['1.1.1.1', '1.1.1.1'] }, 400, /Duplicate items/],
    [
      { ip_version: 4, cidr: '10.9.0.0/24', ipv6_ra_mode: 'slaac' },
      400,
      /ipv6_ra_mode is not valid when ip_version is 4/,
    ],
    [{ ...six, cidr: 'fd00::/56', ipv6_ra_mode: 'slaac' }, 400, /requires the prefix to be \/64/],
    [
      { ...six, ipv6_ra_mode: 'slaac', enable_dhcp: false },
      400,
      /cannot be set when enable_dhcp is set to False/,
    ],
    [
      { ...six, ipv6_ra_mode: 'slaac', ipv6_address_mode: 'dhcpv6-stateful' },
      400,
      /If both attributes are set, they must be the same value/,
    ],
  ]
  for (const [values, status, message] of cases) {
    const answer = await api('POST', '/subnets', { body: { subnet: { network_id: id, ...values } } })
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.body.NeutronError.message, message)
  }
  assert.equal((await api('GET', `/subnets?network_id=${id}`)).body.subnets.length, 1)
  const pooled = { network_id: id, ip_version: 4, subnetpool_id: 'p' }
  assert.equal((await api('POST', '/subnets', { body: { subnet: pooled } })).status, 501)
})

test('overlapping subnets asked for at once: one is made', async () => {
  const { id } = await make('networks', {})
  const answers = await Promise.all(
    [24, 25, 26, 27].map(bits =>
      api('POST', '/subnets', {
        body: { subnet: { network_id: id, ip_version: 4, cidr: `10.3.0.0/${bits}` } },
      }),
    ),
  )
  assert.deepEqual(answers.map(answer => answer.status).sort(), [201, 400, 400, 400])
})

test('only the owner of a network adds subnets to it', async () => {
  const { id } = await make('networks', { shared: true }, { as: 'admin' })
  const answer = await api('POST', '/subnets', {
    body: { subnet: { network_id: id, ip_version: 4, cidr: '10.0.0.0/24' } },
  })
  assert.deepEqual(
    [answer.status, answer.body.NeutronError.message],
    [403, 'rule:create_subnet is disallowed by policy'],
  )
})

test('a subnet changes in what may change, and goes when nobody has an address of it', async () => {
  const { id } = await make('networks', {})
  const subnet = await make('subnets', { network_id: id, ip_version: 4, cidr: '10.0.0.0/24' })
  const put = (values: object) => api('PUT', `/subnets/${subnet.id}`, { body: { subnet: values } })
  const changed = await put({ name: 'n', dns_nameservers: ['9.9.9.9'], gateway_ip: null, enable_dhcp: false })
  assert.deepEqual(
    [changed.body.subnet.name, changed.body.subnet.dns_nameservers, changed.body.subnet.gateway_ip],
    ['n', ['9.9.9.9'], null],
  )
  assert.equal(
    (await put({ cidr: '10.1.0.0/24' })).body.NeutronError.message,
    'Cannot update read-only attribute cidr',
  )
  assert.equal(
    (await put({ gateway_ip: '10.0.0.5' })).body.NeutronError.type,
    'GatewayConflictWithAllocationPools',
  )
  const port = await make('ports', { network_id: id })
  const refused = await api('DELETE', `/subnets/${subnet.id}`)
  assert.deepEqual(
    [refused.status, refused.body.NeutronError.message],
    [
      409,
      `Unable to complete operation on subnet ${subnet.id}: One or more ports have an IP allocation from this subnet.`,
    ],
  )
  await api('DELETE', `/ports/${port.id}`)
  assert.equal((await api('DELETE', `/subnets/${subnet.id}`)).status, 204)
})

test('an automatic subnet gives its addresses to ports that are there, and takes them back', async () => {
  const { id } = await make('networks', {})
  const server = { device_owner: 'compute:nova', device_id: 'server-1' }
  const port = await make('ports', { network_id: id, mac_address: 'fa:16:3e:00:00:01', ...server })
  const slaac = { ipv6_ra_mode: 'slaac', ipv6_address_mode: 'slaac' }
  const subnet = await make('subnets', { network_id: id, ip_version: 6, cidr: 'fd00:5::/64', ...slaac })
  const shown = (await api('GET', `/ports/${port.id}`)).body.port
  assert.deepEqual(shown.fixed_ips, [{ subnet_id: subnet.id, ip_address: 'fd00:5::f816:3eff:fe00:1' }])
  assert.equal(network.events.at(-1)?.name, 'network-changed')
  assert.equal((await api('DELETE', `/subnets/${subnet.id}`)).status, 204)
  assert.deepEqual((await api('GET', `/ports/${port.id}`)).body.port.fixed_ips, [])
})

test('subnets of shared networks are seen by everybody, those of external ones by their project', async () => {
  const shared = await make('networks', { shared: true }, { as: 'admin' })
  const external = await make('networks', { 'router:external': true }, { as: 'admin' })
  const subnetOf = (net: { id: string }, cidr: string) =>
    make('subnets', { network_id: net.id, ip_version: 4, cidr }, { as: 'admin' })
  const [open, hidden] = [await subnetOf(shared, '10.80.0.0/24'), await subnetOf(external, '10.81.0.0/24')]
  const ids = async (as: 'demo' | 'admin') =>
    (await api('GET', '/subnets?fields=id', { as })).body.subnets.map(({ id }: { id: string }) => id)
  const seen = async (as: 'demo' | 'admin') =>
    [open, hidden].map(async ({ id }) => (await ids(as)).includes(id))
  assert.deepEqual(await Promise.all(await seen('demo')), [true, false])
  assert.deepEqual(await Promise.all(await seen('admin')), [true, true])
  assert.equal((await api('GET', `/subnets/${hidden.id}`)).status, 404)
})
