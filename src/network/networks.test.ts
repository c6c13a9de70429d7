import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { projectIds, startNetwork } from '../../test/support/network.ts'

const network = await startNetwork()
after(() => network.close())
const { api, make } = network

test('a network has Neutron’s attributes; provider ones only for administrators', async () => {
  const made = await make('networks', { name: 'plain', description: 'd' })
  assert.deepEqual(
    { ...made, id: '', created_at: '', updated_at: '' },
    {
      id: '',
      name: 'plain',
      tenant_id: projectIds.demo,
      project_id: projectIds.demo,
      admin_state_up: true,
      mtu: 1450,
      status: 'ACTIVE',
      subnets: [],
      shared: false,
      availability_zone_hints: [],
      availability_zones: ['nova'],
      ipv4_address_scope: null,
      ipv6_address_scope: null,
      'router:external': false,
      description: 'd',
      port_security_enabled: true,
      tags: [],
      created_at: '',
      updated_at: '',
      revision_number: 1,
    },
  )
  const seen = (await api('GET', `/networks/${made.id}`, { as: 'admin' })).body.network
  assert.equal(seen['provider:network_type'], 'vxlan')
  assert.ok(seen['provider:segmentation_id'] > 0)
})

test('one sees one’s own, shared and external networks; others are not found', async () => {
  const own = await make('networks', { name: 'mine' })
  const shared = await make('networks', { name: 'shared', shared: true }, { as: 'admin' })
  const external = await make('networks', { name: 'ext', 'router:external': true }, { as: 'admin' })
  const { body } = await api('GET', '/networks?fields=id', { as: 'other' })
  const ids = body.networks.map((one: { id: string }) => one.id)
  assert.deepEqual(
    [own, shared, external].map(one => ids.includes(one.id)),
    [false, true, true],
  )
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const answer = await api(method, `/networks/${own.id}`, {
      as: 'other',
      body: method === 'PUT' ? { network: {} } : undefined,
    })
    assert.equal(answer.status, 404)
    assert.deepEqual(answer.body.NeutronError, {
      type: 'NetworkNotFound',
      message: `Network ${own.id} could not be found.`,
      detail: '',
    })
  }
  const refused = await api('DELETE', `/networks/${shared.id}`, { as: 'other' })
  assert.equal(refused.status, 403)
  assert.equal(refused.body.NeutronError.message, 'rule:delete_network is disallowed by policy')
})

test('sharing, external and provider attributes are the administrator’s', async () => {
  for (const values of [{ shared: true }, { 'router:external': true }, { 'provider:network_type': 'vlan' }]) {
    const { status, body } = await api('POST', '/networks', { body: { network: values } })
    assert.equal(status, 403)
    assert.equal(
      body.NeutronError.message,
      `(rule:create_network and rule:create_network:${Object.keys(values)[0]}) is disallowed by policy`,
    )
  }
  assert.equal((await api('POST', '/networks', { as: 'reader', body: { network: {} } })).status, 403)
  // What equals the default was not asked for.
  assert.equal((await api('POST', '/networks', { body: { network: { shared: false } } })).status, 201)
})

test('a VLAN of a physical network is given once', async () => {
  const vlan = {
    'provider:network_type': 'vlan',
    'provider:physical_network': 'physnet1',
    'provider:segmentation_id': 7,
  }
  const made = await make('networks', vlan, { as: 'admin' })
  assert.equal(made.mtu, 1500)
  const again = await api('POST', '/networks', { as: 'admin', body: { network: vlan } })
  assert.equal(again.status, 409)
  assert.equal(again.body.NeutronError.type, 'VlanIdInUse')
  assert.equal((await api('DELETE', `/networks/${made.id}`, { as: 'admin' })).status, 204)
  await make('networks', vlan, { as: 'admin' })
})

