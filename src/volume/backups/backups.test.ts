import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { sql } from 'kysely'
import { callers } from '../../../test/support/one-service.ts'
import {
  image,
  type RunningVolumes,
  runVolumes,
  type VolumeAsk,
} from '../../../test/support/volume-service.ts'
import { newUuid } from '../../base/ids.ts'
import { createVolumeWork, recoverVolumes } from '../work.ts'

const post = (volumes: RunningVolumes, given: object, ask: VolumeAsk = {}) =>
  volumes.ask('POST', '/backups', { ...ask, body: { backup: given } })
const show = async (volumes: RunningVolumes, id: string) =>
  (await volumes.ask('GET', `/backups/${id}`, { as: 'admin' })).body.backup

/** A backup when it is done. */
async function backup(volumes: RunningVolumes, volume_id: string, given: object = {}) {
  const answer = await post(volumes, { volume_id, ...given })
  assert.equal(answer.status, 202, answer.text)
  await volumes.work.settled()
  return show(volumes, answer.body.backup.id)
}

/** A volume that holds these bytes. */
async function holding(volumes: RunningVolumes, bytes: Buffer, given: object = {}) {
  const imageRef = image(volumes.madeUp, '')
  const known = volumes.madeUp.images.get(imageRef)
  assert.ok(known)
  volumes.madeUp.images.set(imageRef, { ...known, data: bytes })
  return volumes.volume({ imageRef, ...given })
}

async function bytesOf(volumes: RunningVolumes, id: string, length: number): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of volumes.files.read({ kind: 'volume', id }, length)) parts.push(part)
  return Buffer.concat(parts)
}

async function restored(volumes: RunningVolumes, id: string, given: object = {}) {
  const answer = await volumes.ask('POST', `/backups/${id}/restore`, { body: { restore: given } })
  assert.equal(answer.status, 202, answer.text)
  await volumes.work.settled()
  return { answer: answer.body.restore, volume: await volumes.show(answer.body.restore.volume_id) }
}

const block = 65_536

test('a backup holds what the volume held, and a restored volume is called and described alike', async () => {
  await using volumes = await runVolumes()
  const bytes = Buffer.concat([randomBytes(block), Buffer.alloc(2 * block), randomBytes(100)])
  const volume = await holding(volumes, bytes, { name: 'v', description: 'd', metadata: { a: 'b' } })
  const made = await backup(volumes, volume.id, { name: 'b', metadata: { use: 'tests' } })
  assert.deepEqual(
    [made.status, made.size, made.is_incremental, made.has_dependent_backups, made.object_count],
    ['available', 1, false, false, 1],
  )
  assert.deepEqual(
    [made.container, made.metadata, made.fail_reason, made.user_id],
    [`${made.id.slice(0, 2)}/${made.id.slice(2, 4)}/${made.id}`, { use: 'tests' }, null, callers.demo.userId],
  )
  assert.equal((await volumes.show(volume.id)).status, 'available')
  const { answer, volume: copy } = await restored(volumes, made.id)
  assert.equal(answer.volume_name, `restore_backup_${made.id}`)
  assert.deepEqual(
    [copy.status, copy.name, copy.description, copy.bootable, copy.metadata.a],
    ['available', 'v', 'd', 'true', 'b'],
  )
  assert.deepEqual(await bytesOf(volumes, copy.id, bytes.length), bytes)
  assert.equal((await show(volumes, made.id)).status, 'available')
})

