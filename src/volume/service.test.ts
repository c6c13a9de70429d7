import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { callers, callerTokens, runService } from '../../test/support/one-service.ts'
import { systemClock } from '../base/time.ts'
import { limits } from '../model/limits.ts'
import { silentLog } from '../platform/journal/log.ts'
import { createVolumeService } from './service.ts'

const volume = await runService(
  createVolumeService({ clock: systemClock, tokens: callerTokens, log: silentLog }),
)
after(() => volume.close())

test('discovery needs no token and names the microversions', async () => {
  const { status, body } = await volume.ask('GET', '/volume/v3/', { as: null })
  assert.equal(status, 200)
  assert.deepEqual([body.versions[0].min_version, body.versions[0].version], ['3.0', '3.71'])
})

test('lists are empty, limits are there, with and without the project in the path', async () => {
  for (const prefix of ['/volume/v3', '/volume/v3/0123456789abcdef0123456789abcdef']) {
    for (const [path, key] of [
      ['/volumes', 'volumes'],
      ['/volumes/detail', 'volumes'],
      ['/snapshots', 'snapshots'],
      ['/snapshots/detail', 'snapshots'],
      ['/types', 'volume_types'],
    ])
      assert.deepEqual((await volume.ask('GET', prefix + path)).body, { [key!]: [] })
    assert.equal((await volume.ask('GET', `${prefix}/limits`)).body.limits.absolute.maxTotalVolumes, 10)
  }
})

test('quotas of the own project are shown, those of another project are not', async () => {
  const own = callers.demo.project?.id
  const { body } = await volume.ask('GET', `/volume/v3/${own}/os-quota-sets/${own}?usage=True`)
  assert.deepEqual(body.quota_set.volumes, { limit: 10, in_use: 0, reserved: 0 })
  const defaults = await volume.ask('GET', `/volume/v3/${own}/os-quota-sets/${own}/defaults`)
  assert.equal(defaults.body.quota_set.gigabytes, 1000)
  assert.equal((await volume.ask('GET', `/volume/v3/os-quota-sets/${callers.other.project?.id}`)).status, 403)
})

test('what is not there yet answers 501 and names itself', async () => {
  const { status, body } = await volume.ask('POST', '/volume/v3/volumes', { body: { volume: { size: 1 } } })
  assert.equal(status, 501)
  assert.match(body.notImplemented.message, /POST \/volume\/v3\/volumes/)
})

test('without a token the answer is 401, with the request id', async () => {
  const { status, headers } = await volume.ask('GET', '/volume/v3/volumes', { as: null })
  assert.equal(status, 401)
  assert.match(headers.get('x-openstack-request-id') ?? '', /^req-[0-9a-f-]{36}$/)
})

test('a body too large is refused before the caller is known, in the words of the middleware in front', async () => {
  const answer = await volume.ask('POST', '/volume/v3/volumes', {
    as: null,
    body: { volume: { name: 'x'.repeat(limits.jsonBodyBytesMax) } },
  })
  assert.deepEqual([answer.status, answer.body.title], [413, 'Request Entity Too Large'])
  assert.match(answer.body.message, /^Request is too large\./)
})