test('a change raises the revision; unsharing waits until others are gone', async () => {
  const made = await make('networks', { name: 'a', shared: true }, { as: 'admin' })
  const renamed = await api('PUT', `/networks/${made.id}`, { as: 'admin', body: { network: { name: 'b' } } })
  assert.deepEqual([renamed.body.network.name, renamed.body.network.revision_number], ['b', 2])
  await make('subnets', { network_id: made.id, ip_version: 4, cidr: '10.1.0.0/24' }, { as: 'admin' })
  const port = await make('ports', { network_id: made.id }, { as: 'other' })
  const unshare = () =>
    api('PUT', `/networks/${made.id}`, { as: 'admin', body: { network: { shared: false } } })
  assert.equal((await unshare()).body.NeutronError.type, 'InvalidSharedSetting')
  await api('DELETE', `/ports/${port.id}`, { as: 'other' })
  assert.equal((await unshare()).body.network.shared, false)
})

test('a network with ports stays; without them it goes with its subnets', async () => {
  const made = await make('networks', { name: 'used' })
  const subnet = await make('subnets', { network_id: made.id, ip_version: 4, cidr: '10.2.0.0/24' })
  const port = await make('ports', { network_id: made.id })
  const refused = await api('DELETE', `/networks/${made.id}`)
  assert.equal(refused.status, 409)
  assert.equal(
    refused.body.NeutronError.message,
    `Unable to complete operation on network ${made.id}. There are one or more ports still in use on the network, id for these ports is ${port.id}.`,
  )
  await api('DELETE', `/ports/${port.id}`)
  assert.equal((await api('DELETE', `/networks/${made.id}`)).status, 204)
  assert.equal((await api('GET', `/subnets/${subnet.id}`)).status, 404)
})

test('bodies Neutron refuses are refused in its words', async () => {
  const cases: [unknown, string][] = [
    [{}, 'Resource body required'],
    [{ net: {} }, "Unable to find 'network' in request body"],
    [{ network: [] }, "Unable to find 'network' in request body"],
    [{ network: { foo: 1, bar: 2 } }, "Unrecognized attribute(s) 'foo, bar'"],
    [{ network: { status: 'ACTIVE' } }, "Attribute 'status' not allowed in POST"],
    [{ network: { name: 5 } }, "Invalid input for name. Reason: '5' is not a valid string."],
    [{ network: { name: 'x\0y' } }, "Invalid input for name. Reason: 'x\0y' is not a valid string."],
    [
      { network: { admin_state_up: 'maybe' } },
      "Invalid input for admin_state_up. Reason: 'maybe' cannot be converted to boolean.",
    ],
    [{ network: { mtu: 1 } }, "Invalid input for mtu. Reason: '1' is too small - must be at least '68'."],
    [
      { network: { project_id: projectIds.other } },
      "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin privileges",
    ],
    [{ network: { project_id: 'a', tenant_id: 'b' } }, "'project_id' and 'tenant_id' do not match"],
  ]
  for (const [body, message] of cases) {
    const answer = await api('POST', '/networks', { body })
    assert.deepEqual([answer.status, answer.body.NeutronError.message], [400, message])
  }
  const made = await make('networks', {})
  const readOnly = await api('PUT', `/networks/${made.id}`, { body: { network: { project_id: 'x' } } })
  assert.equal(readOnly.body.NeutronError.message, 'Cannot update read-only attribute project_id')
})

test('several networks are made together or not at all', async () => {
  const both = await api('POST', '/networks', {
    body: { networks: [{ name: 'b1' }, { network: { name: 'b2' } }] },
  })
  assert.deepEqual(
    both.body.networks.map((one: { name: string }) => one.name),
    ['b1', 'b2'],
  )
  const failed = await api('POST', '/networks', { body: { networks: [{ name: 'b3' }, { name: 4 }] } })
  assert.equal(failed.status, 400)
  assert.deepEqual((await api('GET', '/networks?name=b3')).body.networks, [])
})