test('an incremental backup has the difference, and is restored with those before it', async () => {
  await using volumes = await runVolumes()
  const [a, b, c] = [randomBytes(block), randomBytes(block), randomBytes(block)] as const
  const volume = await holding(volumes, Buffer.concat([a, b, c]))
  const refused = await post(volumes, { volume_id: volume.id, incremental: true })
  assert.equal(
    refused.body.badRequest.message,
    'Invalid backup: No backups available to do an incremental backup.',
  )
  const full = await backup(volumes, volume.id)
  const zero = Buffer.alloc(block)
  const changed = Buffer.concat([a, zero, randomBytes(block), Buffer.from('more')])
  await volumes.files.write({ kind: 'volume', id: volume.id }, 1, Readable.from([changed]))
  await sql`update volumes set written_bytes = ${changed.length} where id = ${volume.id}`.execute(
    volumes.deps.store.db,
  )
  const part = await backup(volumes, volume.id, { incremental: true })
  assert.equal(part.is_incremental, true)
  assert.equal((await show(volumes, full.id)).has_dependent_backups, true)
  const { volume: copy } = await restored(volumes, part.id, { name: 'copy' })
  assert.deepEqual(await bytesOf(volumes, copy.id, changed.length), changed)
  const { volume: old } = await restored(volumes, full.id, { volume_id: copy.id })
  assert.deepEqual(await bytesOf(volumes, old.id, 3 * block), Buffer.concat([a, b, c]))
  const parent = await volumes.ask('DELETE', `/backups/${full.id}`)
  assert.equal(parent.body.badRequest.message, 'Invalid backup: Incremental backups exist for this backup.')
  for (const { id } of [part, full]) {
    assert.equal((await volumes.ask('DELETE', `/backups/${id}`)).status, 202)
    await volumes.work.settled()
  }
  const gone = await volumes.ask('GET', `/backups/${full.id}`)
  assert.equal(gone.body.itemNotFound.message, `Backup ${full.id} could not be found.`)
  assert.deepEqual(await volumes.backups.list(), [])
})

test('a snapshot is backed up while its volume goes on, and a volume is made of the backup at once', async () => {
  await using volumes = await runVolumes()
  const volume = await holding(volumes, Buffer.from('then'))
  const snapshot = await volumes.snapshot(volume.id)
  const other = await volumes.volume()
  const wrong = await post(volumes, { volume_id: other.id, snapshot_id: snapshot.id })
  assert.match(wrong.body.badRequest.message, /does not match with snapshot\.volume_id/)
  const made = await backup(volumes, volume.id, { snapshot_id: snapshot.id })
  assert.deepEqual([made.snapshot_id, made.data_timestamp], [snapshot.id, snapshot.created_at])
  assert.equal((await volumes.ask('GET', `/snapshots/${snapshot.id}`)).body.snapshot.status, 'available')
  const copy = await volumes.volume({ backup_id: made.id })
  assert.deepEqual([copy.status, copy.bootable], ['available', 'true'])
  assert.equal((await bytesOf(volumes, copy.id, 4)).toString(), 'then')
  const both = await volumes.ask('POST', '/volumes', {
    body: { volume: { backup_id: made.id, snapshot_id: snapshot.id } },
  })
  assert.match(both.body.badRequest.message, /May specify only one of/)
})

test('a volume in use needs force, and is in use again afterwards', async () => {
  await using volumes = await runVolumes()
  const { id } = await volumes.volume()
  await volumes.act(id, { 'os-attach': { host_name: 'h', mountpoint: '/dev/vdb' } })
  const refused = await post(volumes, { volume_id: id })
  assert.match(refused.body.badRequest.message, /Backing up an in-use volume must use the force flag/)
  assert.equal((await backup(volumes, id, { force: true })).status, 'available')
  assert.equal((await volumes.show(id)).status, 'in-use')
  await volumes.act(id, { 'os-reset_status': { status: 'error' } }, { as: 'admin' })
  const broken = await post(volumes, { volume_id: id, force: true })
  assert.match(broken.body.badRequest.message, /but the current status is "error"/)
  assert.equal((await post(volumes, { volume_id: id }, { as: 'other' })).status, 404)
  assert.equal((await post(volumes, { volume_id: id, metadata: {} }, { version: '3.42' })).status, 400)
})

