// Interfaces that come to a server and go from it while it is there.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { nothingLeaked, startTestCloud, type TestCloud } from '../../support/cloud.ts'
import { testData } from '../../support/data.ts'
import { holdCalls } from '../../support/hold.ts'
import { wiring } from '../../support/ports.ts'
import { type Storyteller, storyteller } from '../../support/story.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

let cloud: TestCloud
let teller: Storyteller
before(async () => {
  cloud = await startTestCloud({ hosts: 2 })
  teller = await storyteller(cloud)
})
after(() => cloud.close())

const network = async (of = cloud, name = 'private'): Promise<Json> =>
  (await of.ask('GET', `/network/v2.0/networks?name=${name}`)).body.networks[0]
const makePort = async (of = cloud): Promise<Json> =>
  (await of.ask('POST', '/network/v2.0/ports', { body: { port: { network_id: (await network(of)).id } } }))
    .body.port
const port = async (id: string, of = cloud): Promise<Json> =>
  (await of.ask('GET', `/network/v2.0/ports/${id}`, { as: 'admin' })).body?.port
const attach = (id: string, interfaceAttachment: object, version = 'latest', of = cloud) =>
  of.ask('POST', `/servers/${id}/os-interface`, { body: { interfaceAttachment }, version })
const detach = (id: string, portId: string, of = cloud) =>
  of.ask('DELETE', `/servers/${id}/os-interface/${portId}`)
const interfaces = async (id: string, of = cloud): Promise<Json[]> =>
  (await of.ask('GET', `/servers/${id}/os-interface`)).body.interfaceAttachments
const bare = (of = cloud) => of.server({ networks: 'none' })
const messageOf = (body: Json): string => (Object.values(body)[0] as Json).message

/** MAC addresses of a server's machine, as its console names them when it boots. */
async function plugged(id: string, of = cloud): Promise<readonly string[]> {
  await of.act({ id }, { reboot: { type: 'SOFT' } })
  const { output } = (await of.act({ id }, { 'os-getConsoleOutput': {} })).body
  const boot = output.slice(output.lastIndexOf('SeaBIOS'))
  return [...boot.matchAll(/eth\d: (\S+)/g)].map(([, mac]) => mac)
}

test('an interface on a network: a port of our own, bound to the host and plugged into the machine', async () => {
  const server = await bare()
  const net_id = (await network()).id
  let answer: Json
  const story = await teller.tellOf(server, async () => {
    answer = await attach(server.id, { net_id, tag: 'nic' })
    return answer
  })
  assert.deepEqual(story, {
    status: 200,
    states: [],
    action: 'attach_interface',
    events: ['compute_attach_interface Success home'],
    notifications: ['instance.interface_attach.start home', 'instance.interface_attach.end home'],
  })
  const one = answer.body.interfaceAttachment
  assert.deepEqual([one.net_id, one.tag, one.port_state], [net_id, 'nic', 'ACTIVE'])
  const made = await port(one.port_id)
  const { 'OS-EXT-SRV-ATTR:host': host, addresses } = await cloud.show(server.id)
  assert.deepEqual(
    [made.device_id, made.device_owner, made['binding:host_id']],
    [server.id, 'compute:nova', host],
  )
  assert.equal(addresses.private[0].addr, one.fixed_ips[0].ip_address)
  assert.deepEqual(await plugged(server.id), [one.mac_addr])
  assert.deepEqual(await wiring(cloud), [])
  await cloud.ask('DELETE', `/servers/${server.id}`)
  await cloud.settled()
  assert.equal(await port(one.port_id), undefined)
})

