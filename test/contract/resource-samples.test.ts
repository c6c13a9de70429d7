// Nova's documented answers: ours have the same keys, at every microversion a sample is for.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { bootstrapFlavors } from '../../src/compute/bootstrap-flavors.ts'
import { addMigration, addServer, addService, startComputeApi } from '../support/compute-api.ts'
import { callers } from '../support/one-service.ts'
import { foldersOf, sampleIn, shape } from '../support/samples.ts'

const api = await startComputeApi()
after(() => api.close())

const project = callers.demo.project!.id
const admin = callers.admin.project!.id
const key =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJBFMcFaKi+nLgbFLKgnUWPKnZnBhsBnQVwhTu7hFXtV someone@somewhere'

await bootstrapFlavors(api.store, api.clock)
await addService(api, { id: 1, host: 'host-1' }, {})
const server = await addServer(api, { host: 'host-1', launched_at: api.clock.at - 3_600_000 })
await addMigration(api, { id: 1, server_id: server, migration_type: 'live-migration', status: 'running' })
await addMigration(api, { id: 2, server_id: server })
const ask = async (method: string, path: string, body?: object, at = 'latest') => {
  const answer = await api.api(method, path, { as: 'admin', at, body })
  assert.ok(answer.status < 300, `${method} ${path} answered ${answer.status}: ${answer.text}`)
  return answer.body
}
await ask('POST', '/flavors', {
  flavor: { name: 'private', id: 'p', ram: 1, vcpus: 1, disk: 0, 'os-flavor-access:is_public': false },
})
await ask('POST', '/flavors/p/action', { addTenantAccess: { tenant: project } })
await ask('POST', '/flavors/1/os-extra_specs', { extra_specs: { 'hw:cpu_policy': 'shared' } })
await ask('POST', '/os-keypairs', { keypair: { name: 'k', public_key: key } })
await ask('POST', '/os-aggregates', { aggregate: { name: 'a', availability_zone: 'london' } })
const group = (
  await ask('POST', '/os-server-groups', {
    server_group: { name: 'g', policy: 'anti-affinity', rules: { max_server_per_host: 3 } },
  })
).server_group.id
const service = '11111111-0000-4000-8000-000000000001'
const node = '22222222-0000-4000-8000-000000000001'
const usagePeriod = 'start=2026-11-23T00:00:00&end=2026-11-24T00:00:00'
const requestId = 'req-00000000-0000-4000-8000-000000000001'
await api.db
  .insertInto('instance_actions')
  .values({
    id: 'action',
    seq: 1,
    server_id: server,
    action: 'stop',
    request_id: requestId,
    user_id: 'u',
    project_id: project,
    start_time: 1,
    finish_time: null,
    message: null,
    updated_at: 1,
  })
  .execute()
await api.db
  .insertInto('instance_action_events')
  .values({
    id: 'event',
    seq: 1,
    action_id: 'action',
    event: 'compute_stop_instance',
    start_time: 1,
    finish_time: 1,
    result: 'Success',
    traceback: null,
    details: null,
    owner_details: null,
    host: 'host-1',
  })
  .execute()

