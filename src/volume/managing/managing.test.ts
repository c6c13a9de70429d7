import assert from 'node:assert/strict'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { image, type RunningVolumes, runVolumes } from '../../../test/support/volume-service.ts'
import { newUuid } from '../../base/ids.ts'

const host = 'here@file#file'
const gib = 1024 ** 3

/** A file of an operator's, as long as told. */
async function put(volumes: RunningVolumes, name: string, text: string, bytes = gib): Promise<void> {
  const folder = join(volumes.folder, 'existing')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), text)
  await truncate(join(folder, name), bytes)
}

const manage = async (volumes: RunningVolumes, given: object) => {
  const body = { volume: { host, ...given } }
  const answer = await volumes.ask('POST', '/manageable_volumes', { as: 'admin', body })
  await volumes.work.settled()
  return answer
}

async function textOf(volumes: RunningVolumes, id: string, length: number): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of volumes.files.read({ kind: 'volume', id }, length)) parts.push(part)
  return Buffer.concat(parts).toString()
}

test('a file becomes a volume with what it holds, as many whole gibibytes as it needs', async () => {
  await using volumes = await runVolumes()
  await put(volumes, 'old-disk.raw', 'held', gib + 1)
  const given = {
    ref: { 'source-name': 'old-disk.raw' },
    name: ' old ',
    bootable: true,
    metadata: { a: 'b' },
  }
  const answer = await manage(volumes, given)
  assert.equal(answer.status, 202, answer.text)
  const volume = await volumes.show(answer.body.volume.id)
  assert.deepEqual(
    [volume.status, volume.size, volume.name, volume.bootable, volume.metadata],
    ['available', 2, 'old', 'true', { a: 'b' }],
  )
  assert.equal(await textOf(volumes, volume.id, 4), 'held')
  assert.deepEqual(await volumes.files.listExisting(), [])
})

test('what is unmanaged stays as a file and can be managed again', async () => {
  await using volumes = await runVolumes()
  const volume = await volumes.volume({ imageRef: image(volumes.madeUp, 'kept') })
  const refused = await volumes.act(volume.id, { 'os-unmanage': {} })
  assert.equal(refused.status, 403)
  assert.equal((await volumes.act(volume.id, { 'os-unmanage': {} }, { as: 'admin' })).status, 202)
  assert.equal((await volumes.ask('GET', `/volumes/${volume.id}`)).status, 404)
  const reference = { 'source-name': `volume-${volume.id}` }
  const list = async (query = '') =>
    (
      await volumes.ask('GET', `/manageable_volumes/detail?host=${encodeURIComponent(host)}${query}`, {
        as: 'admin',
      })
    ).body['manageable-volumes']
  assert.deepEqual(await list(), [
    {
      reference,
      size: 1,
      safe_to_manage: true,
      reason_not_safe: null,
      cinder_id: null,
      extra_info: null,
    },
  ])
  const back = (await manage(volumes, { ref: reference })).body.volume
  assert.equal(await textOf(volumes, back.id, 4), 'kept')
  const [now] = await list()
  assert.deepEqual(
    [now.cinder_id, now.safe_to_manage, now.reason_not_safe],
    [back.id, false, 'already managed'],
  )
  const taken = await manage(volumes, { ref: { 'source-name': `volume-${back.id}` } })
  assert.match(taken.body.badRequest.message, /The volume is already managed/)
})

test('what is not there ends in error, and what makes no sense is refused', async () => {
  await using volumes = await runVolumes()
  const missing = (await manage(volumes, { ref: { 'source-name': 'nothing' } })).body.volume
  assert.equal((await volumes.show(missing.id)).status, 'error_managing')
  assert.equal((await volumes.ask('DELETE', `/volumes/${missing.id}`, { as: 'admin' })).status, 202)
  const path = (await manage(volumes, { ref: { 'source-name': '../../etc/passwd' } })).body.volume
  assert.equal((await volumes.show(path.id)).status, 'error_managing')
  const message = async (given: object) => {
    const { body } = await manage(volumes, { ref: { 'source-name': 'x' }, ...given })
    return (body.badRequest ?? body.serviceUnavailable ?? body.itemNotFound).message
  }
  assert.match(await message({ ref: { id: 'x' } }), /Reference must contain source-name element/)
  assert.match(await message({ host: 'there@file' }), /Host 'there@file' not found/)
  assert.match(await message({ cluster: 'c' }), /One and only one of cluster and host/)
  assert.match(await message({ volume_type: 'none' }), /Volume type with name none/)
  assert.match(await message({ availability_zone: 'mars' }), /Availability zone 'mars' is invalid/)
  const demo = await volumes.ask('POST', '/manageable_volumes', { body: { volume: { host, ref: 'x' } } })
  assert.equal(demo.status, 403)
  await volumes.ask('PUT', '/os-services/freeze', { as: 'admin', body: { host: 'here@file' } })
  assert.match(await message({}), /The service is unavailable at this time/)
})

