import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { cannedCloud, cannedRequestId, cannedToken, runCli } from '../../test/support/cli.ts'
import { commands, rowsFor } from './commands/all.ts'

const clouds: { close(): Promise<void> }[] = []
after(() => Promise.all(clouds.map(cloud => cloud.close())))
async function cloudWith(answers: Parameters<typeof cannedCloud>[0]) {
  const cloud = await cannedCloud(answers)
  clouds.push(cloud)
  return cloud
}

const servers = [{ id: 'a1', name: 'vm1', status: 'ACTIVE', image: '', flavor: { original_name: 'm1.tiny' } }]

test('every example of every command is one that its own command understands', async () => {
  for (const row of await rowsFor([])) {
    assert.ok(
      row.examples.some(example => example.startsWith(row.words)),
      row.words,
    )
    for (const example of row.examples) {
      const words = [...example.matchAll(/"([^"]*)"|(\S+)/g)].map(match => match[1] ?? match[2]!)
      const ran = await runCli(undefined, words)
      // Without a cloud a command gets as far as looking for one, or to a file that is not there.
      assert.match(ran.stderr, /no cloud is given|cannot read|cannot write/, `${example}: ${ran.stderr}`)
    }
  }
})

test('a command is found by the noun it begins with', async () => {
  for (const { nouns, load } of commands) {
    const first = new Set((await load()).map(({ words }) => words.split(' ')[0]))
    assert.deepEqual([...first].sort(), [...nouns].sort())
    for (const noun of nouns) assert.deepEqual(await rowsFor([noun, 'list']), await load())
  }
  assert.ok((await rowsFor(['--os-cloud', 'x', 'server', 'list'])).some(({ words }) => words === 'trace'))
})

test('every command has help with its examples', async () => {
  for (const row of await rowsFor([])) {
    const ran = await runCli(undefined, [...row.words.split(' '), '--help'])
    assert.equal(ran.exitCode, 0, row.words)
    for (const example of row.examples) assert.ok(ran.stdout.includes(`  faultline ${example}\n`), example)
  }
})

test('compute is called with the newest version both sides know, or the one asked for', async () => {
  const cloud = await cloudWith({
    'GET /compute/v2.1/': { json: { version: { version: '2.93', min_version: '2.1' } } },
    'GET /compute/v2.1/servers/detail': { json: { servers } },
  })
  await runCli(cloud, ['server', 'list'])
  await runCli(cloud, ['server', 'list', '--os-compute-api-version', '2.51'])
  await runCli(cloud, ['server', 'list'], { environment: { OS_COMPUTE_API_VERSION: '2.1' } })
  const versions = cloud.asked
    .filter(asked => asked.path.endsWith('/detail'))
    .map(asked => [asked.headers['openstack-api-version'], asked.headers['x-openstack-nova-api-version']])
  assert.deepEqual(versions, [
    ['compute 2.93', '2.93'],
    ['compute 2.51', '2.51'],
    ['compute 2.1', '2.1'],
  ])
  const bad = await runCli(cloud, ['--os-compute-api-version', 'two', 'server', 'list'])
  assert.deepEqual(
    [bad.exitCode, bad.stderr],
    [2, "faultline: 'two' is no API version: give one like 2.51\n"],
  )
})

test('a list is read page after page, along the markers of its links', async () => {
  const cloud = await cloudWith({
    'GET /compute/v2.1/servers/detail': asked =>
      asked.search.includes('marker=a1')
        ? { json: { servers: [{ id: 'a2', name: 'vm2' }] } }
        : {
            json: {
              servers: [{ id: 'a1', name: 'vm1' }],
              servers_links: [{ rel: 'next', href: 'http://elsewhere/v2.1/servers/detail?marker=a1' }],
            },
          },
  })
  const all = await runCli(cloud, ['server', 'list', '-f', 'value', '-c', 'Name'])
  assert.equal(all.stdout, 'vm1\nvm2\n')
  const one = await runCli(cloud, ['server', 'list', '--limit', '1', '-f', 'value', '-c', 'Name'])
  assert.equal(one.stdout, 'vm1\n')
})

