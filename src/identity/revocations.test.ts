import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startIdentity } from '../../test/support/identity.ts'

const cloud = await startIdentity()
after(() => cloud.close())

let count = 0

/** A new user with the member role on a new project, in a new domain, and their token for it. */
async function member() {
  const name = `user-${++count}`
  const domain = await cloud.make('domain', { name: `domain-${count}` })
  const project = await cloud.make('project', { name: `project-${count}`, domain_id: domain.id })
  const user = await cloud.make('user', { name, password: name, domain_id: domain.id })
  const grant = `/projects/${project.id}/users/${user.id}/roles/${await cloud.idOf('roles', 'member')}`
  assert.equal((await cloud.ask('PUT', grant, cloud.admin)).status, 204)
  const logIn = (password = name) =>
    cloud.logIn({ userId: user.id, password, scope: { project: { id: project.id } } })
  const token = (await logIn()).headers.get('x-subject-token') ?? ''
  assert.equal(await cloud.validate(token), 200)
  return { name, domain, project, user, grant, logIn, token }
}

const patch = (kind: string, id: string, change: object) =>
  cloud.ask('PATCH', `/${kind}s/${id}`, cloud.admin, { [kind]: change })

for (const kind of ['user', 'project', 'domain'] as const)
  test(`disabling the ${kind} ends its tokens for good; enabling it again lets new ones be made`, async () => {
    const one = await member()
    assert.equal((await patch(kind, one[kind].id, { enabled: false })).status, 200)
    assert.equal(await cloud.validate(one.token), 404)
    assert.equal((await one.logIn()).status, 401)
    assert.equal((await patch(kind, one[kind].id, { enabled: true })).status, 200)
    assert.equal(await cloud.validate(one.token), 404)
    const again = await one.logIn()
    assert.equal(again.status, 201)
    assert.equal(await cloud.validate(again.headers.get('x-subject-token') ?? ''), 200)
  })

for (const kind of ['user', 'project'] as const)
  test(`deleting the ${kind} ends its tokens`, async () => {
    const one = await member()
    assert.equal((await cloud.ask('DELETE', `/${kind}s/${one[kind].id}`, cloud.admin)).status, 204)
    assert.equal(await cloud.validate(one.token), 404)
    assert.equal((await one.logIn()).status, 401)
  })

test('a new password ends all older tokens, and the old password', async () => {
  const one = await member()
  const change = (original: string, password: string) =>
    cloud.ask('POST', `/users/${one.user.id}/password`, null, {
      user: { original_password: original, password },
    })
  assert.equal((await change('wrong', 'new')).status, 401)
  assert.equal(await cloud.validate(one.token), 200)
  assert.equal((await change(one.name, 'new')).status, 204)
  assert.equal(await cloud.validate(one.token), 404)
  assert.equal((await one.logIn()).status, 401)
  assert.equal((await one.logIn('new')).status, 201)
  assert.equal((await patch('user', one.user.id, { password: 'set by admin' })).status, 200)
  assert.equal((await one.logIn('new')).status, 401)
  assert.equal((await one.logIn('set by admin')).status, 201)
})

test('of two password changes with the same old password one wins', async () => {
  const one = await member()
  const change = (password: string) =>
    cloud.ask('POST', `/users/${one.user.id}/password`, null, {
      user: { original_password: one.name, password },
    })
  const answers = await Promise.all([change('a'), change('b')])
  assert.deepEqual(answers.map(answer => answer.status).sort(), [204, 401])
})

test('a role taken away is gone from tokens at once; with the last one the token is void', async () => {
  const one = await member()
  const auditor = await cloud.make('role', { name: `auditor-${count}` })
  const second = `/projects/${one.project.id}/users/${one.user.id}/roles/${auditor.id}`
  const roles = async () => (await cloud.tokens.check(one.token))?.roles
  assert.deepEqual(await roles(), ['member', 'reader'])
  assert.equal((await cloud.ask('PUT', second, cloud.admin)).status, 204)
  assert.deepEqual(await roles(), [auditor.name, 'member', 'reader'])
  assert.equal((await cloud.ask('DELETE', one.grant, cloud.admin)).status, 204)
  assert.deepEqual(await roles(), [auditor.name])
  assert.equal((await cloud.ask('DELETE', second, cloud.admin)).status, 204)
  assert.equal(await cloud.validate(one.token), 404)
})

test('leaving a group takes its roles away', async () => {
  const one = await member()
  const group = await cloud.make('group', { name: `group-${count}`, domain_id: one.domain.id })
  const manager = await cloud.idOf('roles', 'manager')
  await cloud.ask('PUT', `/projects/${one.project.id}/groups/${group.id}/roles/${manager}`, cloud.admin)
  const membership = `/groups/${group.id}/users/${one.user.id}`
  assert.equal((await cloud.ask('PUT', membership, cloud.admin)).status, 204)
  assert.deepEqual((await cloud.tokens.check(one.token))?.roles, ['manager', 'member', 'reader'])
  assert.equal((await cloud.ask('DELETE', membership, cloud.admin)).status, 204)
  assert.deepEqual((await cloud.tokens.check(one.token))?.roles, ['member', 'reader'])
})

test('the checker gives what services need to know', async () => {
  const one = await member()
  const auth = await cloud.tokens.check(one.token)
  assert.equal(auth?.isAdmin, false)
  assert.deepEqual(auth?.project, {
    id: one.project.id,
    name: one.project.name,
    domain: { id: one.domain.id, name: one.domain.name },
  })
  assert.equal(auth?.identity, `${one.user.id} ${one.project.id} - - ${one.domain.id} ${one.domain.id}`)
  assert.equal((await cloud.tokens.check(cloud.admin))?.isAdmin, true)
})
