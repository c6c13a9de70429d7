import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { callers } from '../../test/support/one-service.ts'
import { image, runVolumes } from '../../test/support/volume-service.ts'

const volumes = await runVolumes()
after(() => volumes.close())

const project = callers.demo.project?.id
await volumes.ask('PUT', `/os-quota-sets/${project}`, {
  as: 'admin',
  body: { quota_set: { volumes: -1, gigabytes: -1, snapshots: -1 } },
})
const create = (given: object, more: object = {}) =>
  volumes.ask('POST', '/volumes', { body: { volume: given }, ...more })
const sentence = (answer: { readonly body: Record<string, { readonly message: string }> }) =>
  Object.values(answer.body)[0]?.message

test('a new volume is creating, then available, and a sparse file of its size is there', async () => {
  const answer = await create({ size: 2, name: 'data', metadata: { use: 'db' } })
  assert.equal(answer.status, 202)
  assert.deepEqual([answer.body.volume.status, answer.body.volume.size], ['creating', 2])
  await volumes.work.settled()
  const shown = (await volumes.ask('GET', `/volumes/${answer.body.volume.id}`)).body.volume
  assert.deepEqual(
    [shown.status, shown.bootable, shown.volume_type, shown.metadata, shown.attachments],
    ['available', 'false', '__DEFAULT__', { use: 'db' }, []],
  )
  assert.equal(shown['os-vol-tenant-attr:tenant_id'], project)
  const file = await stat(join(volumes.folder, `volume-${shown.id}`))
  assert.equal(file.size, 2 * 1024 ** 3)
  assert.ok(file.blocks * 512 < 1024 ** 2)
})

test('what is shown grows with the microversion, and with who looks', async () => {
  const { id } = await volumes.volume()
  const keys = async (version: string | null, as: 'demo' | 'admin' = 'demo') =>
    Object.keys((await volumes.ask('GET', `/volumes/${id}`, { version, as })).body.volume)
  const old = await keys(null)
  const news = (await keys('3.71')).filter(key => !old.includes(key))
  assert.deepEqual(news.sort(), [
    'consumes_quota',
    'group_id',
    'service_uuid',
    'shared_targets',
    'volume_type_id',
  ])
  assert.ok(!old.includes('os-vol-host-attr:host'))
  assert.ok((await keys(null, 'admin')).includes('os-vol-host-attr:host'))
})

test('a volume of an image holds its bytes, can be booted, and remembers the image', async () => {
  const imageRef = image(volumes.madeUp, 'boot me')
  const made = await volumes.volume({ imageRef })
  assert.deepEqual(
    [made.status, made.bootable, made.volume_image_metadata.image_id],
    ['available', 'true', imageRef],
  )
  const parts: Buffer[] = []
  for await (const part of volumes.files.read({ kind: 'volume', id: made.id }, 7)) parts.push(part)
  assert.equal(Buffer.concat(parts).toString(), 'boot me')
})

test('a volume of another volume holds what that one held, and is as large at least', async () => {
  const source = await volumes.volume({ imageRef: image(volumes.madeUp, 'copy me') })
  const copy = await volumes.volume({ source_volid: source.id, size: 2 })
  assert.deepEqual([copy.size, copy.bootable, copy.source_volid], [2, 'true', source.id])
  const parts: Buffer[] = []
  for await (const part of volumes.files.read({ kind: 'volume', id: copy.id }, 7)) parts.push(part)
  assert.equal(Buffer.concat(parts).toString(), 'copy me')
})

test('an image that cannot be read leaves the volume in error', async () => {
  volumes.madeUp.isDown = true
  const made = await volumes.volume({ imageRef: image(volumes.madeUp, 'x') })
  volumes.madeUp.isDown = false
  assert.equal(made.status, 'error')
  assert.equal((await volumes.ask('DELETE', `/volumes/${made.id}`)).status, 202)
})

