import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { type ClientRequest, request } from 'node:http'
import { after, test } from 'node:test'
import { octets, runImages } from '../../test/support/image-service.ts'

const images = await runImages({ imageBytesMax: 3_000_000 })
after(() => images.close())

const path = (id: string) => `/image/v2/images/${id}`
const show = async (id: string) => (await images.ask('GET', path(id))).body
const filesOf = async (id: string) => (await readdir(images.deps.folder)).filter(name => name.startsWith(id))
const hash = (algorithm: string, data: string | Uint8Array) =>
  createHash(algorithm).update(data).digest('hex')

/** A chunked upload in our hands: nothing ends until we end it. */
function slowUpload(id: string): ClientRequest {
  const sent = request(`${images.origin}${path(id)}/file`, {
    method: 'PUT',
    headers: { ...octets, 'x-auth-token': 'demo', 'transfer-encoding': 'chunked' },
  })
  sent.on('error', () => {})
  return sent
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 5000; !(await condition()); ) {
    assert.ok(Date.now() < end, 'waited too long')
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

test('uploaded data makes the image active, measured and hashed', async () => {
  const data = new Uint8Array(1_500_000).map((_, index) => index % 251)
  const { id } = await images.create()
  assert.equal((await images.upload(id, data)).status, 204)
  const image = await show(id)
  assert.deepEqual(
    [image.status, image.size, image.virtual_size, image.checksum, image.os_hash_algo, image.os_hash_value],
    ['active', data.length, data.length, hash('md5', data), 'sha512', hash('sha512', data)],
  )
  assert.equal(image.stores, 'file')
  const response = await fetch(`${images.origin}${path(id)}/file`, { headers: { 'x-auth-token': 'demo' } })
  assert.deepEqual(
    ['content-type', 'content-length', 'content-md5'].map(name => response.headers.get(name)),
    ['application/octet-stream', String(data.length), hash('md5', data)],
  )
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), data)
})

test('an empty upload is an image of no bytes', async () => {
  const { id } = await images.create()
  assert.equal((await images.upload(id, '')).status, 204)
  assert.deepEqual([(await show(id)).status, (await show(id)).size], ['active', 0])
  const answer = await images.ask('GET', `${path(id)}/file`)
  assert.deepEqual([answer.status, answer.text, answer.headers.get('content-length')], [200, '', '0'])
})

test('an image without data has none to give: 204', async () => {
  const { id } = await images.create()
  assert.equal((await images.ask('GET', `${path(id)}/file`)).status, 204)
})

test('parts of the data can be asked for', async () => {
  const { id } = await images.active('0123456789')
  for (const [range, status, text, contentRange] of [
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=8-', 206, '89', 'bytes 8-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-30', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=5-100', 206, '56789', 'bytes 5-9/10'],
  ] as const) {
    const answer = await images.ask('GET', `${path(id)}/file`, { headers: { range } })
    assert.deepEqual(
      [answer.status, answer.text, answer.headers.get('content-range')],
      [status, text, contentRange],
    )
  }
  for (const [range, status, message] of [
    ['bytes=10-', 416, /Start position MUST be in the inclusive range \[0, 9\]/],
    ['bytes=5-2', 416, /Invalid Range header/],
    ['bytes=-', 416, /Invalid Range header/],
    ['lines=1-2', 416, /Invalid Range header/],
    ['bytes=0-1,4-5', 400, /multiple ranges are not supported/],
  ] as const) {
    const answer = await images.ask('GET', `${path(id)}/file`, { headers: { range } })
    assert.equal(answer.status, status, range)
    assert.match(answer.body.message, message)
  }
})

test('data needs formats first', async () => {
  const { id } = await images.create({ disk_format: null, container_format: null })
  const both = await images.upload(id, 'x')
  assert.equal(both.status, 400)
  assert.match(
    both.body.message,
    /^Properties disk_format, container_format must be set prior to saving data\./,
  )
  await images.patch(id, [{ op: 'replace', path: '/disk_format', value: 'raw' }])
  const one = await images.upload(id, 'x')
  assert.match(one.body.message, /^Property container_format must be set prior to saving data\./)
  assert.equal((await show(id)).status, 'queued')
})

test('only bytes are taken as data', async () => {
  const { id } = await images.create()
  const answer = await images.upload(id, '{}', { headers: { 'content-type': 'application/json' } })
  assert.equal(answer.status, 415)
  assert.equal((await images.upload(id, 'x', { headers: { 'x-image-meta-store': 'ceph' } })).status, 400)
  assert.equal((await show(id)).status, 'queued')
})

test('an image that has data takes no other', async () => {
  const { id } = await images.active('first')
  const again = await images.upload(id, 'second')
  assert.equal(again.status, 409)
  assert.match(again.body.message, /^Image status transition from active to saving is not allowed/)
  assert.equal((await images.ask('GET', `${path(id)}/file`)).text, 'first')
})

