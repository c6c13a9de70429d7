import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { addServer, startComputeApi } from '../../../test/support/compute-api.ts'

const api = await startComputeApi()
after(() => api.close())

test('below /v2 names are stripped and unknown properties dropped; below /v2.1 both are refused', async () => {
  const group = (name: string, more: object) => ({
    server_group: { name, policies: ['affinity'], ...more },
  })
  const body = group('  group one  ', { colour: 'red' })
  const kind = await api.ask('POST', '/compute/v2/os-server-groups', { body })
  assert.deepEqual([kind.status, kind.body.server_group.name], [200, 'group one'])
  const strict = await api.api('POST', '/os-server-groups', { body })
  assert.equal(strict.status, 400)
  assert.match(strict.body.badRequest.message, /'colour' was unexpected/)
  const spaces = await api.api('POST', '/os-server-groups', { body: group(' g ', {}) })
  assert.match(spaces.body.badRequest.message, /Can not start or end with whitespace\.$/)
})

test('below /v2 names of key pairs and zones are stripped too', async () => {
  const body = { keypair: { name: '  key one  ', colour: 'red' } }
  const kind = await api.ask('POST', '/compute/v2/os-keypairs', { body })
  assert.deepEqual([kind.status, kind.body.keypair?.name], [200, 'key one'])
  const strict = await api.api('POST', '/os-keypairs', { body: { keypair: { name: ' key two ' } } })
  assert.match(strict.body.badRequest.message, /Can not start or end with whitespace\.$/)
  const odd = await api.ask('POST', '/compute/v2/os-keypairs', { body: { keypair: { name: ' key: ' } } })
  assert.deepEqual([odd.status, Object.keys(odd.body)], [400, ['badRequest']])
  const zone = await api.ask('POST', '/compute/v2/os-aggregates', {
    as: 'admin',
    body: { aggregate: { name: ' rack ', availability_zone: ' zone ' } },
  })
  assert.deepEqual(
    [zone.status, zone.body.aggregate?.name, zone.body.aggregate?.availability_zone],
    [200, 'rack', 'zone'],
  )
})

test('below /v2 unknown properties are dropped where a body may also be null', async () => {
  const id = await addServer(api, { vm_state: 'building' })
  const body = { rescue: { adminPass: 'secret', colour: 'red' } }
  const kind = await api.ask('POST', `/compute/v2/servers/${id}/action`, { body })
  assert.equal(kind.status, 409, 'it came as far as the state of the server')
  assert.equal((await api.api('POST', `/servers/${id}/action`, { body })).status, 400)
})

test('below /v2 a name of spaces only is refused in the words of the old API', async () => {
  const id = await addServer(api)
  const answer = await api.ask('PUT', `/compute/v2/servers/${id}`, { body: { server: { name: '   ' } } })
  assert.deepEqual(answer.body, {
    badRequest: {
      code: 400,
      message:
        "An invalid 'name' value was provided. The name must be: printable characters with at least one non space character",
    },
  })
})

test('below /v2 actions drop what they do not know; what they need is still needed', async () => {
  const id = await addServer(api)
  const locked = await api.ask('POST', `/compute/v2/servers/${id}/action`, {
    body: { 'os-resetState': { state: 'active', why: 'so' } },
    as: 'admin',
  })
  assert.equal(locked.status, 202)
  const missing = await api.ask('POST', `/compute/v2/servers/${id}/action`, { body: { resize: { x: 1 } } })
  assert.match(missing.body.badRequest.message, /'flavorRef' is a required property$/)
})

test('below /v2 keys of metadata are still held to their form', async () => {
  const id = await addServer(api)
  const answer = await api.ask('POST', `/compute/v2/servers/${id}/metadata`, {
    body: { metadata: { 'a/b': 'c' }, more: 1 },
  })
  assert.equal(answer.status, 400)
  assert.match(answer.body.badRequest.message, /'a\/b' does not match any of the regexes/)
})

test('below /v2 the version is 2.1 whatever the headers ask for, and no version headers go back', async () => {
  const answer = await api.ask('GET', '/compute/v2/flavors', {
    headers: { 'openstack-api-version': 'compute 2.999', 'x-openstack-nova-api-version': 'x' },
  })
  assert.equal(answer.status, 200)
  assert.deepEqual(
    ['openstack-api-version', 'x-openstack-nova-api-version', 'vary'].map(name => answer.headers.get(name)),
    [null, null, null],
  )
})
