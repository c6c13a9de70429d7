import assert from 'node:assert/strict'
import { test } from 'node:test'
import { image, type RunningVolumes, runVolumes } from '../../../test/support/volume-service.ts'

const put = (volumes: RunningVolumes, action: string, body: object, version = 'latest') =>
  volumes.ask('PUT', `/os-services/${action}`, { as: 'admin', body, version })
const listed = async (volumes: RunningVolumes, query = '') =>
  (await volumes.ask('GET', `/os-services${query}`, { as: 'admin' })).body.services
const failed = async (volumes: RunningVolumes, given: object) => {
  const { volume } = (await volumes.ask('POST', '/volumes', { body: { volume: { size: 1, ...given } } })).body
  await volumes.work.settled()
  assert.equal((await volumes.show(volume.id)).status, 'error')
  return volume.id
}

test('a service is switched off and on, with or without a reason', async () => {
  await using volumes = await runVolumes()
  const asked = { binary: 'cinder-volume', host: 'here@file' }
  const answer = await put(volumes, 'disable-log-reason', { ...asked, disabled_reason: 'repairs' })
  assert.deepEqual(answer.body, {
    disabled: true,
    disabled_reason: 'repairs',
    host: 'here@file',
    service: '',
    binary: 'cinder-volume',
    status: 'disabled',
  })
  const [service] = await listed(volumes, '?binary=cinder-volume&host=here')
  assert.deepEqual([service.status, service.disabled_reason, service.state], ['disabled', 'repairs', 'up'])
  await failed(volumes, {})
  assert.equal((await put(volumes, 'enable', asked)).body.status, 'enabled')
  assert.equal((await volumes.volume()).status, 'available')
  const unknown = await put(volumes, 'disable', { binary: 'cinder-volume', host: 'there' })
  assert.equal(unknown.body.itemNotFound.message, 'Service cinder-volume could not be found on host there.')
  assert.match((await put(volumes, 'dance', asked)).body.badRequest.message, /Unknown action/)
  assert.equal((await put(volumes, 'disable', { host: 'here@file' })).status, 400)
  assert.equal((await volumes.ask('PUT', '/os-services/enable', { body: asked })).status, 403)
})

test('a backend is frozen and thawed, and cannot fail over to anywhere', async () => {
  await using volumes = await runVolumes()
  const host = { host: 'here@file' }
  assert.equal((await put(volumes, 'freeze', host)).status, 200)
  const frozen = (await listed(volumes)).find((s: { binary: string }) => s.binary === 'cinder-volume')
  assert.deepEqual([frozen.frozen, frozen.status, frozen.disabled_reason], [true, 'disabled', 'frozen'])
  const again = await put(volumes, 'freeze', host)
  assert.match(again.body.badRequest.message, /No service could be changed: frozen .* must be False/)
  assert.equal((await put(volumes, 'thaw', host)).status, 200)
  const over = await put(volumes, 'failover_host', host)
  assert.match(over.body.badRequest.message, /replication_status in .* must be .* and must be up to failover/)
  const unknown = await put(volumes, 'thaw', { host: 'there' })
  assert.match(unknown.body.badRequest.message, /cinder-volume could not be found on host there/)
  assert.equal((await put(volumes, 'failover', { cluster: 'c' })).status, 404)
  assert.match((await put(volumes, 'freeze', {})).body.badRequest.message, /One and only one of/)
  assert.match((await put(volumes, 'freeze', {}, '3.25')).body.badRequest.message, /Host field is missing/)
  assert.match((await put(volumes, 'failover', host, '3.25')).body.badRequest.message, /Unknown action/)
})

test('hosts, pools and capabilities say what lies where', async () => {
  await using volumes = await runVolumes()
  const admin = (path: string, version = 'latest') => volumes.ask('GET', path, { as: 'admin', version })
  const { id } = await volumes.volume({ size: 2 })
  await volumes.snapshot(id)
  const hosts = (await admin('/os-hosts')).body.hosts
  assert.deepEqual(
    hosts.map((h: { service: string }) => h.service),
    ['cinder-scheduler', 'cinder-volume', 'cinder-backup'],
  )
  const [total, project] = (await admin('/os-hosts/here@file')).body.host
  assert.deepEqual(
    [total.resource.project, total.resource.total_volume_gb, project.resource.snapshot_count],
    ['(total)', '2', '1'],
  )
  assert.match((await admin('/os-hosts/here')).body.itemNotFound.message, /^Host here could not be found/)
  const set = (body: object) => volumes.ask('PUT', '/os-hosts/here@file', { as: 'admin', body })
  assert.match((await set({ status: 'dance' })).body.badRequest.message, /Invalid status: 'dance'/)
  assert.match((await set({ colour: 'red' })).body.badRequest.message, /Invalid update setting: 'colour'/)
  const [pool] = (await admin('/scheduler-stats/get_pools?detail=true')).body.pools
  assert.deepEqual(
    [pool.name, pool.capabilities.allocated_capacity_gb, pool.capabilities.vendor_name],
    ['here@file#file', 2, 'Open Source'],
  )
  assert.deepEqual((await admin('/scheduler-stats/get_pools?name=other')).body.pools, [])
  assert.deepEqual((await admin('/scheduler-stats/get_pools?name=other', '3.27')).body.pools, [
    { name: 'here@file#file' },
  ])
  const body = { volume_type: { name: 'fc', extra_specs: { storage_protocol: 'FC' } } }
  await volumes.ask('POST', '/types', { as: 'admin', body })
  assert.deepEqual((await admin('/scheduler-stats/get_pools?volume_type=fc')).body.pools, [])
  assert.match(
    (await admin('/scheduler-stats/get_pools?colour=red')).body.badRequest.message,
    /^Invalid filters colour/,
  )
  const capabilities = (await admin('/capabilities/here@file')).body
  assert.deepEqual([capabilities.storage_protocol, capabilities.pool_name], ['file', 'file'])
  assert.equal((await admin('/capabilities/there')).body.itemNotFound.message, "Can't find service: there")
  assert.deepEqual(await set({ status: 'disable' }).then(answer => answer.body), {
    host: 'here@file',
    status: 'disabled',
  })
  assert.equal((await admin('/os-hosts/here@file')).status, 404)
})

