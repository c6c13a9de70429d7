// Before the fact: where a server would go, and what a create would be refused with; nothing comes of asking.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ComputeTables } from '../../../src/compute/tables.ts'
import { tables } from '../../../src/platform/store/store.ts'
import { startTestCloud, type TestCloud } from '../../support/cloud.ts'
import { newTenant } from '../../support/tenant.ts'

let cloud: TestCloud
before(async () => {
  cloud = await startTestCloud({ hosts: 3, hostRamMb: 4096 })
})
after(() => cloud.close())

const body = (more: object = {}) => ({
  server: { name: 'vm', flavorRef: '1', imageRef: cloud.imageId, networks: 'auto', ...more },
})
const dryRun = async (more: object = {}, version = 'latest') =>
  (
    await cloud.ask('POST', '/trace/v1/servers', {
      body: body(more),
      headers: { 'openstack-api-version': `compute ${version}` },
    })
  ).body

/** Everything a create would leave. */
async function left(): Promise<unknown> {
  const db = tables<ComputeTables>(cloud.cloud.store)
  const count = async (table: 'servers' | 'instance_actions' | 'operations' | 'claims' | 'schedulings') =>
    (await db.selectFrom(table).selectAll().execute()).length
  const ports = (await cloud.ask('GET', '/network/v2.0/ports', { as: 'admin' })).body.ports.length
  const names = ['servers', 'instance_actions', 'operations', 'claims', 'schedulings'] as const
  return [ports, cloud.notifications.length, ...(await Promise.all(names.map(count)))]
}

test('explaining a placement and a dry run leave nothing behind', async () => {
  const before = await left()
  await cloud.ask('GET', '/trace/v1/placement?flavor=1')
  assert.equal((await dryRun()).refusal, null)
  assert.equal((await dryRun({ flavorRef: '5' })).refusal, null)
  assert.deepEqual(await left(), before)
})

test('the dry run tells the table the create then finds', async () => {
  const asked = { as: 'admin', body: body({ flavorRef: '4' }) } as const
  const { placement, servers } = (await cloud.ask('POST', '/trace/v1/servers', asked)).body
  assert.equal(servers, 1)
  const server = await cloud.server({ flavorRef: '4' })
  const trace = (await cloud.ask('GET', `/trace/v1/traces/${server.id}`, { as: 'admin' })).body
  const { at: _, ...foreseen } = placement[0]
  const { at: __, ...happened } = trace.placement[0]
  assert.deepEqual(foreseen, happened)
})

for (const [what, more, version] of [
  ['a flavor that is not there', { flavorRef: '99' }, 'latest'],
  ['an image that is not there', { imageRef: '00000000-0000-4000-8000-000000000000' }, 'latest'],
  ['a body the schema refuses', { name: '' }, 'latest'],
  ['more servers than the quota lets be', { min_count: 50, max_count: 50 }, 'latest'],
  ['a host, of an owner', { host: 'host-1' }, 'latest'],
  ['a network list before 2.37 knew auto', { networks: 'auto' }, '2.36'],
  ['a zone that is not there', { availability_zone: 'moon' }, 'latest'],
  ['a group that is not there', {}, 'latest'],
] as const)
  test(`a create with ${what} is foretold to be refused in the words it is refused with`, async () => {
    const hints = what.startsWith('a group')
      ? { 'os:scheduler_hints': { group: '00000000-0000-4000-8000-000000000000' } }
      : {}
    const headers = { 'openstack-api-version': `compute ${version}` }
    const asked = { ...body(more), ...hints }
    const { refusal, placement } = (await cloud.ask('POST', '/trace/v1/servers', { body: asked, headers }))
      .body
    const real = await cloud.ask('POST', '/servers', { body: asked, headers, version })
    const [fault] = Object.values(real.body) as { code: number; message: string }[] // Nova's form
    assert.ok(real.status >= 400 && real.status < 500)
    assert.deepEqual(refusal, { status: fault?.code, message: fault?.message })
    assert.deepEqual(placement, [])
  })

test('administrators are told hosts, owners counts; a wish for a host counts the others', async () => {
  const path = '/trace/v1/placement?flavor=1'
  const forAdmin = (await cloud.ask('GET', `${path}&host=host-2`, { as: 'admin' })).body.placement
  assert.deepEqual(
    forAdmin.hosts.map((one: { host: string; first: { code: string } | null }) => [
      one.host,
      one.first?.code,
    ]),
    [
      ['host-2', undefined],
      ['host-1', 'NoHost.NotRequested'],
      ['host-3', 'NoHost.NotRequested'],
    ],
  )
  assert.equal((await cloud.ask('GET', `${path}&host=host-2`)).status, 403)
  const forOwner = (await cloud.ask('GET', path)).body.placement
  assert.deepEqual([forOwner.hostsTotal, forOwner.hosts[0].host, forOwner.hosts[0].isChosen], [3, null, true])
})

test('hints, zones and images are heard', async () => {
  const { id } = await cloud.server()
  const { 'OS-EXT-SRV-ATTR:host': host } = await cloud.show(id)
  const other = await cloud.server()
  const codes = async (query: string) =>
    (await cloud.ask('GET', `/trace/v1/placement?flavor=1&${query}`, { as: 'admin' })).body.placement
  const here = await codes(`zone=nova:${host}&image=${cloud.imageId}`)
  assert.equal(here.hosts[0].host, host)
  const group = (
    await cloud.ask('POST', '/os-server-groups', {
      body: { server_group: { name: 'g', policy: 'anti-affinity' } },
    })
  ).body.server_group.id
  assert.equal((await cloud.ask('GET', `/trace/v1/placement?flavor=1&hint=group=${group}`)).status, 200)
  assert.equal((await cloud.ask('GET', '/trace/v1/placement?flavor=1&hint=group=nothing')).status, 400)
  assert.equal(
    (await cloud.ask('GET', '/trace/v1/placement?flavor=99')).body.badRequest.message,
    'Flavor 99 could not be found.',
  )
  assert.equal((await cloud.ask('GET', '/trace/v1/placement')).status, 400)
  await cloud.ask('DELETE', `/servers/${other.id}`)
  await cloud.settled()
})

test("another project's group is not there", async () => {
  const tenant = await newTenant(cloud, 'tenant')
  const made = await tenant.ask('POST', '/compute/v2.1/os-server-groups', {
    server_group: { name: 'g', policy: 'affinity' },
  })
  const { status } = await cloud.ask(
    'GET',
    `/trace/v1/placement?flavor=1&hint=group=${made.body.server_group.id}`,
  )
  assert.equal(status, 400)
})

test('a reader may not try creates', async () => {
  const reader = await newTenant(cloud, 'reading', 'reader')
  const { status } = await reader.ask('POST', '/trace/v1/servers', body())
  assert.equal(status, 403)
})
