// Servers that go elsewhere, away or anew with their volumes.
import assert from 'node:assert/strict'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startTestCloud, type TestCloud } from '../../support/cloud.ts'
import { testData } from '../../support/data.ts'
import { liftQuotas } from '../../support/quotas.ts'
import { assertRefused } from '../../support/refusals.ts'
import { holdings } from '../../support/room.ts'
import { type Storyteller, storyteller } from '../../support/story.ts'
import {
  actOnVolume,
  attach,
  attached,
  detach,
  disksOf,
  fromVolume,
  listAttached,
  looseEnds,
  makeVolume,
  showVolume,
  statusOf,
} from '../../support/volumes.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

let cloud: TestCloud
let teller: Storyteller
before(async () => {
  cloud = await startTestCloud({ hosts: 3 })
  await liftQuotas(cloud)
  teller = await storyteller(cloud)
})
after(() => cloud.close())

/** A server that boots from a volume and has another one. */
async function withVolumes(): Promise<Json> {
  const server = await cloud.server(fromVolume(cloud))
  await attached(cloud, server)
  return server
}

const hostOf = async ({ id }: Json): Promise<string> => (await cloud.show(id))['OS-EXT-SRV-ATTR:host']

/** Each volume of a server is in use once, on its host, by the attachment the server names. */
async function assertFollowed(server: Json): Promise<void> {
  const host = await hostOf(server)
  for (const { volumeId, attachment_id } of await listAttached(cloud, server)) {
    const { status, attachments } = await showVolume(cloud, volumeId)
    assert.deepEqual(
      [status, attachments.map((one: Json) => [one.attachment_id, one.host_name])],
      ['in-use', [[attachment_id, host]]],
    )
  }
  assert.deepEqual([await looseEnds(cloud), await holdings(cloud)], [[], []])
}

test('a resize takes volumes along; reverted, they come back; confirmed, they stay', async () => {
  const server = await withVolumes()
  const home = await hostOf(server)
  await cloud.act(server, { resize: { flavorRef: '2' } })
  assert.notEqual(await hostOf(server), home)
  await assertFollowed(server)
  await cloud.act(server, { revertResize: null })
  assert.equal(await hostOf(server), home)
  await assertFollowed(server)
  await cloud.act(server, { migrate: null }, 'admin')
  await cloud.act(server, { confirmResize: null })
  assert.notEqual(await hostOf(server), home)
  await assertFollowed(server)
  assert.deepEqual(await disksOf(cloud, server), ['vda', 'vdb'])
})

test('what came and went while a server was resized is so on the old host, too', async () => {
  const server = await cloud.server()
  const [gone, stays] = [await attached(cloud, server), await makeVolume(cloud)]
  await cloud.act(server, { resize: { flavorRef: '2' } })
  assert.equal((await detach(cloud, server, gone)).status, 202)
  await cloud.settled()
  assert.equal((await attach(cloud, server, stays, { device: '/dev/vdd' })).status, 200)
  await cloud.settled()
  await cloud.act(server, { revertResize: null })
  assert.deepEqual(await disksOf(cloud, server), ['vda', 'vdd'])
  await assertFollowed(server)
})

test('a flavor without a disk is enough for a server on a volume', async () => {
  const flavor = { id: 'diskless', name: 'diskless', vcpus: 1, ram: 256, disk: 0 }
  await cloud.ask('POST', '/flavors', { as: 'admin', body: { flavor } })
  const [onDisk, onVolume] = [await cloud.server(), await withVolumes()]
  assertRefused(await cloud.act(onDisk, { resize: { flavorRef: 'diskless' } }), 'ResizeToZeroDisk')
  assert.equal((await cloud.act(onVolume, { resize: { flavorRef: 'diskless' } })).status, 202)
  await assertFollowed(onVolume)
})

test('a live migration has volumes on both hosts for a while, and on one at the end', async () => {
  const server = await withVolumes()
  const home = await hostOf(server)
  const before = (await listAttached(cloud, server)).map(({ attachment_id }) => attachment_id)
  await cloud.act(server, { 'os-migrateLive': { host: null, block_migration: 'auto' } }, 'admin')
  assert.notEqual(await hostOf(server), home)
  const now = (await listAttached(cloud, server)).map(({ attachment_id }) => attachment_id)
  assert.ok(now.every(id => !before.includes(id)))
  await assertFollowed(server)
  assert.deepEqual(await disksOf(cloud, server), ['vda', 'vdb'])
})

