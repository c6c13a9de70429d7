// Volumes in a whole cloud: images become volumes, volumes become images, and a restart finishes what was begun.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestCloud, type TestCloud } from '../support/cloud.ts'
import { testData } from '../support/data.ts'

const create = async (cloud: TestCloud, given: object) => {
  const body = { volume: { size: 1, ...given } }
  const answer = await cloud.ask('POST', '/volume/v3/volumes', { body })
  assert.equal(answer.status, 202, answer.text)
  return answer.body.volume.id as string
}
const status = async (cloud: TestCloud, id: string) =>
  (await cloud.ask('GET', `/volume/v3/volumes/${id}`)).body.volume.status

test('an image becomes a volume, and the volume an image with the same bytes', async () => {
  await using cloud = await startTestCloud()
  const volume = await create(cloud, { imageRef: cloud.imageId })
  await cloud.settled()
  assert.equal(await status(cloud, volume), 'available')
  const uploaded = await cloud.ask('POST', `/volume/v3/volumes/${volume}/action`, {
    body: { 'os-volume_upload_image': { image_name: 'copy' } },
  })
  assert.equal(uploaded.status, 202, uploaded.text)
  await cloud.settled()
  const image = async (id: string) => (await cloud.ask('GET', `/image/v2/images/${id}`)).body
  const copy = await image(uploaded.body['os-volume_upload_image'].image_id)
  const original = await image(cloud.imageId)
  assert.deepEqual(
    [copy.status, copy.checksum, copy.min_disk, copy.owner],
    ['active', original.checksum, 1, cloud.projectId.demo],
  )
})

test('an image that somebody else keeps to themselves makes no volume', async () => {
  await using cloud = await startTestCloud()
  const body = { name: 'secret', disk_format: 'raw', container_format: 'bare', visibility: 'private' }
  const { id } = (await cloud.ask('POST', '/image/v2/images', { as: 'admin', body })).body
  const given = { volume: { size: 1, imageRef: id } }
  assert.equal((await cloud.ask('POST', '/volume/v3/volumes', { body: given })).status, 404)
})

test('no image is published by way of a volume', async () => {
  await using cloud = await startTestCloud()
  const volume = await create(cloud, {})
  await cloud.settled()
  const refused = await cloud.ask('POST', `/volume/v3/volumes/${volume}/action`, {
    headers: { 'openstack-api-version': 'volume 3.70' },
    body: { 'os-volume_upload_image': { image_name: 'copy', visibility: 'public' } },
  })
  assert.equal(refused.status, 400)
  assert.match(refused.body.badRequest.message, /publicize_image/)
})

test('what was accepted before a restart is done after it', async () => {
  await using data = await testData()
  const before = await startTestCloud({ data })
  await before.cloud.volumeWork.drain(0)
  const volume = await create(before, { imageRef: before.imageId })
  assert.equal(await status(before, volume), 'downloading')
  await before.close()
  await using after = await startTestCloud({ data })
  await after.settled()
  assert.equal(await status(after, volume), 'available')
})
