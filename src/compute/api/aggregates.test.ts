import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { addServer, addService, startComputeApi } from '../../../test/support/compute-api.ts'

const api = await startComputeApi()
after(() => api.close())
await addService(api, { id: 1, host: 'host-1' }, {})
await addService(api, { id: 2, host: 'host-2' }, {})
await addService(api, { id: 3, host: 'control', binary: 'nova-scheduler' })

const admin = { as: 'admin' } as const
const create = async (aggregate: object, at = '2.41') =>
  api.api('POST', '/os-aggregates', { ...admin, at, body: { aggregate } })
const act = (id: number, body: object) => api.api('POST', `/os-aggregates/${id}/action`, { ...admin, body })
const addHost = (id: number, host: string) => act(id, { add_host: { host } })
const removeHost = (id: number, host: string) => act(id, { remove_host: { host } })
const put = (id: number, aggregate: object) =>
  api.api('PUT', `/os-aggregates/${id}`, { ...admin, body: { aggregate } })
const get = async (id: number) => (await api.api('GET', `/os-aggregates/${id}`, admin)).body.aggregate

test('a new aggregate answers without hosts and metadata; show has them', async () => {
  const { status, body } = await create({ name: 'fast', availability_zone: 'london' })
  assert.equal(status, 200)
  const { uuid, ...rest } = body.aggregate
  assert.match(uuid, /^[0-9a-f-]{36}$/)
  const shown = {
    id: 1,
    name: 'fast',
    availability_zone: 'london',
    created_at: '2026-11-23T09:30:00.000000',
    updated_at: null,
    deleted: false,
    deleted_at: null,
  }
  assert.deepEqual(rest, shown)
  assert.deepEqual(await get(1), { ...shown, hosts: [], metadata: { availability_zone: 'london' } })
})

test('names are taken once, by creating and by renaming', async () => {
  const twin = await create({ name: 'fast' })
  assert.deepEqual(
    [twin.status, twin.body.conflictingRequest.message],
    [409, 'Aggregate fast already exists.'],
  )
  await create({ name: 'plain' })
  assert.equal((await put(2, { name: 'fast' })).status, 409)
  assert.equal((await put(2, { name: 'plain' })).status, 200)
})

test('hosts come and go; only compute hosts, and each once', async () => {
  assert.deepEqual((await addHost(1, 'host-1')).body.aggregate.hosts, ['host-1'])
  assert.equal(
    (await addHost(1, 'host-1')).body.conflictingRequest.message,
    'Aggregate 1 already has host host-1.',
  )
  assert.equal(
    (await addHost(1, 'control')).body.itemNotFound.message,
    'Compute host control could not be found.',
  )
  assert.equal(
    (await removeHost(1, 'host-2')).body.itemNotFound.message,
    'Cannot remove host host-2 in aggregate 1',
  )
})

test('the zone of an aggregate is the zone of its hosts', async () => {
  const zones = async (path: string, as: 'demo' | 'admin') =>
    (await api.api('GET', `/os-availability-zone${path}`, { as })).body.availabilityZoneInfo
  assert.deepEqual(await zones('', 'demo'), [
    { zoneName: 'london', zoneState: { available: true }, hosts: null },
    { zoneName: 'nova', zoneState: { available: true }, hosts: null },
  ])
  await api.db.updateTable('compute_services').set({ disabled: 1 }).where('host', '=', 'host-2').execute()
  const state = { active: true, available: true, updated_at: '2026-11-23T09:30:00.000000' }
  assert.deepEqual(await zones('/detail', 'admin'), [
    {
      zoneName: 'london',
      zoneState: { available: true },
      hosts: { 'host-1': { 'nova-compute': state } },
    },
    {
      zoneName: 'internal',
      zoneState: { available: true },
      hosts: { control: { 'nova-scheduler': state } },
    },
    { zoneName: 'nova', zoneState: { available: false }, hosts: null },
  ])
  await api.db.updateTable('compute_services').set({ disabled: 0 }).execute()
  assert.equal((await api.api('GET', '/os-availability-zone/detail')).status, 403)
})

