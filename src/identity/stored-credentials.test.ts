import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { startIdentity } from '../../test/support/identity.ts'
import { tables } from '../platform/store/store.ts'
import type { IdentityTables } from './tables.ts'

const cloud = await startIdentity()
after(() => cloud.close())
const demo = await cloud.token()
const demoId = await cloud.idOf('users', 'demo')
const adminId = await cloud.idOf('users', 'admin')
const projectId = await cloud.idOf('projects', 'demo')
const create = (credential: object, token = demo) => cloud.ask('POST', '/credentials', token, { credential })
const keys = (access: string) => JSON.stringify({ access, secret: 'hush-hush' })

test('a credential is kept for its user, shown, changed and ended', async () => {
  const made = await create({ user_id: demoId, type: 'cert', blob: 'PEM' })
  assert.equal(made.status, 201)
  const { credential } = made.body
  assert.deepEqual(credential, {
    id: credential.id,
    user_id: demoId,
    project_id: null,
    type: 'cert',
    blob: 'PEM',
    links: { self: `${cloud.origin}/identity/v3/credentials/${credential.id}` },
  })
  const path = `/credentials/${credential.id}`
  const changed = await cloud.ask('PATCH', path, demo, { credential: { blob: 'new', project_id: projectId } })
  assert.deepEqual(changed.body.credential, { ...credential, blob: 'new', project_id: projectId })
  assert.deepEqual((await cloud.ask('GET', path, cloud.admin)).body, changed.body)
  assert.equal((await cloud.ask('DELETE', path, demo)).status, 204)
  const gone = await cloud.ask('GET', path, cloud.admin)
  assert.equal(gone.body.error.message, `Could not find credential: ${credential.id}.`)
})

test('one sees and changes one’s own; others’ are as if they were not there', async () => {
  const theirs = (await create({ user_id: adminId, type: 'cert', blob: 'x' }, cloud.admin)).body.credential
  const mine = (await create({ user_id: demoId, type: 'seed', blob: 'y' })).body.credential
  assert.equal((await create({ user_id: adminId, type: 'cert', blob: 'x' })).status, 403)
  for (const id of [theirs.id, 'nobody'])
    for (const method of ['GET', 'DELETE'])
      assert.equal((await cloud.ask(method, `/credentials/${id}`, demo)).status, 403)
  const given = { credential: { user_id: adminId } }
  assert.equal((await cloud.ask('PATCH', `/credentials/${mine.id}`, demo, given)).status, 403)
  const ids = async (token: string, query = '') =>
    (await cloud.ask('GET', `/credentials${query}`, token)).body.credentials.map(
      ({ id }: { id: string }) => id,
    )
  assert.deepEqual(await ids(demo), [mine.id])
  assert.deepEqual((await ids(cloud.admin)).sort(), [mine.id, theirs.id].sort())
  assert.deepEqual(await ids(cloud.admin, `?user_id=${demoId}&type=seed`), [mine.id])
})

test('keys of EC2 are found by their public half, and belong to a project', async () => {
  const ec2 = { user_id: demoId, project_id: projectId, type: 'ec2', blob: keys('AKIA1') }
  const { credential } = (await create(ec2)).body
  assert.equal(credential.id, createHash('sha256').update('AKIA1').digest('hex'))
  assert.equal((await create(ec2)).status, 409)
  for (const wrong of [
    { blob: 'no JSON' },
    { blob: '[]' },
    { blob: '{}' },
    { blob: keys('AKIA2'), project_id: undefined },
    { blob: keys('AKIA2'), type: '' },
  ])
    assert.equal((await create({ ...ec2, ...wrong })).status, 400, JSON.stringify(wrong))
  const changed = await cloud.ask('PATCH', `/credentials/${credential.id}`, demo, {
    credential: { blob: 'no' },
  })
  assert.equal(changed.status, 400)
  for (const wrong of [{ project_id: 'gone' }, { user_id: 'gone' }])
    assert.equal((await create({ ...ec2, blob: keys('AKIA3'), ...wrong }, cloud.admin)).status, 404)
})

