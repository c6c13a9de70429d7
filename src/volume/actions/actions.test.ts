import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { callers } from '../../../test/support/one-service.ts'
import { image, runVolumes } from '../../../test/support/volume-service.ts'

const volumes = await runVolumes()
after(() => volumes.close())
const project = callers.demo.project?.id
await volumes.ask('PUT', `/os-quota-sets/${project}`, {
  as: 'admin',
  body: { quota_set: { volumes: -1, snapshots: -1 } },
})

const server = 'aaaaaaaa-0000-4000-8000-000000000001'
const { act, show } = volumes
const accepted = async (id: string, body: object, status = 202) => {
  const answer = await act(id, body)
  assert.equal(answer.status, status, answer.text)
}
const refused = async (id: string, body: object, status: number, sentence: RegExp, more: object = {}) => {
  const answer = await act(id, body, more)
  assert.equal(answer.status, status, answer.text)
  assert.match(Object.values<{ message: string }>(answer.body)[0]?.message ?? '', sentence)
}

test('the older protocol: reserve, attach, begin detaching, detach', async () => {
  const { id } = await volumes.volume()
  await accepted(id, { 'os-reserve': null })
  assert.equal((await show(id)).status, 'attaching')
  await refused(id, { 'os-reserve': null }, 400, /status must be available to reserve/)
  await accepted(id, { 'os-unreserve': null })
  assert.equal((await show(id)).status, 'available')
  await refused(id, { 'os-begin_detaching': null }, 400, /^Invalid volume: Unable to detach volume/)
  await accepted(id, { 'os-attach': { instance_uuid: server, mountpoint: '/dev/vdb' } })
  assert.equal((await show(id)).status, 'in-use')
  await accepted(id, { 'os-begin_detaching': null })
  assert.equal((await show(id)).status, 'detaching')
  await accepted(id, { 'os-roll_detaching': null })
  assert.equal((await show(id)).status, 'in-use')
  await accepted(id, { 'os-detach': null })
  assert.deepEqual((({ status, attachments }) => [status, attachments])(await show(id)), ['available', []])
})

test('attaching needs one target, a free volume and a mode the volume allows', async () => {
  const { id } = await volumes.volume()
  const attach = (given: object) => ({ 'os-attach': { mountpoint: '/dev/vdb', ...given } })
  await refused(id, attach({}), 400, /an invalid target/)
  await refused(id, attach({ instance_uuid: server, host_name: 'h' }), 400, /simultaneously/)
  await accepted(id, { 'os-update_readonly_flag': { readonly: true } })
  assert.equal((await show(id)).metadata.readonly, 'True')
  await refused(id, attach({ host_name: 'h' }), 400, /Invalid attaching mode 'rw'/)
  await accepted(id, attach({ host_name: 'h', mode: 'ro' }))
  await refused(id, attach({ host_name: 'i', mode: 'ro' }), 400, /already attached/)
  await refused(
    id,
    { 'os-update_readonly_flag': { readonly: false } },
    400,
    /must be available to update readonly/,
  )
  await refused(id, { 'os-detach': { attachment_id: server } }, 404, /Volume attachment could not be found/)
  const { connection_info } = (await act(id, { 'os-initialize_connection': { connector: { host: 'h' } } }))
    .body
  assert.deepEqual([connection_info.driver_volume_type, connection_info.data.access_mode], ['file', 'ro'])
  await accepted(id, { 'os-terminate_connection': { connector: { host: 'h' } } })
  await refused(id, { 'os-force_detach': {} }, 403, /os-force_detach|force_detach/)
})

test('a volume is extended, within its quota, and in use from 3.42 on', async () => {
  const { id } = await volumes.volume()
  await accepted(id, { 'os-extend': { new_size: 3 } })
  assert.equal((await show(id)).size, 3)
  assert.equal((await stat(join(volumes.folder, `volume-${id}`))).size, 3 * 1024 ** 3)
  await refused(
    id,
    { 'os-extend': { new_size: 3 } },
    400,
    /New size for extend must be greater than current size/,
  )
  await refused(id, { 'os-extend': { new_size: 9999 } }, 413, /^VolumeSizeExceedsAvailableQuota/)
  await accepted(id, { 'os-attach': { instance_uuid: server, mountpoint: '/dev/vdb' } })
  await refused(id, { 'os-extend': { new_size: 4 } }, 400, /to extend, currently in-use/, { version: '3.41' })
  await accepted(id, { 'os-extend': { new_size: 4 } })
  assert.deepEqual((({ status, size }) => [status, size])(await show(id)), ['in-use', 4])
})

test('an image is made of what the volume holds', async () => {
  const { id } = await volumes.volume({ imageRef: image(volumes.madeUp, 'contents') })
  const upload = (given: object = {}) => ({ 'os-volume_upload_image': { image_name: 'copy', ...given } })
  const { status, body } = await act(id, upload())
  assert.deepEqual([status, body['os-volume_upload_image'].status], [202, 'uploading'])
  const { image_id } = body['os-volume_upload_image']
  assert.equal(volumes.madeUp.uploads.get(image_id)?.toString(), 'contents')
  assert.equal((await show(id)).status, 'available')
  assert.equal(volumes.madeUp.made.at(-1)?.minDiskGb, 1)
  await refused(id, upload({ visibility: 'public' }), 400, /not authorized/)
  await refused(id, upload({ disk_format: 'qcow2' }), 501, /other formats/)
  volumes.madeUp.isDown = true
  await accepted(id, upload())
  volumes.madeUp.isDown = false
  assert.equal((await show(id)).status, 'available')
  await accepted(id, { 'os-attach': { instance_uuid: server, mountpoint: '/dev/vdb' } })
  await refused(id, upload(), 400, /status must be available, but current status is: in-use/)
  await accepted(id, upload({ force: true }))
})

