// Nova's documented answers about what a running server has: ours have the same keys, at every version a sample is for.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestCloud, type TestAsk } from '../support/cloud.ts'
import { foldersOf, sampleIn, shape } from '../support/samples.ts'

const cloud = await startTestCloud()
after(() => cloud.close())

const { networks } = (await cloud.ask('GET', '/network/v2.0/networks?name=private')).body
const server = await cloud.server({ networks: [{ uuid: networks[0].id }] })
const halved = await cloud.ask('POST', '/flavors', {
  as: 'admin',
  body: { flavor: { name: 'halved', ram: 512, vcpus: 4, disk: 1 } },
})
await cloud.ask('POST', `/flavors/${halved.body.flavor.id}/os-extra_specs`, {
  as: 'admin',
  body: { extra_specs: { 'hw:numa_nodes': '2', 'hw:mem_page_size': 'small' } },
})
const twoNodes = await cloud.server({ flavorRef: halved.body.flavor.id, networks: 'none' })
const remote = async (protocol: string, type: string) => {
  const body = { remote_console: { protocol, type } }
  const answer = await cloud.ask('POST', `/servers/${server.id}/remote-consoles`, { body })
  return answer.body.remote_console.url.slice(-36)
}

type Request = readonly [method: string, path: string, ask?: TestAsk]
const admin = { as: 'admin' } as const

/** Sample file → the request that answers like it. */
const rows: Readonly<Record<string, () => Promise<Request> | Request>> = {
  'os-server-diagnostics/server-diagnostics-get-resp': () => [
    'GET',
    `/servers/${server.id}/diagnostics`,
    admin,
  ],
  'os-server-topology/servers-topology-resp': () => ['GET', `/servers/${twoNodes.id}/topology`, admin],
  'os-server-topology/servers-topology-resp-user': () => ['GET', `/servers/${twoNodes.id}/topology`],
  'os-remote-consoles/create-vnc-console-resp': () => [
    'POST',
    `/servers/${server.id}/remote-consoles`,
    { body: sampleIn('os-remote-consoles', 'v2.6', 'create-vnc-console-req') },
  ],
  'os-console-auth-tokens/get-console-connect-info-get-resp': async () => [
    'GET',
    `/os-console-auth-tokens/${await remote('serial', 'serial')}`,
    admin,
  ],
}

// Devices are called by their place, which differs.
const places = (value: unknown) => JSON.stringify(value).replaceAll('vnet1_', 'vnet0_')

for (const [sample, request] of Object.entries(rows)) {
  const [area, file] = sample.split('/') as [string, string] // as the keys are written
  const folders = foldersOf(area, file)
  test(`${sample}: ${folders.map(folder => folder || 'v2.1').join(', ')}`, async () => {
    assert.ok(folders.length > 0, 'there is such a sample')
    for (const folder of folders) {
      const version = folder === '' ? '2.1' : folder.slice(1)
      const [method, path, options = {}] = await request()
      const answer = await cloud.ask(method, path, { ...options, version })
      assert.equal(answer.status, 200, answer.text)
      assert.deepEqual(places(shape(answer.body)), places(shape(sampleIn(area, folder, file))), version)
    }
  })
}
