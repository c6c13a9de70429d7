import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { octets, runImages } from '../../test/support/image-service.ts'
import { callerTokens } from '../../test/support/one-service.ts'
import { newRequestId } from '../base/ids.ts'
import { createClient } from '../platform/http/client.ts'
import { silentLog } from '../platform/journal/log.ts'
import { createImageService } from './service.ts'
import { imageVersions } from './views.ts'

const images = await runImages()
after(() => images.close())

test('the version list begins with the current one and goes down to 2.0', async () => {
  const { versions } = imageVersions('http://cloud')
  assert.deepEqual(versions[0], {
    id: 'v2.16',
    status: 'CURRENT',
    links: [{ rel: 'self', href: 'http://cloud/image/v2/' }],
  })
  assert.deepEqual(
    versions.slice(1).map(({ id, status }) => [id, status]),
    [15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map(minor => [`v2.${minor}`, 'SUPPORTED']),
  )
  const answer = await images.ask('GET', '/image/v2/', { as: null })
  assert.deepEqual([answer.status, answer.body], [300, imageVersions(images.origin)])
})

test('schemas name every attribute', async () => {
  const { body } = await images.ask('GET', '/image/v2/schemas/image')
  assert.deepEqual([body.name, body.additionalProperties], ['image', { type: 'string' }])
  const image = await images.active('x')
  for (const name of Object.keys(image)) assert.ok(name in body.properties, name)
  for (const name of ['images', 'member', 'members'])
    assert.equal((await images.ask('GET', `/image/v2/schemas/${name}`)).body.name, name)
  assert.equal((await images.ask('GET', '/image/v2/schemas/constructor')).status, 404)
})

test('stores and ways of importing can be asked for', async () => {
  assert.deepEqual((await images.ask('GET', '/image/v2/info/import')).body['import-methods'].value, [
    'glance-direct',
  ])
  assert.deepEqual((await images.ask('GET', '/image/v2/info/stores')).body, {
    stores: [{ id: 'file', default: 'true' }],
  })
  assert.equal((await images.ask('GET', '/image/v2/info/stores/detail')).status, 403)
  assert.equal(
    (await images.ask('GET', '/image/v2/info/stores/detail', { as: 'admin' })).body.stores[0].type,
    'file',
  )
})

test('a refusal is JSON, HTML or plain text, as the caller accepts', async () => {
  const missing = (accept: string) => images.ask('GET', '/image/v2/images/cirros', { headers: { accept } })
  const json = await missing('application/json')
  assert.deepEqual(json.body, {
    message: 'No image found with ID cirros<br /><br />\n\n\n',
    code: '404 Not Found',
    title: 'Not Found',
  })
  for (const accept of ['*/*', 'application/json, */*', 'text/html', '']) {
    const html = await missing(accept)
    assert.equal(html.headers.get('content-type'), 'text/html; charset=UTF-8', accept)
    assert.equal(
      html.text,
      '<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  No image found with ID cirros<br /><br />\n\n\n\n </body>\n</html>',
    )
  }
  assert.match((await missing('text/plain')).text, /^404 Not Found\n\nNo image found with ID cirros/)
})

test('what a caller sent is not markup in the answer', async () => {
  const answer = await images.ask('GET', '/image/v2/images/%3Cscript%3E', {
    headers: { accept: 'text/html' },
  })
  assert.match(answer.text, /No image found with ID &lt;script&gt;/)
})

test('without a token the answer is 401 and says where to get one', async () => {
  const answer = await images.ask('GET', '/image/v2/images', { as: null })
  assert.equal(answer.status, 401)
  assert.equal(answer.body.error.title, 'Unauthorized')
  assert.equal(answer.headers.get('www-authenticate'), `Keystone uri="${images.origin}/identity/v3"`)
  assert.match(answer.headers.get('x-openstack-request-id') ?? '', /^req-[0-9a-f-]{36}$/)
})

test('an image without an id is not the list', async () => {
  assert.equal((await images.ask('GET', '/image/v2/images/')).status, 404)
})

test('parts of Glance that are not here say so; nonsense is not found', async () => {
  const answer = await images.ask('GET', '/image/v2/metadefs/namespaces')
  assert.equal(answer.status, 501)
  assert.match(answer.body.message, /GET \/image\/v2\/metadefs\/namespaces/)
  assert.equal((await images.ask('GET', '/image/v2/nonsense')).status, 404)
})

test('a service in the same process uploads and reads data as one outside does', async () => {
  const service = createImageService({ ...images.deps, tokens: callerTokens, log: silentLog })
  const client = createClient(() => ({ kind: 'local', service, url: 'http://cloud/image' }))
  const ids = { requestId: newRequestId(), globalRequestId: null }
  const { id } = await images.create()
  const path = `/v2/images/${id}/file`
  const request = { path, token: 'demo', ids, log: silentLog }
  const upload = { ...request, method: 'PUT', raw: Buffer.from('snapshot'), headers: octets } as const
  assert.equal((await client.call('image', upload)).status, 204)
  assert.equal((await client.call('image', { ...request, method: 'GET' })).text, 'snapshot')
})