test('what cannot be restored says why', async () => {
  await using volumes = await runVolumes()
  const large = await volumes.volume({ size: 2 })
  const small = await volumes.volume()
  const made = await backup(volumes, large.id)
  const ask = (restore: object, as: VolumeAsk['as'] = 'demo') =>
    volumes.ask('POST', `/backups/${made.id}/restore`, { body: { restore }, as: as ?? 'demo' })
  assert.match(
    (await ask({ volume_id: small.id })).body.badRequest.message,
    /volume size 1 is too small to restore backup of size 2/,
  )
  await volumes.act(large.id, { 'os-reset_status': { status: 'error' } }, { as: 'admin' })
  assert.match((await ask({ volume_id: large.id })).body.badRequest.message, /must be available/)
  assert.equal((await ask({}, 'other')).status, 404)
  const act = (body: object, as: VolumeAsk['as'] = 'admin') =>
    volumes.ask('POST', `/backups/${made.id}/action`, { as: as ?? 'admin', body })
  assert.equal((await act({ 'os-reset_status': { status: 'lost' } })).status, 400)
  assert.equal((await act({ 'os-reset_status': { status: 'error' } }, 'demo')).status, 403)
  assert.equal((await act({ 'os-reset_status': { status: 'error' } })).status, 202)
  assert.equal((await ask({})).body.badRequest.message, 'Invalid backup: Backup status must be available')
  const source = await volumes.ask('POST', '/volumes', { body: { volume: { backup_id: made.id } } })
  assert.match(source.body.badRequest.message, /originating source backup/)
  assert.equal((await act({ 'os-force_delete': {} })).status, 202)
  await volumes.work.settled()
  assert.equal(await show(volumes, made.id), undefined)
})

test('a backup that fails says so, frees its volume and tells the user', async () => {
  await using volumes = await runVolumes()
  const { id } = await holding(volumes, Buffer.from('x'))
  await volumes.files.remove({ kind: 'volume', id })
  const failed = await backup(volumes, id)
  assert.equal(failed.status, 'error')
  assert.match(failed.fail_reason, /ENOENT/)
  assert.equal((await volumes.show(id)).status, 'available')
  const [message] = (await volumes.ask('GET', '/messages')).body.messages
  assert.deepEqual(
    [message.event_id, message.user_message],
    ['VOLUME_VOLUME_BACKUP_013_020', 'create backup:Backup driver failed to create backup.'],
  )
  const again = await post(volumes, { volume_id: id, incremental: true })
  assert.match(again.body.badRequest.message, /The parent backup must be available for incremental backup/)
})

test('nothing is backed up while the service is off, or beyond the quota', async () => {
  await using volumes = await runVolumes()
  const { id } = await volumes.volume({ size: 2 })
  const set = `/os-quota-sets/${callers.demo.project?.id}`
  const limit = (quota_set: object) => volumes.ask('PUT', set, { as: 'admin', body: { quota_set } })
  await limit({ backup_gigabytes: 1 })
  const large = await post(volumes, { volume_id: id })
  assert.equal(large.status, 413)
  assert.match(
    large.body.overLimit.message,
    /Requested backup exceeds allowed Backup gigabytes quota\. Requested 2G, quota is 1G and 0G/,
  )
  await limit({ backup_gigabytes: 10, backups: 0 })
  assert.match(
    (await post(volumes, { volume_id: id })).body.overLimit.message,
    /^BackupLimitExceeded: .* \(0\) exceeded/,
  )
  await limit({ backups: 5 })
  const { absolute } = (await volumes.ask('GET', '/limits')).body.limits
  assert.deepEqual([absolute.totalBackupsUsed, absolute.maxTotalBackups], [0, 5])
  const off = { binary: 'cinder-backup', host: 'here' }
  await volumes.ask('PUT', '/os-services/disable', { as: 'admin', body: off })
  const down = await post(volumes, { volume_id: id })
  assert.deepEqual(
    [down.status, down.body.serviceUnavailable.message],
    [503, 'Service cinder-backup could not be found.'],
  )
})

