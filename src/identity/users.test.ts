import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startIdentity } from '../../test/support/identity.ts'

const cloud = await startIdentity()
after(() => cloud.close())

test('a user keeps what Keystone does not know, and never shows a password', async () => {
  const user = await cloud.make('user', { name: ' ann ', password: 'pw', email: 'a@b.c', description: 'A' })
  assert.deepEqual(user, {
    email: 'a@b.c',
    id: user.id,
    name: 'ann',
    domain_id: 'default',
    description: 'A',
    enabled: true,
    password_expires_at: null,
    options: {},
    links: { self: `${cloud.origin}/identity/v3/users/${user.id}` },
  })
  const { body } = await cloud.ask('PATCH', `/users/${user.id}`, cloud.admin, {
    user: { email: 'x@y.z', phone: '1' },
  })
  assert.deepEqual([body.user.email, body.user.phone, body.user.description], ['x@y.z', '1', 'A'])
  assert.deepEqual((await cloud.ask('GET', `/users/${user.id}`, cloud.admin)).body, body)
})

test('names are unique in a domain', async () => {
  await cloud.make('user', { name: 'twin' })
  const again = await cloud.ask('POST', '/users', cloud.admin, { user: { name: 'twin' } })
  assert.equal(again.status, 409)
  assert.deepEqual(again.body.error, {
    code: 409,
    message:
      'Conflict occurred attempting to store user - Duplicate entry found with name twin at domain ID default.',
    title: 'Conflict',
  })
  const domain = await cloud.make('domain', { name: 'elsewhere' })
  await cloud.make('user', { name: 'twin', domain_id: domain.id })
  const other = await cloud.make('user', { name: 'other' })
  const renamed = await cloud.ask('PATCH', `/users/${other.id}`, cloud.admin, { user: { name: 'twin' } })
  assert.equal(renamed.status, 409)
})

test('only one of many simultaneous creations with one name succeeds', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => cloud.ask('POST', '/users', cloud.admin, { user: { name: 'race' } })),
  )
  assert.deepEqual(answers.map(answer => answer.status).sort(), [201, ...Array(7).fill(409)])
})

test('bad bodies answer 400 in Keystone’s form and change nothing', async () => {
  const cases: readonly [unknown, string][] = [
    [
      {},
      'Expecting to find user in request body. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.',
    ],
    [{ user: {} }, "'name' is a required property"],
    [{ user: { name: '' } }, "Invalid input for field 'name': '' should be non-empty"],
    [{ user: { name: 5 } }, "Invalid input for field 'name': 5 is not of type 'string'"],
    [
      { user: { name: 'x', enabled: 'yes' } },
      "Invalid input for field 'enabled': 'yes' is not of type 'boolean'",
    ],
    [
      { user: { name: 'x', domain_id: 'no such!' } },
      "Invalid input for field 'domain_id': 'no such!' does not match '^[a-zA-Z0-9-]+$'",
    ],
  ]
  for (const [body, message] of cases) {
    const answer = await cloud.ask('POST', '/users', cloud.admin, body)
    assert.deepEqual([answer.status, answer.body.error.message], [400, message])
    assert.equal(answer.body.error.title, 'Bad Request')
  }
  const nowhere = await cloud.ask('POST', '/users', cloud.admin, { user: { name: 'x', domain_id: 'gone' } })
  assert.deepEqual([nowhere.status, nowhere.body.error.message], [404, 'Could not find domain: gone.'])
  assert.deepEqual((await cloud.ask('GET', '/users?name=x', cloud.admin)).body.users, [])
  const ann = await cloud.make('user', { name: 'fixed' })
  for (const change of [{ id: 'other' }, { domain_id: 'other' }, {}])
    assert.equal((await cloud.ask('PATCH', `/users/${ann.id}`, cloud.admin, { user: change })).status, 400)
})

test('users see themselves and change their own password; the rest is for administrators', async () => {
  const { id } = await cloud.make('user', { name: 'sam', password: 'sam' })
  const sam = await cloud.token({ user: 'sam', scope: null })
  assert.equal((await cloud.ask('GET', `/users/${id}`, sam)).body.user.name, 'sam')
  for (const path of [`/users/${id}/projects`, `/users/${id}/groups`])
    assert.equal((await cloud.ask('GET', path, sam)).status, 200)
  const adminId = await cloud.idOf('users', 'admin')
  for (const [method, path, body] of [
    ['GET', '/users'],
    ['GET', `/users/${adminId}`],
    ['GET', '/users/nobody'],
    ['GET', `/users/${adminId}/projects`],
    ['POST', '/users', { user: { name: 'x' } }],
    ['POST', '/users', { wrong: 'body' }],
    ['PATCH', `/users/${id}`, { user: { name: 'root' } }],
    ['DELETE', `/users/${id}`],
  ] as const) {
    const answer = await cloud.ask(method, path, sam, body)
    assert.equal(answer.status, 403, `${method} ${path}`)
    assert.match(
      answer.body.error.message,
      /^You are not authorized to perform the requested action: identity:\w+\.$/,
    )
  }
  const { status } = await cloud.ask('POST', `/users/${id}/password`, sam, {
    user: { original_password: 'sam', password: 'new' },
  })
  assert.equal(status, 204)
  assert.equal((await cloud.logIn({ user: 'sam', password: 'new', scope: null })).status, 201)
})

