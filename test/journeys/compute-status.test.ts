// A disabled compute service, as placement and the scheduler know it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startTestCloud, type TestCloud } from '../support/cloud.ts'
import { type TestData, testData } from '../support/data.ts'

const trait = 'COMPUTE_STATUS_DISABLED'

async function traitsOf(cloud: TestCloud): Promise<{ readonly path: string; readonly traits: string[] }> {
  const { body } = await cloud.ask('GET', '/placement/resource_providers', { as: 'admin' })
  const path = `/placement/resource_providers/${body.resource_providers[0].uuid}/traits`
  return { path, traits: (await cloud.ask('GET', path, placement)).body.traits }
}

const placement = { as: 'admin', headers: { 'openstack-api-version': 'placement 1.6' } } as const

const setStatus = async (cloud: TestCloud, status: 'enabled' | 'disabled') => {
  const { body } = await cloud.ask('GET', '/os-services?binary=nova-compute', { as: 'admin' })
  return cloud.ask('PUT', `/os-services/${body.services[0].id}`, { as: 'admin', body: { status } })
}

const logFolder = (data: TestData) => join(data.folder, 'logs-of-test')
const logOf = (data: TestData, service: string) =>
  readFileSync(join(logFolder(data), `${service}.log`), 'utf8')

/** Logs are whole when the cloud has closed. */
async function onCloud<R>(data: TestData, body: (cloud: TestCloud) => Promise<R>): Promise<R> {
  await using cloud = await startTestCloud({ data, logFolder: logFolder(data) })
  return await body(cloud)
}

test('disabling a compute service marks its provider, enabling takes the mark away; other traits stay', async () => {
  await using data = await testData()
  const request = await onCloud(data, async cloud => {
    const { path } = await traitsOf(cloud)
    const { body: before } = await cloud.ask('GET', path, placement)
    await cloud.ask('PUT', path, { ...placement, body: { ...before, traits: ['HW_CPU_X86_AVX'] } })
    const answer = await setStatus(cloud, 'disabled')
    assert.equal(answer.status, 200)
    assert.deepEqual((await traitsOf(cloud)).traits, [trait, 'HW_CPU_X86_AVX'])
    const server = await cloud.server()
    const [action] = await cloud.actions(server.id)
    assert.match(action.events[0].details, /host-1 is disabled/)
    await setStatus(cloud, 'enabled')
    assert.deepEqual((await traitsOf(cloud)).traits, ['HW_CPU_X86_AVX'])
    assert.equal((await cloud.server()).status, 'ACTIVE')
    return answer.headers.get('x-openstack-request-id')
  })
  // The call to placement has an id of its own, and the log says whose request it was made for.
  const [, its] =
    new RegExp(`${request}.*PUT call to placement for \\S+/traits used request id (req-\\S+)`).exec(
      logOf(data, 'nova-api'),
    ) ?? []
  assert.ok(its)
  assert.match(logOf(data, 'placement-api'), new RegExp(its))
})

test('a placement that fails fails no disabling, and the periodic task makes up for it', async () => {
  await using data = await testData()
  await onCloud(data, async cloud => {
    const { schema } = cloud.cloud.store.db
    await schema.alterTable('placement_provider_traits').renameTo('away').execute()
    assert.equal((await setStatus(cloud, 'disabled')).status, 200)
    await schema.alterTable('away').renameTo('placement_provider_traits').execute()
    assert.deepEqual((await traitsOf(cloud)).traits, [])
    await cloud.cloud.periodic.run('provider-status')
    assert.deepEqual((await traitsOf(cloud)).traits, [trait])
  })
  assert.match(
    logOf(data, 'nova-api'),
    /WARNING .* An error occurred while updating the COMPUTE_STATUS_DISABLED trait .* managed by host host-1/,
  )
})

test('the mark outlives a restart, and one that was lost meanwhile is there again after it', async () => {
  await using data = await testData()
  {
    await using cloud = await startTestCloud({ data })
    await setStatus(cloud, 'disabled')
    const { path } = await traitsOf(cloud)
    await cloud.ask('DELETE', path, placement)
    assert.deepEqual((await traitsOf(cloud)).traits, [])
  }
  await using again = await startTestCloud({ data })
  assert.deepEqual((await traitsOf(again)).traits, [trait])
})
