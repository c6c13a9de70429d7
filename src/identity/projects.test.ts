import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startIdentity } from '../../test/support/identity.ts'

const cloud = await startIdentity()
after(() => cloud.close())

const patch = (kind: string, id: string, change: object) =>
  cloud.ask('PATCH', `/${kind}s/${id}`, cloud.admin, { [kind]: change })
const remove = (kind: string, id: string) => cloud.ask('DELETE', `/${kind}s/${id}`, cloud.admin)

test('a project has Keystone’s shape, its domain above it, and its tags', async () => {
  const project = await cloud.make('project', { name: 'alpha', color: 'red', tags: ['b', 'a'] })
  assert.deepEqual(project, {
    color: 'red',
    id: project.id,
    name: 'alpha',
    domain_id: 'default',
    description: '',
    enabled: true,
    parent_id: 'default',
    is_domain: false,
    tags: ['b', 'a'],
    options: {},
    links: { self: `${cloud.origin}/identity/v3/projects/${project.id}` },
  })
  const shown = await cloud.ask('GET', `/projects/${project.id}`, cloud.admin)
  assert.deepEqual(shown.body.project, { ...project, tags: ['a', 'b'] })
  const again = await cloud.ask('POST', '/projects', cloud.admin, { project: { name: 'alpha' } })
  assert.equal(again.status, 409)
  assert.equal(
    again.body.error.message,
    'Conflict occurred attempting to store project - it is not permitted to have two projects with the same name in the same domain : alpha.',
  )
})

test('projects make a tree, five deep, that can be read upwards and downwards', async () => {
  const ids: string[] = []
  for (const name of ['t1', 't2', 't3', 't4', 't5']) {
    const parent_id = ids.at(-1)
    const made: { id: string } = await cloud.make('project', { name, ...(parent_id && { parent_id }) })
    ids.push(made.id)
  }
  const [top, second, third] = ids as [string, string, string, string, string] // five were made
  const deeper = await cloud.ask('POST', '/projects', cloud.admin, {
    project: { name: 't6', parent_id: ids[4] },
  })
  assert.equal(deeper.status, 403)
  assert.equal(deeper.body.error.message, `Max hierarchy depth reached for ${ids[4]} branch.`)
  const up = await cloud.ask('GET', `/projects/${third}?parents_as_ids`, cloud.admin)
  assert.deepEqual(up.body.project.parents, { [second]: { [top]: { default: null } } })
  const down = await cloud.ask('GET', `/projects/${third}?subtree_as_ids&parents_as_list`, cloud.admin)
  assert.deepEqual(down.body.project.subtree, { [ids[3]!]: { [ids[4]!]: null } })
  assert.deepEqual(
    down.body.project.parents.map((one: { project: { name: string } }) => one.project.name),
    ['t2', 't1'],
  )
  const children = await cloud.ask('GET', `/projects?parent_id=${top}`, cloud.admin)
  assert.deepEqual(
    children.body.projects.map((one: { name: string }) => one.name),
    ['t2'],
  )
  assert.match((await remove('project', top)).body.error.message, /is not a leaf in the hierarchy/)
  assert.match(
    (await patch('project', top, { enabled: false })).body.error.message,
    /subtree contains enabled/,
  )
  assert.match(
    (await patch('project', third, { parent_id: top })).body.error.message,
    /^Update of `parent_id`/,
  )

  for (const id of ids.toReversed())
    assert.equal((await patch('project', id, { enabled: false })).status, 200)
  assert.match((await patch('project', third, { enabled: true })).body.error.message, /has disabled parents/)
  const under = await cloud.ask('POST', '/projects', cloud.admin, { project: { name: 'x', parent_id: top } })
  assert.equal(
    under.body.error.message,
    `cannot create a project in a branch containing a disabled project: ${top}`,
  )
  for (const id of ids.toReversed()) assert.equal((await remove('project', id)).status, 204)
})

test('a parent has to be there, in the same domain', async () => {
  const domain = await cloud.make('domain', { name: 'far' })
  const parent_id = await cloud.idOf('projects', 'demo')
  const mixed = await cloud.ask('POST', '/projects', cloud.admin, {
    project: { name: 'x', parent_id, domain_id: domain.id },
  })
  assert.equal(mixed.status, 400)
  const lost = await cloud.ask('POST', '/projects', cloud.admin, {
    project: { name: 'x', parent_id: 'gone' },
  })
  assert.equal(lost.status, 404)
  const astray = await cloud.ask('POST', '/projects', cloud.admin, {
    project: { name: 'x', domain_id: 'gone' },
  })
  assert.deepEqual([astray.status, astray.body.error.message], [404, 'Could not find domain: gone.'])
})

