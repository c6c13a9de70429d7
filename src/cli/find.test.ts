import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Answers, cannedCloud, runCli } from '../../test/support/cli.ts'

const clouds: { close(): Promise<void> }[] = []
after(() => Promise.all(clouds.map(cloud => cloud.close())))
async function cloudWith(answers: Answers) {
  const cloud = await cannedCloud(answers)
  clouds.push(cloud)
  return cloud
}
const paths = (cloud: {
  readonly asked: readonly { readonly method: string; readonly path: string; readonly search: string }[]
}) => cloud.asked.filter(asked => asked.method !== 'POST').map(asked => asked.path + asked.search)

const id = '24864d0f-0619-47e7-8b87-29c6c25fc695'

test('an id is asked for as an id, a name by its name, and only exact names count', async () => {
  const cloud = await cloudWith({
    [`GET /network/v2.0/networks/${id}`]: { json: { network: { id, name: 'private' } } },
    'GET /network/v2.0/networks': {
      json: {
        networks: [
          { id, name: 'private' },
          { id: 'other', name: 'private-2' },
        ],
      },
    },
  })
  const byId = await runCli(cloud, ['network', 'show', id, '-f', 'value', '-c', 'id'])
  const byName = await runCli(cloud, ['network', 'show', 'private', '-f', 'value', '-c', 'id'])
  assert.deepEqual([byId.stdout, byName.stdout], [`${id}\n`, `${id}\n`])
  assert.deepEqual(paths(cloud), [`/network/v2.0/networks/${id}`, '/network/v2.0/networks?name=private'])
})

test('a name that looks like an id is found by name when there is no such id', async () => {
  const cloud = await cloudWith({
    'GET /compute/v2.1/servers/detail': { json: { servers: [{ id: 'a1', name: id }] } },
    'DELETE /compute/v2.1/servers/a1': { status: 204 },
  })
  assert.equal((await runCli(cloud, ['server', 'delete', id])).exitCode, 0)
})

test('nothing of that name, and several of it, are errors; several are listed by id', async () => {
  const cloud = await cloudWith({
    'GET /compute/v2.1/servers/detail': {
      json: {
        servers: [
          { id: 'a1', name: 'vm' },
          { id: 'a2', name: 'vm' },
          { id: 'a3', name: 'vm3' },
        ],
      },
    },
  })
  const none = await runCli(cloud, ['server', 'show', 'web'])
  assert.equal(none.stderr.split('\n')[0], "faultline: No server with a name or ID of 'web' exists.")
  const several = await runCli(cloud, ['server', 'show', 'vm'])
  assert.equal(
    several.stderr.split('\n')[0],
    "faultline: More than one server exists with the name 'vm': a1, a2",
  )
  assert.deepEqual([none.exitCode, several.exitCode], [1, 1])
})

test('a flavor is tried as an id always, then by name over all pages, private ones included', async () => {
  const cloud = await cloudWith({
    'GET /compute/v2.1/flavors/detail': asked =>
      asked.search.includes('marker=1')
        ? { json: { flavors: [{ id: '2', name: 'm1.small', extra_specs: {} }] } }
        : {
            json: {
              flavors: [{ id: '1', name: 'm1.tiny', extra_specs: {} }],
              flavors_links: [{ rel: 'next', href: 'http://x/flavors/detail?is_public=None&marker=1' }],
            },
          },
  })
  const ran = await runCli(cloud, ['flavor', 'show', 'm1.small', '-f', 'value', '-c', 'id'])
  assert.equal(ran.stdout, '2\n')
  assert.deepEqual(paths(cloud).slice(1), [
    '/compute/v2.1/flavors/m1.small',
    '/compute/v2.1/flavors/detail?is_public=None',
    '/compute/v2.1/flavors/detail?is_public=None&marker=1',
  ])
})

test('one bad name among several stops nothing, and still makes the command fail', async () => {
  const cloud = await cloudWith({
    'GET /compute/v2.1/servers/detail': asked => ({
      json: { servers: asked.search.includes('name=gone') ? [] : [{ id: 'a1', name: 'vm1' }] },
    }),
    'DELETE /compute/v2.1/servers/a1': { status: 204 },
  })
  const ran = await runCli(cloud, ['server', 'delete', 'gone', 'vm1'])
  assert.equal(ran.exitCode, 1)
  assert.match(ran.stderr, /No server with a name or ID of 'gone' exists/)
  assert.ok(cloud.asked.some(asked => asked.method === 'DELETE'))
})