test('a shelved server keeps its volumes without a host; one on a volume has no image made', async () => {
  const server = await withVolumes()
  const story = await teller.tell(server, { shelve: null })
  assert.deepEqual(
    [story.states.at(-1), story.action, story.events],
    ['shelved_offloaded/-', 'shelve', ['compute_shelve_offload_instance Success home']],
  )
  for (const { volumeId } of await listAttached(cloud, server))
    assert.equal(await statusOf(cloud, volumeId), 'reserved')
  assert.deepEqual(await looseEnds(cloud), [])
  const back = await teller.tell(server, { unshelve: null })
  assert.deepEqual(
    back.events.map(event => event.split(' ')[0]),
    ['schedule_instances', 'compute_unshelve_instance'],
  )
  await assertFollowed(server)
  await cloud.act(server, { shelve: null })
  await cloud.ask('DELETE', `/servers/${server.id}`)
  await cloud.settled()
  assert.deepEqual(await looseEnds(cloud), [])
})

test('an evacuated server has its volumes on the new host, whatever the old one says', async () => {
  const server = await withVolumes()
  const home = await hostOf(server)
  const forceDown = async (forced_down: boolean) => {
    const { services } = (await cloud.ask('GET', '/os-services?binary=nova-compute', { as: 'admin' })).body
    const { id } = services.find(({ host }: Json) => host === home)
    await cloud.ask('PUT', `/os-services/${id}`, { as: 'admin', body: { forced_down } })
  }
  await forceDown(true)
  assert.equal((await cloud.act(server, { evacuate: {} }, 'admin')).status, 200)
  await forceDown(false)
  await cloud.cloud.periodic.run('evacuated')
  assert.notEqual(await hostOf(server), home)
  await assertFollowed(server)
})

test('a server whose host is down is deleted without it, and its volumes are free', async () => {
  const server = await cloud.server()
  const volume = await attached(cloud, server)
  await cloud.cloud.store.db
    .updateTable('compute_services')
    .set({ forced_down: 1 })
    .where('host', '=', await hostOf(server))
    .execute()
  await cloud.ask('DELETE', `/servers/${server.id}`)
  await cloud.settled()
  await cloud.cloud.store.db.updateTable('compute_services').set({ forced_down: 0 }).execute()
  assert.equal(await statusOf(cloud, volume), 'available')
  assert.deepEqual(await looseEnds(cloud), [])
})

async function otherImage(): Promise<string> {
  const { id } = (
    await cloud.ask('POST', '/image/v2/images', {
      body: { name: 'other', disk_format: 'raw', container_format: 'bare', os_type: 'linux' },
    })
  ).body
  await cloud.ask('PUT', `/image/v2/images/${id}/file`, {
    raw: 'another system',
    headers: { 'content-type': 'application/octet-stream' },
  })
  return id
}

test('from 2.93 on a rebuild writes the root volume anew; before, it keeps what it has', async () => {
  const server = await withVolumes()
  const [root] = await listAttached(cloud, server)
  const image = await otherImage()
  const rebuild = (imageRef: string, version: string) =>
    cloud.act(server, { rebuild: { imageRef } }, 'demo', version)
  assertRefused(await rebuild(image, '2.92'), 'RebuildVolumeImage')
  assert.equal((await rebuild(cloud.imageId, '2.92')).status, 202)
  assert.equal((await cloud.show(server.id)).status, 'ACTIVE')
  await assertFollowed(server)
  const answer = await rebuild(image, '2.93')
  assert.equal(answer.status, 202, answer.text)
  const shown = await cloud.show(server.id)
  assert.deepEqual([shown.status, shown.image, shown.fault], ['ACTIVE', '', undefined])
  const volume = await showVolume(cloud, root.volumeId)
  assert.deepEqual(
    [volume.volume_image_metadata.image_id, volume.volume_image_metadata.os_type],
    [image, 'linux'],
  )
  await assertFollowed(server)
  const copy = await actOnVolume(cloud, root.volumeId, {
    'os-volume_upload_image': { image_name: 'copy', force: true },
  })
  await cloud.settled()
  const copied = copy.body['os-volume_upload_image'].image_id
  const { checksum } = (await cloud.ask('GET', `/image/v2/images/${copied}`, { as: 'admin' })).body
  assert.equal(checksum, (await cloud.ask('GET', `/image/v2/images/${image}`)).body.checksum)
})