test('members see their own project and no other', async () => {
  const demo = await cloud.token()
  const [own, other] = [await cloud.idOf('projects', 'demo'), await cloud.idOf('projects', 'admin')]
  assert.equal((await cloud.ask('GET', `/projects/${own}`, demo)).body.project.name, 'demo')
  assert.equal((await cloud.ask('GET', `/projects/${own}?subtree_as_list`, demo)).status, 403)
  for (const id of [other, 'nothing'])
    assert.equal((await cloud.ask('GET', `/projects/${id}`, demo)).status, 403)
  assert.equal((await cloud.ask('GET', '/projects', demo)).status, 403)
  assert.equal((await cloud.ask('GET', '/domains/default', demo)).status, 200)
  assert.equal((await cloud.ask('GET', '/domains', demo)).status, 403)
})

test('tags are set, added, checked, removed, and found by', async () => {
  const { id } = await cloud.make('project', { name: 'tagged', tags: ['x', 'y'] })
  await cloud.make('project', { name: 'half', tags: ['x'] })
  const tags = `/projects/${id}/tags`
  assert.equal((await cloud.ask('PUT', `${tags}/z`, cloud.admin)).status, 201)
  assert.equal((await cloud.ask('PUT', `${tags}/z`, cloud.admin)).status, 201)
  assert.deepEqual((await cloud.ask('GET', tags, cloud.admin)).body.tags, ['x', 'y', 'z'])
  assert.equal((await cloud.ask('HEAD', `${tags}/z`, cloud.admin)).status, 204)
  assert.equal((await cloud.ask('DELETE', `${tags}/z`, cloud.admin)).status, 204)
  assert.equal((await cloud.ask('DELETE', `${tags}/z`, cloud.admin)).status, 404)
  assert.equal(
    (await cloud.ask('GET', `${tags}/z`, cloud.admin)).body.error.message,
    'Could not find project tag: z.',
  )
  assert.equal((await cloud.ask('PUT', `${tags}/a%2Cb`, cloud.admin)).status, 400)
  const names = async (query: string) =>
    (await cloud.ask('GET', `/projects?${query}`, cloud.admin)).body.projects
      .map((project: { name: string }) => project.name)
      .filter((name: string) => ['tagged', 'half'].includes(name))
      .sort()
  assert.deepEqual(await names('tags=x,y'), ['tagged'])
  assert.deepEqual(await names('tags-any=x,y'), ['half', 'tagged'])
  assert.deepEqual(await names('not-tags=x,y'), ['half'])
  assert.deepEqual(await names('not-tags-any=y'), ['half'])
  assert.equal((await cloud.ask('PUT', tags, cloud.admin, { tags: ['q'] })).status, 200)
  assert.equal((await cloud.ask('DELETE', tags, cloud.admin)).status, 204)
  assert.deepEqual((await cloud.ask('GET', tags, cloud.admin)).body.tags, [])
})

test('a domain is deleted when it is disabled, and takes everything in it along', async () => {
  const domain = await cloud.make('domain', { name: 'acme' })
  const project = await cloud.make('project', { name: 'p', domain_id: domain.id })
  const user = await cloud.make('user', { name: 'u', domain_id: domain.id })
  const role = await cloud.make('role', { name: 'r', domain_id: domain.id })
  const member = await cloud.idOf('roles', 'member')
  const demo = await cloud.idOf('projects', 'demo')
  for (const target of [`projects/${project.id}`, `projects/${demo}`, `domains/${domain.id}`])
    await cloud.ask('PUT', `/${target}/users/${user.id}/roles/${member}`, cloud.admin)
  const early = await remove('domain', domain.id)
  assert.equal(early.body.error.message, 'Cannot delete a domain that is enabled, please disable it first.')
  assert.equal((await patch('domain', domain.id, { enabled: false })).status, 200)
  assert.equal((await remove('domain', domain.id)).status, 204)
  for (const path of [
    `/projects/${project.id}`,
    `/users/${user.id}`,
    `/roles/${role.id}`,
    `/domains/${domain.id}`,
  ])
    assert.equal((await cloud.ask('GET', path, cloud.admin)).status, 404, path)
  const { body } = await cloud.ask('GET', `/role_assignments?user.id=${user.id}`, cloud.admin)
  assert.deepEqual(body.role_assignments, [])
  assert.equal((await remove('domain', 'default')).status, 403)
  const twin = await cloud.ask('POST', '/domains', cloud.admin, { domain: { name: 'Default' } })
  assert.match(twin.body.error.message, /two projects acting as domains with the same name: Default\.$/)
})

test('what is immutable is changed only by ending that', async () => {
  const { id } = await cloud.make('project', { name: 'stone', options: { immutable: true } })
  assert.equal((await patch('project', id, { name: 'sand' })).status, 403)
  assert.match(
    (await remove('project', id)).body.error.message,
    /^Unable to delete immutable project resource/,
  )
  assert.equal((await patch('project', id, { options: { immutable: false } })).status, 200)
  assert.equal((await remove('project', id)).status, 204)
})