test('a record is exported, and imported under the id it says', async () => {
  await using volumes = await runVolumes()
  const bytes = randomBytes(10)
  const made = await backup(volumes, (await holding(volumes, bytes, { name: 'v' })).id, { name: 'b' })
  const path = `/backups/${made.id}/export_record`
  assert.equal((await volumes.ask('GET', path)).status, 403)
  const exported = (await volumes.ask('GET', path, { as: 'admin' })).body['backup-record']
  const record = JSON.parse(Buffer.from(exported.backup_url, 'base64').toString())
  assert.deepEqual([record.id, record.display_name, record.size], [made.id, 'b', 1])
  const take = async (changes: object, service = exported.backup_service) => {
    const backup_url = Buffer.from(JSON.stringify({ ...record, ...changes })).toString('base64')
    const body = { 'backup-record': { backup_service: service, backup_url } }
    const answer = await volumes.ask('POST', '/backups/import_record', { as: 'admin', body })
    await volumes.work.settled()
    return answer
  }
  const known = await take({})
  assert.equal(known.body.badRequest.message, 'Invalid backup: Backup already exists in database.')
  assert.match((await take({ id: undefined })).body.badRequest.message, /missing an id/)
  assert.match((await take({ size: undefined })).body.badRequest.message, /missing size attribute/)
  assert.equal((await take({ id: '../volume' })).status, 400)
  const id = newUuid()
  assert.equal((await take({ id })).status, 201)
  assert.deepEqual([(await show(volumes, id)).status, (await show(volumes, id)).name], ['available', 'b'])
  await volumes.ask('DELETE', `/backups/${made.id}`)
  await volumes.work.settled()
  const answer = await volumes.ask('POST', `/backups/${id}/restore`, { as: 'admin', body: { restore: {} } })
  await volumes.work.settled()
  assert.deepEqual(await bytesOf(volumes, answer.body.restore.volume_id, 10), bytes)
  const lost = newUuid()
  await take({ id: lost, service_metadata: newUuid() })
  assert.match((await show(volumes, lost)).fail_reason, /There is no data of the backup/)
  const foreign = newUuid()
  await take({ id: foreign }, 'cinder.backup.drivers.swift')
  assert.match((await show(volumes, foreign)).fail_reason, /cannot find backup service/)
  const partial = newUuid()
  await take({ id: partial, container: undefined })
  assert.match((await show(volumes, partial)).fail_reason, /missing fields \(container\)/)
})

test('backups are listed, changed, and seen by their project', async () => {
  await using volumes = await runVolumes()
  const { id } = await volumes.volume()
  const one = await backup(volumes, id, { name: 'one' })
  await backup(volumes, id, { name: 'two' })
  const names = async (query: string, ask: VolumeAsk = {}) =>
    (await volumes.ask('GET', `/backups${query}`, ask)).body.backups.map((b: { name: string }) => b.name)
  assert.deepEqual(await names('?sort=name:asc'), ['one', 'two'])
  assert.deepEqual(await names(`/detail?sort=name:asc&marker=${one.id}`), ['two'])
  assert.deepEqual(await names('?name~=ON'), ['one'])
  assert.deepEqual(await names('', { as: 'other' }), [])
  const counted = (await volumes.ask('GET', '/backups/detail?limit=1&with_count=true')).body
  assert.deepEqual([counted.count, counted.backups_links.length], [2, 1])
  const changed = await volumes.ask('PUT', `/backups/${one.id}`, {
    body: { backup: { description: 'old', metadata: { a: 'b' } } },
  })
  assert.equal(changed.body.backup.name, 'one')
  const shown = (await volumes.ask('GET', `/backups/${one.id}`)).body.backup
  assert.deepEqual([shown.description, shown.metadata, 'user_id' in shown], ['old', { a: 'b' }, false])
  const old = await volumes.ask('PUT', `/backups/${one.id}`, { version: '3.8', body: { backup: {} } })
  assert.equal(old.status, 404)
})

test('what was being backed up and restored when the process died is finished by the next', async () => {
  await using volumes = await runVolumes()
  const bytes = randomBytes(block + 1)
  const volume = await holding(volumes, bytes)
  const kept = await backup(volumes, volume.id)
  await volumes.work.drain(1000)
  const { backup: begun } = (await post(volumes, { volume_id: volume.id })).body
  const answer = await volumes.ask('POST', `/backups/${kept.id}/restore`, { body: { restore: {} } })
  assert.deepEqual(
    [(await show(volumes, begun.id)).status, (await volumes.show(volume.id)).status],
    ['creating', 'backing-up'],
  )
  await volumes.backups.write(newUuid(), {
    parentId: null,
    data: volumes.files.read({ kind: 'volume', id: volume.id }, 10),
    volume: { name: null, description: null, isBootable: false, metadata: {}, imageMetadata: {} },
  })
  const work = createVolumeWork(volumes.workDeps)
  await recoverVolumes(volumes.workDeps, work)
  await work.settled()
  assert.equal((await show(volumes, begun.id)).status, 'available')
  assert.equal((await volumes.show(volume.id)).status, 'available')
  assert.deepEqual(await bytesOf(volumes, answer.body.restore.volume_id, bytes.length), bytes)
  assert.deepEqual((await volumes.backups.list()).sort(), [begun.id, kept.id].sort())
})
