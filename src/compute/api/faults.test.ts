import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startComputeApi } from '../../../test/support/compute-api.ts'
import { rawClient } from '../../../test/support/raw-http.ts'
import { limits } from '../../model/limits.ts'

const api = await startComputeApi()
const wire = rawClient(api.origin)
after(() => {
  wire.close()
  return api.close()
})

const sentence = 'Request is too large. Larger than max_request_body_size (%s).'
const json = { message: `${sentence}<br /><br />\n\n\n`, code: '413 Request Entity Too Large' }
const large = JSON.stringify({ server: { name: 'x'.repeat(limits.jsonBodyBytesMax) } })

test('a body too large is refused before anybody is asked who they are, in the form they accept', async () => {
  const send = (accept: Record<string, string>) =>
    wire.send({
      method: 'POST',
      path: '/compute/v2.1/servers',
      headers: { 'content-type': 'application/json', ...accept },
      body: large,
    })
  const asJson = await send({ accept: 'application/json' })
  assert.equal(asJson.status, 413)
  assert.deepEqual(JSON.parse(asJson.text), { ...json, title: 'Request Entity Too Large' })
  const asText = await send({})
  assert.deepEqual(
    [asText.status, asText.headers['content-type'], asText.text],
    [413, 'text/plain; charset=UTF-8', `413 Request Entity Too Large\n\n${sentence}\n\n   `],
  )
  const asHtml = await send({ accept: '*/*' })
  assert.equal(asHtml.headers['content-type'], 'text/html; charset=UTF-8')
  assert.match(asHtml.text, /<h1>413 Request Entity Too Large<\/h1>/)
})

test('a body too large has both request ids and no microversion, on paths that are there or not', async () => {
  for (const path of ['/servers', '/servers/x/os-interface', '/nowhere']) {
    const answer = await api.api('POST', path, { raw: large, at: '2.50' })
    assert.equal(answer.status, 413, path)
    const id = answer.headers.get('x-openstack-request-id')
    assert.match(id ?? '', /^req-/)
    assert.equal(answer.headers.get('x-compute-request-id'), id)
    for (const name of ['openstack-api-version', 'x-openstack-nova-api-version', 'vary', 'retry-after'])
      assert.equal(answer.headers.get(name), null, `${name} of ${path}`)
  }
})

test('a body that does not say its length is counted, and refused in the same words', async () => {
  const answer = await fetch(`${api.origin}/compute/v2.1/servers`, {
    method: 'POST',
    headers: { accept: 'application/json', 'x-auth-token': 'demo', 'content-type': 'application/json' },
    body: new Blob([large]).stream(),
    duplex: 'half',
  } as RequestInit) // duplex is not in the type yet
  assert.deepEqual(await answer.json(), { ...json, title: 'Request Entity Too Large' })
  assert.deepEqual([answer.status, answer.headers.get('openstack-api-version')], [413, null])
})

test('a body of exactly the bound is read', async () => {
  const start = '{"server": {"name": "'
  const raw = `${start}${'x'.repeat(limits.jsonBodyBytesMax - start.length - 3)}"}}`
  assert.equal(raw.length, limits.jsonBodyBytesMax)
  const headers = { 'content-type': 'application/json' }
  assert.equal((await api.api('POST', '/servers', { raw, headers })).status, 400)
  assert.equal((await api.api('POST', '/servers', { raw: `${raw} `, headers })).status, 413)
})
