import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { image, type RunningVolumes, runVolumes } from '../../test/support/volume-service.ts'
import { newUuid } from '../base/ids.ts'
import { createVolumeWork, recoverVolumes } from './work.ts'

/** What the next process does with what this one has accepted: its own work is drained, and does nothing more. */
async function restart(volumes: RunningVolumes): Promise<void> {
  const work = createVolumeWork(volumes.workDeps)
  await recoverVolumes(volumes.workDeps, work)
  await work.settled()
}

test('a volume that was creating when the process died is finished by the next', async () => {
  await using volumes = await runVolumes()
  await volumes.work.drain(1000)
  const imageRef = image(volumes.madeUp, 'data')
  const { volume } = (await volumes.ask('POST', '/volumes', { body: { volume: { size: 1, imageRef } } })).body
  assert.equal((await volumes.show(volume.id)).status, 'downloading')
  await writeFile(join(volumes.folder, `volume-${volume.id}`), 'half of it')
  await restart(volumes)
  assert.equal((await volumes.show(volume.id)).status, 'available')
  const parts: Buffer[] = []
  for await (const part of volumes.files.read({ kind: 'volume', id: volume.id }, 10)) parts.push(part)
  assert.equal(Buffer.concat(parts).toString(), 'data\0\0\0\0\0\0')
})

test('a volume that cannot be finished any more is in error after the restart', async () => {
  await using volumes = await runVolumes()
  await volumes.work.drain(1000)
  const imageRef = image(volumes.madeUp, 'data')
  const { volume } = (await volumes.ask('POST', '/volumes', { body: { volume: { size: 1, imageRef } } })).body
  volumes.madeUp.images.delete(imageRef)
  await restart(volumes)
  assert.equal((await volumes.show(volume.id)).status, 'error')
})

test('what was being deleted is gone after the restart, and so are files nobody owns', async () => {
  await using volumes = await runVolumes()
  const { id } = await volumes.volume()
  await volumes.work.drain(1000)
  await volumes.ask('DELETE', `/volumes/${id}`)
  assert.equal((await volumes.show(id)).status, 'deleting')
  await writeFile(join(volumes.folder, `volume-${newUuid()}`), 'of nobody')
  await restart(volumes)
  assert.equal((await volumes.ask('GET', `/volumes/${id}`)).status, 404)
  assert.deepEqual(await volumes.files.list(), [])
})

test('a source deleted at once is still copied: what was accepted first is done first', async () => {
  await using volumes = await runVolumes()
  const source = await volumes.volume({ imageRef: image(volumes.madeUp, 'kept') })
  const given = { volume: { source_volid: source.id } }
  const { volume } = (await volumes.ask('POST', '/volumes', { body: given })).body
  assert.equal((await volumes.ask('DELETE', `/volumes/${source.id}`)).status, 202)
  await volumes.work.settled()
  assert.equal((await volumes.show(volume.id)).status, 'available')
  assert.equal((await volumes.ask('GET', `/volumes/${source.id}`)).status, 404)
})
