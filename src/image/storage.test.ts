import assert from 'node:assert/strict'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { runImages } from '../../test/support/image-service.ts'
import { newUuid } from '../base/ids.ts'
import { isFault } from '../model/errors.ts'
import { silentLog } from '../platform/journal/log.ts'
import { bootstrapImage } from './bootstrap.ts'
import { dataPath, storageFault } from './image-files.ts'
import { bootSector, miniImage } from './mini-image.ts'
import { recoverImages } from './recover.ts'
import type { ImageTables } from './tables.ts'

const path = (id: string) => `/image/v2/images/${id}`

test('after a crash during an upload the image is queued again and no half of it is left', async () => {
  await using images = await run()
  const whole = await images.active('whole')
  const { id } = await images.create()
  const uploadId = newUuid()
  await images.deps.store.transaction<ImageTables, unknown>(tx =>
    tx.updateTable('images').set({ status: 'saving', upload_id: uploadId }).where('id', '=', id).execute(),
  )
  const { folder } = images.deps
  await writeFile(`${dataPath(folder, { imageId: id, uploadId })}.part`, 'half')
  await writeFile(dataPath(folder, { imageId: newUuid(), uploadId: newUuid() }), 'of nobody')
  await writeFile(dataPath(folder, { imageId: whole.id, uploadId: newUuid() }), 'of an upload that lost')
  await writeFile(join(folder, 'notes.txt'), 'not ours')
  assert.deepEqual(await recoverImages({ ...images.deps, log: silentLog }), { requeued: 1, removed: 3 })
  const { status, size } = (await images.ask('GET', path(id))).body
  assert.deepEqual([status, size], ['queued', null])
  assert.equal((await images.ask('GET', `${path(whole.id)}/file`)).text, 'whole')
  const left = await readdir(folder)
  assert.deepEqual([left.length, left.includes('notes.txt')], [2, true])
  assert.equal((await images.upload(id, 'again')).status, 204)
})

test('recovering twice changes nothing the second time', async () => {
  await using images = await run()
  await images.active('whole')
  for (const _ of [1, 2])
    assert.deepEqual(await recoverImages({ ...images.deps, log: silentLog }), { requeued: 0, removed: 0 })
})

test('data that has gone missing is said to be missing', async () => {
  await using images = await run()
  const { id } = await images.active('bytes')
  for (const name of await readdir(images.deps.folder)) await rm(join(images.deps.folder, name))
  const answer = await images.ask('GET', `${path(id)}/file`)
  assert.equal(answer.status, 500)
  assert.match(answer.body.message, new RegExp(`^The data of image ${id} is missing`))
})

test('a full disk, and a folder that may not be written, are told apart', () => {
  const refusal = (code: string) => storageFault(Object.assign(new Error(code), { code }))
  for (const code of ['ENOSPC', 'EDQUOT']) assert.ok(isFault(refusal(code), 'ImageStorageFull'))
  for (const code of ['EACCES', 'EPERM', 'EROFS']) assert.ok(isFault(refusal(code), 'ImageStorageDenied'))
  assert.ok(!isFault(refusal('EIO')))
})

test('when writing fails nothing is left, and the image is queued', async () => {
  await using images = await run()
  const { id } = await images.create()
  // A file where the folder should be: no data can be written below it.
  await rm(images.deps.folder, { recursive: true })
  await writeFile(images.deps.folder, '')
  assert.equal((await images.upload(id, 'data')).status, 500)
  assert.equal((await images.ask('GET', path(id))).body.status, 'queued')
  await rm(images.deps.folder)
  assert.equal((await images.upload(id, 'data')).status, 204)
})

test('an id that is no UUID never becomes a path', () => {
  assert.throws(
    () => dataPath('/srv', { imageId: '../../etc/passwd', uploadId: newUuid() }),
    /assertion failed/,
  )
})

test('the mini image is there once, public, and stays as it was made', async () => {
  await using images = await run()
  const project = { projectId: 'f00d' }
  const id = await bootstrapImage(images.deps, project)
  const image = (await images.ask('GET', path(id))).body
  assert.deepEqual(
    [image.name, image.status, image.visibility, image.size, image.owner, image.min_disk],
    ['faultline-mini-x86_64-disk', 'active', 'public', 1024 * 1024, 'f00d', 0],
  )
  assert.equal(await bootstrapImage(images.deps, project), id)
  assert.equal((await images.ask('GET', '/image/v2/images')).body.images.length, 1)
  for (const name of await readdir(images.deps.folder)) await rm(join(images.deps.folder, name))
  await bootstrapImage(images.deps, project)
  const answer = await fetch(`${images.origin}${path(id)}/file`, { headers: { 'x-auth-token': 'demo' } })
  assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), miniImage())
  assert.equal((await images.ask('DELETE', path(id), { as: 'admin' })).status, 204)
  await bootstrapImage(images.deps, project)
  assert.deepEqual((await images.ask('GET', '/image/v2/images')).body.images, [])
})

test('the boot sector is one: 512 bytes, signature, greeting where the code looks for it', () => {
  const sector = Buffer.from(bootSector())
  assert.equal(sector.length, 512)
  assert.deepEqual([sector[510], sector[511]], [0x55, 0xaa])
  const at = sector.indexOf('Faultline mini image\r\n\0')
  // mov si, imm16 follows the port set-up.
  const moveToSi = sector.indexOf(0xbe)
  assert.equal(sector.readUInt16LE(moveToSi + 1), 0x7c00 + at)
  assert.ok(at + 23 < 446, 'the partition table is left alone')
})

/** Closed at the end of the test. */
async function run() {
  const images = await runImages()
  return { ...images, [Symbol.asyncDispose]: () => images.close() }
}
