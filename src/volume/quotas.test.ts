import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { callers } from '../../test/support/one-service.ts'
import { runVolumes } from '../../test/support/volume-service.ts'

const volume = await runVolumes()
after(() => volume.close())

const own = callers.demo.project?.id
const set = `/os-quota-sets/${own}`

test('quotas of the own project are shown, with and without the project in the path; those of another are not', async () => {
  for (const prefix of ['', `/${own}`]) {
    const { body } = await volume.ask('GET', `${prefix}${set}?usage=True`)
    assert.deepEqual(body.quota_set.volumes, { limit: 10, in_use: 0, reserved: 0 })
  }
  const defaults = await volume.ask('GET', `${set}/defaults`)
  assert.equal(defaults.body.quota_set.gigabytes, 1000)
  assert.equal((await volume.ask('GET', `/os-quota-sets/${callers.other.project?.id}`)).status, 403)
})

test('an administrator changes quotas and puts them back', async () => {
  const body = { quota_set: { volumes: 3, gigabytes: '20', tenant_id: own } }
  assert.equal((await volume.ask('PUT', set, { body })).status, 403)
  const changed = await volume.ask('PUT', set, { as: 'admin', body })
  assert.deepEqual([changed.body.quota_set.volumes, changed.body.quota_set.gigabytes], [3, 20])
  assert.equal((await volume.ask('GET', '/limits')).body.limits.absolute.maxTotalVolumes, 3)
  assert.equal((await volume.ask('DELETE', set, { as: 'admin' })).status, 200)
  assert.equal((await volume.ask('GET', set)).body.quota_set.volumes, 10)
})

test('a quota nobody knows is refused, and so is a value that is no number', async () => {
  const put = (quota_set: object) => volume.ask('PUT', set, { as: 'admin', body: { quota_set } })
  assert.equal((await put({ cats: 3 })).body.badRequest.message, 'Bad key(s) in quota set: cats')
  assert.equal((await put({ volumes: -2 })).status, 400)
})

test('the class the defaults come from is the administrators to read', async () => {
  const path = '/os-quota-class-sets/default'
  assert.equal((await volume.ask('GET', path)).status, 403)
  assert.equal((await volume.ask('GET', path, { as: 'admin' })).body.quota_class_set.snapshots, 10)
})

test('what the class default says holds for every project that has no limit of its own', async () => {
  const path = '/os-quota-class-sets/default'
  const put = (quota_class_set: object, as: 'admin' | 'demo' = 'admin') =>
    volume.ask('PUT', path, { as, body: { quota_class_set } })
  assert.equal((await put({ volumes: 5 }, 'demo')).status, 403)
  assert.match((await put({ cats: 5 })).body.badRequest.message, /^Bad key\(s\) in quota class set: cats/)
  const changed = await put({ backups: 7, volumes___DEFAULT__: 4 })
  assert.deepEqual(
    [changed.body.quota_class_set.backups, changed.body.quota_class_set.volumes___DEFAULT__],
    [7, 4],
  )
  assert.equal((await volume.ask('GET', set)).body.quota_set.backups, 7)
  assert.equal((await volume.ask('GET', `${set}/defaults`)).body.quota_set.volumes___DEFAULT__, 4)
  await volume.ask('PUT', set, { as: 'admin', body: { quota_set: { backups: 9 } } })
  assert.equal((await volume.ask('GET', set)).body.quota_set.backups, 9)
  const other = '/os-quota-class-sets/other'
  await volume.ask('PUT', other, { as: 'admin', body: { quota_class_set: { backups: 1 } } })
  assert.equal((await volume.ask('GET', other, { as: 'admin' })).body.quota_class_set.backups, 1)
  assert.equal((await volume.ask('GET', path, { as: 'admin' })).body.quota_class_set.backups, 7)
  const long = await volume.ask('PUT', `/os-quota-class-sets/${'x'.repeat(256)}`, {
    as: 'admin',
    body: { quota_class_set: {} },
  })
  assert.match(long.body.badRequest.message, /quota_class_name has 256 characters, more than 255/)
  await put({ backups: 10, volumes___DEFAULT__: -1 })
})

test('a limit below what there is is refused', async () => {
  await volume.volume({ size: 3 })
  const answer = await volume.ask('PUT', set, { as: 'admin', body: { quota_set: { gigabytes: 2 } } })
  assert.equal(
    answer.body.badRequest.message,
    'Quota gigabytes limit must be equal or greater than existing resources. Current usage is 3 and the requested limit is 2.',
  )
})