test("an error ends in the status and the service's request id, then says what to do next", async () => {
  const cloud = await cloudWith({
    'POST /compute/v2.1/flavors': {
      status: 403,
      json: { forbidden: { code: 403, message: "Policy doesn't allow this." } },
    },
    'GET /network/v2.0/networks': {
      status: 400,
      json: { NeutronError: { type: 'InvalidInput', message: 'Invalid input.', detail: '' } },
    },
    'GET /image/v2/images': {
      status: 400,
      text: '<html><head><title>400 Bad Request</title></head><body><h1>400 Bad Request</h1>Bad sort key<br /></body></html>',
    },
    'GET /placement/': { json: { versions: [{ max_version: '1.39', min_version: '1.0' }] } },
    'GET /placement/resource_providers': {
      status: 500,
      json: { errors: [{ status: 500, detail: 'Oh no.' }] },
    },
  })
  const said = async (...words: string[]) => {
    const ran = await runCli(cloud, words)
    assert.equal(ran.exitCode, 1)
    return ran.stderr.split('\n')
  }
  assert.deepEqual(
    (await said('flavor', 'create', 'x'))[0],
    `faultline: Policy doesn't allow this. (HTTP 403) (Request-ID: ${cannedRequestId})`,
  )
  assert.match((await said('flavor', 'create', 'x'))[1]!, /administrator/)
  assert.match((await said('network', 'list'))[0]!, /^faultline: Invalid input\. \(HTTP 400\)/)
  assert.match((await said('image', 'list'))[0]!, /^faultline: Bad sort key \(HTTP 400\)/)
  assert.match((await said('resource', 'provider', 'list'))[0]!, /^faultline: Oh no\. \(HTTP 500\)/)
})

test('where nothing listens the answer is how to start a cloud', async () => {
  const cloud = await cannedCloud()
  await cloud.close()
  const ran = await runCli(cloud, ['server', 'list'])
  assert.equal(ran.exitCode, 1)
  assert.equal(ran.stderr, `faultline: no cloud answers at ${cloud.url}\n  start one with: faultline up\n`)
})

test('--debug shows every call with its request id, and no secret', async () => {
  const cloud = await cloudWith({
    'GET /compute/v2.1/servers/detail': { json: { servers } },
    'POST /compute/v2.1/servers': {
      status: 202,
      json: { server: { id: 'a1', adminPass: 'hunter2hunter2' } },
    },
    'GET /compute/v2.1/servers/a1': {
      json: { server: { ...servers[0], 'OS-EXT-SRV-ATTR:user_data': 'c2VjcmV0' } },
    },
    'GET /compute/v2.1/flavors/1': { json: { flavor: { id: '1', name: 'm1.tiny' } } },
  })
  const ran = await runCli(cloud, [
    ...['server', 'create', '--debug', '--flavor', '1', '--volume', 'v1', '--password', 'swordfish', 'vm1'],
  ])
  assert.equal(ran.exitCode, 0, ran.stderr)
  assert.match(
    ran.stderr,
    /REQ: curl -g -i -X POST http:\S+\/compute\/v2\.1\/servers .*-H "X-Auth-Token: \{SHA256\}[0-9a-f]{64}"/,
  )
  assert.match(ran.stderr, /RESP: \[202\] /)
  assert.ok(
    ran.stderr.includes(
      `POST call to compute for ${cloud.url}/compute/v2.1/servers used request id ${cannedRequestId}\n`,
    ),
  )
  for (const secret of ['sesame', cannedToken, 'hunter2hunter2', 'swordfish', 'c2VjcmV0'])
    assert.ok(!ran.stderr.includes(secret), secret)
  assert.ok(ran.stdout.includes('hunter2hunter2'), 'the owner is told the password once')
})

test('--global-request-id goes out with every call; new makes one; anything else is refused', async () => {
  const cloud = await cloudWith({ 'GET /compute/v2.1/servers/detail': { json: { servers } } })
  const id = 'req-3dccb8c4-08fe-4706-a91d-e843b8fe9ed2'
  await runCli(cloud, ['server', 'list', '--global-request-id', id])
  assert.deepEqual(new Set(cloud.asked.map(asked => asked.headers['x-openstack-request-id'])), new Set([id]))
  const made = await runCli(cloud, ['--global-request-id', 'new', 'server', 'list'])
  assert.match(made.stderr, /^global request id req-[0-9a-f-]{36}\n$/)
  const bad = await runCli(cloud, ['--global-request-id', 'req-X', 'server', 'list'])
  assert.equal(bad.exitCode, 2)
})

test('an option of the cloud is taken before the verb and after it', async () => {
  const cloud = await cloudWith({ 'GET /compute/v2.1/servers/detail': { json: { servers } } })
  for (const words of [
    ['--os-username', 'eve', 'server', 'list'],
    ['server', 'list', '--os-username', 'eve'],
  ])
    assert.equal((await runCli(cloud, words)).exitCode, 0)
  const names = cloud.asked.flatMap(asked =>
    asked.path.endsWith('/tokens') ? [asked.text.includes('"name":"eve"')] : [],
  )
  assert.deepEqual(names, [true, true])
})
