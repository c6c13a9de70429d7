import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startNetwork } from '../../test/support/network.ts'
import type { Ask } from '../../test/support/one-service.ts'

const network = await startNetwork()
after(() => network.close())
const { api, make } = network
const admin: Ask = { as: 'admin' }

/** A subnet of a network of its own, or the refusal. */
const cut = async (values: object, ask: Ask = {}) => {
  const { id } = await make('networks', {}, ask)
  const subnet = { network_id: id, ip_version: 4, ...values }
  const answer = await api('POST', '/subnets', { ...ask, body: { subnet } })
  return answer.body.subnet ?? answer.body.NeutronError
}

test('a pool has its prefixes in as few as there can be, and lengths told as text', async () => {
  const pool = await make('subnetpools', {
    name: 'p',
    prefixes: ['10.1.0.0/24', '10.0.0.0/16', '10.1.1.0/24'],
  })
  assert.deepEqual(pool, {
    ...pool,
    name: 'p',
    prefixes: ['10.0.0.0/16', '10.1.0.0/23'],
    ip_version: 4,
    min_prefixlen: '8',
    max_prefixlen: '32',
    default_prefixlen: '8',
    default_quota: null,
    address_scope_id: null,
    shared: false,
    is_default: false,
    tags: [],
  })
  const shown = (await api('GET', `/subnetpools/${pool.id}`)).body.subnetpool
  assert.deepEqual(shown, pool)
  const [listed] = (await api('GET', '/subnetpools?name=p&fields=id')).body.subnetpools
  assert.deepEqual(listed, { id: pool.id })
})

test('subnets are cut from a pool: any, of a length, or a named one', async () => {
  const pool = await make('subnetpools', { name: 'cut', prefixes: ['10.20.0.0/22'], default_prefixlen: 24 })
  const first = await cut({ subnetpool_id: pool.id })
  assert.deepEqual(
    [first.cidr, first.gateway_ip, first.subnetpool_id],
    ['10.20.0.0/24', '10.20.0.1', pool.id],
  )
  assert.equal((await cut({ subnetpool_id: pool.id, prefixlen: 26 })).cidr, '10.20.1.0/26')
  assert.equal((await cut({ subnetpool_id: pool.id, cidr: '10.20.3.0/24' })).cidr, '10.20.3.0/24')
  assert.equal((await cut({ subnetpool_id: pool.id })).cidr, '10.20.2.0/24')
  const full = await cut({ subnetpool_id: pool.id })
  assert.deepEqual(
    [full.type, full.message],
    [
      'SubnetAllocationError',
      'Failed to allocate subnet: Insufficient prefix space to allocate subnet size /24.',
    ],
  )
  assert.equal((await cut({ subnetpool_id: pool.id, cidr: '10.20.0.0/25' })).type, 'SubnetAllocationError')
  const of = (await api('GET', `/subnets?subnetpool_id=${pool.id}`)).body.subnets
  assert.equal(of.length, 4)
  assert.equal((await api('DELETE', `/subnets/${first.id}`)).status, 204)
  assert.equal((await cut({ subnetpool_id: pool.id })).cidr, '10.20.0.0/24')
})

test('subnets asked for at once get prefixes of their own', async () => {
  const pool = await make('subnetpools', { name: 'race', prefixes: ['10.30.0.0/21'], default_prefixlen: 24 })
  const cidrs = await Promise.all(
    Array.from({ length: 10 }, async () => (await cut({ subnetpool_id: pool.id })).cidr),
  )
  const got = cidrs.filter(one => one !== undefined)
  assert.deepEqual([got.length, new Set(got).size], [8, 8])
})

test('what cannot be cut is refused in Neutron’s words', async () => {
  const given = { prefixes: ['10.40.0.0/16'], min_prefixlen: 20, max_prefixlen: 28 }
  const pool = await make('subnetpools', { name: 'bounds', ...given })
  const cases: [object, string, RegExp][] = [
    [{ prefixlen: 19 }, 'MinPrefixSubnetAllocationError', /minimum allowed prefix is 20/],
    [{ prefixlen: 29 }, 'MaxPrefixSubnetAllocationError', /maximum allowed prefix is 28/],
    [{ prefixlen: 24, cidr: '10.40.0.0/24' }, 'BadRequest', /must not be supplied together/],
    [{ ip_version: 6 }, 'BadRequest', /Cannot allocate IPv6 subnet from IPv4 subnet pool/],
    [{ use_default_subnetpool: true }, 'BadRequest', /cannot both be specified/],
    [
      { allocation_pools: [{ start: '10.40.0.2', end: '10.40.0.9' }] },
      'BadRequest',
      /allowed only for specific subnet requests/,
    ],
    [{ subnetpool_id: 'nope' }, 'SubnetPoolNotFound', /^Subnet pool nope could not be found\.$/],
  ]
  for (const [values, type, message] of cases) {
    const refused = await cut({ subnetpool_id: pool.id, ...values })
    assert.equal(refused.type, type)
    assert.match(refused.message, message)
  }
  const other = await api('POST', '/subnets', {
    as: 'other',
    body: {
      subnet: {
        network_id: (await make('networks', {}, { as: 'other' })).id,
        ip_version: 4,
        subnetpool_id: pool.id,
      },
    },
  })
  assert.equal(other.status, 404, 'a pool of another project is not there')
})

