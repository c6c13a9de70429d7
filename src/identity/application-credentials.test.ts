import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startIdentity } from '../../test/support/identity.ts'

const cloud = await startIdentity()
after(() => cloud.close())

const demo = await cloud.token()
const demoId = await cloud.idOf('users', 'demo')
const path = `/users/${demoId}/application_credentials`

const create = (body: object, token = demo, at = path) =>
  cloud.ask('POST', at, token, { application_credential: body })
const logIn = (credential: object, scope?: object) =>
  cloud.ask('POST', '/auth/tokens', null, {
    auth: {
      identity: { methods: ['application_credential'], application_credential: credential },
      ...(scope && { scope }),
    },
  })

test('the secret is shown once, and logs in to the project by id or by name and user', async () => {
  const { status, body } = await create({ name: 'ci', description: 'for CI' })
  assert.equal(status, 201)
  const { id, secret, roles, unrestricted, expires_at } = body.application_credential
  assert.deepEqual(
    roles.map((role: { name: string }) => role.name),
    ['member', 'reader'],
  )
  assert.deepEqual([unrestricted, expires_at], [false, null])
  const shown = await cloud.ask('GET', `${path}/${id}`, demo)
  assert.equal('secret' in shown.body.application_credential, false)
  assert.doesNotMatch((await cloud.ask('GET', path, demo)).text, /secret/)

  const byId = await logIn({ id, secret })
  assert.equal(byId.status, 201)
  assert.equal(byId.body.token.project.name, 'demo')
  assert.deepEqual(byId.body.token.methods, ['application_credential'])
  assert.deepEqual(byId.body.token.application_credential, { id, name: 'ci', restricted: true })
  const user = { name: 'demo', domain: { name: 'Default' } }
  assert.equal((await logIn({ name: 'ci', secret, user })).status, 201)
  assert.equal((await logIn({ id, secret: 'wrong' })).status, 401)
  assert.equal((await logIn({ id: '0'.repeat(32), secret })).status, 401)
  assert.equal((await logIn({ name: 'ci', secret })).status, 400)
  const scoped = await logIn({ id, secret }, { project: { id: byId.body.token.project.id } })
  assert.equal(scoped.status, 401)
  assert.match(scoped.body.error.message, /Application credentials cannot request a scope\.$/)
})

test('a restricted one makes and deletes no others, an unrestricted one does', async () => {
  const tokenOf = async (unrestricted: boolean) => {
    const { body } = await create({ name: `boss-${unrestricted}`, unrestricted })
    const { id, secret } = body.application_credential
    return { id, token: (await logIn({ id, secret })).headers.get('x-subject-token') ?? '' }
  }
  const restricted = await tokenOf(false)
  const refused = await create({ name: 'child' }, restricted.token)
  assert.equal(refused.status, 403)
  assert.match(refused.body.error.message, /not allowed for managing additional application credentials/)
  assert.equal((await cloud.ask('DELETE', `${path}/${restricted.id}`, restricted.token)).status, 403)
  const free = await tokenOf(true)
  assert.equal((await create({ name: 'child' }, free.token)).status, 201)
  assert.equal((await cloud.ask('DELETE', `${path}/${free.id}`, free.token)).status, 204)
  assert.equal((await cloud.ask('GET', '/auth/projects', free.token)).status, 401)
})

test('its roles are chosen from those of the token, and bring the implied ones', async () => {
  const { body } = await create({ name: 'reading', roles: [{ name: 'reader' }] })
  const { id, secret } = body.application_credential
  const { token } = (await logIn({ id, secret })).body
  assert.deepEqual(
    token.roles.map((role: { name: string }) => role.name),
    ['reader'],
  )
  const admin = await create({ name: 'too much', roles: [{ name: 'admin' }] })
  assert.equal(admin.status, 400)
  assert.equal(
    admin.body.error.message,
    'Invalid application credential: Cannot create an application credential with unassigned role',
  )
  const unknown = await create({ name: 'unknown', roles: [{ name: 'emperor' }] })
  assert.deepEqual([unknown.status, unknown.body.error.message], [404, 'Could not find role: emperor.'])
})

