// What the volume service does with the help of compute, and for it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  image,
  type RunningVolumes,
  runVolumes,
  type VolumeAsk,
} from '../../../test/support/volume-service.ts'

let volumes: RunningVolumes
before(async () => {
  volumes = await runVolumes()
})
after(() => volumes.close())

const server = 'aaaaaaaa-0000-4000-8000-000000000001'
const nowhere = 'aaaaaaaa-0000-4000-8000-00000000dead'
const admin = { as: 'admin' } as const

const reserve = async (volume_uuid: string): Promise<string> => {
  const body = { attachment: { volume_uuid, instance_uuid: server, connector: { host: 'host-1' } } }
  return (await volumes.ask('POST', '/attachments', { body })).body.attachment.id
}
const inUse = async (given: object = {}): Promise<string> => {
  const { id } = await volumes.volume(given)
  const attachment = await reserve(id)
  await volumes.ask('POST', `/attachments/${attachment}/action`, { body: { 'os-complete': null } })
  return id
}
const refused = async (id: string, body: object, status: number, says: RegExp, ask: VolumeAsk = {}) => {
  const answer = await volumes.act(id, body, ask)
  assert.deepEqual([answer.status, says.test(answer.text)], [status, true], answer.text)
}
const contents = async (id: string): Promise<string> => {
  const row = await volumes.deps.store.db
    .selectFrom('volumes')
    .select('written_bytes')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const parts: Buffer[] = []
  for await (const part of volumes.files.read({ kind: 'volume', id }, Number(row.written_bytes)))
    parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

test('a volume is written anew from an image, from 3.68 on, and its server is told', async () => {
  const { id } = await volumes.volume({ imageRef: image(volumes.madeUp, 'old system, and longer') })
  const fresh = image(volumes.madeUp, 'new', { properties: { image_id: 'new', os: 'linux' } })
  await refused(id, { 'os-reimage': { image_id: fresh } }, 400, /no such action/, { version: '3.67' })
  await refused(id, { 'os-reimage': { image_id: nowhere } }, 404, /Image .* could not be found/)
  assert.equal((await volumes.act(id, { 'os-reimage': { image_id: fresh } })).status, 202)
  const shown = await volumes.show(id)
  assert.deepEqual(
    [shown.status, shown.volume_image_metadata, await contents(id)],
    ['available', { image_id: 'new', os: 'linux' }, 'new'],
  )
  const reserved = await volumes.volume()
  await volumes.ask('POST', '/attachments', {
    body: { attachment: { volume_uuid: reserved.id, instance_uuid: server } },
  })
  await refused(
    reserved.id,
    { 'os-reimage': { image_id: fresh } },
    400,
    /status must be available or error to be reimaged, but current status is: reserved/,
  )
  volumes.madeUp.told.length = 0
  const allowed = { 'os-reimage': { image_id: fresh, reimage_reserved: true } }
  assert.equal((await volumes.act(reserved.id, allowed)).status, 202)
  assert.equal((await volumes.show(reserved.id)).status, 'reserved')
  assert.deepEqual(volumes.madeUp.told, [
    { name: 'volume-reimaged', serverId: server, volumeId: reserved.id },
  ])
})

test('an image that does not fit, is not active, or cannot be read', async () => {
  const { id } = await volumes.volume()
  const large = image(volumes.madeUp, 'x', { virtualSizeBytes: 2 * 1024 ** 3 })
  await refused(id, { 'os-reimage': { image_id: large } }, 400, /is larger than volume size 1GB/)
  const queued = image(volumes.madeUp, 'x', { status: 'queued' })
  await refused(id, { 'os-reimage': { image_id: queued } }, 400, /is not active/)
  const lost = image(volumes.madeUp, 'x')
  volumes.madeUp.isDown = true
  await volumes.act(id, { 'os-reimage': { image_id: lost } })
  volumes.madeUp.isDown = false
  assert.equal((await volumes.show(id)).status, 'error')
  await volumes.act(id, { 'os-reimage': { image_id: lost } })
  assert.equal((await volumes.show(id)).status, 'error', 'it is what it was before')
})

test('a volume in use is extended when its server is told, and done when a host says so', async () => {
  const id = await inUse()
  const extend = { 'os-extend': { new_size: 2 } }
  await refused(id, extend, 400, /status must be 'available' to extend/, { version: '3.41' })
  volumes.madeUp.listening.add(server)
  assert.equal((await volumes.act(id, extend)).status, 202)
  assert.deepEqual((({ status, size }) => [status, size])(await volumes.show(id)), ['extending', 2])
  assert.deepEqual(volumes.madeUp.told.at(-1), { name: 'volume-extended', serverId: server, volumeId: id })
  const done = (error: boolean) => ({ 'os-extend_volume_completion': { error } })
  await refused(id, done(false), 400, /no such action/, { ...admin, version: '3.70' })
  await refused(id, done(false), 403, /extend_volume_complete/)
  assert.equal((await volumes.act(id, done(false), admin)).status, 202)
  assert.equal((await volumes.show(id)).status, 'in-use')
  await refused(id, done(false), 400, /not waiting for the end of an extension: its status is in-use/, admin)
  await volumes.act(id, { 'os-extend': { new_size: 3 } })
  await volumes.act(id, done(true), admin)
  assert.equal((await volumes.show(id)).status, 'error_extending')
  volumes.madeUp.listening.clear()
  const alone = await inUse()
  await volumes.act(alone, extend)
  assert.deepEqual((({ status, size }) => [status, size])(await volumes.show(alone)), ['in-use', 2])
})

test('a move that is over puts the new volume in place of the old one, or throws it away', async () => {
  const moved = async () => {
    const from = await inUse({ imageRef: image(volumes.madeUp, 'what is moved') })
    const { id: to } = await volumes.volume({ size: 2 })
    await volumes.act(from, { 'os-reset_status': { migration_status: 'migrating' } }, admin)
    return { from, to }
  }
  const complete = (from: string, to: string, error = false) =>
    volumes.act(from, { 'os-migrate_volume_completion': { new_volume: to, error } }, admin)
  const { from, to } = await moved()
  const wrong = async (says: RegExp) => {
    const answer = await complete(from, to)
    assert.deepEqual([answer.status, says.test(answer.text)], [400, true], answer.text)
  }
  await wrong(/Destination volume not mid-migration/)
  const say = (id: string, migration_status: string) =>
    volumes.act(id, { 'os-reset_status': { migration_status } }, admin)
  await say(to, 'target:another')
  await wrong(/Destination has migration_status target:another, expected target:/)
  await say(from, 'none')
  await wrong(/Source volume not mid-migration/)
  await say(from, 'migrating')
  await say(to, `target:${from}`)
  await refused(to, { 'os-force_delete': {} }, 400, /must not be migrating/, admin)
  assert.deepEqual((await complete(from, to)).body, { save_volume_id: from })
  const shown = await volumes.show(from)
  assert.deepEqual(
    [shown.size, shown.status, shown.migration_status, shown.attachments],
    [2, 'available', 'success', []],
  )
  assert.equal((await volumes.ask('GET', `/volumes/${to}`)).status, 404)
  const failed = await moved()
  await say(failed.to, `target:${failed.from}`)
  assert.deepEqual((await complete(failed.from, failed.to, true)).body, { save_volume_id: failed.from })
  assert.deepEqual(
    [(await volumes.show(failed.from)).status, (await volumes.ask('GET', `/volumes/${failed.to}`)).status],
    ['in-use', 404],
  )
  const [one, two] = [await volumes.volume(), await volumes.volume()]
  assert.deepEqual((await complete(one.id, two.id)).body, { save_volume_id: two.id })
})

test('the cloud’s own services make volumes and snapshots for others; nobody else does', async () => {
  const id = 'bbbbbbbb-0000-4000-8000-000000000001'
  const given = { id, project_id: 'theirs', user_id: 'somebody' }
  const body = (more: object) => ({ volume: { size: 1, ...more } })
  const made = await volumes.ask('POST', '/volumes', { as: 'service', body: body(given) })
  await volumes.work.settled()
  assert.equal(made.body.volume.id, id)
  assert.equal((await volumes.show(id))['os-vol-tenant-attr:tenant_id'], 'theirs')
  const own = await volumes.ask('POST', '/volumes', { as: 'other', body: body(given) })
  assert.notEqual(own.body.volume.id, id)
  assert.notEqual((await volumes.show(own.body.volume.id))['os-vol-tenant-attr:tenant_id'], 'theirs')
})
