// What users and projects have beside servers: keys, groups, quotas, limits, usage.
import { read, type SampleRow, send } from '../rows.ts'
import type { Stage } from '../stage.ts'
import { group, keypair, publicKey, standing } from '../states.ts'

const keys = async (stage: Stage) => {
  await keypair(stage, 'key-1')
  await keypair(stage, 'key-2')
}
const ofUser = (user: string, query: string) => async (stage: Stage) => {
  await stage.once(`keys of ${user}`, async () => {
    for (const name of ['key-1', 'key-2'])
      await stage.ask('POST', '/os-keypairs', {
        body: { keypair: { name, public_key: publicKey, user_id: user } },
      })
  })
  return `/os-keypairs?user_id=${user}${query}`
}
const named = (stage: Stage) => ({ name: stage.fresh('key') })
const project =
  (below = '') =>
  (stage: Stage) =>
    `/os-quota-sets/${stage.cloud.projectId.demo}${below}`
const usage = (path: (project: string) => string) => async (stage: Stage) => {
  await standing(stage)
  const start = new Date(Date.now() - 3_600_000).toISOString().slice(0, 19)
  return `/os-simple-tenant-usage${path(stage.cloud.projectId.admin)}&start=${start}`
}
const groupPath = async (stage: Stage) => `/os-server-groups/${await stage.once('group', () => group(stage))}`
const groupOfDemo = async (stage: Stage) => {
  await stage.once('group of demo', () => group(stage, 'demo'))
  return '/os-server-groups'
}
const forgetGroups = { put: (stage: Stage) => ({ name: stage.fresh('group') }) }

export const projectRows: readonly SampleRow[] = [
  read('os-keypairs/keypairs-list-resp', async (stage, minor) => {
    await keys(stage)
    return minor < 35 ? '/os-keypairs' : '/os-keypairs?limit=1'
  }),
  read('os-keypairs/keypairs-list-user1-resp', ofUser('user1', '')),
  read('os-keypairs/keypairs-list-user2-resp', ofUser('user2', '&limit=1')),
  read('os-keypairs/keypairs-get-resp', async stage => `/os-keypairs/${await keypair(stage)}`),
  // From 2.92 on, keys are not made for users any more.
  send('POST', 'os-keypairs/keypairs-post-req', '/os-keypairs', {
    response: 'os-keypairs/keypairs-post-resp',
    status: { 1: 200, 2: 201, 92: 400 },
    put: named,
  }),
  send('POST', 'os-keypairs/keypairs-import-post-req', '/os-keypairs', {
    response: 'os-keypairs/keypairs-import-post-resp',
    status: { 1: 200, 2: 201 },
    after: (stage, minor) => {
      const name =
        minor < 92
          ? 'keypair-d20a3d59-9433-4b79-8726-20b431d89c78'
          : 'me.and.myself@this.nice.domain.com mooh.'
      const user = minor < 10 ? '' : '?user_id=fake'
      return stage.ask('DELETE', `/os-keypairs/${encodeURIComponent(name)}${user}`)
    },
  }),

  send('POST', 'os-server-groups/server-groups-post-req', '/os-server-groups', {
    response: 'os-server-groups/server-groups-post-resp',
    ...forgetGroups,
  }),
  send('POST', 'servers/server-groups-post-req', '/os-server-groups', {
    response: 'servers/server-groups-post-resp',
    ...forgetGroups,
  }),
  read('os-server-groups/server-groups-get-resp', groupPath),
  // The project has no other group.
  read('os-server-groups/server-groups-list-resp', groupOfDemo, { as: 'demo' }),

  read('limits/limit-get-resp', '/limits'),
  read('os-quota-sets/quotas-show-get-resp', project()),
  read('os-quota-sets/quotas-show-defaults-get-resp', project('/defaults')),
  read('os-quota-sets/quotas-show-detail-get-resp', project('/detail')),
  read('os-quota-sets/user-quotas-show-get-resp', project('?user_id=fake')),
  send('PUT', 'os-quota-sets/quotas-update-post-req', project(), {
    response: 'os-quota-sets/quotas-update-post-resp',
  }),
  send('PUT', 'os-quota-sets/quotas-update-force-post-req', project(), {
    response: 'os-quota-sets/quotas-update-force-post-resp',
  }),
  send('PUT', 'os-quota-sets/user-quotas-update-post-req', project('?user_id=fake'), {
    response: 'os-quota-sets/user-quotas-update-post-resp',
  }),
  read('os-quota-class-sets/quota-classes-show-get-resp', '/os-quota-class-sets/default'),
  send('PUT', 'os-quota-class-sets/quota-classes-update-post-req', '/os-quota-class-sets/default', {
    response: 'os-quota-class-sets/quota-classes-update-post-resp',
  }),

  read(
    'os-simple-tenant-usage/simple-tenant-usage-get',
    usage(() => '?detailed=0'),
  ),
  read(
    'os-simple-tenant-usage/simple-tenant-usage-get-detail',
    usage(() => '?detailed=1'),
  ),
  read(
    'os-simple-tenant-usage/simple-tenant-usage-get-specific',
    usage(id => `/${id}?end=2099-01-01T00:00:00`),
  ),
]
