import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startIdentity } from '../../test/support/identity.ts'
import type { Answer } from '../../test/support/one-service.ts'
import { systemClock } from '../base/time.ts'
import { limits } from '../model/limits.ts'
import { createTokenChecker } from './token-checker.ts'

const cloud = await startIdentity()
after(() => cloud.close())

const passwordOf = (user: object) => ({ auth: { identity: { methods: ['password'], password: { user } } } })
const rescope = (token: string, scope?: object) =>
  cloud.ask('POST', '/auth/tokens', null, {
    auth: { identity: { methods: ['token'], token: { id: token } }, ...(scope && { scope }) },
  })
const subject = (answer: Answer) => answer.headers.get('x-subject-token') ?? ''
const demoProject = { project: { name: 'demo', domain: { name: 'Default' } } }

test('a scoped token has Keystone’s shape: roles, catalogue, audit id, whole seconds', async () => {
  const { status, body, headers } = await cloud.logIn()
  assert.equal(status, 201)
  assert.equal(headers.get('vary'), 'X-Auth-Token')
  const { token } = body
  assert.deepEqual(Object.keys(token).sort(), [
    'audit_ids',
    'catalog',
    'expires_at',
    'is_domain',
    'issued_at',
    'methods',
    'project',
    'roles',
    'user',
  ])
  assert.deepEqual(token.methods, ['password'])
  assert.deepEqual(token.user.domain, { id: 'default', name: 'Default' })
  assert.deepEqual(
    token.roles.map((role: { name: string }) => role.name),
    ['member', 'reader'],
  )
  assert.match(token.audit_ids[0], /^[\w-]{22}$/)
  assert.match(token.expires_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000Z$/)
  assert.equal(Date.parse(token.expires_at) - Date.parse(token.issued_at), limits.tokenLifetimeMs)
})

test('admin brings manager, member and reader along', async () => {
  const { body } = await cloud.logIn({ user: 'admin', scope: 'admin' })
  assert.deepEqual(
    body.token.roles.map((role: { name: string }) => role.name),
    ['admin', 'manager', 'member', 'reader'],
  )
})

test('the catalogue is complete, with the project in the templates, and left out on request', async () => {
  const { body } = await cloud.logIn()
  assert.deepEqual(
    body.token.catalog.map((entry: { type: string }) => entry.type),
    ['block-storage', 'compute', 'identity', 'image', 'network', 'placement', 'trace', 'volumev3'],
  )
  const volume = body.token.catalog.at(-1)
  assert.equal(volume.name, 'cinderv3')
  assert.deepEqual(
    new Set(volume.endpoints.map((one: { url: string }) => one.url)),
    new Set([`http://cloud:1/volume/v3/${body.token.project.id}`]),
  )
  const user = { name: 'demo', domain: { id: 'default' }, password: 'demo' }
  const bare = await cloud.ask('POST', '/auth/tokens?nocatalog', null, {
    auth: { ...passwordOf(user).auth, scope: demoProject },
  })
  assert.equal(bare.status, 201)
  assert.equal('catalog' in bare.body.token, false)
})

test('an unscoped token names the user and nothing else, and opens /auth/projects', async () => {
  const answer = await cloud.logIn({ scope: null })
  assert.equal(answer.status, 201)
  for (const key of ['project', 'roles', 'catalog', 'is_domain'])
    assert.equal(key in answer.body.token, false)
  const { body } = await cloud.ask('GET', '/auth/projects', subject(answer))
  assert.deepEqual(
    body.projects.map((project: { name: string }) => project.name),
    ['demo'],
  )
  assert.equal((await cloud.ask('GET', '/auth/catalog', subject(answer))).status, 403)
})

