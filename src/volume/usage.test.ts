import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callers } from '../../test/support/one-service.ts'
import { runVolumes } from '../../test/support/volume-service.ts'

const set = `/os-quota-sets/${callers.demo.project?.id}`

test('a project gets no more than its quota, and has it back when volumes and snapshots go', async () => {
  await using volumes = await runVolumes()
  const limit = (quota_set: object) => volumes.ask('PUT', set, { as: 'admin', body: { quota_set } })
  const create = async (size: number) => {
    const answer = await volumes.ask('POST', '/volumes', { body: { volume: { size } } })
    await volumes.work.settled()
    return answer
  }
  await limit({ volumes: 2, gigabytes: 5, snapshots: 1, per_volume_gigabytes: 4 })
  const first = (await create(3)).body.volume
  const over = await create(3)
  assert.equal(over.status, 413)
  assert.equal(
    over.body.overLimit.message,
    'VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested 3G, quota is 5G and 3G has been consumed.',
  )
  assert.match((await create(5)).body.overLimit.message, /^VolumeSizeExceedsLimit/)
  const second = (await create(1)).body.volume
  assert.match((await create(1)).body.overLimit.message, /^VolumeLimitExceeded: .* \(2\) exceeded/)
  const { id } = await volumes.snapshot(second.id)
  await limit({ gigabytes: -1 })
  const snapshot = { snapshot: { volume_id: second.id } }
  assert.match(
    (await volumes.ask('POST', '/snapshots', { body: snapshot })).body.overLimit.message,
    /^SnapshotLimitExceeded/,
  )
  const used = async () => {
    const { quota_set } = (await volumes.ask('GET', `${set}?usage=true`)).body
    return [quota_set.volumes.in_use, quota_set.snapshots.in_use, quota_set.gigabytes.in_use]
  }
  assert.deepEqual(await used(), [2, 1, 5])
  await volumes.ask('DELETE', `/snapshots/${id}`)
  await volumes.ask('DELETE', `/volumes/${first.id}`)
  await volumes.work.settled()
  assert.deepEqual(await used(), [1, 0, 1])
})

test('requests at the same time do not pass the limit together', async () => {
  await using volumes = await runVolumes()
  await volumes.ask('PUT', set, { as: 'admin', body: { quota_set: { volumes: 3 } } })
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => volumes.ask('POST', '/volumes', { body: { volume: { size: 1 } } })),
  )
  assert.equal(answers.filter(({ status }) => status === 202).length, 3)
})

test('each type has limits of its own, under its name, which a retype respects', async () => {
  await using volumes = await runVolumes()
  const admin = (method: string, path: string, body: object) =>
    volumes.ask(method, path, { as: 'admin', body })
  await admin('POST', '/types', { volume_type: { name: 'fast' } })
  await admin('POST', '/types', { volume_type: { name: 'elsewhere', extra_specs: { vendor_name: 'X' } } })
  await admin('PUT', set, { quota_set: { gigabytes_fast: 3, volumes_fast: 1, snapshots_fast: 0 } })
  const volume = await volumes.volume({ size: 2, volume_type: 'fast' })
  const create = (given: object) => volumes.ask('POST', '/volumes', { body: { volume: given } })
  assert.equal(
    (await create({ size: 2, volume_type: 'fast' })).body.overLimit.message,
    'VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes_fast quota. Requested 2G, quota is 3G and 2G has been consumed.',
  )
  assert.match(
    (await create({ size: 1, volume_type: 'fast' })).body.overLimit.message,
    /\(1\) exceeded for quota 'volumes_fast'/,
  )
  const used = async () => {
    const { quota_set } = (await volumes.ask('GET', `${set}?usage=true`)).body
    return ['volumes', 'gigabytes_fast', 'volumes_quick', 'gigabytes___DEFAULT__'].map(
      name => quota_set[name]?.in_use,
    )
  }
  assert.deepEqual(await used(), [1, 2, undefined, 0])
  const retype = (id: string, new_type: string) => volumes.act(id, { 'os-retype': { new_type } })
  const plain = await volumes.volume({ size: 2 })
  assert.equal((await retype(plain.id, 'fast')).status, 413)
  assert.equal((await retype(volume.id, '__DEFAULT__')).status, 202)
  assert.deepEqual(await used(), [2, 0, undefined, 4])
  assert.equal((await retype(plain.id, 'fast')).status, 202)
  assert.deepEqual(await used(), [2, 2, undefined, 2])
  assert.equal((await retype(plain.id, 'elsewhere')).status, 202)
  assert.equal((await volumes.show(plain.id)).volume_type, 'fast')
  assert.deepEqual(await used(), [2, 2, undefined, 2])
})
