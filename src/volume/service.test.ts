import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { runVolumes } from '../../test/support/volume-service.ts'
import { limits } from '../model/limits.ts'

const volume = await runVolumes()
after(() => volume.close())

test('discovery needs no token and names the microversions', async () => {
  const { status, body } = await volume.ask('GET', '/', { as: null })
  assert.equal(status, 200)
  assert.deepEqual([body.versions[0].min_version, body.versions[0].version], ['3.0', '3.71'])
})

test('a request is answered as 3.0 unless it asks for more, and is told how it was answered', async () => {
  const asked = async (version: string | null) =>
    (await volume.ask('GET', '/limits', { version })).headers.get('openstack-api-version')
  assert.equal(await asked(null), 'volume 3.0')
  assert.equal(await asked('3.44'), 'volume 3.44')
  assert.equal(await asked('latest'), 'volume 3.71')
  const several = { 'openstack-api-version': 'compute 2.96, volume 3.27' }
  const answer = await volume.ask('GET', '/limits', { version: null, headers: several })
  assert.equal(answer.headers.get('openstack-api-version'), 'volume 3.27')
})

test('versions that are none are a 400, those beyond ours a 406', async () => {
  const malformed = await volume.ask('GET', '/limits', { version: '3' })
  assert.deepEqual([malformed.status, malformed.body.badRequest.code], [400, 400])
  const beyond = await volume.ask('GET', '/limits', { version: '3.72' })
  assert.equal(beyond.status, 406)
  assert.match(beyond.text, /Version 3.72 is not supported by the API. Minimum is 3.0 and maximum is 3.71./)
})

test('a route of a later version is not found in this one', async () => {
  const { status, body } = await volume.ask('GET', '/messages', { version: '3.2' })
  assert.equal(status, 404)
  assert.equal(body.itemNotFound.message, 'API version 3.2 is not supported on this method.')
})

test('what is not there yet answers 501 and names itself; nonsense is not found', async () => {
  const { status, body } = await volume.ask('PUT', '/os-services/get-log', { as: 'admin', body: {} })
  assert.equal(status, 501)
  assert.match(body.notImplemented.message, /log levels of volume services/)
  assert.equal((await volume.ask('GET', '/nonsense')).status, 404)
})

test('a volume without an id is not the list', async () => {
  for (const [method, path] of [
    ['GET', '/volumes/'],
    ['DELETE', '/volumes/'],
  ] as const)
    assert.equal((await volume.ask(method, path)).status, 404)
})

test('without a token the answer is 401, with the request id', async () => {
  const { status, headers } = await volume.ask('GET', '/volumes', { as: null })
  assert.equal(status, 401)
  assert.match(headers.get('x-openstack-request-id') ?? '', /^req-[0-9a-f-]{36}$/)
})

test('a body too large is refused before the caller is known, in the words of the middleware in front', async () => {
  const answer = await volume.ask('POST', '/types', {
    as: null,
    body: { volume_type: { name: 'x'.repeat(limits.jsonBodyBytesMax) } },
  })
  assert.deepEqual([answer.status, answer.body.title], [413, 'Request Entity Too Large'])
  assert.match(answer.body.message, /^Request is too large\./)
})

test('extensions are named for clients that ask', async () => {
  const { extensions } = (await volume.ask('GET', '/extensions')).body
  assert.ok(extensions.some(({ name }: { name: string }) => name === 'Hosts'))
  assert.equal((await volume.ask('GET', '/extensions/backups')).body.extension.name, 'Backups')
  assert.equal((await volume.ask('GET', '/extensions/none')).status, 404)
})
