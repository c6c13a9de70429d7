import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startIdentity } from '../../test/support/identity.ts'

const cloud = await startIdentity()
after(() => cloud.close())

const put = (path: string) => cloud.ask('PUT', path, cloud.admin)
const get = (path: string) => cloud.ask('GET', path, cloud.admin)

/** `role user|group target` of each assignment, names as the query asked for them. */
async function assignments(query: string): Promise<string[]> {
  const { body } = await get(`/role_assignments?include_names&${query}`)
  return body.role_assignments
    .map(
      (one: {
        role: Named
        user?: Named
        group?: Named
        scope: Record<string, Named & { all?: boolean }>
      }) => {
        const { project, domain, system } = one.scope
        const inherited = 'OS-INHERIT:inherited_to' in one.scope ? ' below' : ''
        return `${one.role.name} ${one.user?.name ?? one.group?.name} ${project?.name ?? domain?.name ?? (system && 'system')}${inherited}`
      },
    )
    .sort()
}
interface Named {
  readonly name: string
}

test('roles are made, found, changed and deleted; names are unique', async () => {
  const role = await cloud.make('role', { name: 'auditor' })
  assert.deepEqual(role, {
    id: role.id,
    name: 'auditor',
    domain_id: null,
    description: null,
    options: {},
    links: { self: `${cloud.origin}/identity/v3/roles/${role.id}` },
  })
  const again = await cloud.ask('POST', '/roles', cloud.admin, { role: { name: 'auditor' } })
  assert.match(again.body.error.message, /store role - Duplicate entry found with name auditor\.$/)
  const { body } = await cloud.ask('PATCH', `/roles/${role.id}`, cloud.admin, { role: { description: 'D' } })
  assert.equal(body.role.description, 'D')
  assert.equal((await cloud.ask('DELETE', `/roles/${role.id}`, cloud.admin)).status, 204)
  assert.equal((await get(`/roles/${role.id}`)).body.error.message, `Could not find role: ${role.id}.`)
})

test('the roles every cloud starts with cannot be deleted by mistake', async () => {
  const { status, body } = await cloud.ask(
    'DELETE',
    `/roles/${await cloud.idOf('roles', 'admin')}`,
    cloud.admin,
  )
  assert.equal(status, 403)
  assert.match(body.error.message, /^Unable to delete immutable role resource/)
})

test('a role of a domain is listed with it, and given on its projects only', async () => {
  const domain = await cloud.make('domain', { name: 'acme' })
  const role = await cloud.make('role', { name: 'local', domain_id: domain.id })
  const names = async (query: string) =>
    (await get(`/roles${query}`)).body.roles.map((one: Named) => one.name)
  assert.deepEqual(await names(`?domain_id=${domain.id}`), ['local'])
  assert.equal((await names('')).includes('local'), false)
  const demo = await cloud.idOf('users', 'demo')
  const refused = await put(
    `/projects/${await cloud.idOf('projects', 'demo')}/users/${demo}/roles/${role.id}`,
  )
  assert.equal(refused.status, 403)
  const project = await cloud.make('project', { name: 'p', domain_id: domain.id })
  assert.equal((await put(`/projects/${project.id}/users/${demo}/roles/${role.id}`)).status, 204)
})

test('implied roles are shown, made and ended; nothing implies admin', async () => {
  const [admin, manager] = [await cloud.idOf('roles', 'admin'), await cloud.idOf('roles', 'manager')]
  const { body } = await get(`/roles/${admin}/implies`)
  assert.deepEqual(
    body.role_inference.implies.map((role: Named) => role.name),
    ['manager'],
  )
  assert.equal((await get('/role_inferences')).body.role_inferences.length, 3)
  const role = await cloud.make('role', { name: 'chief' })
  const rule = `/roles/${role.id}/implies/${manager}`
  assert.equal((await get(rule)).body.error.message, `${role.id} does not imply ${manager}.`)
  assert.equal((await put(rule)).body.role_inference.implies.name, 'manager')
  assert.equal((await cloud.ask('HEAD', rule, cloud.admin)).status, 204)
  assert.equal((await put(`/roles/${manager}/implies/${admin}`)).status, 403)
  assert.equal((await cloud.ask('DELETE', rule, cloud.admin)).status, 204)
  assert.equal((await cloud.ask('DELETE', rule, cloud.admin)).status, 404)
})

