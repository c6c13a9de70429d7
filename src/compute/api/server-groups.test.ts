import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { addServer, startComputeApi } from '../../../test/support/compute-api.ts'
import { callers } from '../../../test/support/one-service.ts'

const api = await startComputeApi()
after(() => api.close())

const project = callers.demo.project!.id
const create = (server_group: object, at = '2.1', as: 'demo' | 'other' | 'reader' = 'demo') =>
  api.api('POST', '/os-server-groups', { at, as, body: { server_group } })
const names = (answer: { readonly body: { readonly server_groups: readonly { readonly name: string }[] } }) =>
  answer.body.server_groups.map(group => group.name)

test('a group has a list of one policy until 2.63, and a policy with rules from 2.64', async () => {
  const { status, body } = await create({ name: 'apart', policies: ['anti-affinity'] })
  assert.equal(status, 200)
  const { id } = body.server_group
  assert.deepEqual(body.server_group, {
    id,
    name: 'apart',
    policies: ['anti-affinity'],
    members: [],
    metadata: {},
  })
  const show = async (at: string) =>
    (await api.api('GET', `/os-server-groups/${id}`, { at })).body.server_group
  const owner = { project_id: project, user_id: callers.demo.userId }
  assert.deepEqual(await show('2.13'), { ...body.server_group, ...owner })
  assert.deepEqual(await show('2.64'), {
    id,
    name: 'apart',
    policy: 'anti-affinity',
    rules: {},
    members: [],
    ...owner,
  })
})

test('members are the servers that are not deleted', async () => {
  const { id } = (await create({ name: 'full', policy: 'affinity' }, '2.64')).body.server_group
  const server = await addServer(api, { group_id: id })
  await addServer(api, { group_id: id, deleted: 1 })
  const shown = await api.api('GET', `/os-server-groups/${id}`)
  assert.deepEqual(shown.body.server_group.members, [server])
  await api.api('DELETE', `/os-server-groups/${id}`)
  const row = await api.db
    .selectFrom('servers')
    .select('group_id')
    .where('id', '=', server)
    .executeTakeFirst()
  assert.equal(row?.group_id, null)
})

test('rules are for anti-affinity only', async () => {
  const rules = { max_server_per_host: '3' }
  const group = (await create({ name: 'r', policy: 'anti-affinity', rules }, '2.64')).body.server_group
  assert.deepEqual(group.rules, { max_server_per_host: 3 })
  const refused = await create({ name: 'r', policy: 'affinity', rules }, '2.64')
  assert.deepEqual(
    [refused.status, refused.body.badRequest.message],
    [400, 'Only anti-affinity policy supports rules.'],
  )
  assert.equal((await create({ name: 'r', policy: 'affinity', rules: {} }, '2.64')).status, 200)
  assert.equal(
    (await create({ name: 'r', policy: 'anti-affinity', rules: { max_server_per_host: 0 } }, '2.64')).status,
    400,
  )
})

test('soft policies come with 2.15; what no version knows is refused', async () => {
  assert.equal((await create({ name: 's', policies: ['soft-affinity'] }, '2.14')).status, 400)
  assert.equal((await create({ name: 's', policies: ['soft-affinity'] }, '2.15')).status, 200)
  for (const body of [
    { name: 's', policies: [] },
    { name: 's', policies: ['affinity', 'anti-affinity'] },
    { name: 's' },
    { policies: ['affinity'] },
    { name: '', policies: ['affinity'] },
    { name: 's', policy: 'affinity' },
  ])
    assert.equal((await create(body, '2.15')).status, 400, JSON.stringify(body))
})

test('lists are of the project, paged by limit and offset; administrators may ask for all', async () => {
  await create({ name: 'theirs', policies: ['affinity'] }, '2.1', 'other')
  const mine = names(await api.api('GET', '/os-server-groups'))
  assert.deepEqual(mine.slice(0, 2), ['apart', 'r'])
  assert.equal(mine.includes('theirs'), false)
  assert.deepEqual(names(await api.api('GET', '/os-server-groups?limit=1&offset=1')), ['r'])
  assert.deepEqual(names(await api.api('GET', '/os-server-groups?all_projects')), mine)
  const all = await api.api('GET', '/os-server-groups?all_projects=1', { as: 'admin' })
  assert.equal(names(all).length, mine.length + 1)
})

test("another project's group is refused, as Nova does; an unknown one is a 404", async () => {
  const id = (await api.api('GET', '/os-server-groups')).body.server_groups[0].id
  assert.equal((await api.api('GET', `/os-server-groups/${id}`, { as: 'other' })).status, 403)
  assert.equal((await api.api('DELETE', `/os-server-groups/${id}`, { as: 'reader' })).status, 403)
  assert.equal((await create({ name: 'x', policies: ['affinity'] }, '2.1', 'reader')).status, 403)
  const missing = await api.api('DELETE', '/os-server-groups/nope')
  assert.equal(missing.body.itemNotFound.message, 'Instance group nope could not be found.')
  assert.equal((await api.api('DELETE', `/os-server-groups/${id}`)).status, 204)
  assert.equal((await api.api('GET', `/os-server-groups/${id}`)).status, 404)
})

test('one group over the quota is a 403, and used groups show in the limits', async () => {
  const used = (await api.api('GET', '/limits')).body.limits.absolute.totalServerGroupsUsed
  assert.equal(used, names(await api.api('GET', '/os-server-groups')).length)
  await api.api('PUT', `/os-quota-sets/${project}`, {
    as: 'admin',
    body: { quota_set: { server_groups: used } },
  })
  const over = await create({ name: 'over', policies: ['affinity'] })
  assert.deepEqual(
    [over.status, over.body.forbidden.message],
    [403, 'Quota exceeded, too many server groups.'],
  )
})
