import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { projectIds, startNetwork } from '../../test/support/network.ts'
import { tables } from '../platform/store/store.ts'
import type { NetworkTables } from './tables.ts'

const network = await startNetwork()
after(() => network.close())
const { api, make } = network
await api('PUT', `/quotas/${projectIds.demo}`, { as: 'admin', body: { quota: { port: -1 } } })

const addressOf = (port: { fixed_ips: { ip_address: string }[] }) => port.fixed_ips[0]?.ip_address
const newPort = (networkId: string) => api('POST', '/ports', { body: { port: { network_id: networkId } } })

async function onSubnet(values: object) {
  const net = await make('networks', {})
  const subnet = await make('subnets', { network_id: net.id, ip_version: 4, ...values })
  return { net, subnet }
}

test('a hundred ports at once have a hundred addresses', async () => {
  const { net } = await onSubnet({ cidr: '10.0.0.0/24' })
  const answers = await Promise.all(Array.from({ length: 100 }, () => newPort(net.id)))
  assert.deepEqual([...new Set(answers.map(answer => answer.status))], [201])
  assert.equal(new Set(answers.map(answer => addressOf(answer.body.port))).size, 100)
})

test('the last address is given, the next refused, a freed one given again', async () => {
  const { net } = await onSubnet({ cidr: '10.1.0.0/29' })
  const answers = await Promise.all(Array.from({ length: 7 }, () => newPort(net.id)))
  const made = answers.filter(answer => answer.status === 201)
  assert.equal(made.length, 5)
  const refused = answers.find(answer => answer.status === 409)
  assert.deepEqual(refused?.body.NeutronError, {
    type: 'IpAddressGenerationFailure',
    message: `No more IP addresses available on network ${net.id}.`,
    detail: '',
  })
  const freed = made[2]!.body.port
  await api('DELETE', `/ports/${freed.id}`)
  const again = await newPort(net.id)
  assert.equal(addressOf(again.body.port), addressOf(freed))
})

test('addresses others named are passed over, in all pools', async () => {
  const { net, subnet } = await onSubnet({
    cidr: '10.2.0.0/24',
    allocation_pools: [
      { start: '10.2.0.10', end: '10.2.0.12' },
      { start: '10.2.0.20', end: '10.2.0.21' },
    ],
  })
  for (const ip of ['10.2.0.10', '10.2.0.12', '10.2.0.20', '10.2.0.99'])
    await make('ports', { network_id: net.id, fixed_ips: [{ subnet_id: subnet.id, ip_address: ip }] })
  const given = [await newPort(net.id), await newPort(net.id), await newPort(net.id)]
  assert.deepEqual(
    given.map(answer => answer.body.port && addressOf(answer.body.port)),
    ['10.2.0.11', '10.2.0.21', undefined],
  )
})

test('the same address asked for by two at once goes to one', async () => {
  const { net } = await onSubnet({ cidr: '10.3.0.0/24' })
  const ask = () =>
    api('POST', '/ports', { body: { port: { network_id: net.id, fixed_ips: [{ ip_address: '10.3.0.7' }] } } })
  const answers = await Promise.all([ask(), ask(), ask(), ask()])
  assert.deepEqual(answers.map(answer => answer.status).sort(), [201, 409, 409, 409])
})

test('when one subnet of a network is full the next one gives', async () => {
  const { net } = await onSubnet({ cidr: '10.4.0.0/30' })
  await make('subnets', { network_id: net.id, ip_version: 4, cidr: '10.4.1.0/24' })
  assert.equal(addressOf((await newPort(net.id)).body.port), '10.4.0.2')
  assert.equal(addressOf((await newPort(net.id)).body.port), '10.4.1.2')
})

test('IPv6: DHCP addresses come from the pool, automatic ones from the MAC and nowhere else', async () => {
  const { net, subnet: four } = await onSubnet({ cidr: '10.5.0.0/24' })
  const stateful = await make('subnets', {
    network_id: net.id,
    ip_version: 6,
    cidr: 'fd00:1::/64',
    ipv6_ra_mode: 'dhcpv6-stateful',
    ipv6_address_mode: 'dhcpv6-stateful',
  })
  const slaac = await make('subnets', {
    network_id: net.id,
    ip_version: 6,
    cidr: 'fd00:2::/64',
    ipv6_ra_mode: 'slaac',
    ipv6_address_mode: 'slaac',
  })
  const port = await make('ports', { network_id: net.id, mac_address: 'fa:16:3e:01:02:03' })
  assert.deepEqual(port.fixed_ips, [
    { subnet_id: four.id, ip_address: '10.5.0.2' },
    { subnet_id: stateful.id, ip_address: 'fd00:1::2' },
    { subnet_id: slaac.id, ip_address: 'fd00:2::f816:3eff:fe01:203' },
  ])
  const named = await api('POST', '/ports', {
    body: { port: { network_id: net.id, fixed_ips: [{ ip_address: 'fd00:2::5' }] } },
  })
  assert.deepEqual([named.status, named.body.NeutronError.type], [400, 'AllocationOnAutoAddressSubnet'])
})

test('a refused port leaves nothing: no address, no row, no count', async () => {
  const { net, subnet } = await onSubnet({ cidr: '10.6.0.0/24' })
  await make('ports', { network_id: net.id, fixed_ips: [{ ip_address: '10.6.0.50' }] })
  const before = await api('GET', `/quotas/${projectIds.demo}/details`)
  const failed = await api('POST', '/ports', {
    body: {
      ports: [
        { network_id: net.id },
        { network_id: net.id, fixed_ips: [{ subnet_id: subnet.id }, { ip_address: '10.6.0.50' }] },
      ],
    },
  })
  assert.equal(failed.status, 409)
  assert.equal((await api('GET', `/ports?network_id=${net.id}`)).body.ports.length, 1)
  const left = await tables<NetworkTables>(network.store)
    .selectFrom('ip_allocations')
    .select('ip_address')
    .where('subnet_id', '=', subnet.id)
    .execute()
  assert.deepEqual(
    left.map(row => row.ip_address),
    ['10.6.0.50'],
  )
  const afterwards = await api('GET', `/quotas/${projectIds.demo}/details`)
  assert.deepEqual(afterwards.body, before.body)
})
