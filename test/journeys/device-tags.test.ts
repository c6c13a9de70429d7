// Tags given to networks and block devices at create: where they are taken, and where they are shown.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestCloud, type TestCloud } from '../support/cloud.ts'

let cloud: TestCloud
let networkId: string
before(async () => {
  cloud = await startTestCloud({ hosts: 2 })
  const { networks } = (await cloud.ask('GET', '/network/v2.0/networks?name=private')).body
  networkId = networks[0].id
})
after(() => cloud.close())

const makePort = async (): Promise<string> =>
  (await cloud.ask('POST', '/network/v2.0/ports', { body: { port: { network_id: networkId } } })).body.port.id

/** The tag of each port of a server. */
async function tags(id: string): Promise<Readonly<Record<string, string | null>>> {
  const { body } = await cloud.ask('GET', `/servers/${id}/os-interface`, { version: '2.70' })
  return Object.fromEntries(
    body.interfaceAttachments.map((one: { port_id: string; tag: string | null }) => [one.port_id, one.tag]),
  )
}

/** What creating a server answers at a version: the status, and why not. */
async function create(version: string, more: object): Promise<readonly [number, string]> {
  const answer = await cloud.ask('POST', '/servers', {
    version,
    body: { server: { name: 'vm', flavorRef: '1', imageRef: cloud.imageId, ...more } },
  })
  await cloud.settled()
  if (answer.status === 202) await cloud.ask('DELETE', `/servers/${answer.body.server.id}`)
  return [answer.status, answer.body.badRequest?.message ?? '']
}

test('tags of networks are shown from 2.70 on, null where there is none, and stay with the ports', async () => {
  const [mine, plain] = [await makePort(), await makePort()]
  const server = await cloud.server({
    networks: [{ uuid: networkId, tag: 'nic1' }, { port: mine, tag: 'nic2' }, { port: plain }],
  })
  const before = await tags(server.id)
  const [made] = Object.keys(before).filter(id => id !== mine && id !== plain)
  assert.deepEqual(before, { [String(made)]: 'nic1', [mine]: 'nic2', [plain]: null })
  const path = `/servers/${server.id}/os-interface/${mine}`
  const shown = async (version: string) =>
    (await cloud.ask('GET', path, { version })).body.interfaceAttachment.tag
  assert.deepEqual([await shown('2.69'), await shown('2.70')], [undefined, 'nic2'])
  assert.equal((await cloud.act(server, { rebuild: { imageRef: cloud.imageId } })).status, 202)
  assert.deepEqual(await tags(server.id), before)
  assert.equal((await cloud.act(server, { resize: { flavorRef: '2' } })).status, 202)
  assert.equal((await cloud.act(server, { revertResize: null })).status, 202)
  assert.equal((await cloud.show(server.id)).status, 'ACTIVE')
  assert.deepEqual(await tags(server.id), before)
})

test('a port loses its tag with its server', async () => {
  const mine = await makePort()
  const first = await cloud.server({ networks: [{ port: mine, tag: 'nic' }] })
  await cloud.ask('DELETE', `/servers/${first.id}`)
  await cloud.settled()
  const second = await cloud.server({ networks: [{ port: mine }] })
  assert.deepEqual(await tags(second.id), { [mine]: null })
})

test('tags of networks are taken in 2.32, refused from 2.37 to 2.41, and taken again from 2.42 on', async () => {
  for (const version of ['2.31', '2.37', '2.41']) {
    const [status, why] = await create(version, { networks: [{ uuid: networkId, tag: 'nic' }] })
    assert.equal(status, 400, version)
    assert.match(why, /\('tag' was unexpected\)/, version)
  }
  for (const version of ['2.32', '2.36', '2.42', '2.104'])
    assert.deepEqual(
      await create(version, { networks: [{ uuid: networkId, tag: 'nic' }] }),
      [202, ''],
      version,
    )
})

test('tags of block devices are taken in 2.32, refused from 2.33 to 2.41, and taken again from 2.42 on', async () => {
  const disk = {
    source_type: 'image',
    destination_type: 'local',
    uuid: cloud.imageId,
    boot_index: 0,
    tag: 'root',
  }
  const asked = (version: string) =>
    create(version, {
      block_device_mapping_v2: [disk],
      ...(Number(version.slice(2)) < 37 ? {} : { networks: 'none' }),
    })
  for (const version of ['2.31', '2.33', '2.41']) {
    const [status, why] = await asked(version)
    assert.equal(status, 400, version)
    assert.match(why, /\('tag' was unexpected\)/, version)
  }
  for (const version of ['2.32', '2.42']) assert.deepEqual(await asked(version), [202, ''], version)
})
