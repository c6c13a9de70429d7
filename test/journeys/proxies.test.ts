// What Nova hands on to other services for old clients (up to 2.35; image metadata up to 2.38), in its old shapes.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Account, startTestCloud, type TestCloud } from '../support/cloud.ts'

let cloud: TestCloud
before(async () => {
  cloud = await startTestCloud()
})
after(() => cloud.close())

const nobody = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'

const ask = (method: string, path: string, body?: unknown, as: Account = 'demo') =>
  cloud.ask(method, path, { as, version: '2.1', ...(body === undefined ? {} : { body }) })

async function refused(status: number, key: string, message: RegExp, ...asked: Parameters<typeof ask>) {
  const answer = await ask(...asked)
  assert.equal(answer.status, status, answer.text)
  assert.match(answer.body[key].message, message)
}

const makeGroup = async (name: string) => {
  const answer = await ask('POST', '/os-security-groups', {
    security_group: { name, description: 'of a test' },
  })
  assert.equal(answer.status, 200, answer.text)
  return answer.body.security_group
}

test('a security group has its ingress rules only, in the old shape', async () => {
  const group = await makeGroup('web')
  assert.deepEqual(group, {
    id: group.id,
    name: 'web',
    description: 'of a test',
    tenant_id: cloud.projectId.demo,
    rules: [],
  })
  const asked = {
    parent_group_id: group.id,
    ip_protocol: 'TCP',
    from_port: 22,
    to_port: '22',
    cidr: '10.0.0.0/24',
  }
  const made = await ask('POST', '/os-security-group-rules', { security_group_rule: asked })
  const rule = {
    id: made.body.security_group_rule.id,
    parent_group_id: group.id,
    ip_protocol: 'tcp',
    from_port: 22,
    to_port: 22,
    group: {},
    ip_range: { cidr: '10.0.0.0/24' },
  }
  assert.deepEqual(made.body, { security_group_rule: rule })
  assert.deepEqual((await ask('GET', `/os-security-groups/${group.id}`)).body.security_group.rules, [rule])
  const named = await cloud.ask('GET', `/os-security-groups/${group.id}`, { version: '2.36' })
  assert.equal(named.status, 404)
  assert.equal((await ask('DELETE', `/os-security-group-rules/${rule.id}`)).status, 202)
  assert.equal((await ask('DELETE', `/os-security-groups/${group.id}`)).status, 202)
})

test('a rule can let a group in, and every port of a protocol', async () => {
  const [group, friends] = [await makeGroup('db'), await makeGroup('friends')]
  const made = await ask('POST', '/os-security-group-rules', {
    security_group_rule: { parent_group_id: group.id, group_id: friends.id, ip_protocol: 'udp' },
  })
  const { from_port, to_port, group: source, ip_range } = made.body.security_group_rule
  assert.deepEqual(
    [from_port, to_port, source, ip_range],
    [1, 65_535, { name: 'friends', tenant_id: cloud.projectId.demo }, {}],
  )
  const icmp = await ask('POST', '/os-security-group-rules', {
    security_group_rule: { parent_group_id: group.id, ip_protocol: 'icmp', from_port: -1, to_port: -1 },
  })
  assert.deepEqual(
    [icmp.body.security_group_rule.from_port, icmp.body.security_group_rule.ip_range],
    [-1, { cidr: '0.0.0.0/0' }],
  )
})

test('groups are listed sorted by name, a page of them, the default one among them', async () => {
  await makeGroup('aaa')
  const { security_groups: all } = (await ask('GET', '/os-security-groups')).body
  const names = all.map(({ name }: { name: string }) => name)
  assert.deepEqual(names, [...names].sort())
  assert.ok(names.includes('default'))
  assert.equal((await ask('GET', '/os-security-groups?limit=1&offset=1')).body.security_groups.length, 1)
  const everyones = await ask('GET', '/os-security-groups?all_tenants=1', undefined, 'admin')
  assert.ok(everyones.body.security_groups.some((one: { name: string }) => one.name === 'aaa'))
  await refused(400, 'badRequest', /query parameters limit/, 'GET', '/os-security-groups?limit=x')
})

