// What is inside a server: diagnostics, NUMA topology, the password its guest left.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestCloud } from '../support/cloud.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

const cloud = await startTestCloud()
after(() => cloud.close())
const messageOf = (body: Json): string => (Object.values(body)[0] as Json).message
const admin = { as: 'admin' } as const

test('diagnostics name what the machine has, for administrators, while it is active', async () => {
  const { networks } = (await cloud.ask('GET', '/network/v2.0/networks?name=private')).body
  const server = await cloud.server({ networks: [{ uuid: networks[0].id }] })
  const path = `/servers/${server.id}/diagnostics`
  const { body } = await cloud.ask('GET', path, admin)
  const [port] = (await cloud.ask('GET', `/servers/${server.id}/os-interface`)).body.interfaceAttachments
  assert.deepEqual(
    [body.state, body.num_cpus, body.num_nics, body.num_disks, body.nic_details[0].mac_address],
    ['running', 1, 1, 1, port.mac_addr],
  )
  assert.deepEqual(body.memory_details, { maximum: 512, used: 0 })
  assert.equal((await cloud.ask('GET', path, { ...admin, version: '2.47' })).body.memory, 512 * 1024)
  assert.equal((await cloud.ask('GET', path)).status, 403)
  await cloud.act(server, { 'os-stop': null })
  const stopped = await cloud.ask('GET', path, admin)
  assert.deepEqual(
    [stopped.status, messageOf(stopped.body)],
    [409, `Cannot 'get_diagnostics' instance ${server.id} while it is in vm_state stopped`],
  )
})

test('a machine that lost its ports is given them again, by administrators alone', async () => {
  const { networks } = (await cloud.ask('GET', '/network/v2.0/networks?name=private')).body
  const server = await cloud.server({ networks: [{ uuid: networks[0].id }] })
  const [port] = (await cloud.ask('GET', `/servers/${server.id}/os-interface`)).body.interfaceAttachments
  const macs = async () =>
    (await cloud.ask('GET', `/servers/${server.id}/diagnostics`, admin)).body.nic_details.map(
      ({ mac_address }: { mac_address: string }) => mac_address,
    )
  await cloud.cloud.drivers.get('host-1')?.injectNetworkInfo(server.id, [])
  assert.deepEqual(await macs(), [])
  const inject = { injectNetworkInfo: null }
  const refused = await cloud.act(server, inject)
  assert.deepEqual(
    [refused.status, messageOf(refused.body)],
    [403, "Policy doesn't allow os_compute_api:os-admin-actions:inject_network_info to be performed."],
  )
  await cloud.act(server, { lock: null })
  const done = await cloud.act(server, inject, 'admin', '2.1')
  assert.deepEqual([done.status, done.text], [202, ''])
  assert.deepEqual(await macs(), [port.mac_addr])
  const actions = await cloud.actions(server.id)
  assert.deepEqual(
    actions.map(({ action }) => action),
    ['lock', 'create'],
  )
})

test('a server that has no host, or whose host does not do it, has a conflict or an error, not a promise', async () => {
  const inject = { injectNetworkInfo: null }
  const shelved = await cloud.server({ networks: 'none' })
  await cloud.act(shelved, { shelve: null })
  const homeless = await cloud.act(shelved, inject, 'admin')
  assert.deepEqual([homeless.status, messageOf(homeless.body)], [409, `Instance ${shelved.id} is not ready`])
  const failing = await cloud.server({
    networks: 'none',
    metadata: { 'faultline:fail': 'injectNetworkInfo:LibvirtError' },
  })
  assert.equal((await cloud.act(failing, inject, 'admin')).status, 500)
  const missing = await cloud.act({ id: '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11' }, inject, 'admin')
  assert.equal(missing.status, 404)
})

test('a topology is what the flavor asks for, and none where it asks for none', async () => {
  const plain = await cloud.server({ networks: 'none' })
  const topology = async (id: string, options = {}) =>
    (await cloud.ask('GET', `/servers/${id}/topology`, options)).body
  assert.deepEqual(await topology(plain.id), { nodes: [], pagesize_kb: null })
  for (const [specs, cpus, pages] of [
    [
      { 'hw:numa_nodes': '2' },
      [
        [0, 1],
        [2, 3],
      ],
      null,
    ],
    [{ 'hw:mem_page_size': '2MB' }, [[0, 1, 2, 3]], 2048],
    [{ 'hw:numa_nodes': '1', 'hw:mem_page_size': 'large' }, [[0, 1, 2, 3]], 2048],
  ] as const) {
    const flavor = { name: JSON.stringify(specs), ram: 512, vcpus: 4, disk: 1 }
    const { id } = (await cloud.ask('POST', '/flavors', { ...admin, body: { flavor } })).body.flavor
    await cloud.ask('POST', `/flavors/${id}/os-extra_specs`, { ...admin, body: { extra_specs: specs } })
    const server = await cloud.server({ flavorRef: id, networks: 'none' })
    const { nodes, pagesize_kb } = await topology(server.id)
    assert.deepEqual([nodes.map(({ vcpu_set }: Json) => vcpu_set), pagesize_kb], [cpus, pages])
    assert.ok(!('host_node' in nodes[0]) && 'host_node' in (await topology(server.id, admin)).nodes[0])
  }
  const path = `/servers/${plain.id}/topology`
  assert.equal((await cloud.ask('GET', path, { version: '2.77' })).status, 404)
  assert.equal((await cloud.ask('GET', `${path}?a=b`)).status, 400)
})

test('no guest leaves its password here: it is empty, and can be cleared', async () => {
  const { id } = await cloud.server({ networks: 'none' })
  const path = `/servers/${id}/os-server-password`
  assert.deepEqual((await cloud.ask('GET', path)).body, { password: '' })
  assert.equal((await cloud.ask('DELETE', path)).status, 204)
})

test("bare metal nodes are Ironic's: 501, or its command, until 2.35", async () => {
  const old = { ...admin, version: '2.35' }
  const nodes = await cloud.ask('GET', '/os-baremetal-nodes', old)
  assert.deepEqual(
    [nodes.status, messageOf(nodes.body)],
    [501, 'The requested functionality is not supported.'],
  )
  assert.equal((await cloud.ask('GET', '/os-baremetal-nodes', { version: '2.35' })).status, 403)
  for (const [method, path, body, command] of [
    ['POST', '', {}, 'node-create'],
    ['DELETE', '/1', undefined, 'node-delete'],
    ['POST', '/1/action', { add_interface: {} }, 'port-create'],
    ['POST', '/1/action', { remove_interface: {} }, 'port-delete'],
  ] as const) {
    const answer = await cloud.ask(method, `/os-baremetal-nodes${path}`, { ...old, body })
    assert.deepEqual(
      [answer.status, messageOf(answer.body)],
      [400, `Command Not supported. Please use Ironic command ${command} to perform this action.`],
    )
  }
  assert.equal((await cloud.ask('GET', '/os-baremetal-nodes', { ...admin, version: '2.36' })).status, 404)
})