test('an interface by port, by address, and on the only network there is', async () => {
  const server = await bare()
  const mine = await makePort()
  const byPort = (await attach(server.id, { port_id: mine.id })).body.interfaceAttachment
  assert.deepEqual([byPort.port_id, byPort.mac_addr, byPort.tag], [mine.id, mine.mac_address, null])
  const ip_address = mine.fixed_ips[0].ip_address.replace(/\d+$/, '222')
  const named = await attach(server.id, { net_id: (await network()).id, fixed_ips: [{ ip_address }] })
  assert.equal(named.body.interfaceAttachment.fixed_ips[0].ip_address, ip_address)
  assert.equal((await attach(server.id, {})).status, 200)
  assert.equal((await plugged(server.id)).length, 3)
  assert.deepEqual(await wiring(cloud), [])
})

test('a detached port of ours is removed, one the user brought is only let go', async () => {
  const server = await bare()
  const mine = await makePort()
  const ours = (await attach(server.id, {})).body.interfaceAttachment.port_id
  await attach(server.id, { port_id: mine.id, tag: 'nic' })
  const story = await teller.tellOf(server, () => detach(server.id, ours))
  assert.deepEqual(story, {
    status: 202,
    states: [],
    action: 'detach_interface',
    events: ['compute_detach_interface Success home'],
    notifications: ['instance.interface_detach.start home', 'instance.interface_detach.end home'],
  })
  assert.equal((await detach(server.id, mine.id)).status, 202)
  await cloud.settled()
  assert.equal(await port(ours), undefined)
  const kept = await port(mine.id)
  assert.deepEqual(
    [kept.device_id, kept.device_owner, kept['binding:host_id'], kept['binding:profile']],
    ['', '', '', {}],
  )
  assert.deepEqual([await interfaces(server.id), await plugged(server.id)], [[], []])
  assert.deepEqual((await cloud.show(server.id)).addresses, {})
})

test('interfaces that cannot be are refused, and the record says why', async () => {
  const server = await bare()
  const other = await bare()
  const nowhere = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'
  const net_id = (await network()).id
  const taken = (await attach(other.id, {})).body.interfaceAttachment
  const theirs = await cloud.ask('POST', '/network/v2.0/ports', {
    as: 'admin',
    body: { port: { network_id: net_id } },
  })
  const empty = await cloud.ask('POST', '/network/v2.0/networks', { body: { network: { name: 'empty' } } })
  const rows: readonly (readonly [object, number, string])[] = [
    [{ net_id: nowhere }, 404, `Network ${nowhere} could not be found.`],
    [{ port_id: nowhere }, 404, `Port id ${nowhere} could not be found.`],
    [{ port_id: taken.port_id }, 409, `Port ${taken.port_id} is still in use.`],
    [
      { port_id: theirs.body.port.id },
      400,
      `Port ${theirs.body.port.id} not usable for instance ${server.id}.`,
    ],
    [
      { net_id, fixed_ips: [{ ip_address: taken.fixed_ips[0].ip_address }] },
      409,
      `Fixed IP ${taken.fixed_ips[0].ip_address} is already in use.`,
    ],
    [
      { net_id, fixed_ips: [{ ip_address: '203.0.113.9' }] },
      400,
      `Invalid input received: Fixed IP 203.0.113.9 is not a valid ip address for network ${net_id}.`,
    ],
    [
      { net_id: empty.body.network.id },
      400,
      `Network ${empty.body.network.id} requires a subnet in order to boot instances on.`,
    ],
    [
      { net_id: (await network(cloud, 'public')).id },
      403,
      `It is not allowed to create an interface on external network ${(await network(cloud, 'public')).id}`,
    ],
    [{}, 400, 'Multiple possible networks found, use a Network ID to be more specific.'],
  ]
  for (const [wanted, status, message] of rows) {
    const answer = await attach(server.id, wanted)
    assert.deepEqual([answer.status, messageOf(answer.body)], [status, message])
    const [action] = await cloud.actions(server.id)
    assert.deepEqual(
      [action.action, action.message, action.events[0].result, action.events[0].details],
      ['attach_interface', 'Error', 'Error', message],
    )
  }
  await cloud.ask('DELETE', `/network/v2.0/networks/${empty.body.network.id}`)
  for (const [wanted, message] of [
    [{ net_id, port_id: nowhere }, 'Must not input both network_id and port_id'],
    [{ fixed_ips: [{ ip_address: '10.0.0.1' }] }, 'Must input network_id when request IP address'],
  ] as const) {
    const answer = await attach(server.id, wanted)
    assert.deepEqual([answer.status, messageOf(answer.body)], [400, message])
  }
  assert.equal((await cloud.show(server.id)).status, 'ACTIVE')
  assert.deepEqual(await interfaces(server.id), [])
})