test('a role of a domain leads to the cloud’s roles, is led to by none of them, and is in no token', async () => {
  const domain = await cloud.make('domain', { name: 'leading' })
  const local = await cloud.make('role', { name: 'leader', domain_id: domain.id })
  const other = await cloud.make('role', { name: 'sub-leader', domain_id: domain.id })
  const global = await cloud.make('role', { name: 'led' })
  for (const to of [other, global])
    assert.equal((await put(`/roles/${local.id}/implies/${to.id}`)).status, 201)
  const refused = await put(`/roles/${global.id}/implies/${local.id}`)
  assert.deepEqual(
    [refused.status, refused.body.error.message],
    [403, 'Global role cannot imply a domain-specific role'],
  )
  const project = await cloud.make('project', { name: 'led-p', domain_id: domain.id })
  const user = await cloud.make('user', { name: 'led-u', password: 'led-u' })
  await put(`/projects/${project.id}/users/${user.id}/roles/${local.id}`)
  assert.deepEqual(await assignments(`user.id=${user.id}`), ['leader led-u led-p'])
  assert.deepEqual(await assignments(`user.id=${user.id}&effective`), ['led led-u led-p'])
  const { body } = await cloud.logIn({ user: 'led-u', scope: { project: { id: project.id } } })
  assert.deepEqual(
    body.token.roles.map((role: Named) => role.name),
    ['led'],
  )
})

test('roles that imply each other in a circle are all held, once', async () => {
  const [a, b] = [await cloud.make('role', { name: 'ring-a' }), await cloud.make('role', { name: 'ring-b' })]
  await put(`/roles/${a.id}/implies/${b.id}`)
  await put(`/roles/${b.id}/implies/${a.id}`)
  const user = await cloud.make('user', { name: 'ringo', password: 'ringo' })
  await put(`/projects/${await cloud.idOf('projects', 'demo')}/users/${user.id}/roles/${a.id}`)
  const { body } = await cloud.logIn({ user: 'ringo' })
  assert.deepEqual(
    body.token.roles.map((role: Named) => role.name),
    ['ring-a', 'ring-b'],
  )
  assert.deepEqual(await assignments(`user.id=${user.id}&effective`), [
    'ring-a ringo demo',
    'ring-b ringo demo',
  ])
})

for (const target of ['project', 'domain', 'system'] as const)
  for (const actor of ['user', 'group'] as const)
    test(`a role on a ${target} is given to a ${actor}, checked, listed and taken back`, async () => {
      const someone = await cloud.make(actor, { name: `${actor}-on-${target}` })
      const reader = await cloud.idOf('roles', 'reader')
      const where = {
        project: `/projects/${await cloud.idOf('projects', 'demo')}`,
        domain: '/domains/default',
        system: '/system',
      }[target]
      const roles = `${where}/${actor}s/${someone.id}/roles`
      const grant = `${roles}/${reader}`
      const missing = await get(grant)
      assert.equal(missing.status, 404)
      assert.match(missing.body.error.message, /^Could not find role assignment with role: /)
      assert.equal((await cloud.ask('DELETE', grant, cloud.admin)).status, 404)
      assert.equal((await put(grant)).status, 204)
      assert.equal((await put(grant)).status, 204)
      for (const method of ['GET', 'HEAD'])
        assert.equal((await cloud.ask(method, grant, cloud.admin)).status, 204)
      assert.deepEqual(
        (await get(roles)).body.roles.map((role: Named) => role.name),
        ['reader'],
      )
      assert.deepEqual(await assignments(`${actor}.id=${someone.id}`), [
        `reader ${actor}-on-${target} ${{ project: 'demo', domain: 'Default', system: 'system' }[target]}`,
      ])
      assert.equal((await put(`${roles}/nothing`)).body.error.message, 'Could not find role: nothing.')
      assert.equal((await put(`${where}/${actor}s/nobody/roles/${reader}`)).status, 404)
      assert.equal((await cloud.ask('DELETE', grant, cloud.admin)).status, 204)
      assert.equal((await get(grant)).status, 404)
    })

