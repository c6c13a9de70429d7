import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { projectIds, startNetwork } from '../../test/support/network.ts'
import { networkVersions } from './views.ts'

const network = await startNetwork()
after(() => network.close())
const { api, make, ask } = network

test('versions and resources are there without a token; the rest answers 401 as the token check does', async () => {
  assert.equal(networkVersions('http://x').versions[0]?.links[0]?.href, 'http://x/network/v2.0/')
  const root = await ask('GET', '/network/v2.0/', { as: null })
  assert.ok(root.body.resources.some((one: { collection: string }) => one.collection === 'ports'))
  const refused = await api('GET', '/networks', { as: null })
  assert.equal(refused.status, 401)
  assert.equal(refused.body.error.title, 'Unauthorized')
  assert.match(refused.headers.get('www-authenticate') ?? '', /^Keystone uri="http:.*\/identity"$/)
  assert.match(refused.headers.get('x-openstack-request-id') ?? '', /^req-/)
})

test('quotas hold, exactly, also when many ask at once', async () => {
  const path = `/quotas/${projectIds.other}`
  assert.equal((await api('GET', path, { as: 'other' })).body.quota.port, 500)
  assert.equal((await api('GET', path, { as: 'demo' })).status, 403)
  assert.equal((await api('PUT', path, { as: 'other', body: { quota: { network: 9 } } })).status, 403)
  const changed = await api('PUT', path, { as: 'admin', body: { quota: { network: 3, port: -1 } } })
  assert.deepEqual([changed.body.quota.network, changed.body.quota.port], [3, -1])
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => api('POST', '/networks', { as: 'other', body: { network: {} } })),
  )
  assert.equal(answers.filter(answer => answer.status === 201).length, 3)
  const refused = answers.find(answer => answer.status === 409)
  assert.deepEqual(refused?.body.NeutronError, {
    type: 'OverQuota',
    message: "Quota exceeded for resources: ['network'].",
    detail: '',
  })
  const details = (await api('GET', `${path}/details`, { as: 'other' })).body.quota
  assert.deepEqual(details.network, { limit: 3, used: 3, reserved: 0 })
  const below = await api('PUT', path, { as: 'admin', body: { quota: { network: 1, check_limit: true } } })
  assert.equal(below.status, 400)
  assert.equal((await api('GET', `${path}/default`, { as: 'other' })).body.quota.network, 100)
  const all = await api('GET', '/quotas', { as: 'admin' })
  assert.equal(all.body.quotas[0].project_id, projectIds.other)
  assert.equal((await api('DELETE', path, { as: 'admin' })).status, 204)
  assert.equal((await api('GET', path, { as: 'other' })).body.quota.network, 100)
  for (const quota of [{ network: -2 }, { network: 'many' }, { cores: 1 }])
    assert.equal((await api('PUT', path, { as: 'admin', body: { quota } })).status, 400)
})

test('each host has its three agents, which administrators see', async () => {
  assert.deepEqual((await api('GET', '/agents')).body, { agents: [] })
  const { body } = await api('GET', '/agents?host=host-1', { as: 'admin' })
  assert.deepEqual(
    body.agents.map((agent: { agent_type: string }) => agent.agent_type),
    ['DHCP agent', 'L3 agent', 'Open vSwitch agent'],
  )
  const one = await api('GET', `/agents/${body.agents[0].id}`, { as: 'admin' })
  assert.equal(one.body.agent.host, 'host-1')
  assert.equal((await api('GET', `/agents/${body.agents[0].id}`)).status, 404)
  assert.equal((await api('GET', '/agents/none', { as: 'admin' })).status, 404)
  const zones = (await api('GET', '/availability_zones')).body.availability_zones
  assert.deepEqual(zones[0], { name: 'nova', resource: 'network', state: 'available' })
})

test('extensions say what is here, and only that', async () => {
  const { body } = await api('GET', '/extensions')
  const aliases = body.extensions.map((one: { alias: string }) => one.alias)
  for (const alias of ['router', 'external-net', 'security-group', 'binding', 'port-security', 'quotas'])
    assert.ok(aliases.includes(alias), alias)
  for (const alias of ['trunk', 'qos', 'rbac-policies', 'dvr']) assert.ok(!aliases.includes(alias), alias)
  assert.equal((await api('GET', '/extensions/router')).body.extension.alias, 'router')
  assert.equal((await api('GET', '/extensions/trunk')).status, 404)
})

test('what is not there answers 501 and names itself; what nobody has, 404', async () => {
  for (const path of ['trunks', 'rbac-policies', 'qos/policies', 'address-scopes']) {
    const { status, body } = await api('GET', `/${path}`)
    assert.equal(status, 501)
    assert.match(body.NeutronError.message, new RegExp(path.split('/')[0]!))
  }
  const bindings = await api('GET', '/ports/some/bindings')
  assert.deepEqual(
    [bindings.status, bindings.body.NeutronError.message],
    [501, 'Faultline does not implement bindings of ports yet.'],
  )
  assert.equal((await api('DELETE', '/agents/some', { as: 'admin' })).status, 501)
  assert.equal((await api('GET', '/unicorns')).status, 404)
  assert.equal((await api('GET', '/trunks', { as: null })).status, 401)
})

test('availability counts addresses to the last one', async () => {
  const net = await make('networks', { name: 'counted' })
  await make('subnets', { network_id: net.id, ip_version: 4, cidr: '10.0.0.0/24' })
  await make('subnets', { network_id: net.id, ip_version: 6, cidr: 'fd00::/64' })
  await make('ports', { network_id: net.id })
  const answer = await api('GET', `/network-ip-availabilities/${net.id}`, { as: 'admin' })
  assert.match(answer.text, /"total_ips":18446744073709551867,/)
  assert.equal(answer.body.network_ip_availability.used_ips, 2)
  const seen = await api('GET', '/network-ip-availabilities')
  assert.deepEqual(seen.body, { network_ip_availabilities: [] })
})

test('no body, however odd, is a server error or changes anything', async () => {
  const before = (await api('GET', '/networks', { as: 'admin' })).text
  const paths = [
    'networks',
    'subnets',
    'ports',
    'routers',
    'floatingips',
    'security-groups',
    'security-group-rules',
  ]
  const items = [
    ...['null', '1', '"x"', '[]', '[{}]', '{"__proto__":1}', '{"constructor":{}}', '{"name":{"a":1}}'],
    ...['{"id":"x"}', '{"name":"\\u0000"}', '{"tenant_id":5}', '{"description":[]}', '{"project_id":{}}'],
  ]
  for (const path of paths) {
    const member = path.slice(0, -1).replaceAll('-', '_')
    const bodies = [
      '',
      'null',
      '1',
      '[]',
      '{}',
      '{"x":',
      '{"x":1}',
      `{"${member}s":[]}`,
      `{"${member}s":[1]}`,
    ]
    for (const raw of [...bodies, ...items.map(item => `{"${member}":${item}}`)]) {
      const { status, text } = await api('POST', `/${path}`, {
        raw,
        headers: { 'content-type': 'application/json' },
      })
      assert.ok(status >= 400 && status < 500, `${path} ${raw}: ${status} ${text}`)
    }
  }
  assert.equal((await api('GET', '/networks', { as: 'admin' })).text, before)
})
