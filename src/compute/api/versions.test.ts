import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startComputeApi } from '../../../test/support/compute-api.ts'
import { computeVersions } from './versions.ts'

const api = await startComputeApi()
after(() => api.close())

test('version documents need no token, with and without the slash', async () => {
  for (const path of ['/compute/v2.1/', '/compute/v2.1']) {
    const { status, body, headers } = await api.ask('GET', path, { as: null })
    assert.equal(status, 200)
    assert.deepEqual(body, {
      version: {
        id: 'v2.1',
        status: 'CURRENT',
        version: '2.104',
        min_version: '2.1',
        updated: '2013-07-23T11:33:21Z',
        links: [
          { rel: 'self', href: `${api.origin}/compute/v2.1/` },
          { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' },
        ],
        'media-types': [
          { base: 'application/json', type: 'application/vnd.openstack.compute+json;version=2.1' },
        ],
      },
    })
    assert.equal(headers.get('openstack-api-version'), 'compute 2.1')
  }
})

test('the old version has no microversions', async () => {
  const { body } = await api.ask('GET', '/compute/v2/', { as: null })
  assert.deepEqual(
    [body.version.id, body.version.status, body.version.version, body.version.links[0].href],
    ['v2.0', 'DEPRECATED', '', `${api.origin}/compute/v2/`],
  )
})

test('the list names both versions', () => {
  const { versions } = computeVersions('http://cloud')
  assert.deepEqual(
    versions.map(version => [version.id, version.links[0]?.href]),
    [
      ['v2.0', 'http://cloud/compute/v2/'],
      ['v2.1', 'http://cloud/compute/v2.1/'],
    ],
  )
})

test('versions by id are for callers', async () => {
  assert.equal((await api.api('GET', '/versions/v2.1')).body.version.version, '2.104')
  assert.equal((await api.api('GET', '/versions/v9')).status, 404)
  assert.equal((await api.api('GET', '/versions/v2.1', { as: null })).status, 401)
})

test('extensions are a fixed list; /v2 has one more', async () => {
  const { extensions } = (await api.api('GET', '/extensions')).body
  assert.equal(extensions.length, 99)
  assert.equal((await api.ask('GET', '/compute/v2/extensions')).body.extensions.length, 100)
  assert.deepEqual((await api.api('GET', '/extensions/os-agents')).body.extension, {
    alias: 'os-agents',
    description: 'Agents support.',
    links: [],
    name: 'Agents',
    namespace: 'http://docs.openstack.org/compute/ext/fake_xml',
    updated: '2014-12-03T00:00:00Z',
  })
  assert.equal((await api.api('GET', '/extensions/os-nothing')).status, 404)
})