test('subnets of one network come from one pool', async () => {
  const [one, two] = [
    await make('subnetpools', { name: 'one', prefixes: ['10.50.0.0/16'], default_prefixlen: 24 }),
    await make('subnetpools', { name: 'two', prefixes: ['10.51.0.0/16'], default_prefixlen: 24 }),
  ]
  const { id } = await make('networks', {})
  const from = (pool: { id: string }) => ({ network_id: id, ip_version: 4, subnetpool_id: pool.id })
  await make('subnets', from(one))
  await make('subnets', from(one))
  const refused = await api('POST', '/subnets', { body: { subnet: from(two) } })
  assert.equal(refused.body.NeutronError.type, 'NetworkSubnetPoolAffinityError')
})

test('a project has no more of a pool than its quota', async () => {
  const values = { prefixes: ['10.60.0.0/16'], default_prefixlen: 24, default_quota: 512, shared: true }
  const pool = await make('subnetpools', { name: 'quota', ...values }, admin)
  for (const _ of [1, 2]) assert.equal((await cut({ subnetpool_id: pool.id })).subnetpool_id, pool.id)
  assert.equal((await cut({ subnetpool_id: pool.id })).type, 'SubnetPoolQuotaExceeded')
  assert.equal((await cut({ subnetpool_id: pool.id }, { as: 'other' })).subnetpool_id, pool.id)
})

test('one pool of a version is the default; only administrators say which', async () => {
  const wanted = { name: 'd', prefixes: ['10.70.0.0/16'], default_prefixlen: 24, is_default: true }
  assert.equal((await api('POST', '/subnetpools', { body: { subnetpool: wanted } })).status, 403)
  assert.match((await cut({ use_default_subnetpool: true })).message, /No default subnetpool found for IPv4/)
  const pool = await make('subnetpools', { ...wanted, shared: true }, admin)
  assert.equal((await cut({ use_default_subnetpool: true })).cidr, '10.70.0.0/24')
  const second = await api('POST', '/subnetpools', { ...admin, body: { subnetpool: wanted } })
  assert.match(second.body.NeutronError.message, /already been set/)
  const set = (body: object) =>
    api('PUT', `/subnetpools/${pool.id}`, { ...admin, body: { subnetpool: body } })
  assert.equal((await set({ is_default: true })).status, 200)
  assert.equal((await set({ is_default: false })).body.subnetpool.is_default, false)
  await make('subnetpools', wanted, admin)
})

test('a pool grows and does not shrink, and stays while subnets are cut from it', async () => {
  const pool = await make('subnetpools', { name: 'grow', prefixes: ['10.80.0.0/24'], default_prefixlen: 26 })
  const set = (body: object, ask: Ask = {}) =>
    api('PUT', `/subnetpools/${pool.id}`, { ...ask, body: { subnetpool: body } })
  const grown = (await set({ prefixes: ['10.80.1.0/24', '10.80.0.0/24'], name: 'grown' })).body.subnetpool
  assert.deepEqual([grown.prefixes, grown.name, grown.revision_number], [['10.80.0.0/23'], 'grown', 2])
  const refusals: [object, string][] = [
    [{ prefixes: ['10.80.0.0/24'] }, 'IllegalSubnetPoolUpdate'],
    [{ prefixes: ['fd00::/48'] }, 'PrefixVersionMismatch'],
    [{ min_prefixlen: 27 }, 'IllegalSubnetPoolPrefixBounds'],
    [{ max_prefixlen: 33 }, 'UnsupportedMinSubnetPoolPrefix'],
    [{ shared: true }, 'HTTPBadRequest'],
  ]
  for (const [body, type] of refusals) assert.equal((await set(body)).body.NeutronError.type, type)
  assert.equal((await set({ name: 'x' }, { as: 'other' })).status, 404)
  const subnet = await cut({ subnetpool_id: pool.id })
  const remove = () => api('DELETE', `/subnetpools/${pool.id}`)
  assert.equal((await remove()).body.NeutronError.type, 'SubnetPoolDeleteError')
  await api('DELETE', `/subnets/${subnet.id}`)
  assert.equal((await remove()).status, 204)
  assert.equal((await remove()).status, 404)
})

test('pools that make no sense are refused', async () => {
  const cases: [object, string][] = [
    [{ prefixes: [] }, 'EmptySubnetPoolPrefixList'],
    [{ prefixes: ['10.0.0.0/8', 'fd00::/48'] }, 'PrefixVersionMismatch'],
    [{ min_prefixlen: 24, max_prefixlen: 20 }, 'IllegalSubnetPoolPrefixBounds'],
    [{ default_prefixlen: 4 }, 'IllegalSubnetPoolPrefixBounds'],
    [{ max_prefixlen: 20, default_prefixlen: 24 }, 'IllegalSubnetPoolPrefixBounds'],
    [{ min_prefixlen: 64 }, 'UnsupportedMinSubnetPoolPrefix'],
    [{ name: ' ' }, 'HTTPBadRequest'],
    [{ prefixes: ['here'] }, 'HTTPBadRequest'],
    [{ address_scope_id: 'some' }, 'HTTPBadRequest'],
  ]
  for (const [values, type] of cases) {
    const subnetpool = { name: 'bad', prefixes: ['10.0.0.0/8'], ...values }
    const answer = await api('POST', '/subnetpools', { body: { subnetpool } })
    assert.deepEqual([answer.status, answer.body.NeutronError.type], [400, type], answer.text)
  }
})