test('while data arrives the image is saving, and a second upload is refused', async () => {
  const { id } = await images.create()
  const first = slowUpload(id)
  first.write('half')
  await until(async () => (await show(id)).status === 'saving')
  assert.deepEqual([(await show(id)).size, (await images.ask('GET', `${path(id)}/file`)).status], [null, 204])
  const second = await images.upload(id, 'other')
  assert.match(second.body.message, /^Image status transition from saving to saving is not allowed/)
  first.end(' and half')
  const [response] = await once(first, 'response')
  assert.equal(response.statusCode, 204)
  assert.equal((await images.ask('GET', `${path(id)}/file`)).text, 'half and half')
})

test('an upload that breaks off leaves the image queued, without data or size, ready for another', async () => {
  const { id } = await images.create()
  const broken = slowUpload(id)
  broken.write('half')
  await until(async () => (await filesOf(id)).length === 1)
  broken.destroy()
  await until(async () => (await show(id)).status === 'queued')
  await until(async () => (await filesOf(id)).length === 0)
  const { size, checksum } = await show(id)
  assert.deepEqual([size, checksum], [null, null])
  assert.equal((await images.upload(id, 'whole')).status, 204)
  assert.equal((await images.ask('GET', `${path(id)}/file`)).text, 'whole')
})

test('an image deleted while its data arrives is gone, and so is the data', async () => {
  const { id } = await images.create()
  const upload = slowUpload(id)
  upload.write('half')
  await until(async () => (await show(id)).status === 'saving')
  assert.equal((await images.ask('DELETE', path(id))).status, 204)
  upload.end()
  const [response] = await once(upload, 'response')
  assert.equal(response.statusCode, 410)
  assert.deepEqual(await filesOf(id), [])
})

test('data that is too large is refused, announced or not', async () => {
  const { id } = await images.create()
  const announced = await images.upload(id, new Uint8Array(3_000_001)).catch(() => null)
  // The connection may be cut before all of the data is sent; what counts is that nothing was taken.
  if (announced) assert.equal(announced.status, 413)
  assert.equal((await show(id)).status, 'queued')
  const unannounced = slowUpload(id)
  const answered = once(unannounced, 'response')
  for (let sent = 0; sent <= 3_000_000; sent += 100_000) unannounced.write(new Uint8Array(100_000))
  unannounced.end()
  const [response] = await answered
  assert.equal(response.statusCode, 413)
  assert.equal((await show(id)).status, 'queued')
  assert.deepEqual(await filesOf(id), [])
})

test('staged data becomes the image by import', async () => {
  const { id } = await images.create()
  const early = await images.ask('POST', `${path(id)}/import`, {
    body: { method: { name: 'glance-direct' } },
  })
  assert.equal(early.status, 409)
  assert.match(early.body.message, /^Image needs to be staged/)
  const staged = await images.ask('PUT', `${path(id)}/stage`, { raw: 'staged', headers: octets })
  assert.equal(staged.status, 204)
  const waiting = await show(id)
  assert.deepEqual(
    [waiting.status, waiting.size, waiting.checksum, waiting.stores],
    ['uploading', 6, null, undefined],
  )
  assert.equal((await images.ask('GET', `${path(id)}/file`)).status, 204)
  const unknown = await images.ask('POST', `${path(id)}/import`, {
    body: { method: { name: 'web-download' } },
  })
  assert.match(unknown.body.message, /^Unknown import method name 'web-download'\./)
  const done = await images.ask('POST', `${path(id)}/import`, { body: { method: { name: 'glance-direct' } } })
  assert.equal(done.status, 202)
  const image = await show(id)
  assert.deepEqual([image.status, image.checksum], ['active', hash('md5', 'staged')])
  assert.equal((await images.ask('GET', `${path(id)}/file`)).text, 'staged')
  const { tasks } = (await images.ask('GET', `${path(id)}/tasks`)).body
  assert.deepEqual(
    tasks.map((task: Record<string, unknown>) => [task.type, task.status, task.image_id, task.input]),
    [
      [
        'api_image_import',
        'success',
        id,
        { image_id: id, import_req: { method: { name: 'glance-direct' } }, backend: ['file'] },
      ],
    ],
  )
  assert.match(tasks[0].request_id, /^req-/)
  assert.equal((await images.ask('DELETE', path(id))).status, 204)
  assert.equal((await images.ask('GET', `${path(id)}/tasks`)).status, 404)
})

test('the disk in a qcow2 image is larger than its file', async () => {
  const head = Buffer.alloc(512)
  head.write('QFI\xfb', 0, 'latin1')
  head.writeBigUInt64BE(10n * 1024n ** 3n, 24)
  const { id } = await images.create({ disk_format: 'qcow2' })
  await images.upload(id, new Uint8Array(head))
  assert.deepEqual([(await show(id)).size, (await show(id)).virtual_size], [512, 10 * 1024 ** 3])
})
