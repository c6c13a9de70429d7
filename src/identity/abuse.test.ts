import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { startIdentity } from '../../test/support/identity.ts'
import { identityRoutes } from './routes.ts'

const cloud = await startIdentity()
after(() => cloud.close())

const resources = ['user', 'group', 'project', 'domain', 'role', 'region', 'service', 'endpoint'] as const
const strange = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\0',
    'a\0b',
    '\ud800',
    '%',
    "'; drop table identity_users; --",
    '__proto__',
    '0'.repeat(300),
  ),
)
const value = fc.oneof(strange, fc.jsonValue({ maxDepth: 3 }))
const fields = [
  'name',
  'domain_id',
  'enabled',
  'options',
  'id',
  'password',
  'parent_id',
  'url',
  'type',
  'tags',
]
const body = fc.dictionary(fc.oneof(fc.constantFrom(...fields), strange), value, { maxKeys: 6 })

test('strange bodies, paths and queries never end in a 500', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...resources),
      body,
      strange,
      fc.constantFrom('POST', 'PATCH', 'GET', 'DELETE'),
      async (kind, resource, text, method) => {
        const at = method === 'POST' ? `/${kind}s` : `/${kind}s/${encode(text)}`
        const sent = method === 'POST' || method === 'PATCH' ? { [kind]: resource } : undefined
        const one = await cloud.ask(method, at, cloud.admin, sent)
        assert.ok(one.status < 500, `${method} ${at} ${JSON.stringify(sent)}: ${one.text}`)
        const query = `name=${encode(text)}&name__icontains=${encode(text)}&marker=${encode(text)}`
        const list = await cloud.ask('GET', `/${kind}s?${query}`, cloud.admin)
        assert.ok(list.status < 500, `${query}: ${list.text}`)
      },
    ),
    { numRuns: 300 },
  )
})

test('strange logins answer 400 or 401', async () => {
  await fc.assert(
    fc.asyncProperty(body, value, async (user, scope) => {
      const { status, text } = await cloud.ask('POST', '/auth/tokens', null, {
        auth: { identity: { methods: ['password'], password: { user } }, scope },
      })
      assert.ok(status === 400 || status === 401, `${status} ${text}`)
    }),
    { numRuns: 100 },
  )
})

test('broken JSON answers 400 and names it', async () => {
  const response = await fetch(`${cloud.origin}/identity/v3/auth/tokens`, { method: 'POST', body: '{' })
  assert.equal(response.status, 400)
  assert.match(await response.text(), /Expecting to find valid JSON in request body\./)
})

test('no route but discovery, login and the password change answers without a token', async () => {
  const open: string[] = []
  for (const { method, path } of identityRoutes) {
    const { status } = await cloud.ask(method, path.replace(/\{\w+\}/g, 'x'), null)
    if (status !== 401) open.push(`${method} ${path}`)
  }
  assert.deepEqual(open, ['GET /', 'HEAD /', 'POST /auth/tokens', 'POST /users/{id}/password'])
})

test('what a member may call is what concerns them; everything else is 403', async () => {
  const demo = await cloud.token()
  const allowed: string[] = []
  for (const { method, path } of identityRoutes) {
    if (method === 'HEAD' || path.startsWith('/auth') || path === '/') continue
    const { status } = await cloud.ask(method, path.replace(/\{\w+\}/g, 'x'), demo)
    if (status !== 403) allowed.push(`${method} ${path}`)
  }
  assert.deepEqual(allowed, [
    'POST /users/{id}/password',
    'POST /users/{id}/application_credentials',
    'POST /users/{id}/credentials/OS-EC2',
    'GET /credentials',
    'POST /credentials',
    'PATCH /credentials/{id}',
    'GET /regions',
    'GET /regions/{id}',
  ])
})

test('parts of Keystone that are not built say so; other paths are not found', async () => {
  for (const path of [
    '/limits',
    '/ec2tokens',
    '/OS-TRUST/trusts',
    '/users/x/access_rules',
    '/policies/x/OS-ENDPOINT-POLICY',
  ])
    assert.equal((await cloud.ask('GET', path, cloud.admin)).status, 501, path)
  const { status, body } = await cloud.ask('GET', '/nonsense', cloud.admin)
  assert.equal(status, 404)
  assert.deepEqual(body.error, { code: 404, message: 'The resource could not be found.', title: 'Not Found' })
})

/** Lone surrogates cannot be written in a URL. */
const encode = (text: string) => encodeURIComponent(text.toWellFormed()) || '%20'

test('a body too large is refused before anybody is asked who they are', async () => {
  const answer = await cloud.ask('POST', '/auth/tokens', null, { auth: 'x'.repeat(114_688) })
  assert.equal(answer.status, 413)
  assert.match(answer.text, /Request is too large\. Larger than max_request_body_size \(%s\)\./)
})
