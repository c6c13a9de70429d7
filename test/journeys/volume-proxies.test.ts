// Volumes and snapshots through compute, as old clients ask for them (up to 2.35).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Account, startTestCloud, type TestCloud } from '../support/cloud.ts'
import { useUpVolumeQuotas } from '../support/quotas.ts'

let cloud: TestCloud
before(async () => {
  cloud = await startTestCloud()
})
after(() => cloud.close())

const nobody = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'

const ask = (method: string, path: string, body?: unknown, as: Account = 'demo') =>
  cloud.ask(method, path, { as, version: '2.35', ...(body === undefined ? {} : { body }) })

async function refused(status: number, key: string, message: RegExp, ...asked: Parameters<typeof ask>) {
  const answer = await ask(...asked)
  assert.equal(answer.status, status, answer.text)
  assert.match(answer.body[key].message, message)
}

async function makeVolume(more: object = {}) {
  const answer = await ask('POST', '/os-volumes', { volume: { size: 1, ...more } })
  assert.equal(answer.status, 200, answer.text)
  await cloud.settled()
  return answer
}

test('a volume is made, shown, listed and deleted in the old shape', async () => {
  const made = await makeVolume({
    display_name: 'first',
    display_description: 'of a test',
    metadata: { colour: 'red' },
    size: '2',
  })
  const { volume } = made.body
  assert.equal(made.headers.get('location'), `${cloud.origin}/compute/v2.1/os-volumes/${volume.id}`)
  const shape = {
    id: volume.id,
    status: 'creating',
    size: 2,
    availabilityZone: 'nova',
    createdAt: volume.createdAt,
    attachments: [{}],
    displayName: 'first',
    displayDescription: 'of a test',
    volumeType: volume.volumeType,
    snapshotId: null,
    metadata: { colour: 'red' },
  }
  assert.deepEqual(volume, shape)
  assert.match(volume.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
  const real = (await cloud.ask('GET', `/volume/v3/volumes/${volume.id}`)).body.volume
  assert.deepEqual([volume.volumeType, real.name], [real.volume_type, 'first'])
  const shown = { ...shape, status: 'available' }
  assert.deepEqual((await ask('GET', `/os-volumes/${volume.id}`)).body, { volume: shown })
  assert.deepEqual((await ask('GET', '/os-volumes')).body, { volumes: [shown] })
  assert.deepEqual((await ask('GET', '/os-volumes/detail')).body, { volumes: [shown] })
  assert.equal((await ask('DELETE', `/os-volumes/${volume.id}`)).status, 202)
  await cloud.settled()
  await refused(404, 'itemNotFound', /^Volume \S+ could not be found\.$/, 'GET', `/os-volumes/${volume.id}`)
})

test('lists are cut by limit and offset, and a limit of none is no limit', async () => {
  const ids: string[] = []
  for (const display_name of ['a', 'b', 'c']) ids.push((await makeVolume({ display_name })).body.volume.id)
  const listed = async (query: string) =>
    (await ask('GET', `/os-volumes${query}`)).body.volumes.map(({ id }: { id: string }) => id)
  const newestFirst = [...ids].reverse()
  assert.deepEqual(await listed(''), newestFirst)
  assert.deepEqual(await listed('?limit=0'), newestFirst)
  assert.deepEqual(await listed('?limit=1&offset=1'), [newestFirst[1]])
  assert.deepEqual(await listed('?offset=2'), [newestFirst[2]])
  await refused(400, 'badRequest', /query parameters limit/, 'GET', '/os-volumes?limit=x')
})

test('an attached volume names its server and its device', async () => {
  const { id } = (await makeVolume()).body.volume
  const server = await cloud.server({ name: 'with-volume' })
  const attach = { 'os-attach': { instance_uuid: server.id, mountpoint: '/dev/vdb', mode: 'rw' } }
  const answer = await cloud.ask('POST', `/volume/v3/volumes/${id}/action`, { as: 'admin', body: attach })
  assert.equal(answer.status, 202, answer.text)
  assert.deepEqual((await ask('GET', `/os-volumes/${id}`)).body.volume.attachments, [
    { id, volumeId: id, serverId: server.id, device: '/dev/vdb' },
  ])
})

test('a snapshot is made, shown, listed and deleted in the old shape; a volume is made of it', async () => {
  const { id: volumeId } = (await makeVolume()).body.volume
  const made = await ask('POST', '/os-snapshots', {
    snapshot: { volume_id: volumeId, force: 'True', display_name: 'now', display_description: 'then' },
  })
  assert.equal(made.status, 200, made.text)
  const { snapshot } = made.body
  const shape = {
    id: snapshot.id,
    volumeId,
    status: 'creating',
    size: 1,
    createdAt: snapshot.createdAt,
    displayName: 'now',
    displayDescription: 'then',
  }
  assert.deepEqual(snapshot, shape)
  await cloud.settled()
  const shown = { ...shape, status: 'available' }
  const at = `/os-snapshots/${snapshot.id}`
  assert.deepEqual((await ask('GET', at)).body, { snapshot: shown })
  assert.deepEqual((await ask('GET', '/os-snapshots')).body, { snapshots: [shown] })
  assert.deepEqual((await ask('GET', '/os-snapshots/detail?limit=1')).body, { snapshots: [shown] })
  const copy = await makeVolume({ snapshot_id: snapshot.id })
  assert.equal(copy.body.volume.snapshotId, snapshot.id)
  assert.equal((await ask('DELETE', at)).status, 202)
  await cloud.settled()
  await refused(404, 'itemNotFound', /^Snapshot \S+ could not be found\.$/, 'GET', at)
  await refused(404, 'itemNotFound', /^Snapshot/, 'DELETE', at)
  await refused(404, 'itemNotFound', /^Snapshot/, 'POST', '/os-volumes', {
    volume: { size: 1, snapshot_id: nobody },
  })
  await refused(404, 'itemNotFound', /^Volume/, 'POST', '/os-snapshots', { snapshot: { volume_id: nobody } })
})

test('what the volume service refuses comes in the words of its client', async () => {
  await refused(
    400,
    'badRequest',
    /^Invalid input received: .+ \(HTTP 400\) \(Request-ID: req-[0-9a-f-]{36}\)$/,
    'POST',
    '/os-volumes',
    { volume: { size: 1, availability_zone: 'nowhere' } },
  )
  await refused(400, 'badRequest', /'size' is a required property/, 'POST', '/os-volumes', { volume: {} })
  await refused(400, 'badRequest', /attribute size/, 'POST', '/os-volumes', { volume: { size: 0 } })
  await refused(404, 'itemNotFound', /^Volume/, 'DELETE', `/os-volumes/${nobody}`)
  const quotas = `/volume/v3/os-quota-sets/${cloud.projectId.demo}`
  const { id } = (await makeVolume()).body.volume
  await useUpVolumeQuotas(cloud, 'volumes', 'snapshots')
  await refused(403, 'forbidden', /number of volumes/, 'POST', '/os-volumes', { volume: { size: 1 } })
  await refused(403, 'forbidden', /number of snapshots/, 'POST', '/os-snapshots', {
    snapshot: { volume_id: id },
  })
  await cloud.ask('DELETE', quotas, { as: 'admin' })
})

test("another project's volumes are not seen, and from 2.36 on nothing is there", async () => {
  const { id } = (await makeVolume()).body.volume
  assert.deepEqual((await ask('GET', '/os-volumes', undefined, 'admin')).body, { volumes: [] })
  for (const path of ['/os-volumes', `/os-volumes/${id}`, '/os-snapshots/detail'])
    assert.equal((await cloud.ask('GET', path, { version: '2.36' })).status, 404, path)
})
