import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { addMigration, addServer, addService, startComputeApi } from '../../../test/support/compute-api.ts'

const api = await startComputeApi()
after(() => api.close())
await addService(api, { id: 1, host: 'control', binary: 'nova-conductor' })
await addService(api, { id: 2, host: 'host-1' }, {})
await addService(api, { id: 3, host: 'host-2' }, {})

const admin = { as: 'admin' } as const
const uuid = (id: number) => `11111111-0000-4000-8000-${String(id).padStart(12, '0')}`
const list = async (query = '', at = '2.53') =>
  (await api.api('GET', `/os-services${query}`, { ...admin, at })).body.services
const put = (name: string, body: object, at: string) =>
  api.api('PUT', `/os-services/${name}`, { ...admin, at, body })
const host1 = { host: 'host-1', binary: 'nova-compute' }

test('services are listed with zone and state, numbered until 2.52 and by uuid from 2.53', async () => {
  const [conductor, compute] = await list()
  assert.deepEqual(compute, {
    id: uuid(2),
    binary: 'nova-compute',
    host: 'host-1',
    zone: 'nova',
    status: 'enabled',
    state: 'up',
    updated_at: '2026-11-23T09:30:00.000000',
    disabled_reason: null,
    forced_down: false,
  })
  assert.equal(conductor.zone, 'internal')
  const [, old] = await list('', '2.10')
  assert.equal(old.id, 2)
  assert.equal('forced_down' in old, false)
})

test('lists filter by host and binary', async () => {
  assert.equal((await list('?host=host-2')).length, 1)
  assert.equal((await list('?binary=nova-compute')).length, 2)
  assert.equal((await list('?host=control&binary=nova-compute')).length, 0)
  assert.equal((await api.api('GET', '/os-services?bogus=1', { ...admin, at: '2.75' })).status, 400)
})

test('a service that stays silent for a minute is down', async () => {
  api.clock.at += 60_000
  assert.equal((await list())[1].state, 'up')
  api.clock.at += 1
  assert.equal((await list())[1].state, 'down')
  api.clock.at -= 60_001
})

test('the old verbs disable, say why, enable, and force down', async () => {
  assert.deepEqual((await put('disable', host1, '2.1')).body, { service: { ...host1, status: 'disabled' } })
  const reasoned = await put('disable-log-reason', { ...host1, disabled_reason: 'repair' }, '2.1')
  assert.deepEqual(reasoned.body.service, { ...host1, status: 'disabled', disabled_reason: 'repair' })
  assert.equal((await list('?host=host-1'))[0].disabled_reason, 'repair')
  assert.deepEqual((await put('enable', host1, '2.1')).body, { service: { ...host1, status: 'enabled' } })
  assert.equal((await list('?host=host-1'))[0].disabled_reason, null)
  const forced = await put('force-down', { ...host1, forced_down: true }, '2.11')
  assert.deepEqual(forced.body.service, { ...host1, forced_down: true })
  assert.equal((await list('?host=host-1'))[0].state, 'down')
  await put('force-down', { ...host1, forced_down: false }, '2.11')
})

test('verbs and services that are not there are refused', async () => {
  assert.equal((await put('explode', host1, '2.1')).body.itemNotFound.message, 'Unknown action')
  assert.equal((await put('force-down', { ...host1 }, '2.10')).status, 404)
  assert.equal(
    (await put('enable', { host: 'nowhere', binary: 'nova-compute' }, '2.1')).body.itemNotFound.message,
    'Could not find binary nova-compute on host nowhere.',
  )
  assert.equal(
    (await put('disable-log-reason', host1, '2.1')).body.badRequest.message,
    'Missing disabled reason field',
  )
  assert.equal((await put('enable', { host: 'host-1' }, '2.1')).status, 400)
})

test('from 2.53 a service is changed by its uuid, and answers whole', async () => {
  const changed = await put(uuid(2), { status: 'disabled', disabled_reason: 'later' }, '2.53')
  assert.deepEqual(
    [changed.body.service.status, changed.body.service.disabled_reason, changed.body.service.id],
    ['disabled', 'later', uuid(2)],
  )
  const enabled = await put(uuid(2), { status: 'enabled', forced_down: 'true' }, '2.53')
  assert.deepEqual(
    [enabled.body.service.status, enabled.body.service.disabled_reason, enabled.body.service.state],
    ['enabled', null, 'down'],
  )
  await put(uuid(2), { forced_down: false }, '2.53')
})

test('changes that make no sense are told apart', async () => {
  const refused = async (id: string, body: object) => (await put(id, body, '2.53')).body
  assert.equal((await refused('2', { status: 'enabled' })).badRequest.message, 'Invalid uuid 2')
  assert.equal(
    (await refused(uuid(9), { status: 'enabled' })).itemNotFound.message,
    `Service ${uuid(9)} could not be found.`,
  )
  assert.equal(
    (await refused(uuid(1), { status: 'disabled' })).badRequest.message,
    'Updating a nova-conductor service is not supported. Only nova-compute services can be updated.',
  )
  assert.equal(
    (await refused(uuid(2), { status: 'enabled', disabled_reason: 'x' })).badRequest.message,
    "Specifying disabled_reason requires that status is 'disabled'.",
  )
  assert.match((await refused(uuid(2), {})).badRequest.message, /^No updates were requested/)
})

test('a compute service with servers or migrations stays; an empty one goes with its node and aggregates', async () => {
  const server = await addServer(api, { host: 'host-2' })
  const remove = () => api.api('DELETE', `/os-services/${uuid(3)}`, { ...admin, at: '2.53' })
  assert.match((await remove()).body.conflictingRequest.message, /hosting instances/)
  await api.db.updateTable('servers').set({ deleted: 1 }).where('id', '=', server).execute()
  await addMigration(api, { id: 1, server_id: server, status: 'migrating' })
  assert.match((await remove()).body.conflictingRequest.message, /in-progress migrations/)
  await api.db.updateTable('migrations').set({ status: 'confirmed' }).execute()
  await api.db.insertInto('aggregate_hosts').values({ aggregate_id: 7, host: 'host-2' }).execute()
  assert.equal((await remove()).status, 204)
  assert.equal((await list('?host=host-2')).length, 0)
  assert.equal((await api.api('GET', '/os-hypervisors', admin)).body.hypervisors.length, 1)
  assert.deepEqual(await api.db.selectFrom('aggregate_hosts').selectAll().execute(), [])
  assert.equal((await remove()).status, 404)
})

test('users see and change none of it', async () => {
  assert.equal((await api.api('GET', '/os-services')).status, 403)
  assert.equal((await api.api('PUT', '/os-services/enable', { body: host1 })).status, 403)
  assert.equal((await api.api('DELETE', '/os-services/2')).status, 403)
})