test('a port beyond the quota is refused, and so is one on no network at all', async () => {
  await using small = await startTestCloud()
  const server = await bare(small)
  const path = `/network/v2.0/quotas/${small.projectId.demo}`
  await small.ask('PUT', path, { as: 'admin', body: { quota: { port: 0 } } })
  const over = await attach(server.id, {}, 'latest', small)
  assert.deepEqual([over.status, messageOf(over.body)], [403, 'Maximum number of ports exceeded'])
  const body = { server: { name: 'vm', flavorRef: '1', imageRef: small.imageId, networks: 'none' } }
  const made = await small.ask('POST', '/servers', { as: 'admin', body })
  await small.settled()
  for (const { id } of (await small.ask('GET', '/network/v2.0/networks?shared=true', { as: 'admin' })).body
    .networks)
    await small.ask('PUT', `/network/v2.0/networks/${id}`, {
      as: 'admin',
      body: { network: { shared: false } },
    })
  const none = await small.ask('POST', `/servers/${made.body.server.id}/os-interface`, {
    as: 'admin',
    body: { interfaceAttachment: {} },
  })
  assert.deepEqual(
    [none.status, messageOf(none.body)],
    [400, `No specific network was requested and none are available for project '${small.projectId.admin}'.`],
  )
})

test('a host that cannot plug it: a 500 without its words, and the port is as it was', async () => {
  const server = await cloud.server({
    networks: 'none',
    metadata: { 'faultline:fail': 'attachInterface:LibvirtError' },
  })
  const mine = await makePort()
  for (const wanted of [{ net_id: (await network()).id }, { port_id: mine.id }]) {
    const heard = cloud.notifications.length
    const answer = await attach(server.id, wanted)
    assert.deepEqual(
      [answer.status, messageOf(answer.body)],
      [500, `Failed to attach network adapter device to ${server.id}`],
    )
    await cloud.settled()
    const types = (cloud.notifications.slice(heard) as Json[]).map(({ event_type }) => event_type)
    assert.ok(types.includes('instance.interface_attach.error'))
    const [action] = await cloud.actions(server.id)
    assert.equal(
      action.events[0].details,
      `Failed to attach network adapter device to ${server.id}: LibvirtError`,
    )
  }
  assert.deepEqual([await interfaces(server.id), await plugged(server.id)], [[], []])
  assert.equal((await port(mine.id)).device_id, '')
  assert.equal((await cloud.show(server.id)).status, 'ACTIVE')
  assert.deepEqual(await wiring(cloud), [])
})

test('a host that cannot unplug it: the port stays', async () => {
  const server = await bare()
  const one = (await attach(server.id, {})).body.interfaceAttachment
  await cloud.ask('POST', `/servers/${server.id}/metadata`, {
    body: { metadata: { 'faultline:fail': 'detachInterface:LibvirtError' } },
  })
  assert.equal((await detach(server.id, one.port_id)).status, 202)
  await cloud.settled()
  const [action] = await cloud.actions(server.id)
  assert.deepEqual(
    [action.action, action.message, action.events[0].details],
    ['detach_interface', 'Error', 'LibvirtError'],
  )
  assert.equal((await interfaces(server.id)).length, 1)
  assert.deepEqual(await plugged(server.id), [one.mac_addr])
  assert.deepEqual(await wiring(cloud), [])
})

