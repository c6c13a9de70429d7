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
