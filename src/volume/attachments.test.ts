import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { runVolumes, type VolumeAsk } from '../../test/support/volume-service.ts'

const volumes = await runVolumes()
after(() => volumes.close())

const server = 'aaaaaaaa-0000-4000-8000-000000000001'
const connector = { host: 'host-1', ip: '127.0.0.1', mountpoint: '/dev/vdb' }

const reserve = (volume_uuid: string, given: object = {}, more: VolumeAsk = {}) =>
  volumes.ask('POST', '/attachments', {
    ...more,
    body: { attachment: { volume_uuid, instance_uuid: server, ...given } },
  })
const update = (id: string, given: object = { connector }) =>
  volumes.ask('PUT', `/attachments/${id}`, { body: { attachment: given } })
const complete = (id: string, version = '3.44') =>
  volumes.ask('POST', `/attachments/${id}/action`, { version, body: { 'os-complete': null } })
const remove = (id: string, more: VolumeAsk = {}) => volumes.ask('DELETE', `/attachments/${id}`, more)

test('a volume is reserved, connected and in use, and available when the attachment is gone', async () => {
  const { id } = await volumes.volume()
  const { attachment } = (await reserve(id)).body
  assert.deepEqual([attachment.status, attachment.connection_info], ['reserved', {}])
  assert.equal((await volumes.show(id)).status, 'reserved')
  const updated = (await update(attachment.id)).body.attachment
  assert.deepEqual(
    [updated.status, updated.connection_info.driver_volume_type, updated.connection_info.attachment_id],
    ['attaching', 'file', attachment.id],
  )
  assert.equal((await volumes.show(id)).status, 'attaching')
  assert.equal((await complete(attachment.id)).status, 204)
  const used = await volumes.show(id)
  assert.deepEqual(
    [used.status, used.attachments[0].server_id, used.attachments[0].host_name, used.attachments[0].device],
    ['in-use', server, 'host-1', '/dev/vdb'],
  )
  assert.deepEqual((await remove(attachment.id)).body, { attachments: [] })
  assert.deepEqual((({ status, attachments }) => [status, attachments])(await volumes.show(id)), [
    'available',
    [],
  ])
})

test('with a connector it is connected at once; the mode is taken from 3.54 on', async () => {
  const one = await volumes.volume()
  const { attachment } = (await reserve(one.id, { connector, mode: 'ro' })).body
  assert.deepEqual([attachment.status, attachment.attach_mode], ['attaching', 'ro'])
  const two = await volumes.volume()
  const old = (await reserve(two.id, { mode: 'ro' }, { version: '3.27' })).body.attachment
  assert.equal(old.attach_mode, 'rw')
})

test('there are no attachments before 3.27, and no completing before 3.44', async () => {
  assert.equal((await volumes.ask('GET', '/attachments', { version: '3.26' })).status, 404)
  const { id } = await volumes.volume()
  const { attachment } = (await reserve(id, { connector }, { version: '3.27' })).body
  assert.equal((await complete(attachment.id, '3.43')).status, 404)
})

test('a volume has one server, unless its type lets several have it', async () => {
  const { id } = await volumes.volume()
  await reserve(id)
  const other = { instance_uuid: 'aaaaaaaa-0000-4000-8000-000000000002' }
  const refused = await reserve(id, other)
  assert.equal(refused.status, 400)
  assert.match(
    refused.body.badRequest.message,
    /^Invalid volume: Volume .* status must be available or downloading/,
  )
  assert.equal((await reserve(id)).status, 200, 'the same server may have it twice, while it moves')
  const type = { volume_type: { name: 'shared', extra_specs: { multiattach: '<is> True' } } }
  await volumes.ask('POST', '/types', { as: 'admin', body: type })
  const shared = await volumes.volume({ volume_type: 'shared' })
  assert.equal(shared.multiattach, true)
  const first = (await reserve(shared.id, { connector })).body.attachment
  await complete(first.id)
  const second = (await reserve(shared.id, { ...other, connector })).body.attachment
  await complete(second.id)
  assert.equal((await volumes.show(shared.id)).attachments.length, 2)
  assert.equal((await remove(first.id)).body.attachments.length, 1)
  assert.equal((await volumes.show(shared.id)).status, 'in-use')
})

test('what a server uses is taken away by compute alone', async () => {
  const { id } = await volumes.volume()
  const { attachment } = (await reserve(id, { connector })).body
  await complete(attachment.id)
  volumes.madeUp.attached.set(`${server} ${id}`, attachment.id)
  const refused = await remove(attachment.id)
  assert.equal(refused.status, 409)
  assert.equal(
    refused.body.conflictingRequest.message,
    `Detach volume from instance ${server} using the Compute API`,
  )
  assert.equal((await remove(attachment.id, { as: 'service' })).status, 200)
})

test('attachments are listed, filtered, a page at a time, and shown to their project', async () => {
  await using own = await runVolumes()
  const ids: string[] = []
  for (const _ of [1, 2, 3]) {
    const { id } = await own.volume()
    const body = { attachment: { volume_uuid: id, instance_uuid: server } }
    ids.push((await own.ask('POST', '/attachments', { body })).body.attachment.id)
  }
  const list = async (query: string, more: VolumeAsk = {}) =>
    (await own.ask('GET', `/attachments${query}`, more)).body.attachments.map((one: { id: string }) => one.id)
  assert.deepEqual(await list(''), ids.toReversed())
  assert.deepEqual(await list(`?sort=created_at:asc&limit=1&marker=${ids[0]}`), [ids[1]])
  assert.deepEqual(await list('/detail?status=attached'), [])
  assert.deepEqual(await list(`?instance_id=${server}&limit=1`), [ids[2]])
  assert.deepEqual(await list('', { as: 'other' }), [])
  assert.equal((await own.ask('GET', `/attachments/${ids[0]}`)).body.attachment.instance, server)
  const hidden = await own.ask('GET', `/attachments/${ids[0]}`, { as: 'other' })
  assert.equal(
    hidden.body.itemNotFound.message,
    `Volume attachment could not be found with filter: attachment_id = ${ids[0]} .`,
  )
})

test('a volume in error is not attached', async () => {
  const { id } = await volumes.volume()
  const { attachment } = (await reserve(id)).body
  await volumes.act(id, { 'os-reset_status': { status: 'error' } }, { as: 'admin' })
  assert.match((await reserve(id)).text, /can not be created if the volume is in an error state/)
  assert.match((await update(attachment.id)).text, /can not be updated if the volume is in an error state/)
  assert.equal((await update(attachment.id, {})).status, 400)
})