test('a volume that is not free stays managed', async () => {
  await using volumes = await runVolumes()
  const { id } = await volumes.volume()
  const snapshot = await volumes.snapshot(id)
  const refused = await volumes.act(id, { 'os-unmanage': {} }, { as: 'admin' })
  assert.match(refused.body.badRequest.message, /must not be migrating, attached/)
  const act = (body: object) => volumes.ask('POST', `/snapshots/${snapshot.id}/action`, { as: 'admin', body })
  await act({ 'os-reset_status': { status: 'creating' } })
  assert.match((await act({ 'os-unmanage': {} })).body.badRequest.message, /Snapshot status must be/)
})

test('snapshots are managed and given up the same way', async () => {
  await using volumes = await runVolumes()
  const volume = await volumes.volume({ imageRef: image(volumes.madeUp, 'then') })
  const snapshot = await volumes.snapshot(volume.id)
  const act = (id: string) =>
    volumes.ask('POST', `/snapshots/${id}/action`, { as: 'admin', body: { 'os-unmanage': {} } })
  assert.equal((await act(snapshot.id)).status, 202)
  await volumes.work.settled()
  assert.equal((await volumes.ask('GET', `/snapshots/${snapshot.id}`)).status, 404)
  const ref = { 'source-name': `snapshot-${snapshot.id}` }
  const list = async () =>
    (await volumes.ask('GET', `/manageable_snapshots?host=${encodeURIComponent(host)}`, { as: 'admin' }))
      .body['manageable-snapshots']
  assert.deepEqual(await list(), [{ reference: ref, size: 1, safe_to_manage: true }])
  const take = async (given: object) => {
    const body = { snapshot: { volume_id: volume.id, ...given } }
    const answer = await volumes.ask('POST', '/manageable_snapshots', { as: 'admin', body })
    await volumes.work.settled()
    return (await volumes.ask('GET', `/snapshots/${answer.body.snapshot.id}`, { as: 'admin' })).body.snapshot
  }
  const back = await take({ ref, name: 'back' })
  assert.deepEqual([back.status, back.name, back.size], ['available', 'back', 1])
  assert.equal((await list())[0].source_reference['source-name'], `volume-${volume.id}`)
  const copy = await volumes.ask('POST', '/volumes', {
    as: 'admin',
    body: { volume: { snapshot_id: back.id } },
  })
  await volumes.work.settled()
  assert.equal(await textOf(volumes, copy.body.volume.id, 4), 'then')
  await put(volumes, 'snapshot-large', '', 2 * gib)
  assert.equal((await take({ ref: { 'source-name': 'snapshot-large' } })).status, 'error')
  assert.equal((await take({ ref: { 'source-name': `snapshot-${newUuid()}` } })).status, 'error')
})

test('files are listed in order and a page at a time', async () => {
  await using volumes = await runVolumes()
  await put(volumes, 'a', '', 2 * gib)
  await put(volumes, 'b', '', gib)
  await put(volumes, 'c', '', gib)
  const ask = (query: string) =>
    volumes.ask('GET', `/manageable_volumes?host=${encodeURIComponent(host)}&${query}`, { as: 'admin' })
  const names = async (query: string) =>
    (await ask(query)).body['manageable-volumes'].map(
      (one: { reference: { 'source-name': string } }) => one.reference['source-name'],
    )
  assert.deepEqual(await names(''), ['c', 'b', 'a'])
  assert.deepEqual(await names('sort=size:asc'), ['b', 'c', 'a'])
  assert.deepEqual(await names('sort=reference:asc&limit=1&marker=a'), ['b'])
  assert.match((await ask('sort=colour')).body.badRequest.message, /Invalid sort keys passed: colour/)
  assert.match((await ask('sort=size:up')).body.badRequest.message, /Invalid sort dirs passed: up/)
  assert.match((await ask('marker=z')).body.badRequest.message, /marker not found/)
  const old = await volumes.ask('GET', '/os-volume-manage', { as: 'admin', version: '3.0' })
  assert.match(old.body.badRequest.message, /Host field is missing/)
})