/** Sample file → the request that answers like it; `at` where the sample's folder does not say the version. */
type Request = readonly [method: string, path: string, body?: object, as?: 'demo']
let name = 0
const fresh = (start: string) => `${start}-${++name}`
const actions = `/servers/${server}/os-instance-actions`
const rows: Readonly<Record<string, (version: string) => Request>> = {
  'flavors/flavors-list-resp': () => ['GET', '/flavors'],
  'flavors/flavors-detail-resp': () => ['GET', '/flavors/detail'],
  'flavors/flavor-get-resp': () => ['GET', '/flavors/2'],
  'flavor-manage/flavor-create-post-resp': () => [
    'POST',
    '/flavors',
    { flavor: { name: fresh('f'), ram: 1, vcpus: 1, disk: 0 } },
  ],
  'flavor-manage/flavor-update-resp': () => ['PUT', '/flavors/2', { flavor: { description: 'd' } }],
  'flavor-access/flavor-access-list-resp': () => ['GET', '/flavors/p/os-flavor-access'],
  'flavor-extra-specs/flavor-extra-specs-list-resp': () => ['GET', '/flavors/1/os-extra_specs'],
  'os-keypairs/keypairs-list-resp': version => [
    'GET',
    version === '2.35' ? '/os-keypairs?limit=1' : '/os-keypairs',
  ],
  'os-keypairs/keypairs-get-resp': () => ['GET', '/os-keypairs/k'],
  'os-keypairs/keypairs-post-resp': () => ['POST', '/os-keypairs', { keypair: { name: fresh('made') } }],
  'os-keypairs/keypairs-import-post-resp': () => [
    'POST',
    '/os-keypairs',
    { keypair: { name: fresh('brought'), public_key: key } },
  ],
  'limits/limit-get-resp': () => ['GET', '/limits'],
  'os-quota-sets/quotas-show-get-resp': () => ['GET', `/os-quota-sets/${project}`],
  'os-quota-sets/quotas-show-defaults-get-resp': () => ['GET', `/os-quota-sets/${project}/defaults`],
  'os-quota-sets/quotas-show-detail-get-resp': () => ['GET', `/os-quota-sets/${project}/detail`],
  'os-quota-sets/quotas-update-post-resp': () => [
    'PUT',
    `/os-quota-sets/${admin}`,
    { quota_set: { cores: 50 } },
  ],
  'os-quota-sets/user-quotas-show-get-resp': () => ['GET', `/os-quota-sets/${project}?user_id=u`],
  'os-quota-class-sets/quota-classes-show-get-resp': () => ['GET', '/os-quota-class-sets/default'],
  'os-quota-class-sets/quota-classes-update-post-resp': () => [
    'PUT',
    '/os-quota-class-sets/default',
    { quota_class_set: { cores: 50 } },
  ],
  'os-services/services-list-get-resp': () => ['GET', '/os-services'],
  'os-services/service-enable-put-resp': version =>
    version === '2.53'
      ? ['PUT', `/os-services/${service}`, { status: 'enabled' }]
      : ['PUT', '/os-services/enable', { host: 'host-1', binary: 'nova-compute' }],
  'os-services/service-disable-log-put-resp': version =>
    version === '2.53'
      ? ['PUT', `/os-services/${service}`, { status: 'disabled', disabled_reason: 'r' }]
      : [
          'PUT',
          '/os-services/disable-log-reason',
          { host: 'host-1', binary: 'nova-compute', disabled_reason: 'r' },
        ],
  'os-services/service-force-down-put-resp': version =>
    version === '2.53'
      ? ['PUT', `/os-services/${service}`, { forced_down: false }]
      : ['PUT', '/os-services/force-down', { host: 'host-1', binary: 'nova-compute', forced_down: false }],
  'os-hypervisors/hypervisors-list-resp': version => [
    'GET',
    version === '2.1' || version === '2.28' ? '/os-hypervisors' : '/os-hypervisors?limit=1',
  ],
  'os-hypervisors/hypervisors-detail-resp': version => [
    'GET',
    version === '2.1' || version === '2.28' ? '/os-hypervisors/detail' : '/os-hypervisors/detail?limit=1',
  ],
  'os-hypervisors/hypervisors-show-resp': version => [
    'GET',
    `/os-hypervisors/${version === '2.1' || version === '2.28' ? 1 : node}`,
  ],
  'os-hypervisors/hypervisors-show-with-servers-resp': () => [
    'GET',
    `/os-hypervisors/${node}?with_servers=1`,
  ],
  'os-hypervisors/hypervisors-with-servers-resp': version => [
    'GET',
    version === '2.1' || version === '2.28'
      ? '/os-hypervisors/host-1/servers'
      : '/os-hypervisors?with_servers=1',
  ],
  'os-hypervisors/hypervisors-statistics-resp': () => ['GET', '/os-hypervisors/statistics'],
  'os-aggregates/aggregate-post-resp': () => ['POST', '/os-aggregates', { aggregate: { name: fresh('a') } }],
  'os-aggregates/aggregates-get-resp': () => ['GET', '/os-aggregates/1'],
  'os-aggregates/aggregates-list-get-resp': () => ['GET', '/os-aggregates'],
  'os-aggregates/aggregates-metadata-post-resp': () => [
    'POST',
    '/os-aggregates/1/action',
    { set_metadata: { metadata: { key: 'value' } } },
  ],
  'os-availability-zone/availability-zone-list-resp': () => ['GET', '/os-availability-zone'],
  'os-migrations/migrations-get': () => ['GET', '/os-migrations'],
  'os-migrations/migrations-get-with-limit': () => ['GET', '/os-migrations?limit=1'],
  'server-migrations/migrations-get': () => ['GET', `/servers/${server}/migrations/1`],
  'server-migrations/migrations-index': () => ['GET', `/servers/${server}/migrations`],
  'os-server-groups/server-groups-get-resp': () => ['GET', `/os-server-groups/${group}`],
  'os-server-groups/server-groups-list-resp': () => ['GET', '/os-server-groups?all_projects=1'],
  'os-instance-actions/instance-actions-list-resp': () => ['GET', actions],
  'os-instance-actions/instance-actions-list-with-limit-resp': () => ['GET', `${actions}?limit=1`],
  'os-instance-actions/instance-action-get-resp': () => ['GET', `${actions}/${requestId}`],
  'os-instance-actions/instance-action-get-non-admin-resp': () => [
    'GET',
    `${actions}/${requestId}`,
    undefined,
    'demo',
  ],
  'os-simple-tenant-usage/simple-tenant-usage-get': () => ['GET', `/os-simple-tenant-usage?${usagePeriod}`],
  'os-simple-tenant-usage/simple-tenant-usage-get-detail': () => [
    'GET',
    `/os-simple-tenant-usage?detailed=1&${usagePeriod}`,
  ],
  'os-simple-tenant-usage/simple-tenant-usage-get-specific': () => [
    'GET',
    `/os-simple-tenant-usage/${project}?${usagePeriod}`,
  ],
  'os-hosts/hosts-list-resp': () => ['GET', '/os-hosts'],
  'os-hosts/host-get-resp': () => ['GET', '/os-hosts/host-1'],
  'os-instance-usage-audit-log/inst-usage-audit-log-index-get-resp': () => [
    'GET',
    '/os-instance_usage_audit_log',
  ],
}

for (const [sample, request] of Object.entries(rows)) {
  const [area, file] = sample.split('/') as [string, string] // as the keys are written
  const folders = foldersOf(area, file)
  test(`${sample}: ${folders.map(folder => folder || 'v2.1').join(', ')}`, async () => {
    assert.ok(folders.length > 0, 'there is such a sample')
    for (const folder of folders) {
      const version = folder === '' ? '2.1' : folder.slice(1)
      const [method, path, body, as = 'admin'] = request(version)
      const answer = await api.api(method, path, { as, at: version, body })
      assert.ok(answer.status < 300, `${version}: ${answer.status} ${answer.text}`)
      const wanted = sampleIn(area, folder, file)
      assert.deepEqual(shape(answer.body), shape(wanted), version)
    }
  })
}