test('what cannot be made is refused in Cinder’s words', async () => {
  const small = image(volumes.madeUp, 'x', { minDiskGb: 3 })
  const large = image(volumes.madeUp, 'x', { sizeBytes: 3 * 1024 ** 3 })
  const queued = image(volumes.madeUp, 'x', { status: 'queued' })
  const two = await volumes.volume({ size: 2 })
  for (const [given, status, pattern] of [
    [{}, 400, /Invalid volume size provided for create request: None/],
    [{ size: 0 }, 400, /size/],
    [{ size: 1, imageRef: small }, 400, /cannot be smaller than the image minDisk size 3GB/],
    [{ size: 1, imageRef: large }, 400, /Size of specified image 3GB is larger than volume size 1GB/],
    [{ size: 1, imageRef: queued }, 400, /is not active/],
    [{ size: 1, imageRef: 'nobody' }, 404, /Image nobody could not be found/],
    [{ size: 1, source_volid: two.id }, 400, /cannot be smaller than original volume size {2}2GB/],
    [{ size: 1, source_volid: two.id, imageRef: small }, 400, /May specify only one of/],
    [{ size: 1, volume_type: 'none' }, 404, /Volume type with name none could not be found/],
    [{ size: 1, availability_zone: 'mars' }, 400, /Availability zone 'mars' is invalid/],
    [{ size: 1, consistencygroup_id: two.id }, 404, /Group .* could not be found/],
    [{ size: 1, group_id: two.id }, 404, /Group .* could not be found/],
    [{ size: 1, backup_id: two.id }, 404, /Backup .* could not be found/],
    [{ size: 1, snapshot_id: two.id }, 404, /Snapshot .* could not be found/],
  ] as const) {
    const answer = await create(given)
    assert.equal(answer.status, status, answer.text)
    assert.match(sentence(answer) ?? '', pattern)
  }
})

test('the volumes of others are not there, and readers change nothing', async () => {
  const { id } = await volumes.volume()
  const path = `/volumes/${id}`
  assert.equal((await volumes.ask('GET', path, { as: 'other' })).status, 404)
  assert.equal((await volumes.ask('GET', path, { as: 'reader' })).status, 200)
  assert.equal((await volumes.ask('DELETE', path, { as: 'reader' })).status, 403)
  assert.equal((await create({ size: 1 }, { as: 'reader' })).status, 403)
})

test('name, description and metadata are changed; other things are not', async () => {
  const { id } = await volumes.volume({ metadata: { a: '1' } })
  const put = (given: object) => volumes.ask('PUT', `/volumes/${id}`, { body: { volume: given } })
  const changed = (await put({ name: 'new', metadata: { b: '2' } })).body.volume
  assert.deepEqual([changed.name, changed.metadata], ['new', { b: '2' }])
  assert.equal((await put({ size: 4 })).status, 400)
})

test('metadata is written all at once and one by one', async () => {
  const { id } = await volumes.volume({ metadata: { a: '1' } })
  const path = `/volumes/${id}/metadata`
  await volumes.ask('POST', path, { body: { metadata: { b: '2' } } })
  const all = await volumes.ask('GET', path)
  assert.deepEqual(all.body.metadata, { a: '1', b: '2' })
  assert.match(all.headers.get('etag') ?? '', /^[0-9a-f]{32}$/)
  assert.deepEqual((await volumes.ask('PUT', path, { body: { metadata: { c: '3' } } })).body.metadata, {
    c: '3',
  })
  await volumes.ask('PUT', `${path}/c`, { body: { meta: { c: '4' } } })
  assert.deepEqual((await volumes.ask('GET', `${path}/c`)).body, { meta: { c: '4' } })
  assert.equal((await volumes.ask('PUT', `${path}/c`, { body: { meta: { d: '4' } } })).status, 400)
  assert.equal((await volumes.ask('DELETE', `${path}/c`)).status, 200)
  assert.equal(sentence(await volumes.ask('DELETE', `${path}/c`)), `Volume ${id} has no metadata with key c.`)
})

test('a deleted volume is gone, with its file', async () => {
  const { id } = await volumes.volume()
  assert.equal((await volumes.ask('DELETE', `/volumes/${id}`)).status, 202)
  await volumes.work.settled()
  assert.equal(sentence(await volumes.ask('GET', `/volumes/${id}`)), `Volume ${id} could not be found.`)
  assert.ok(!(await volumes.files.list()).includes(`volume-${id}`))
})

test('a volume with snapshots stays, unless they go with it', async () => {
  const { id } = await volumes.volume()
  const snapshot = await volumes.snapshot(id)
  const refused = await volumes.ask('DELETE', `/volumes/${id}`)
  assert.equal(refused.status, 400)
  assert.match(sentence(refused) ?? '', /^Invalid volume: Volume status must be available or error or /)
  assert.equal((await volumes.ask('DELETE', `/volumes/${id}?cascade=True`)).status, 202)
  await volumes.work.settled()
  assert.equal((await volumes.ask('GET', `/snapshots/${snapshot.id}`)).status, 404)
  assert.deepEqual(
    (await volumes.files.list()).filter(name => name.includes(id) || name.includes(snapshot.id)),
    [],
  )
})

test('zones and services can be asked for', async () => {
  const { body } = await volumes.ask('GET', '/os-availability-zone')
  assert.deepEqual(body.availabilityZoneInfo, [{ zoneName: 'nova', zoneState: { available: true } }])
  assert.equal((await volumes.ask('GET', '/os-services')).status, 403)
  const { services } = (await volumes.ask('GET', '/os-services?binary=cinder-volume', { as: 'admin' })).body
  assert.deepEqual([services.length, services[0].state], [1, 'up'])
})
