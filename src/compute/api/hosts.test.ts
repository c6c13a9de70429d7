import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { addServer, addService, startComputeApi } from '../../../test/support/compute-api.ts'
import { callers } from '../../../test/support/one-service.ts'

const api = await startComputeApi()
after(() => api.close())
await addService(api, { id: 1, host: 'control', binary: 'nova-scheduler' })
await addService(api, { id: 2, host: 'host-1' }, {})
await addServer(api, { host: 'host-1' })
const admin = { as: 'admin' } as const

test('hosts are listed by service and zone until 2.42', async () => {
  const hosts = async (query = '') => (await api.api('GET', `/os-hosts${query}`, admin)).body.hosts
  assert.deepEqual(await hosts(), [
    { host_name: 'control', service: 'scheduler', zone: 'internal' },
    { host_name: 'host-1', service: 'compute', zone: 'nova' },
  ])
  assert.equal((await hosts('?zone=nova')).length, 1)
  assert.equal((await hosts('?zone=')).length, 2)
  assert.equal((await hosts('?zone=mars')).length, 0)
  assert.equal((await api.api('GET', '/os-hosts', { ...admin, at: '2.43' })).status, 404)
})

test('a host shows its total, what is used, and what each project takes', async () => {
  const { host } = (await api.api('GET', '/os-hosts/host-1', admin)).body
  const resource = (project: string, cpu: number, memory_mb: number, disk_gb: number) => ({
    resource: { host: 'host-1', project, cpu, memory_mb, disk_gb },
  })
  assert.deepEqual(host, [
    resource('(total)', 4, 8192, 100),
    resource('(used_now)', 1, 512, 1),
    resource('(used_max)', 1, 512, 1),
    resource(callers.demo.project!.id, 1, 512, 1),
  ])
  assert.equal((await api.api('GET', '/os-hosts/nope', admin)).status, 404)
})

test('what drivers cannot do to a host is a 501, after the host and the values were checked', async () => {
  const put = (host: string, body: object) => api.api('PUT', `/os-hosts/${host}`, { ...admin, body })
  assert.equal((await put('host-1', { status: 'enable' })).status, 501)
  assert.equal((await put('nope', { status: 'enable' })).status, 404)
  assert.equal((await put('host-1', { status: 'maybe' })).status, 400)
  assert.equal((await put('host-1', {})).status, 400)
  for (const action of ['reboot', 'startup', 'shutdown']) {
    assert.equal((await api.api('GET', `/os-hosts/host-1/${action}`, admin)).status, 501)
    assert.equal((await api.api('GET', `/os-hosts/nope/${action}`, admin)).status, 404)
    assert.equal((await api.api('GET', `/os-hosts/host-1/${action}`)).status, 403)
  }
})

test('no host has run a usage audit', async () => {
  const { body } = await api.api('GET', '/os-instance_usage_audit_log', admin)
  assert.deepEqual(body.instance_usage_audit_logs, {
    period_beginning: '2026-10-01 00:00:00',
    period_ending: '2026-11-01 00:00:00',
    num_hosts: 1,
    num_hosts_done: 0,
    num_hosts_running: 0,
    num_hosts_not_run: 1,
    hosts_not_run: ['host-1'],
    total_instances: 0,
    total_errors: 0,
    overall_status: '0 of 1 hosts done. 0 errors.',
    log: {},
  })
  const before = await api.api('GET', '/os-instance_usage_audit_log/2025-03-04 05:06:07', admin)
  assert.equal(before.body.instance_usage_audit_log.period_ending, '2025-03-01 00:00:00')
  const bad = await api.api('GET', '/os-instance_usage_audit_log/soon', admin)
  assert.equal(bad.body.badRequest.message, 'Invalid timestamp for date soon')
  assert.equal((await api.api('GET', '/os-instance_usage_audit_log')).status, 403)
})
