import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { image, runVolumes } from '../../test/support/volume-service.ts'

const volumes = await runVolumes()
after(() => volumes.close())

const admin = (method: string, path: string, body?: object) =>
  volumes.ask(method, path, { as: 'admin', body })

test('a snapshot keeps what the volume held, and volumes are made of it', async () => {
  const volume = await volumes.volume({ imageRef: image(volumes.madeUp, 'then') })
  const snapshot = await volumes.snapshot(volume.id, { name: 's', metadata: { a: '1' } })
  assert.deepEqual(
    [snapshot.status, snapshot.size, snapshot['os-extended-snapshot-attributes:progress']],
    ['available', 1, '100%'],
  )
  const copy = await volumes.volume({ snapshot_id: snapshot.id, size: null })
  assert.deepEqual([copy.size, copy.snapshot_id, copy.bootable], [1, snapshot.id, 'true'])
  const parts: Buffer[] = []
  for await (const part of volumes.files.read({ kind: 'volume', id: copy.id }, 4)) parts.push(part)
  assert.equal(Buffer.concat(parts).toString(), 'then')
  const small = await volumes.ask('POST', '/snapshots', {
    body: { snapshot: { volume_id: copy.id, force: 'maybe' } },
  })
  assert.equal(small.status, 400)
})

test('snapshots are listed with filters, changed and deleted', async () => {
  const { id: volume_id } = await volumes.volume()
  const one = await volumes.snapshot(volume_id, { name: 'one', metadata: { k: 'v' } })
  await volumes.snapshot(volume_id, { name: 'two' })
  const names = async (query: string) =>
    (await volumes.ask('GET', `/snapshots${query}`)).body.snapshots.map((s: { name: string }) => s.name)
  assert.deepEqual(await names(`?volume_id=${volume_id}&sort=name:asc`), ['one', 'two'])
  assert.deepEqual(await names(`/detail?metadata=${encodeURIComponent("{'k': 'v'}")}`), ['one'])
  assert.deepEqual(await names(`?volume_id=${volume_id}&limit=1&sort=name:asc&marker=${one.id}`), ['two'])
  const changed = await volumes.ask('PUT', `/snapshots/${one.id}`, {
    body: { snapshot: { description: 'old' } },
  })
  assert.equal(changed.body.snapshot.description, 'old')
  assert.deepEqual((await volumes.ask('GET', `/snapshots/${one.id}/metadata`)).body, { metadata: { k: 'v' } })
  assert.equal((await volumes.ask('DELETE', `/snapshots/${one.id}`)).status, 202)
  await volumes.work.settled()
  const gone = await volumes.ask('GET', `/snapshots/${one.id}`)
  assert.equal(gone.body.itemNotFound.message, `Snapshot ${one.id} could not be found.`)
})

test('a volume that is not there for it has no snapshot taken', async () => {
  volumes.madeUp.isDown = true
  const { id } = await volumes.volume({ imageRef: image(volumes.madeUp, 'x') })
  volumes.madeUp.isDown = false
  const refused = await volumes.ask('POST', '/snapshots', { body: { snapshot: { volume_id: id } } })
  assert.equal(refused.status, 400)
  assert.match(
    refused.body.badRequest.message,
    /status must be available or in-use, but current status is: error/,
  )
  const force = { snapshot: { volume_id: id, force: false } }
  assert.match(
    (await volumes.ask('POST', '/snapshots', { body: force })).text,
    /invalid since microversion 3.66/,
  )
})

test('administrators free a snapshot that is stuck', async () => {
  const { id: volume_id } = await volumes.volume()
  const { id } = await volumes.snapshot(volume_id)
  const act = (body: object) => admin('POST', `/snapshots/${id}/action`, body)
  assert.equal(
    (await volumes.ask('POST', `/snapshots/${id}/action`, { body: { 'os-force_delete': {} } })).status,
    403,
  )
  assert.equal((await act({ 'os-reset_status': { status: 'lost' } })).status, 400)
  assert.equal((await act({ 'os-reset_status': { status: 'creating' } })).status, 202)
  const refused = await volumes.ask('DELETE', `/snapshots/${id}`)
  assert.match(
    refused.body.badRequest.message,
    /^Invalid snapshot: Snapshot status must be available or error/,
  )
  const copy = await volumes.ask('POST', '/volumes', { body: { volume: { snapshot_id: id } } })
  assert.match(copy.body.badRequest.message, /Originating snapshot status must be one of available values/)
  assert.equal((await act({ 'os-force_delete': {} })).status, 202)
  await volumes.work.settled()
  assert.equal((await admin('GET', `/snapshots/${id}`)).status, 404)
})

test('compute says how far a snapshot is; what is deleting for good is deleted by force', async () => {
  const { id: volume_id } = await volumes.volume()
  const { id } = await volumes.snapshot(volume_id)
  const act = (body: object) => admin('POST', `/snapshots/${id}/action`, body)
  const update = (status: string, progress?: string) =>
    volumes.ask('POST', `/snapshots/${id}/action`, {
      body: { 'os-update_snapshot_status': { status, ...(progress === undefined ? {} : { progress }) } },
    })
  assert.match(
    (await update('error')).body.badRequest.message,
    /available not allowed for update_snapshot_status/,
  )
  await act({ 'os-reset_status': { status: 'creating' } })
  assert.match((await update('deleting')).body.badRequest.message, /status deleting not allowed for snapshot/)
  assert.match(
    (await update('error', 'half')).body.badRequest.message,
    /progress must be an integer percentage/,
  )
  assert.equal((await update('error', '80%')).status, 202)
  const shown = (await volumes.ask('GET', `/snapshots/${id}`)).body.snapshot
  assert.deepEqual([shown.status, shown['os-extended-snapshot-attributes:progress']], ['error', '80%'])
  await act({ 'os-reset_status': { status: 'deleting' } })
  assert.equal((await act({ 'os-force_delete': {} })).status, 202)
  await volumes.work.settled()
  assert.equal((await admin('GET', `/snapshots/${id}`)).status, 404)
  const none = await volumes.ask('POST', '/snapshots', { body: { snapshot: { volume_id: null } } })
  assert.equal(none.body.itemNotFound.message, 'Volume None could not be found.')
})