test('nobody makes or sees those of others; administrators see and delete them', async () => {
  const { id } = (await create({ name: 'private' })).body.application_credential
  const adminId = await cloud.idOf('users', 'admin')
  assert.equal((await create({ name: 'x' }, cloud.admin)).status, 403)
  assert.equal((await cloud.ask('GET', `/users/${adminId}/application_credentials`, demo)).status, 403)
  assert.equal(
    (await cloud.ask('GET', `/users/${adminId}/application_credentials/${id}`, cloud.admin)).status,
    404,
  )
  assert.equal((await cloud.ask('GET', `${path}/${id}`, cloud.admin)).status, 200)
  assert.equal((await cloud.ask('DELETE', `${path}/${id}`, cloud.admin)).status, 204)
  assert.equal((await cloud.ask('DELETE', `${path}/${id}`, cloud.admin)).status, 404)
})

test('it ends when it said it would, and names are unique for a user', async () => {
  const in10s = new Date(Date.now() + 10_000).toISOString().slice(0, 19)
  const { body } = await create({ name: 'short', expires_at: in10s, secret: 'mine' })
  const { id, secret, expires_at } = body.application_credential
  assert.deepEqual([secret, expires_at], ['mine', `${in10s}.000000`])
  const { headers } = await logIn({ id, secret })
  const token = headers.get('x-subject-token') ?? ''
  assert.equal(await cloud.validate(token), 200)
  const scope = { project: { name: 'demo', domain: { id: 'default' } } }
  const identity = { methods: ['token'], token: { id: token } }
  const again = await cloud.ask('POST', '/auth/tokens', null, { auth: { identity, scope } })
  for (const made of [await logIn({ id, secret }), again])
    assert.equal(made.body.token.expires_at, `${in10s}.000000Z`)
  cloud.pass(20_000)
  assert.equal((await logIn({ id, secret })).status, 401)
  assert.equal(await cloud.validate(token), 404)
  cloud.pass(-20_000)
  const exact = `${in10s}.926099`
  for (const given of [exact, `${in10s}.92`, `${in10s}.9260`]) {
    const made = (await create({ name: given, expires_at: given })).body.application_credential
    assert.equal(made.expires_at, given.padEnd(exact.length, '0'))
    const shown = await cloud.ask('GET', `${path}/${made.id}`, cloud.admin)
    assert.equal(shown.body.application_credential.expires_at, made.expires_at)
  }
  const same = await create({ name: 'short' })
  assert.equal(same.status, 409)
  assert.match(
    same.body.error.message,
    /store application_credential - Duplicate entry found with name short\.$/,
  )
  assert.match((await create({ name: 'x', expires_at: 'soon' })).body.error.message, /^Timestamp not in/)
  assert.match(
    (await create({ name: 'x', expires_at: '2001-01-01' })).body.error.message,
    /not be before now/,
  )
})

test('access rules are refused rather than ignored, and an unscoped token makes none', async () => {
  const rules = [{ path: '/v2.1/servers', method: 'GET', service: 'compute' }]
  assert.equal((await create({ name: 'ruled', access_rules: rules })).status, 501)
  assert.equal((await create({ name: 'x' }, await cloud.token({ scope: null }))).status, 400)
})

test('a token made from its token stays in the project and with the credential', async () => {
  const { id, secret } = (await create({ name: 'chain' })).body.application_credential
  const first = await logIn({ id, secret })
  const rescope = (scope?: object) =>
    cloud.ask('POST', '/auth/tokens', null, {
      auth: {
        identity: { methods: ['token'], token: { id: first.headers.get('x-subject-token') } },
        ...(scope && { scope }),
      },
    })
  assert.equal((await rescope()).body.token.application_credential.id, id)
  assert.equal((await rescope({ project: { id: first.body.token.project.id } })).status, 201)
  assert.equal((await rescope({ unscoped: {} })).status, 403)
})

test('it goes when a role of its user on the project is taken away', async () => {
  const user = await cloud.make('user', { name: 'eve', password: 'eve' })
  const project = await cloud.idOf('projects', 'demo')
  const grant = `/projects/${project}/users/${user.id}/roles/${await cloud.idOf('roles', 'member')}`
  await cloud.ask('PUT', grant, cloud.admin)
  const own = `/users/${user.id}/application_credentials`
  const { body } = await create({ name: 'eve' }, await cloud.token({ user: 'eve' }), own)
  const { id, secret } = body.application_credential
  await cloud.ask('DELETE', grant, cloud.admin)
  await cloud.ask('PUT', grant, cloud.admin)
  assert.equal((await logIn({ id, secret })).status, 401)
})