test('detaching a port the server does not have is accepted, and its record says that it has none', async () => {
  const server = await bare()
  const { id } = await makePort()
  assert.equal((await detach(server.id, id)).status, 202)
  await cloud.settled()
  const [action] = await cloud.actions(server.id)
  assert.deepEqual([action.message, action.events[0].details], ['Error', `Port ${id} is not attached`])
})

test('a tag is taken from 2.49 on and shown from 2.70 on', async () => {
  const server = await bare()
  const wanted = { net_id: (await network()).id, tag: 'nic' }
  const refused = await attach(server.id, wanted, '2.48')
  assert.equal(refused.status, 400)
  assert.match(messageOf(refused.body), /\('tag' was unexpected\)/)
  const hidden = await attach(server.id, wanted, '2.69')
  assert.deepEqual([hidden.status, 'tag' in hidden.body.interfaceAttachment], [200, false])
  assert.equal((await attach(server.id, wanted, '2.70')).body.interfaceAttachment.tag, 'nic')
})

test('what is asked for while an interface is attached waits for it, and keeps its task', async () => {
  const held = holdCalls('attachInterface')
  await using busy = await startTestCloud({ wrap: held.wrap })
  const server = await bare(busy)
  const attached = attach(server.id, { net_id: (await network(busy)).id }, 'latest', busy)
  await held.waiting(1)
  assert.equal(
    (await busy.ask('POST', `/servers/${server.id}/action`, { body: { 'os-stop': null } })).status,
    202,
  )
  assert.equal((await busy.show(server.id))['OS-EXT-STS:task_state'], 'powering-off')
  held.release()
  assert.equal((await attached).status, 200)
  await busy.settled()
  assert.equal((await busy.show(server.id)).status, 'SHUTOFF')
  assert.equal((await interfaces(server.id, busy)).length, 1)
})

test('a server deleted while an interface is attached leaves no port', async () => {
  const held = holdCalls('attachInterface')
  await using busy = await startTestCloud({ wrap: held.wrap })
  const server = await bare(busy)
  const mine = await makePort(busy)
  const attached = attach(server.id, { port_id: mine.id }, 'latest', busy)
  await held.waiting(1)
  await busy.ask('DELETE', `/servers/${server.id}`)
  held.release()
  const { status, body } = await attached
  assert.deepEqual(
    [status, messageOf(body)],
    [409, `Cannot 'attach_interface' instance ${server.id} while it is in task_state deleting`],
  )
  await busy.settled()
  assert.equal((await port(mine.id, busy)).device_id, '')
  assert.deepEqual(await busy.leaks(), nothingLeaked)
})

test('an interface whose attaching a process did not live to see is there after its restart, once', async () => {
  await using data = await testData()
  const held = holdCalls('attachInterface')
  const first = await startTestCloud({ data, wrap: held.wrap })
  const server = await bare(first)
  const attached = attach(server.id, { net_id: (await network(first)).id }, 'latest', first).catch(() => null)
  await held.waiting(1)
  await first.close(0)
  const answer = await attached
  if (answer) assert.equal(answer.status, 503)
  await using again = await startTestCloud({ data })
  await again.settled()
  assert.equal((await interfaces(server.id, again)).length, 1)
  assert.equal((await plugged(server.id, again)).length, 1)
  assert.deepEqual(await wiring(again), [])
})

test('an interface whose detaching a process did not live to see is gone after its restart', async () => {
  await using data = await testData()
  const held = holdCalls('detachInterface')
  const first = await startTestCloud({ data, wrap: held.wrap })
  const server = await bare(first)
  const one = (await attach(server.id, {}, 'latest', first)).body.interfaceAttachment
  assert.equal((await detach(server.id, one.port_id, first)).status, 202)
  await held.waiting(1)
  await first.close(0)
  await using again = await startTestCloud({ data })
  await again.settled()
  assert.deepEqual([await interfaces(server.id, again), await plugged(server.id, again)], [[], []])
  assert.equal(await port(one.port_id, again), undefined)
  assert.deepEqual(await wiring(again), [])
})