test('keys can be asked for in EC2’s words', async () => {
  const path = `/users/${demoId}/credentials/OS-EC2`
  const made = await cloud.ask('POST', path, demo, { tenant_id: projectId })
  assert.equal(made.status, 201)
  const { access, secret, ...rest } = made.body.credential
  assert.match(access + secret, /^[0-9a-f]{64}$/)
  assert.deepEqual(rest, {
    user_id: demoId,
    tenant_id: projectId,
    trust_id: null,
    links: { self: `${cloud.origin}/identity/v3${path}/${access}` },
  })
  assert.deepEqual((await cloud.ask('GET', `${path}/${access}`, demo)).body, made.body)
  const accesses = (await cloud.ask('GET', path, demo)).body.credentials.map(
    (one: { access: string }) => one.access,
  )
  assert.ok(accesses.includes(access))
  const id = createHash('sha256').update(access).digest('hex')
  assert.match((await cloud.ask('GET', `/credentials/${id}`, demo)).body.credential.blob, new RegExp(secret))
  const stranger = `/users/${adminId}/credentials/OS-EC2`
  assert.equal((await cloud.ask('GET', stranger, demo)).status, 403)
  assert.equal((await cloud.ask('POST', stranger, demo, { tenant_id: projectId })).status, 403)
  assert.equal((await cloud.ask('POST', path, demo, { tenant_id: 'gone' })).status, 404)
  assert.equal((await cloud.ask('DELETE', `${path}/${access}`, demo)).status, 204)
  for (const method of ['GET', 'DELETE'])
    assert.equal((await cloud.ask(method, `${path}/${access}`, demo)).status, 404)
})

test('the database does not hold what was kept in a form to read, and users and projects take theirs along', async () => {
  const user = await cloud.make('user', { name: 'keeper', password: 'keeper' })
  const project = await cloud.make('project', { name: 'kept' })
  const body = { user_id: user.id, type: 'seed', blob: 'very-secret' }
  const [first, second] = [
    (await create(body, cloud.admin)).body.credential,
    (await create({ ...body, user_id: demoId, project_id: project.id }, cloud.admin)).body.credential,
  ]
  const rows = await tables<IdentityTables>(cloud.store)
    .selectFrom('identity_credentials')
    .selectAll()
    .execute()
  assert.ok(rows.length > 1)
  assert.doesNotMatch(JSON.stringify(rows), /very-secret|hush-hush/)
  await cloud.ask('DELETE', `/users/${user.id}`, cloud.admin)
  await cloud.ask('DELETE', `/projects/${project.id}`, cloud.admin)
  for (const { id } of [first, second])
    assert.equal((await cloud.ask('GET', `/credentials/${id}`, cloud.admin)).status, 404)
})

test('policies are kept for services to fetch, by administrators', async () => {
  const policy = { type: 'application/json', blob: '{}', note: 'mine' }
  const made = (await cloud.ask('POST', '/policies', cloud.admin, { policy })).body.policy
  const self = `${cloud.origin}/identity/v3/policies/${made.id}`
  assert.deepEqual(made, { ...policy, id: made.id, links: { self } })
  const path = `/policies/${made.id}`
  const changed = await cloud.ask('PATCH', path, cloud.admin, { policy: { type: 'text/plain' } })
  assert.deepEqual(changed.body.policy, { ...made, type: 'text/plain' })
  assert.deepEqual((await cloud.ask('GET', '/policies?type=text/plain', cloud.admin)).body.policies, [
    changed.body.policy,
  ])
  for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { policy: { type: 'x' } }]] as const)
    assert.equal((await cloud.ask(method, path, demo, body)).status, 403)
  assert.equal((await cloud.ask('POST', '/policies', cloud.admin, { policy: { blob: 'x' } })).status, 400)
  assert.equal((await cloud.ask('PATCH', path, cloud.admin, { policy: { id: 'other' } })).status, 400)
  assert.equal((await cloud.ask('DELETE', path, cloud.admin)).status, 204)
  const gone = await cloud.ask('GET', path, cloud.admin)
  assert.equal(gone.body.error.message, `Could not find policy: ${made.id}.`)
})
