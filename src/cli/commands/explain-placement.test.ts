import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Answers, cannedCloud, runCli } from '../../../test/support/cli.ts'

const clouds: { close(): Promise<void> }[] = []
after(() => Promise.all(clouds.map(cloud => cloud.close())))
async function cloudWith(answers: Answers) {
  const cloud = await cannedCloud({
    'GET /compute/v2.1/flavors/m1.large': { json: { flavor: { id: '4', name: 'm1.large' } } },
    'GET /image/v2/images': { json: { images: [{ id: 'i1', name: 'cirros' }] } },
    ...answers,
  })
  clouds.push(cloud)
  return cloud
}

const refused = {
  host: 'host-1',
  isChosen: false,
  first: { text: 'memory: needs 8192 MB, has 512 MB, short 7680 MB' },
  all: [{ text: 'memory: needs 8192 MB, has 512 MB, short 7680 MB' }, { text: 'is \u001b[31mdisabled' }],
}
const noHost = { attempt: 1, hostsTotal: 3, hosts: [refused], counts: [], sum: '0 of 3 hosts can take it: …' }
const placed = { ...noHost, hostsTotal: 1, hosts: [{ host: null, isChosen: true, first: null, all: [] }] }

test('explain-placement prints the sum, then each host with all its reasons; what is sent steers no terminal', async () => {
  const cloud = await cloudWith({ 'GET /trace/v1/placement': { json: { placement: noHost } } })
  const ran = await runCli(cloud, [
    'explain-placement',
    '--flavor',
    'm1.large',
    '--image',
    'cirros',
    '--availability-zone',
    'nova',
    '--hint',
    'group=g1',
    '--hint',
    'a=b',
  ])
  assert.equal(ran.stderr, '')
  assert.equal(
    ran.stdout,
    `0 of 3 hosts can take it: …
+--------+-------------+--------------------------------------------------+
| Host   | Can take it | Why not                                          |
+--------+-------------+--------------------------------------------------+
| host-1 | no          | memory: needs 8192 MB, has 512 MB, short 7680 MB |
|        |             | is \\x1b[31mdisabled                              |
| 2 more |             |                                                  |
+--------+-------------+--------------------------------------------------+
`,
  )
  const asked = cloud.asked.find(({ path }) => path === '/trace/v1/placement')
  assert.equal(asked?.search, '?flavor=4&image=i1&zone=nova&hint=group%3Dg1&hint=a%3Db')
})

test('explain-placement --json prints what the service sent', async () => {
  const cloud = await cloudWith({ 'GET /trace/v1/placement': { json: { placement: placed } } })
  const ran = await runCli(cloud, ['explain-placement', '--flavor', 'm1.large', '--json'])
  assert.deepEqual(JSON.parse(ran.stdout), placed)
})

const create = ['server', 'create', '--flavor', 'm1.large', '--image', 'cirros', '--dry-run', 'vm1']
for (const [what, answer, exitCode, stdout, stderr] of [
  ['can be placed', { refusal: null, servers: 1, placement: [placed] }, 0, /yes, chosen/, /^$/],
  ['finds no host', { refusal: null, servers: 1, placement: [noHost] }, 1, /^0 of 3 hosts/, /find no host/],
  [
    'is refused',
    { refusal: { status: 403, message: 'Quota exceeded' }, servers: 0, placement: [] },
    1,
    /^$/,
    /it would be refused: Quota exceeded \(HTTP 403\)/,
  ],
] as const)
  test(`server create --dry-run of what ${what} makes nothing and exits ${exitCode}`, async () => {
    const cloud = await cloudWith({ 'POST /trace/v1/servers': { json: answer } })
    const ran = await runCli(cloud, create)
    assert.equal(ran.exitCode, exitCode, ran.stderr)
    assert.match(ran.stdout, stdout)
    assert.match(ran.stderr, stderr)
    assert.ok(!cloud.asked.some(({ path }) => path === '/compute/v2.1/servers'))
    const sent = cloud.asked.find(({ path }) => path === '/trace/v1/servers')
    const body = sent?.body as { server: { flavorRef: string } } | undefined // our own
    assert.equal(body?.server.flavorRef, '4')
    assert.equal(sent?.headers['openstack-api-version'], 'compute 2.104')
  })
