import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { callers } from '../../../test/support/one-service.ts'
import { runVolumes, type VolumeAsk } from '../../../test/support/volume-service.ts'

const volumes = await runVolumes()
after(() => volumes.close())

const path = '/volume-transfers'
const offer = async (volume_id: string, given: object = {}, ask: VolumeAsk = {}) => {
  const answer = await volumes.ask('POST', path, { ...ask, body: { transfer: { volume_id, ...given } } })
  assert.equal(answer.status, 202, answer.text)
  return answer.body.transfer
}
const accept = (id: string, auth_key: string, ask: VolumeAsk = { as: 'other' }) =>
  volumes.ask('POST', `${path}/${id}/accept`, { ...ask, body: { accept: { auth_key } } })
const setOf = (as: 'demo' | 'other') => `/os-quota-sets/${callers[as].project?.id}`

test('whoever knows the key gets the volume and its snapshots, and the quota goes with them', async () => {
  const volume = await volumes.volume({ size: 2 })
  const snapshot = await volumes.snapshot(volume.id)
  const transfer = await offer(volume.id, { name: ' gift ' })
  assert.deepEqual(
    [transfer.name, transfer.no_snapshots, transfer.accepted, transfer.source_project_id],
    ['gift', false, false, callers.demo.project?.id],
  )
  assert.match(transfer.auth_key, /^[0-9a-f]{16}$/)
  assert.equal((await volumes.show(volume.id)).status, 'awaiting-transfer')
  const refused = await accept(transfer.id, 'guessed')
  assert.equal(
    refused.body.badRequest.message,
    `Invalid auth key: Attempt to transfer ${transfer.id} with invalid auth key.`,
  )
  const accepted = await accept(transfer.id, transfer.auth_key)
  assert.equal(accepted.status, 202, accepted.text)
  assert.deepEqual(Object.keys(accepted.body.transfer), ['id', 'volume_id', 'name', 'links'])
  const mine = (await volumes.ask('GET', `/volumes/${volume.id}`, { as: 'other' })).body.volume
  assert.deepEqual([mine.status, mine.user_id], ['available', callers.other.userId])
  assert.equal((await volumes.ask('GET', `/snapshots/${snapshot.id}`, { as: 'other' })).status, 200)
  assert.equal((await volumes.ask('GET', `/volumes/${volume.id}`)).status, 404)
  const used = async (as: 'demo' | 'other') => {
    const { quota_set } = (await volumes.ask('GET', `${setOf(as)}?usage=true`, { as })).body
    return ['volumes', 'snapshots', 'gigabytes', 'gigabytes___DEFAULT__'].map(name => quota_set[name].in_use)
  }
  assert.deepEqual(await used('demo'), [0, 0, 0, 0])
  assert.deepEqual(await used('other'), [1, 1, 4, 4])
  assert.equal((await accept(transfer.id, transfer.auth_key)).status, 404)
})

test('snapshots can stay behind', async () => {
  const volume = await volumes.volume()
  const snapshot = await volumes.snapshot(volume.id)
  const transfer = await offer(volume.id, { no_snapshots: true })
  assert.equal((await accept(transfer.id, transfer.auth_key)).status, 202)
  assert.equal((await volumes.ask('GET', `/snapshots/${snapshot.id}`)).status, 200)
  const refused = await volumes.ask('DELETE', `/volumes/${volume.id}`, { as: 'other' })
  assert.match(refused.body.badRequest.message, /disassociated from snapshots after volume transfer/)
})

test('the project that offers sees its offers, and takes them back', async () => {
  const { id } = await volumes.volume()
  const transfer = await offer(id, { name: 'mine' })
  const names = async (query: string, ask: VolumeAsk = {}) =>
    (await volumes.ask('GET', `${path}${query}`, ask)).body.transfers.map((t: { name: string }) => t.name)
  assert.ok((await names('')).includes('mine'))
  assert.deepEqual(await names('/detail?name=mine'), ['mine'])
  assert.deepEqual(await names('?name~=in'), ['mine'])
  assert.deepEqual(await names('', { as: 'other' }), [])
  assert.ok((await names('?all_tenants=1', { as: 'admin' })).includes('mine'))
  const shown = (await volumes.ask('GET', `${path}/${transfer.id}`, { version: '3.55' })).body.transfer
  assert.deepEqual([shown.no_snapshots, 'accepted' in shown, 'auth_key' in shown], [false, false, false])
  assert.equal((await volumes.ask('DELETE', `${path}/${transfer.id}`, { as: 'other' })).status, 404)
  assert.equal((await volumes.ask('DELETE', `${path}/${transfer.id}`)).status, 202)
  assert.equal((await volumes.show(id)).status, 'available')
  const gone = await volumes.ask('GET', `${path}/${transfer.id}`)
  assert.equal(gone.body.itemNotFound.message, `Transfer ${transfer.id} could not be found.`)
})

test('pages follow the marker from 3.59 on, the newest first', async () => {
  const names = ['p1', 'p2', 'p3']
  for (const name of names) await offer((await volumes.volume()).id, { name })
  const page = async (query: string, version = 'latest') =>
    (await volumes.ask('GET', `${path}?${query}`, { version })).body
  const first = await page('limit=2')
  assert.deepEqual(
    first.transfers.map((t: { name: string }) => t.name),
    ['p3', 'p2'],
  )
  const second = await page(first.transfers_links[0].href.split('?')[1])
  assert.equal(second.transfers[0].name, 'p1')
  assert.equal((await page('', '3.58')).transfers[0].name, 'p1')
})

test('what is busy is not offered, and a quota that is full accepts nothing', async () => {
  const volume = await volumes.volume()
  const post = (given: object, ask: VolumeAsk = {}) =>
    volumes.ask('POST', '/os-volume-transfer', { ...ask, body: { transfer: given } })
  const { id } = await offer(volume.id)
  const again = await post({ volume_id: volume.id })
  assert.equal(again.body.badRequest.message, 'Invalid volume: status must be available')
  assert.equal((await post({ volume_id: volume.id, no_snapshots: true })).status, 400)
  assert.equal((await post({ volume_id: volume.id }, { as: 'other' })).status, 404)
  assert.equal((await post({ volume_id: volume.id }, { as: 'reader' })).status, 403)
  await volumes.ask('DELETE', `${path}/${id}`)
  const snapshot = await volumes.snapshot(volume.id)
  const stuck = { 'os-reset_status': { status: 'error' } }
  await volumes.ask('POST', `/snapshots/${snapshot.id}/action`, { as: 'admin', body: stuck })
  const busy = await post({ volume_id: volume.id })
  assert.match(busy.body.badRequest.message, /^Invalid snapshot: snapshot: .* status must be available$/)
  const { id: other } = await volumes.volume()
  const transfer = await offer(other)
  const limit = (quota_set: object) =>
    volumes.ask('PUT', setOf('other'), { as: 'admin', body: { quota_set } })
  await limit({ volumes: 2 })
  assert.match((await accept(transfer.id, transfer.auth_key)).body.overLimit.message, /VolumeLimitExceeded/)
  assert.equal((await volumes.show(other)).status, 'awaiting-transfer')
  await limit({ volumes: 10, per_volume_gigabytes: 0 })
  assert.equal((await accept(transfer.id, transfer.auth_key)).status, 413)
})