test('names and addresses of groups and rules stay as they were given', async () => {
  const group = await makeGroup(' spaced name ')
  assert.equal(group.name, ' spaced name ')
  const rule = {
    parent_group_id: group.id,
    ip_protocol: 'tcp',
    from_port: 1,
    to_port: 2,
    cidr: '10.2.3.124/24',
  }
  const made = await ask('POST', '/os-security-group-rules', { security_group_rule: rule })
  assert.deepEqual(made.body.security_group_rule.ip_range, { cidr: '10.2.3.124/24' })
})

test('what is wrong with groups and rules is said as Nova says it', async () => {
  const group = await makeGroup('wrong')
  const rule = (more: object) => ({
    security_group_rule: { parent_group_id: group.id, ip_protocol: 'tcp', from_port: 1, to_port: 2, ...more },
  })
  const rules = '/os-security-group-rules'
  await refused(400, 'badRequest', /^Security group id should be uuid$/, 'GET', '/os-security-groups/x')
  await refused(404, 'itemNotFound', /does not exist/, 'GET', `/os-security-groups/${nobody}`)
  await refused(404, 'itemNotFound', /does not exist/, 'DELETE', `${rules}/${nobody}`)
  await refused(400, 'badRequest', /^Not enough parameters/, 'POST', rules, rule({ ip_protocol: null }))
  await refused(400, 'badRequest', /^Bad prefix for network/, 'POST', rules, rule({ cidr: '10.0.0.0/0' }))
  await refused(400, 'badRequest', /./, 'POST', rules, rule({ from_port: 9, to_port: 3 }))
  const renamed = { security_group: { name: 'other', description: 'd' } }
  const answer = await ask('PUT', `/os-security-groups/${group.id}`, renamed)
  assert.deepEqual([answer.status, answer.body.security_group.name], [200, 'other'])
})

test('over quota is a 403, with the words of the network service', async () => {
  const path = `/network/v2.0/quotas/${cloud.projectId.demo}`
  await cloud.ask('PUT', path, { as: 'admin', body: { quota: { security_group: 0, floatingip: 0 } } })
  const body = { security_group: { name: 'more', description: 'd' } }
  await refused(403, 'forbidden', /^Quota exceeded/, 'POST', '/os-security-groups', body)
  await refused(403, 'forbidden', /^IP allocation over quota\.$/, 'POST', '/os-floating-ips')
  await cloud.ask('DELETE', path, { as: 'admin' })
})

test("a server's groups come whole; adding one that is not there is a 404", async () => {
  const server = await cloud.server({ name: 'grouped' })
  const { body } = await cloud.ask('GET', `/servers/${server.id}/os-security-groups`)
  assert.deepEqual(
    body.security_groups.map((one: object) => Object.keys(one).sort()),
    [['description', 'id', 'name', 'rules', 'tenant_id']],
  )
  assert.equal(body.security_groups[0].name, 'default')
  assert.equal((await cloud.act(server, { removeSecurityGroup: { name: 'default' } })).status, 202)
  assert.equal('security_groups' in (await cloud.show(server.id)), false, 'no group, no list of groups')
  const missing = await cloud.act(server, { addSecurityGroup: { name: 'nope' } })
  assert.deepEqual(
    [missing.status, missing.body.itemNotFound.message],
    [404, `Security group nope not found for project ${cloud.projectId.demo}.`],
  )
})