test('a user is told why a volume could not be made', async () => {
  await using volumes = await runVolumes()
  const type = {
    name: 'flash',
    extra_specs: { 'capabilities:vendor_name': 'Somebody', multiattach: '<is> True' },
  }
  await volumes.ask('POST', '/types', { as: 'admin', body: { volume_type: type } })
  const id = await failed(volumes, { volume_type: 'flash' })
  const [message] = (await volumes.ask('GET', '/messages')).body.messages
  assert.deepEqual(
    [message.resource_uuid, message.event_id, message.message_level, message.resource_type],
    [id, 'VOLUME_VOLUME_001_003', 'ERROR', 'VOLUME'],
  )
  assert.equal(
    message.user_message,
    'schedule allocate volume:Could not find any available weighted backend.',
  )
  assert.match(message.request_id, /^req-/)
  const imageRef = image(volumes.madeUp, 'x')
  volumes.madeUp.isDown = true
  await failed(volumes, { imageRef })
  const events = async (query: string, as: 'demo' | 'other' = 'demo') =>
    (await volumes.ask('GET', `/messages?${query}`, { as })).body.messages.map(
      (one: { event_id: string }) => one.event_id,
    )
  assert.deepEqual(await events('sort=event_id:asc'), ['VOLUME_VOLUME_001_003', 'VOLUME_VOLUME_005_001'])
  assert.deepEqual(await events(`resource_uuid=${id}`), ['VOLUME_VOLUME_001_003'])
  assert.deepEqual(await events('limit=1'), ['VOLUME_VOLUME_005_001'])
  assert.deepEqual(await events('', 'other'), [])
  const path = `/messages/${message.id}`
  assert.equal((await volumes.ask('GET', path)).body.message.id, message.id)
  assert.equal((await volumes.ask('DELETE', path, { as: 'reader' })).status, 403)
  assert.equal((await volumes.ask('DELETE', path)).status, 204)
  const gone = await volumes.ask('GET', path)
  assert.equal(gone.body.itemNotFound.message, `Message ${message.id} could not be found.`)
})

test('there are no clusters; a cleanup wakes the services that are up', async () => {
  await using volumes = await runVolumes()
  const admin = (method: string, path: string, body?: object) =>
    volumes.ask(method, path, { as: 'admin', ...(body ? { body } : {}) })
  assert.deepEqual((await admin('GET', '/clusters?is_up=true')).body, { clusters: [] })
  assert.match((await admin('GET', '/clusters?colour=red')).body.badRequest.message, /Invalid filter keys/)
  assert.equal((await admin('GET', '/clusters/c')).body.itemNotFound.message, 'Cluster c could not be found.')
  assert.equal((await admin('PUT', '/clusters/dance', { name: 'c' })).status, 404)
  const clean = (body: object) => admin('POST', '/workers/cleanup', body)
  assert.deepEqual((await clean({})).body, { cleaning: [], unavailable: [] })
  const { cleaning } = (await clean({ is_up: true, binary: 'cinder-volume' })).body
  assert.deepEqual(cleaning, [{ id: 2, host: 'here@file', binary: 'cinder-volume', cluster_name: null }])
  const { id } = await volumes.volume()
  const idle = await clean({ resource_id: id, resource_type: 'Volume' })
  assert.match(idle.body.badRequest.message, /no resource with UUID .* pending cleanup/)
})

test('filters are listed, and from 3.31 on users may use no others', async () => {
  await using volumes = await runVolumes()
  const { resource_filters } = (await volumes.ask('GET', '/resource_filters?resource=backup')).body
  assert.deepEqual(resource_filters, [{ resource: 'backup', filters: ['name', 'status', 'volume_id'] }])
  assert.equal((await volumes.ask('GET', '/resource_filters')).body.resource_filters.length, 9)
  const list = (version: string, as: 'admin' | 'demo') =>
    volumes.ask('GET', '/backups?colour=red&all_tenants=0', { version, as })
  assert.equal((await list('3.30', 'demo')).status, 200)
  assert.equal((await list('3.31', 'admin')).status, 200)
  assert.equal(
    (await list('3.31', 'demo')).body.badRequest.message,
    'Invalid filters colour are found in query options.',
  )
})
