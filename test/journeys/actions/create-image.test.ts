import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud()
after(() => cloud.close())
const { tell } = await storyteller(cloud)

test('the disk becomes an image of the owner; the server goes on', async () => {
  const server = await cloud.server()
  assert.deepEqual(await tell(server, { createImage: { name: 'kept', metadata: { purpose: 'backup' } } }), {
    status: 202,
    states: [
      'active/image_snapshot_pending',
      'active/image_snapshot',
      'active/image_pending_upload',
      'active/image_uploading',
      'active/-',
    ],
    action: 'createImage',
    events: ['compute_snapshot_instance Success home'],
    notifications: ['instance.snapshot.start home', 'instance.snapshot.end home'],
  })
  const { body } = await cloud.ask('GET', '/image/v2/images?name=kept')
  const [image] = body.images
  assert.deepEqual(
    [image.status, image.owner, image.purpose, image.image_type, image.instance_uuid, image.base_image_ref],
    ['active', cloud.projectId.demo, 'backup', 'snapshot', server.id, cloud.imageId],
  )
  assert.ok(image.size > 0)
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test("properties that are asked for win over the snapshot's own", async () => {
  const server = await cloud.server()
  await cloud.act(server, { createImage: { name: 'mine', metadata: { image_type: 'test' } } })
  const [image] = (await cloud.ask('GET', '/image/v2/images?name=mine')).body.images
  assert.deepEqual([image.image_type, image.instance_uuid], ['test', server.id])
})

test('a server boots from it', async () => {
  const server = await cloud.server()
  const { body } = await cloud.act(server, { createImage: { name: 'again' } })
  const copy = await cloud.server({ imageRef: body.image_id })
  assert.equal(copy.status, 'ACTIVE')
})

test('up to 2.44 its address stands in Location, from 2.45 its id in the body', async () => {
  const server = await cloud.server()
  const old = await cloud.act(server, { createImage: { name: 'old' } }, 'demo', '2.44')
  assert.match(old.headers.get('location') ?? '', /\/image\/v2\/images\/[0-9a-f-]{36}$/)
  const fresh = await cloud.act(server, { createImage: { name: 'new' } }, 'demo', '2.45')
  assert.match(fresh.body.image_id, /^[0-9a-f-]{36}$/)
})

test('a locked server may be kept by its owner', async () => {
  const server = await cloud.server()
  await cloud.act(server, { lock: null }, 'admin')
  assert.equal((await cloud.act(server, { createImage: { name: 'locked' } })).status, 202)
})
