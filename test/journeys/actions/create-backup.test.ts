import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'
import { fromVolume } from '../../support/volumes.ts'

const cloud = await startTestCloud()
after(() => cloud.close())
const { tell } = await storyteller(cloud)

const backup = (name: string, rotation: number | string, type = 'daily') => ({
  createBackup: { name, backup_type: type, rotation },
})
const imagesOf = async (server: { readonly id: string }): Promise<readonly string[]> => {
  const { body } = await cloud.ask('GET', `/image/v2/images?instance_uuid=${server.id}&sort=name:asc`)
  return body.images.map((image: { readonly name: string }) => image.name)
}

test('the disk becomes an image that says what kind of backup it is', async () => {
  const server = await cloud.server()
  const body = {
    createBackup: {
      name: 'monday',
      backup_type: 'daily',
      rotation: 2,
      metadata: { image_type: 'x', a: 'b' },
    },
  }
  assert.deepEqual(await tell(server, body), {
    status: 202,
    states: ['active/image_backup', 'active/image_pending_upload', 'active/image_uploading', 'active/-'],
    action: 'createBackup',
    events: ['compute_backup_instance Success home'],
    notifications: ['instance.snapshot.start home', 'instance.snapshot.end home'],
  })
  const { body: found } = await cloud.ask('GET', '/image/v2/images?name=monday')
  const [image] = found.images
  assert.deepEqual(
    [image.status, image.owner, image.image_type, image.backup_type, image.a, image.instance_uuid],
    ['active', cloud.projectId.demo, 'backup', 'daily', 'b', server.id],
  )
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('only the newest of a type stay; other types, servers and snapshots are left alone', async () => {
  const server = await cloud.server()
  const other = await cloud.server()
  await cloud.act(other, backup('other', 1))
  await cloud.act(server, { createImage: { name: 'snapshot' } })
  await cloud.act(server, backup('weekly', 1, 'weekly'))
  for (const name of ['1', '2', '3']) assert.equal((await cloud.act(server, backup(name, '2'))).status, 202)
  assert.deepEqual(await imagesOf(server), ['2', '3', 'snapshot', 'weekly'])
  assert.deepEqual(await imagesOf(other), ['other'])
  await cloud.act(server, backup('none', 0))
  assert.deepEqual(await imagesOf(server), ['snapshot', 'weekly'])
})

test('up to 2.44 its address stands in Location, unless none is kept; from 2.45 its id in the body', async () => {
  const server = await cloud.server()
  const old = await cloud.act(server, backup('old', 1), 'demo', '2.44')
  assert.match(old.headers.get('location') ?? '', /\/image\/v2\/images\/[0-9a-f-]{36}$/)
  assert.equal((await cloud.act(server, backup('old', 0), 'demo', '2.44')).headers.get('location'), null)
  assert.match((await cloud.act(server, backup('new', 1), 'demo', '2.45')).body.image_id, /^[0-9a-f-]{36}$/)
})

test('an old backup that cannot be removed fails the rotation; the new one stays, and the server is free', async () => {
  const server = await cloud.server({ metadata: { 'faultline:fail': 'rotate:ImageDeleteConflict' } })
  const story = await tell(server, backup('kept', 1))
  assert.deepEqual(
    [story.states.at(-1), story.action, story.events],
    ['active/-', 'createBackup Error', ['compute_backup_instance Error home']],
  )
  assert.deepEqual(await imagesOf(server), ['kept'])
})

test('a locked server may be kept by its owner; one on a volume has no disk to keep', async () => {
  const server = await cloud.server()
  await cloud.act(server, { lock: null }, 'admin')
  assert.equal((await cloud.act(server, backup('locked', 1))).status, 202)
  const onVolume = await cloud.server(fromVolume(cloud))
  const refused = await cloud.act(onVolume, backup('volume', 1))
  assert.deepEqual(
    [refused.status, refused.body.badRequest.message],
    [400, 'Backup is not supported for volume-backed instances.'],
  )
})