test('a volume goes back to its latest snapshot', async () => {
  const { id } = await volumes.volume({ imageRef: image(volumes.madeUp, 'before') })
  const first = await volumes.snapshot(id)
  const second = await volumes.snapshot(id)
  const revert = (snapshot_id: string) => ({ revert: { snapshot_id } })
  await refused(id, revert(first.id), 400, /not the latest one/)
  await refused(id, revert(second.id), 400, /There is no such action: revert/, { version: '3.39' })
  await accepted(id, revert(second.id))
  assert.equal((await show(id)).status, 'available')
  await accepted(id, { 'os-extend': { new_size: 2 } })
  await refused(id, revert(second.id), 409, /must be equal to the snapshot size/)
  await accepted(id, { 'os-attach': { instance_uuid: server, mountpoint: '/dev/vdb' } })
  await refused(id, revert(second.id), 409, /Both must be available/)
})

test('the type changes, unless it is the same or others depend on it', async () => {
  for (const [name, extra_specs] of [
    ['fast', {}],
    ['shared', { multiattach: '<is> True' }],
  ])
    await volumes.ask('POST', '/types', { as: 'admin', body: { volume_type: { name, extra_specs } } })
  const { id } = await volumes.volume()
  await accepted(id, { 'os-retype': { new_type: 'fast', migration_policy: 'never' } })
  const { volume_type, volume_type_id } = await show(id)
  assert.equal(volume_type, 'fast')
  const used = await volumes.ask('DELETE', `/types/${volume_type_id}`, { as: 'admin' })
  assert.equal(used.body.badRequest.message, 'Target volume type is still in use.')
  await refused(id, { 'os-retype': { new_type: 'fast' } }, 400, /requested type has to be different/)
  await refused(id, { 'os-retype': { new_type: 'none' } }, 404, /could not be found/)
  await accepted(id, { 'os-attach': { instance_uuid: server, mountpoint: '/dev/vdb' } })
  await refused(id, { 'os-retype': { new_type: 'shared' } }, 400, /to\/from multiattach requires/)
})

test('what is said about a volume is written: bootable, image metadata', async () => {
  const { id } = await volumes.volume()
  await accepted(id, { 'os-set_bootable': { bootable: true } }, 200)
  assert.equal((await show(id)).bootable, 'true')
  await accepted(id, { 'os-set_image_metadata': { metadata: { os: 'linux' } } }, 200)
  assert.deepEqual((await show(id)).volume_image_metadata, { os: 'linux' })
  assert.deepEqual((await act(id, { 'os-show_image_metadata': null })).body, { metadata: { os: 'linux' } })
  await accepted(id, { 'os-unset_image_metadata': { key: 'os' } }, 200)
  await refused(id, { 'os-unset_image_metadata': { key: 'os' } }, 404, /has no metadata with key os/)
})

test('administrators write a status as they like, and delete whatever its status', async () => {
  const { id } = await volumes.volume()
  const reset = (given: object) => ({ 'os-reset_status': given })
  await refused(id, reset({ status: 'error' }), 403, /reset_status/)
  const admin = { as: 'admin' }
  await refused(id, reset({}), 400, /Must specify 'status'/, admin)
  await refused(id, reset({ status: 'lost' }), 400, /Must specify a valid status/, admin)
  assert.equal(
    (await act(id, reset({ status: 'creating', attach_status: 'detached' }), { as: 'admin' })).status,
    202,
  )
  await refused(id, { 'os-force_delete': {} }, 403, /force_delete/)
  assert.equal((await act(id, { 'os-force_delete': {} }, { as: 'admin' })).status, 202)
  assert.equal((await volumes.ask('GET', `/volumes/${id}`)).status, 404)
})

test('an action nobody knows is a 400, two at once are malformed, and what is missing says so', async () => {
  const { id } = await volumes.volume()
  await refused(id, { 'os-dance': null }, 400, /There is no such action: os-dance/)
  await refused(id, { 'os-reserve': null, 'os-unreserve': null }, 400, /Malformed/)
})

test('there is one backend: moving a volume finds no other', async () => {
  const { id } = await volumes.volume()
  const move = (given: object, pattern: RegExp, version?: string) =>
    refused(id, { 'os-migrate_volume': given }, 400, pattern, {
      as: 'admin',
      ...(version === undefined ? {} : { version }),
    })
  await move({ host: 'h' }, /^Invalid host: No available service named 'h'$/)
  await move({ cluster: 'c' }, /No available service named 'c'/)
  await move({ host: 'h', cluster: 'c' }, /One and only one of cluster and host must be set/)
  await move({ cluster: 'c' }, /Host field is missing/, '3.15')
  await move({ host: 'here@file#file' }, /destination host\/cluster must be different than the current one/)
  await refused(id, { 'os-migrate_volume': { host: 'h' } }, 403, /Policy/)
  const other = await volumes.volume()
  const completed = await volumes.act(
    id,
    { 'os-migrate_volume_completion': { new_volume: other.id } },
    { as: 'admin' },
  )
  assert.deepEqual([completed.status, completed.body.save_volume_id], [200, other.id])
})