test("a server's ports are shown to those who see the server", async () => {
  const server = await cloud.server({ name: 'attached' })
  const { interfaceAttachments } = (await cloud.ask('GET', `/servers/${server.id}/os-interface`)).body
  const [only] = interfaceAttachments
  assert.deepEqual(Object.keys(only).sort(), [
    'fixed_ips',
    'mac_addr',
    'net_id',
    'port_id',
    'port_state',
    'tag',
  ])
  assert.deepEqual([interfaceAttachments.length, only.port_state, only.tag], [1, 'ACTIVE', null])
  const one = await ask('GET', `/servers/${server.id}/os-interface/${only.port_id}`)
  const { tag: _, ...untagged } = only
  assert.deepEqual(one.body, { interfaceAttachment: untagged })
  const other = await cloud.server({ name: 'other' })
  const path = `/servers/${other.id}/os-interface`
  await refused(404, 'itemNotFound', /does not have a port with id/, 'GET', `${path}/${only.port_id}`)
  await refused(404, 'itemNotFound', /does not have a port with id/, 'GET', `${path}/${nobody}`)
})

test('no volumes are attached to a server, for as long as none can be', async () => {
  const server = await cloud.server({ name: 'diskless' })
  const path = `/servers/${server.id}/os-volume_attachments`
  assert.deepEqual((await ask('GET', path)).body, { volumeAttachments: [] })
  await refused(404, 'itemNotFound', /is not attached to volume/, 'GET', `${path}/${nobody}`)
})

test('floating addresses name their pool and the server behind them', async () => {
  assert.deepEqual((await ask('GET', '/os-floating-ip-pools')).body, {
    floating_ip_pools: [{ name: 'public' }],
  })
  const made = await ask('POST', '/os-floating-ips', { pool: 'public' })
  const { id, ip } = made.body.floating_ip
  assert.deepEqual(made.body.floating_ip, { id, ip, pool: 'public', fixed_ip: null, instance_id: null })
  const server = await cloud.server({ name: 'floated' })
  const { ports } = (await cloud.ask('GET', `/network/v2.0/ports?device_id=${server.id}`)).body
  const body = { floatingip: { port_id: ports[0].id } }
  assert.equal((await cloud.ask('PUT', `/network/v2.0/floatingips/${id}`, { body })).status, 200)
  const shown = (await ask('GET', `/os-floating-ips/${id}`)).body.floating_ip
  assert.deepEqual([shown.instance_id, typeof shown.fixed_ip], [server.id, 'string'])
  assert.deepEqual((await ask('GET', '/os-floating-ips')).body.floating_ips, [shown])
  assert.equal((await ask('DELETE', `/os-floating-ips/${id}`)).status, 202)
  await refused(404, 'itemNotFound', /^Floating IP not found for ID/, 'GET', `/os-floating-ips/${id}`)
  await refused(404, 'itemNotFound', /^Floating IP pool not found\.$/, 'POST', '/os-floating-ips', {
    pool: 'x',
  })
})

test('a pool without addresses left says so', async () => {
  const network = { name: 'tiny', 'router:external': true }
  const made = await cloud.ask('POST', '/network/v2.0/networks', { as: 'admin', body: { network } })
  const subnet = { network_id: made.body.network.id, ip_version: 4, cidr: '203.0.113.0/30' }
  await cloud.ask('POST', '/network/v2.0/subnets', { as: 'admin', body: { subnet } })
  assert.equal((await ask('POST', '/os-floating-ips', { pool: 'tiny' })).status, 200)
  await refused(404, 'itemNotFound', /^No more floating IPs in pool tiny\.$/, 'POST', '/os-floating-ips', {
    pool: 'tiny',
  })
})

test('networks have their names, and nothing of nova-network any more', async () => {
  const { networks } = (await ask('GET', '/os-networks')).body
  const own = networks.find(({ label }: { label: string }) => label === 'private')
  assert.deepEqual([own.cidr, own.gateway, 'mtu' in own], [null, null, false])
  const { network } = (await ask('GET', `/os-networks/${own.id}`, undefined, 'admin')).body
  assert.deepEqual([network.label, typeof network.mtu], ['private', 'number'])
  const brief = { id: own.id, cidr: 'None', label: 'private' }
  assert.deepEqual((await ask('GET', `/os-tenant-networks/${own.id}`)).body, { network: brief })
  const visible = (await cloud.ask('GET', '/network/v2.0/networks')).body.networks
  assert.deepEqual(
    (await ask('GET', '/os-tenant-networks')).body.networks,
    visible.map(({ id, name }: { id: string; name: string }) => ({ id, cidr: 'None', label: name })),
  )
  const everybodys = (await ask('GET', '/os-networks', undefined, 'admin')).body.networks
  assert.ok(
    everybodys.some(({ id }: { id: string }) => id === own.id),
    'an administrator sees all of them',
  )
  await refused(404, 'itemNotFound', /^Network not found$/, 'GET', `/os-networks/${nobody}`)
})

