import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { addServer, startComputeApi } from '../../../test/support/compute-api.ts'
import { callers } from '../../../test/support/one-service.ts'

const hour = 3_600_000
const api = await startComputeApi()
after(() => api.close())
const project = callers.demo.project!.id
const now = api.clock.at
const running = await addServer(api, { launched_at: now - 2 * hour })
const ended = await addServer(api, {
  launched_at: now - 10 * hour,
  terminated_at: now - 9 * hour,
  deleted: 1,
  vm_state: 'deleted',
})
await addServer(api, { launched_at: null, vm_state: 'error' })
await addServer(api, { project_id: 'elsewhere', launched_at: now - hour })

const time = (at: number) => new Date(at).toISOString().slice(0, 19)
const period = (from: number, to = now) => `start=${time(from)}&end=${time(to)}`
const list = (query: string, at = '2.1') =>
  api.api('GET', `/os-simple-tenant-usage?${query}`, { as: 'admin', at })

test('a project is told the hours of its servers and what they took', async () => {
  const { status, body } = await api.api(
    'GET',
    `/os-simple-tenant-usage/${project}?${period(now - 24 * hour)}`,
  )
  assert.equal(status, 200)
  const { server_usages, ...total } = body.tenant_usage
  assert.deepEqual(total, {
    tenant_id: project,
    start: `${time(now - 24 * hour)}.000000`,
    stop: `${time(now)}.000000`,
    total_hours: 3,
    total_vcpus_usage: 3,
    total_memory_mb_usage: 1536,
    total_local_gb_usage: 3,
  })
  assert.deepEqual(
    server_usages.map((one: Record<string, unknown>) => [one.instance_id, one.state, one.hours, one.uptime]),
    [
      [running, 'active', 2, 7200],
      [ended, 'terminated', 1, 3600],
    ],
  )
  assert.deepEqual(Object.keys(server_usages[0]).sort(), [
    'ended_at',
    'flavor',
    'hours',
    'instance_id',
    'local_gb',
    'memory_mb',
    'name',
    'started_at',
    'state',
    'tenant_id',
    'uptime',
    'vcpus',
  ])
})

test('only the part inside the period counts', async () => {
  const usage = await api.api('GET', `/os-simple-tenant-usage/${project}?${period(now - hour, now + hour)}`)
  assert.equal(usage.body.tenant_usage.total_hours, 1)
})

test('the list is of all projects, with servers only when asked for', async () => {
  const brief = (await list(period(now - 24 * hour))).body.tenant_usages
  assert.deepEqual(
    brief.map((one: { tenant_id: string }) => one.tenant_id).sort(),
    [project, 'elsewhere'].sort(),
  )
  assert.equal('server_usages' in brief[0], false)
  const detailed = (await list(`detailed=1&${period(now - 24 * hour)}`)).body.tenant_usages
  assert.ok(detailed[0].server_usages.length > 0)
})

test('from 2.40 on servers are paged, and the link goes on', async () => {
  const query = `limit=1&${period(now - 24 * hour)}`
  const first = await list(query, '2.40')
  assert.equal(first.body.tenant_usages.length, 1)
  assert.ok(first.body.tenant_usages_links[0].href.includes(`marker=${running}`))
  assert.equal('tenant_usages_links' in (await list(query, '2.39')).body, false)
  const next = await list(`marker=${running}&${query}`, '2.40')
  assert.equal(next.body.tenant_usages[0].total_hours, 1)
  assert.equal((await list(`marker=nope&${query}`, '2.40')).status, 400)
})

test('times that cannot be read and periods that end before they start are refused', async () => {
  assert.equal(
    (await list('start=yesterday')).body.badRequest.message,
    'Invalid datetime string: Datetime is in invalid format',
  )
  assert.match((await list(period(now, now - hour))).body.badRequest.message, /^Invalid start time/)
})

test('a project without servers has an empty usage; others are for administrators', async () => {
  const path = `/os-simple-tenant-usage/empty?${period(now - hour)}`
  assert.deepEqual((await api.api('GET', path, { as: 'admin' })).body, { tenant_usage: {} })
  assert.equal((await api.api('GET', path)).status, 403)
  assert.equal((await api.api('GET', `/os-simple-tenant-usage?${period(now - hour)}`)).status, 403)
})

test('a project without an id is not everybody', async () => {
  assert.equal((await api.api('GET', '/os-simple-tenant-usage/', { as: 'admin' })).status, 404)
})

test('a client that goes on from the last server of the last project is given each server once', async () => {
  await addServer(api, { launched_at: now - hour })
  const seen: string[] = []
  for (const limit of [1, 1000]) {
    let marker = ''
    for (;;) {
      const query = `detailed=1&limit=${limit}${marker}&${period(now - 24 * hour)}`
      const usages: { server_usages: { instance_id: string }[] }[] = (await list(query, '2.40')).body
        .tenant_usages
      const ids = usages.flatMap(usage => usage.server_usages.map(one => one.instance_id))
      if (ids.length === 0) break
      seen.push(...ids)
      marker = `&marker=${ids.at(-1)}`
    }
  }
  assert.equal(seen.length, 8)
  assert.deepEqual(seen.slice(0, 4), seen.slice(4))
  assert.equal(new Set(seen).size, 4)
})