test('a host is in one zone only', async () => {
  const other = (await create({ name: 'paris', availability_zone: 'paris' })).body.aggregate.id
  const refused = await addHost(other, 'host-1')
  assert.deepEqual(
    [refused.status, refused.body.conflictingRequest.message],
    [
      409,
      `Cannot add host to aggregate ${other}. Reason: One or more hosts already in availability zone(s) ['london'].`,
    ],
  )
  assert.equal((await addHost(2, 'host-1')).status, 200)
  const renamed = await put(2, { availability_zone: 'paris' })
  assert.deepEqual(
    [renamed.status, renamed.body.badRequest.message],
    [400, "Cannot update aggregate 2. Reason: One or more hosts already in availability zone(s) ['london']."],
  )
  const tagged = await act(2, { set_metadata: { metadata: { availability_zone: 'paris' } } })
  assert.match(tagged.body.badRequest.message, /^Cannot update metadata of aggregate 2\. Reason: /)
  assert.equal((await get(2)).availability_zone, null)
})

test('a zone with servers in it keeps its name', async () => {
  const server = await addServer(api, { host: 'host-1' })
  const refused = await put(1, { availability_zone: 'berlin' })
  assert.equal(
    refused.body.badRequest.message,
    'Cannot update aggregate 1. Reason: One or more hosts contain instances in this zone.',
  )
  assert.equal((await put(1, { availability_zone: 'london' })).status, 200)
  await api.db.updateTable('servers').set({ deleted: 1 }).where('id', '=', server).execute()
  assert.equal((await put(1, { availability_zone: 'berlin' })).body.aggregate.availability_zone, 'berlin')
})

test('metadata is merged, and null takes a key away', async () => {
  await act(2, { set_metadata: { metadata: { a: '1', b: '2' } } })
  const { body } = await act(2, { set_metadata: { metadata: { a: null, c: '3' } } })
  assert.deepEqual(body.aggregate.metadata, { b: '2', c: '3' })
  assert.equal((await act(2, { set_metadata: { metadata: { d: 4 } } })).status, 400)
})

test('an aggregate with hosts is not deleted', async () => {
  const remove = () => api.api('DELETE', '/os-aggregates/1', admin)
  assert.equal(
    (await remove()).body.badRequest.message,
    'Cannot remove aggregate 1. Reason: Host aggregate is not empty.',
  )
  await removeHost(1, 'host-1')
  const gone = await remove()
  assert.deepEqual([gone.status, gone.text], [200, ''])
  assert.equal((await remove()).body.itemNotFound.message, 'Aggregate 1 could not be found.')
})

test('bad ids, names and actions are told apart', async () => {
  assert.equal((await api.api('GET', '/os-aggregates/-1', admin)).status, 404)
  assert.equal((await api.api('GET', '/os-aggregates/one', admin)).status, 400)
  assert.equal((await create({ name: '' })).status, 400)
  assert.equal((await create({ name: 'x'.repeat(256) })).status, 400)
  assert.equal((await create({ name: 'x', availability_zone: 'a:b' })).status, 400)
  assert.equal((await put(2, {})).status, 400)
  assert.equal((await act(2, { dance: {} })).body.badRequest.message, 'There is no such action: dance')
  assert.equal((await act(2, {})).body.badRequest.message, 'Malformed request body')
})

test('aggregates are for administrators, and tell of their changes', async () => {
  assert.equal((await api.api('GET', '/os-aggregates')).status, 403)
  assert.equal((await api.api('POST', '/os-aggregates', { body: { aggregate: { name: 'x' } } })).status, 403)
  assert.equal(
    (await api.api('POST', '/os-aggregates/2/action', { body: { add_host: { host: 'host-1' } } })).status,
    403,
  )
  const types = new Set(api.notifications.map(message => message.event_type))
  for (const type of ['aggregate.create.end', 'aggregate.add_host.start', 'aggregate.delete.end'])
    assert.ok(types.has(type), type)
})