test('images have their properties as metadata, and name the server they were made of', async () => {
  const server = await cloud.server({ name: 'pictured' })
  const created = await cloud.act(
    server,
    { createImage: { name: 'shot', metadata: { colour: 'red' } } },
    'demo',
    '2.1',
  )
  const id = created.headers.get('location')?.split('/').at(-1)
  const { image } = (await ask('GET', `/images/${id}`)).body
  assert.deepEqual(
    [image.name, image.status, image.progress, image.metadata.colour, image.server.id],
    ['shot', 'ACTIVE', 100, 'red', server.id],
  )
  assert.deepEqual(
    image.links.map(({ rel }: { rel: string }) => rel),
    ['self', 'bookmark', 'alternate'],
  )
  const ofServer = (await ask('GET', `/images/detail?server=http://x/${server.id}&status=ACTIVE`)).body.images
  assert.deepEqual(ofServer, [image])
  const brief = (await ask('GET', '/images?name=shot&type=snapshot&changes-since=2020-01-01T00:00:00Z')).body
    .images
  assert.deepEqual(brief, [{ id, name: 'shot', links: image.links }])
  const page = (await ask('GET', '/images?limit=1')).body
  assert.equal(page.images.length, 1)
  assert.match(page.images_links[0].href, /\/images\?limit=1&marker=/)
  assert.equal((await ask('GET', page.images_links[0].href.replace(/.*v2\.1/, ''))).status, 200)

  const at = `/images/${id}/metadata`
  assert.equal((await ask('POST', at, { metadata: { mood: 'good' } })).body.metadata.colour, 'red')
  assert.deepEqual((await ask('PUT', `${at}/colour`, { meta: { colour: 'blue' } })).body, {
    meta: { colour: 'blue' },
  })
  assert.deepEqual((await ask('GET', `${at}/colour`)).body, { meta: { colour: 'blue' } })
  assert.equal((await ask('DELETE', `${at}/colour`)).status, 204)
  await refused(404, 'itemNotFound', /^Metadata item was not found$/, 'GET', `${at}/colour`)
  await refused(404, 'itemNotFound', /^Metadata item was not found$/, 'DELETE', `${at}/colour`)
  await refused(400, 'badRequest', /URI mismatch/, 'PUT', `${at}/a`, { meta: { b: 'c' } })
  assert.deepEqual((await ask('PUT', at, { metadata: { only: 'this' } })).body, {
    metadata: { only: 'this' },
  })
  assert.deepEqual((await ask('GET', at)).body, { metadata: { only: 'this' } })

  assert.equal((await ask('DELETE', `/images/${id}`)).status, 204)
  await refused(404, 'itemNotFound', /^Image not found\.$/, 'GET', `/images/${id}`)
  await refused(404, 'itemNotFound', /^Image not found\.$/, 'DELETE', `/images/${id}`)
  await refused(400, 'badRequest', /^No image found with ID/, 'GET', `/images?marker=${nobody}`)
})

test("another's public image can be seen, not changed", async () => {
  const path = `/images/${cloud.imageId}`
  assert.equal((await ask('GET', path)).status, 200)
  await refused(403, 'forbidden', /^You are not allowed to delete the image\.$/, 'DELETE', path)
  await refused(403, 'forbidden', /^Not authorized for image/, 'POST', `${path}/metadata`, {
    metadata: { mine: 'now' },
  })
})