test('system and domain scope need a role there', async () => {
  const system = await cloud.logIn({ user: 'admin', scope: { system: { all: true } } })
  assert.deepEqual(system.body.token.system, { all: true })
  assert.equal(
    system.body.token.catalog.find((entry: { type: string }) => entry.type === 'volumev3').endpoints.length,
    0,
  )
  assert.equal((await cloud.logIn({ scope: { system: { all: true } } })).status, 401)
  assert.equal((await cloud.logIn({ user: 'admin', scope: { domain: { id: 'default' } } })).status, 401)
  const [admin, role] = [await cloud.idOf('users', 'admin'), await cloud.idOf('roles', 'admin')]
  await cloud.ask('PUT', `/domains/default/users/${admin}/roles/${role}`, cloud.admin)
  const domain = await cloud.logIn({ user: 'admin', scope: { domain: { name: 'Default' } } })
  assert.deepEqual(domain.body.token.domain, { id: 'default', name: 'Default' })
  const { body } = await cloud.ask('GET', '/auth/domains', subject(domain))
  assert.deepEqual(
    body.domains.map((one: { id: string }) => one.id),
    ['default'],
  )
  assert.deepEqual((await cloud.ask('GET', '/auth/system', subject(domain))).body.system, [{ all: true }])
})

test('a wrong password, an unknown user, project or domain all answer the same 401', async () => {
  const answers = [
    await cloud.logIn({ password: 'wrong' }),
    await cloud.logIn({ user: 'nobody' }),
    await cloud.logIn({ userId: '0'.repeat(32) }),
    await cloud.logIn({ scope: 'nowhere' }),
    await cloud.logIn({ scope: { project: { id: '0'.repeat(32) } } }),
    await cloud.logIn({ scope: { project: { name: 'demo', domain: { name: 'nowhere' } } } }),
    await cloud.logIn({ scope: { domain: { name: 'nowhere' } } }),
    await cloud.logIn({ scope: 'admin' }),
  ]
  for (const { status, body, headers } of answers) {
    assert.equal(status, 401)
    assert.deepEqual(body, {
      error: {
        code: 401,
        message: 'The request you have made requires authentication.',
        title: 'Unauthorized',
      },
    })
    assert.equal(headers.get('www-authenticate'), `Keystone uri="${cloud.origin}/identity/v3"`)
  }
})

test('a request that is not understood is told what is missing, as Keystone words it', async () => {
  const user = { name: 'demo', domain: { id: 'default' }, password: 'demo' }
  const cases: readonly [unknown, number, RegExp][] = [
    [{}, 400, /^Expecting to find auth in request body\. The server could not comply/],
    [{ auth: {} }, 400, /^'identity' is a required property$/],
    [{ auth: { identity: {} } }, 400, /^Invalid input for field 'identity': 'methods' is a required/],
    [{ auth: { identity: { methods: 'password' } } }, 400, /^Invalid input for field 'identity\/methods'/],
    [{ auth: { identity: { methods: ['password'] } } }, 400, /^Expecting to find password in identity\./],
    [{ auth: { identity: { methods: [] } } }, 401, /requires authentication/],
    [
      { auth: { identity: { methods: ['saml2'], saml2: {} } } },
      401,
      /^Attempted to authenticate with an unsupported method\.$/,
    ],
    [passwordOf({ name: 'demo', password: 'x' }), 400, /^Expecting to find domain in user\./],
    [passwordOf({ password: 'x' }), 400, /^Invalid input for field identity\/password\/user: id or name/],
    [passwordOf({ id: 'x' }), 400, /^Expecting to find password in user\./],
    [passwordOf({ ...user, domain: {} }), 400, /user\/domain: id or name must be present/],
    [{ auth: { ...passwordOf(user).auth, scope: {} } }, 400, /^Expecting to find project, domain/],
    [{ auth: { ...passwordOf(user).auth, scope: 'all' } }, 400, /^Expecting to find project, domain/],
    [{ auth: { ...passwordOf(user).auth, scope: { project: {} } } }, 400, /field scope\/project: id or name/],
    [
      { auth: { ...passwordOf(user).auth, scope: { project: { name: 'x' } } } },
      400,
      /find domain in project/,
    ],
    [{ auth: { ...passwordOf(user).auth, scope: { 'OS-TRUST:trust': { id: 'x' } } } }, 501, /trusts/],
    [[], 400, /^Expecting to find valid JSON object in request body/],
  ]
  for (const [sent, status, message] of cases) {
    const { body, status: got } = await cloud.ask('POST', '/auth/tokens', null, sent)
    assert.equal(got, status, JSON.stringify(sent))
    assert.match(body.error.message, message)
    assert.equal(body.error.code, status)
  }
})

