import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { addServer, addService, startComputeApi } from '../../../test/support/compute-api.ts'

const api = await startComputeApi()
after(() => api.close())
await addService(api, { id: 1, host: 'host-1' }, {})
await addService(api, { id: 2, host: 'host-2', disabled: 1, disabled_reason: 'repair' }, { vcpus: 8 })
const server = await addServer(api, { host: 'host-1', name: 'vm', task_state: 'migrating' })

const get = (path: string, at = '2.1') => api.api('GET', `/os-hypervisors${path}`, { as: 'admin', at })
const uuid = (id: number) => `22222222-0000-4000-8000-${String(id).padStart(12, '0')}`

test('a list is brief: number or uuid, name, state, status', async () => {
  assert.deepEqual((await get('')).body.hypervisors, [
    { id: 1, hypervisor_hostname: 'host-1', state: 'up', status: 'enabled' },
    { id: 2, hypervisor_hostname: 'host-2', state: 'up', status: 'disabled' },
  ])
  assert.equal((await get('', '2.53')).body.hypervisors[0].id, uuid(1))
})

test('details tell what a host has and what is taken; cpu_info is a text until 2.28', async () => {
  const [host] = (await get('/detail')).body.hypervisors
  assert.deepEqual(host, {
    id: 1,
    hypervisor_hostname: 'host-1',
    state: 'up',
    status: 'enabled',
    host_ip: '127.0.0.1',
    hypervisor_type: 'fake',
    hypervisor_version: 1000,
    cpu_info: '{"arch":"x86_64","topology":{"cores":1,"threads":1,"sockets":4}}',
    service: { id: 1, host: 'host-1', disabled_reason: null },
    vcpus: 4,
    vcpus_used: 1,
    memory_mb: 8192,
    memory_mb_used: 512,
    free_ram_mb: 7680,
    local_gb: 100,
    local_gb_used: 1,
    free_disk_gb: 99,
    disk_available_least: 99,
    running_vms: 1,
    current_workload: 1,
  })
  const [later] = (await get('/detail', '2.28')).body.hypervisors
  assert.deepEqual(later.cpu_info, { arch: 'x86_64', topology: { cores: 1, threads: 1, sockets: 4 } })
})

test('from 2.88 usage is gone and uptime is there', async () => {
  const { hypervisor } = (await get(`/${uuid(2)}`, '2.88')).body
  assert.deepEqual(hypervisor, {
    id: uuid(2),
    hypervisor_hostname: 'host-2',
    state: 'up',
    status: 'disabled',
    host_ip: '127.0.0.1',
    hypervisor_type: 'fake',
    hypervisor_version: 1000,
    service: { id: '11111111-0000-4000-8000-000000000002', host: 'host-2', disabled_reason: 'repair' },
    uptime: hypervisor.uptime,
  })
  assert.match(
    hypervisor.uptime,
    /^ \d\d:\d\d:\d\d up (\d+ days?, )?\d+:\d\d, {2}0 users, {2}load average: 0\.00/,
  )
  assert.equal((await get('/statistics', '2.88')).status, 404)
  assert.equal((await get(`/${uuid(1)}/uptime`, '2.88')).status, 404)
})

test('pages go by number from 2.33 and by uuid from 2.53', async () => {
  const first = await get('?limit=1', '2.33')
  assert.equal(
    first.body.hypervisors_links[0].href,
    `${api.origin}/compute/v2.1/os-hypervisors?limit=1&marker=1`,
  )
  assert.equal((await get('?marker=1', '2.33')).body.hypervisors[0].id, 2)
  assert.equal((await get(`/detail?marker=${uuid(1)}`, '2.53')).body.hypervisors[0].id, uuid(2))
  assert.equal((await get('?marker=9', '2.33')).body.badRequest.message, 'marker [9] not found')
  assert.equal('hypervisors_links' in (await get('?limit=1', '2.32')).body, false)
})

test('search finds by part of the name: a route until 2.52, then a query', async () => {
  assert.deepEqual(
    (await get('/st-2/search')).body.hypervisors.map((host: { id: number }) => host.id),
    [2],
  )
  assert.equal(
    (await get('/nope/search')).body.itemNotFound.message,
    "No hypervisor matching 'nope' could be found.",
  )
  assert.equal((await get('/host_1/search')).status, 404)
  assert.equal((await get('/st-2/search', '2.53')).status, 404)
  const found = await get('?hypervisor_hostname_pattern=st-2', '2.53')
  assert.deepEqual(found.body.hypervisors.length, 1)
  assert.equal((await get('?hypervisor_hostname_pattern=nope', '2.53')).status, 404)
  assert.match(
    (await get('?hypervisor_hostname_pattern=h&limit=1', '2.53')).body.badRequest.message,
    /^Paging over hypervisors/,
  )
})

test('servers of hosts are shown where asked for; empty lists only from 2.75', async () => {
  const vm = { name: 'vm', uuid: server }
  const old = (await get('/host/servers')).body.hypervisors
  assert.deepEqual(
    old.map((host: { servers: object }) => host.servers),
    [[vm], undefined],
  )
  assert.equal('servers' in old[1], false)
  assert.equal('vcpus' in old[0], false)
  const middle = (await get('?with_servers=true', '2.53')).body.hypervisors
  assert.deepEqual([middle[0].servers, 'servers' in middle[1]], [[vm], false])
  const later = (await get('/detail?with_servers=true', '2.75')).body.hypervisors
  assert.deepEqual(
    later.map((host: { servers: object }) => host.servers),
    [[vm], []],
  )
  assert.deepEqual((await get(`/${uuid(1)}?with_servers=1`, '2.53')).body.hypervisor.servers, [vm])
})

test('statistics add up the enabled hosts', async () => {
  assert.deepEqual((await get('/statistics')).body.hypervisor_statistics, {
    count: 1,
    current_workload: 1,
    disk_available_least: 99,
    free_disk_gb: 99,
    free_ram_mb: 7680,
    local_gb: 100,
    local_gb_used: 1,
    memory_mb: 8192,
    memory_mb_used: 512,
    running_vms: 1,
    vcpus: 4,
    vcpus_used: 1,
  })
})

test('what is not there is a 404, what is no uuid a 400 from 2.53', async () => {
  assert.equal((await get('/9')).body.itemNotFound.message, "Hypervisor with ID '9' could not be found.")
  assert.equal((await get('/9', '2.53')).body.badRequest.message, 'Invalid uuid 9')
  assert.equal((await get(`/${uuid(9)}`, '2.53')).status, 404)
  const { hypervisor } = (await get('/1/uptime')).body
  assert.deepEqual(Object.keys(hypervisor), ['id', 'hypervisor_hostname', 'state', 'status', 'uptime'])
  assert.equal((await get('/9/uptime')).status, 404)
})

test('hypervisors are for administrators', async () => {
  for (const path of ['', '/detail', '/statistics', '/1', '/1/uptime', '/h/search', '/h/servers'])
    assert.equal((await api.api('GET', `/os-hypervisors${path}`)).status, 403, path)
})

test('a host that does not answer tells no uptime', async () => {
  await addService(api, { id: 3, host: 'host-3', forced_down: 1 }, {})
  const refused = await get('/3/uptime')
  assert.deepEqual(
    [refused.status, refused.body.badRequest.message],
    [400, 'Compute service of host-3 is unavailable at this time.'],
  )
  assert.equal((await get(`/${uuid(3)}`, '2.88')).body.hypervisor.uptime, null)
})