test('inherited roles count on every project below, not on the target itself', async () => {
  const parent = await cloud.make('project', { name: 'parent' })
  await cloud.make('project', { name: 'child', parent_id: parent.id })
  const user = await cloud.make('user', { name: 'heir', password: 'heir' })
  const member = await cloud.idOf('roles', 'member')
  const grant = `/OS-INHERIT/projects/${parent.id}/users/${user.id}/roles/${member}/inherited_to_projects`
  assert.equal((await put(grant)).status, 204)
  assert.equal((await cloud.ask('HEAD', grant, cloud.admin)).status, 204)
  assert.equal((await cloud.logIn({ user: 'heir', scope: 'parent' })).status, 401)
  assert.equal((await cloud.logIn({ user: 'heir', scope: 'child' })).status, 201)
  assert.deepEqual(await assignments(`user.id=${user.id}`), ['member heir parent below'])
  assert.deepEqual(await assignments(`user.id=${user.id}&effective`), [
    'member heir child below',
    'reader heir child below',
  ])
  const { body } = await get(`/users/${user.id}/projects`)
  assert.deepEqual(
    body.projects.map((project: Named) => project.name),
    ['child'],
  )
  assert.equal((await cloud.ask('DELETE', grant, cloud.admin)).status, 204)
  assert.equal((await cloud.logIn({ user: 'heir', scope: 'child' })).status, 401)
})

test('effective assignments show members instead of groups, and say through which', async () => {
  const group = await cloud.make('group', { name: 'team' })
  const user = await cloud.make('user', { name: 'tim' })
  await put(`/groups/${group.id}/users/${user.id}`)
  const project = await cloud.make('project', { name: 'work' })
  const member = await cloud.idOf('roles', 'member')
  await put(`/projects/${project.id}/groups/${group.id}/roles/${member}`)
  assert.deepEqual(await assignments(`scope.project.id=${project.id}`), ['member team work'])
  assert.deepEqual(await assignments(`scope.project.id=${project.id}&effective`), [
    'member tim work',
    'reader tim work',
  ])
  const { body } = await get(`/role_assignments?user.id=${user.id}&effective&role.id=${member}`)
  const base = `${cloud.origin}/identity/v3`
  assert.deepEqual(body.role_assignments, [
    {
      links: {
        assignment: `${base}/projects/${project.id}/groups/${group.id}/roles/${member}`,
        membership: `${base}/groups/${group.id}/users/${user.id}`,
      },
      scope: { project: { id: project.id } },
      user: { id: user.id },
      role: { id: member },
    },
  ])
})

test('assignments are found by role, scope and subtree; contradictions are refused', async () => {
  assert.deepEqual(await assignments('scope.system=all'), ['admin admin system'])
  const service = await cloud.idOf('roles', 'service')
  assert.deepEqual(await assignments(`role.id=${service}`), ['service nova service'])
  const parent = await cloud.make('project', { name: 'root' })
  const child = await cloud.make('project', { name: 'leaf', parent_id: parent.id })
  const demo = await cloud.idOf('users', 'demo')
  await put(`/projects/${child.id}/users/${demo}/roles/${service}`)
  assert.deepEqual(await assignments(`scope.project.id=${parent.id}`), [])
  assert.deepEqual(await assignments(`scope.project.id=${parent.id}&include_subtree`), ['service demo leaf'])
  for (const query of [
    'scope.project.id=a&scope.domain.id=b',
    'scope.project.id=a&scope.system=all',
    'user.id=a&group.id=b',
    'effective&group.id=b',
    'include_subtree',
  ])
    assert.equal((await get(`/role_assignments?${query}`)).status, 400, query)
  assert.equal((await cloud.ask('GET', '/role_assignments', await cloud.token())).status, 403)
})