test('a token is rescoped: the same end and chain, both methods', async () => {
  const first = await cloud.logIn({ scope: null })
  const second = await rescope(subject(first), demoProject)
  assert.equal(second.status, 201)
  assert.deepEqual(second.body.token.methods, ['password', 'token'])
  assert.equal(second.body.token.expires_at, first.body.token.expires_at)
  assert.equal(second.body.token.audit_ids[1], first.body.token.audit_ids[0])
  assert.equal((await rescope('flt1_forged', demoProject)).status, 401)
})

test('without a scope the default project counts, as long as the user may go there', async () => {
  const projectId = await cloud.idOf('projects', 'demo')
  const [userId, role] = [
    (await cloud.make('user', { name: 'dora', password: 'dora', default_project_id: projectId })).id,
    await cloud.idOf('roles', 'member'),
  ]
  assert.equal('project' in (await cloud.logIn({ user: 'dora', scope: null })).body.token, false)
  await cloud.ask('PUT', `/projects/${projectId}/users/${userId}/roles/${role}`, cloud.admin)
  assert.equal((await cloud.logIn({ user: 'dora', scope: null })).body.token.project.name, 'demo')
  const unscoped = await cloud.logIn({ user: 'dora', scope: { unscoped: {} } })
  assert.equal('project' in unscoped.body.token, false)
})

test('tokens can be looked at by their owner, by administrators and by services, and by nobody else', async () => {
  const [demo, nova] = [await cloud.token(), await cloud.token({ user: 'nova', scope: 'service' })]
  const look = (method: string, token: string, subjectToken: string) =>
    cloud.ask(method, '/auth/tokens', token, undefined, { 'x-subject-token': subjectToken })
  assert.equal((await look('GET', demo, demo)).body.token.user.name, 'demo')
  assert.equal((await look('GET', cloud.admin, demo)).body.token.project.name, 'demo')
  assert.equal((await look('GET', nova, demo)).status, 200)
  const head = await look('HEAD', cloud.admin, demo)
  assert.deepEqual([head.status, head.text, head.headers.get('x-subject-token')], [200, '', demo])
  const refused = await look('GET', demo, cloud.admin)
  assert.equal(refused.status, 403)
  assert.equal(
    refused.body.error.message,
    'You are not authorized to perform the requested action: identity:validate_token.',
  )
  assert.equal((await look('GET', cloud.admin, 'flt1_forged')).status, 404)
  assert.equal((await cloud.ask('GET', '/auth/tokens', cloud.admin)).status, 404)
  assert.equal((await cloud.ask('GET', '/auth/tokens', null)).status, 401)
})

test('a token given back is void at once; those made from it too, but not the one it was made from', async () => {
  const first = await cloud.token({ scope: null })
  const second = subject(await rescope(first, demoProject))
  const third = subject(await rescope(first, demoProject))
  const giveBack = (token: string) =>
    cloud.ask('DELETE', '/auth/tokens', token, undefined, { 'x-subject-token': token })
  assert.equal((await giveBack(second)).status, 204)
  assert.deepEqual(
    [await cloud.validate(second), await cloud.validate(first), await cloud.validate(third)],
    [404, 200, 200],
  )
  assert.equal((await cloud.ask('GET', '/auth/projects', second)).status, 401)
  assert.equal((await giveBack(first)).status, 204)
  assert.deepEqual([await cloud.validate(first), await cloud.validate(third)], [404, 404])
})

test('a token ends; for two days more it can be read by asking for expired ones', async () => {
  const token = await cloud.token()
  cloud.pass(limits.tokenLifetimeMs + 1000)
  const admin = await cloud.token({ user: 'admin', scope: 'admin' })
  const look = (query: string) =>
    cloud.ask('GET', `/auth/tokens${query}`, admin, undefined, { 'x-subject-token': token })
  assert.equal((await look('')).status, 404)
  assert.equal((await look('?allow_expired=1')).status, 200)
  assert.equal((await cloud.ask('GET', '/auth/projects', token)).status, 401)
  cloud.pass(-limits.tokenLifetimeMs - 1000)
})

test('a token is good for every process on its database, across restarts, and for no other cloud', async () => {
  const token = await cloud.token()
  const later = createTokenChecker({ store: cloud.store, clock: systemClock })
  assert.equal((await later.check(token))?.userName, 'demo')
  const other = await startIdentity()
  assert.equal(await other.tokens.check(token), null)
  await other.close()
})
