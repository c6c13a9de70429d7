// addFixedIp, removeFixedIp, addFloatingIp, removeFloatingIp: until 2.43.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestCloud, type TestCloud } from '../../support/cloud.ts'
import { wiring } from '../../support/ports.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

let cloud: TestCloud
let networkId: string
before(async () => {
  cloud = await startTestCloud()
  networkId = (await cloud.ask('GET', '/network/v2.0/networks?name=private')).body.networks[0].id
})
after(() => cloud.close())

const act = async (server: Json, body: Json, version = '2.43') => {
  const answer = await cloud.act(server, body, 'demo', version)
  return [answer.status, answer.body && (Object.values(answer.body)[0] as Json).message]
}
const addresses = async ({ id }: Json): Promise<readonly string[]> =>
  ((await cloud.show(id)).addresses.private ?? []).map((one: Json) => `${one['OS-EXT-IPS:type']} ${one.addr}`)
const floating = async (): Promise<string> => {
  const { networks } = (await cloud.ask('GET', '/network/v2.0/networks?name=public')).body
  const body = { floatingip: { floating_network_id: networks[0].id } }
  return (await cloud.ask('POST', '/network/v2.0/floatingips', { body })).body.floatingip.floating_ip_address
}

test('a fixed address is added on a network of the server and removed again', async () => {
  const server = await cloud.server({ networks: [{ uuid: networkId }] })
  const first = await addresses(server)
  assert.deepEqual(await act(server, { addFixedIp: { networkId } }), [202, undefined])
  const more = await addresses(server)
  assert.ok(more.length > first.length && first.every(one => more.includes(one)))
  const [added] = more.filter(one => !first.includes(one))
  const address = added?.split(' ')[1]
  assert.deepEqual(await act(server, { removeFixedIp: { address } }), [202, undefined])
  assert.deepEqual(await addresses(server), first)
  assert.deepEqual(await act(server, { removeFixedIp: { address } }), [
    400,
    `Instance ${server.id} doesn't have fixed IP '${address}'.`,
  ])
  assert.deepEqual(await wiring(cloud), [])
})

test('a fixed address on a network the server is not on is a 404, and an owner cannot add one to a locked server', async () => {
  const server = await cloud.server({ networks: 'none' })
  assert.deepEqual(await act(server, { addFixedIp: { networkId } }), [
    404,
    `Network could not be found for instance ${server.id}.`,
  ])
  await cloud.act(server, { lock: null })
  for (const body of [{ addFixedIp: { networkId } }, { removeFixedIp: { address: '10.0.0.4' } }])
    assert.deepEqual(await act(server, body), [409, `Instance ${server.id} is locked`])
})

test('a floating address leads to the server until it is removed', async () => {
  const server = await cloud.server({ networks: [{ uuid: networkId }] })
  const other = await cloud.server({ networks: [{ uuid: networkId }] })
  const address = await floating()
  assert.deepEqual(await act(server, { addFloatingIp: { address } }), [202, undefined])
  assert.ok((await addresses(server)).includes(`floating ${address}`))
  assert.deepEqual(await act(other, { removeFloatingIp: { address } }), [
    409,
    `Floating IP ${address} is not associated with instance ${other.id}.`,
  ])
  assert.deepEqual(await act(server, { removeFloatingIp: { address } }), [202, undefined])
  assert.ok(!(await addresses(server)).includes(`floating ${address}`))
  const fixed_address = (await addresses(server))[0]?.split(' ')[1]
  assert.deepEqual(await act(server, { addFloatingIp: { address, fixed_address } }), [202, undefined])
  const second = await floating()
  const [status] = await act(server, { addFloatingIp: { address: second, fixed_address } })
  assert.equal(status, 400)
})

test('floating addresses that cannot lead to a server are refused', async () => {
  const server = await cloud.server({ networks: [{ uuid: networkId }] })
  const bare = await cloud.server({ networks: 'none' })
  const address = await floating()
  for (const [to, value, status, message] of [
    [bare, { address }, 400, 'Instance network is not ready yet'],
    [
      server,
      { address, fixed_address: '203.0.113.9' },
      400,
      'Specified fixed address not assigned to instance',
    ],
    [server, { address: '203.0.113.9' }, 404, 'floating IP not found'],
  ] as const)
    assert.deepEqual(await act(to, { addFloatingIp: value }), [status, message])
  assert.deepEqual(await act(server, { removeFloatingIp: { address: '203.0.113.9' } }), [
    404,
    'floating IP not found',
  ])
})

test('a server with addresses of version 6 only has none a floating address can lead to', async () => {
  const made = await cloud.ask('POST', '/network/v2.0/networks', { body: { network: { name: 'six' } } })
  const network_id = made.body.network.id
  const subnet = { network_id, ip_version: 6, cidr: 'fd00:6::/64' }
  await cloud.ask('POST', '/network/v2.0/subnets', { body: { subnet } })
  const server = await cloud.server({ networks: [{ uuid: network_id }] })
  const address = await floating()
  assert.deepEqual(await act(server, { addFloatingIp: { address } }), [
    400,
    `Unable to associate floating IP ${address} to any fixed IPs for instance ${server.id}. Instance has no fixed IPv4 addresses to associate.`,
  ])
})

test('from 2.44 on there are no such actions', async () => {
  const server = await cloud.server({ networks: [{ uuid: networkId }] })
  for (const body of [
    { addFixedIp: { networkId } },
    { removeFixedIp: { address: '10.0.0.4' } },
    { addFloatingIp: { address: '10.0.0.4' } },
    { removeFloatingIp: { address: '10.0.0.4' } },
  ])
    assert.equal((await act(server, body, '2.44'))[0], 404)
})