test('a root volume that cannot be written ends the rebuild, and the record says why', async () => {
  await using data = await testData()
  await using own = await startTestCloud({ data })
  const server = await own.server(fromVolume(own))
  for (const name of await readdir(join(data.folder, 'images')))
    if (name.startsWith(own.imageId)) await rm(join(data.folder, 'images', name), { recursive: true })
  await own.act(server, { rebuild: { imageRef: own.imageId } })
  const [root] = await listAttached(own, server)
  const { status, fault } = await own.show(server.id)
  const reason = `Volume ${root.volumeId} could not be written anew from image ${own.imageId}: its status is error.`
  assert.deepEqual(
    [status, fault.message, await statusOf(own, root.volumeId)],
    ['ERROR', `Build of instance ${server.id} aborted: ${reason}`, 'error'],
  )
  const [action] = await own.actions(server.id)
  assert.equal(action.events[0].details, reason)
})

test('a server on a volume is rescued from 2.87 on', async () => {
  const server = await withVolumes()
  const early = await cloud.act(server, { rescue: null }, 'demo', '2.86')
  assertRefused(early, 'RescueVolumeBacked')
  assert.equal((await cloud.act(server, { rescue: null }, 'demo', '2.87')).status, 200)
  assert.equal((await cloud.show(server.id)).status, 'RESCUE')
  await cloud.act(server, { unrescue: null })
  await assertFollowed(server)
})

test('a volume in use grows, and its machine is told', async () => {
  const server = await cloud.server()
  const volume = await attached(cloud, server)
  const extend = { 'os-extend': { new_size: 3 } }
  const story = await teller.tellOf(server, async () => {
    const answer = await actOnVolume(cloud, volume, extend, 'demo')
    await cloud.settled()
    return answer
  })
  assert.deepEqual(
    [story.status, story.action, story.events],
    [202, 'extend_volume', ['compute_extend_volume Success home']],
  )
  const { status, size } = await showVolume(cloud, volume)
  assert.deepEqual([status, size], ['in-use', 3])
  await cloud.act(server, { reboot: { type: 'SOFT' } })
  const { output } = (await cloud.act(server, { 'os-getConsoleOutput': {} })).body
  assert.match(output, /\[vdb\] 3 GiB/)
  // A server on no host has nobody to tell.
  await cloud.act(server, { shelve: null })
  assert.equal(await statusOf(cloud, volume), 'reserved')
})

test('a machine that cannot take the new size leaves the volume in error, and says so', async () => {
  const server = await cloud.server({ metadata: { 'faultline:fail': 'extendVolume:LibvirtError' } })
  const volume = await attached(cloud, server)
  const story = await teller.tellOf(server, async () => {
    const answer = await actOnVolume(cloud, volume, { 'os-extend': { new_size: 2 } }, 'demo')
    await cloud.settled()
    return answer
  })
  assert.deepEqual(
    [story.action, story.events],
    ['extend_volume Error', ['compute_extend_volume Error home']],
  )
  assert.equal(await statusOf(cloud, volume), 'error_extending')
  await actOnVolume(cloud, volume, { 'os-reset_status': { status: 'in-use' } })
  await cloud.ask('DELETE', `/servers/${server.id}`)
  await cloud.settled()
})

test('an extension of a volume the server does not have is a failed action', async () => {
  const server = await cloud.server()
  const other = await makeVolume(cloud)
  const events = [{ name: 'volume-extended', server_uuid: server.id, tag: other }]
  await cloud.ask('POST', '/os-server-external-events', { as: 'admin', body: { events } })
  await cloud.settled()
  const [action] = await cloud.actions(server.id)
  assert.deepEqual(
    [action.action, action.message, action.events[0].details],
    ['extend_volume', 'Error', `Instance ${server.id} is not attached to volume ${other}`],
  )
})
