// Quotas taken away, for tests that make very many things, and used up.
import assert from 'node:assert/strict'
import type { TestCloud } from './cloud.ts'

export async function liftQuotas(cloud: TestCloud): Promise<void> {
  const put = async (path: string, body: object) => {
    const answer = await cloud.ask('PUT', path, { as: 'admin', body })
    if (answer.status !== 200) throw new Error(answer.text)
  }
  const { demo, admin } = cloud.projectId
  for (const project of [demo, admin]) {
    await put(`/os-quota-sets/${project}`, {
      quota_set: { instances: -1, cores: -1, ram: -1, key_pairs: -1, server_groups: -1 },
    })
    const unlimited = { network: -1, subnet: -1, port: -1, router: -1, floatingip: -1 }
    await put(`/network/v2.0/quotas/${project}`, {
      quota: { ...unlimited, security_group: -1, security_group_rule: -1 },
    })
    await put(`/volume/v3/os-quota-sets/${project}`, {
      quota_set: { volumes: -1, snapshots: -1, gigabytes: -1, backups: -1, backup_gigabytes: -1, groups: -1 },
    })
  }
}

/** Demo may have no more of these than it has: a limit below that is refused. */
export async function useUpVolumeQuotas(cloud: TestCloud, ...names: readonly string[]): Promise<void> {
  const path = `/volume/v3/os-quota-sets/${cloud.projectId.demo}`
  const { quota_set: used } = (await cloud.ask('GET', `${path}?usage=True`, { as: 'admin' })).body
  const quota_set = Object.fromEntries(names.map(name => [name, used[name].in_use]))
  assert.equal((await cloud.ask('PUT', path, { as: 'admin', body: { quota_set } })).status, 200)
}