test('lists are filtered: exactly, by flag, inexactly; unknown filters are ignored', async () => {
  for (const name of ['list-One', 'list-two', 'list-three_3%'])
    await cloud.make('user', { name, enabled: name !== 'list-two' })
  const names = async (query: string) =>
    (await cloud.ask('GET', `/users?${query}`, cloud.admin)).body.users
      .map((user: { name: string }) => user.name)
      .sort()
  assert.deepEqual(await names('name=list-One'), ['list-One'])
  assert.deepEqual(await names('name=list-one'), [])
  assert.deepEqual(await names('name__startswith=list-'), ['list-One', 'list-three_3%', 'list-two'])
  assert.deepEqual(await names('name__startswith=LIST-'), [])
  assert.deepEqual(await names('name__istartswith=LIST-&enabled=false'), ['list-two'])
  assert.deepEqual(await names('name__istartswith=LIST-&enabled'), ['list-One', 'list-three_3%'])
  assert.deepEqual(await names('name__contains=_3%25'), ['list-three_3%'])
  assert.deepEqual(await names('name__icontains=T-ONE'), ['list-One'])
  assert.deepEqual(await names('name__endswith=-two&color=red&name__near=x'), ['list-two'])
  assert.deepEqual(await names('name__contains=t-_'), [])
})

test('a list comes in pages that the next link leads through', async () => {
  const seen: string[] = []
  const prefix = `${cloud.origin}/identity/v3`
  let path: string | null = '/users?limit=3'
  while (path !== null) {
    const { body }: { body: { users: { id: string }[]; links: { next: string | null; self: string } } } =
      await cloud.ask('GET', path, cloud.admin)
    assert.ok(body.users.length <= 3)
    assert.equal(body.links.self, prefix + path)
    seen.push(...body.users.map(user => user.id))
    path = body.links.next?.slice(prefix.length) ?? null
  }
  const all = (await cloud.ask('GET', '/users', cloud.admin)).body.users.map(
    (user: { id: string }) => user.id,
  )
  assert.deepEqual(seen, all)
  assert.equal((await cloud.ask('GET', '/users?limit=many', cloud.admin)).status, 400)
})

test('groups hold users', async () => {
  const group = await cloud.make('group', { name: 'devs', description: 'D', color: 'red' })
  assert.equal(group.color, 'red')
  const { id } = await cloud.make('user', { name: 'gail' })
  const membership = `/groups/${group.id}/users/${id}`
  const missing = await cloud.ask('HEAD', membership, cloud.admin)
  assert.equal(missing.status, 404)
  assert.equal((await cloud.ask('PUT', membership, cloud.admin)).status, 204)
  assert.equal((await cloud.ask('PUT', membership, cloud.admin)).status, 204)
  assert.equal((await cloud.ask('HEAD', membership, cloud.admin)).status, 204)
  assert.equal((await cloud.ask('GET', `/groups/${group.id}/users`, cloud.admin)).body.users[0].name, 'gail')
  assert.equal((await cloud.ask('GET', `/users/${id}/groups`, cloud.admin)).body.groups[0].name, 'devs')
  assert.equal((await cloud.ask('DELETE', membership, cloud.admin)).status, 204)
  const gone = await cloud.ask('DELETE', membership, cloud.admin)
  assert.equal(gone.body.error.message, `User '${id}' not found in group '${group.id}'.`)
  assert.equal((await cloud.ask('PUT', `/groups/${group.id}/users/nobody`, cloud.admin)).status, 404)
  assert.equal((await cloud.ask('PUT', `/groups/nothing/users/${id}`, cloud.admin)).status, 404)
  const renamed = await cloud.ask('PATCH', `/groups/${group.id}`, cloud.admin, { group: { name: 'ops' } })
  assert.deepEqual([renamed.body.group.name, renamed.body.group.color], ['ops', 'red'])
  assert.equal((await cloud.ask('POST', '/groups', cloud.admin, { group: { name: 'ops' } })).status, 409)
  assert.equal((await cloud.ask('DELETE', `/groups/${group.id}`, cloud.admin)).status, 204)
  assert.equal((await cloud.ask('GET', `/groups/${group.id}`, cloud.admin)).status, 404)
})
