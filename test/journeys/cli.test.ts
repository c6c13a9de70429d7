// The command line against a whole cloud: what people type, and what they read.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { rowsFor } from '../../src/cli/commands/all.ts'
import { type Ran, runCli } from '../support/cli.ts'
import { startTestCloud, type TestCloud } from '../support/cloud.ts'

const directory = mkdtempSync(join(tmpdir(), 'faultline-cli-'))
after(() => rmSync(directory, { recursive: true }))

/** Runs commands as somebody; `ok` wants success and gives stdout. */
function commandLine(cloud: TestCloud, user: 'demo' | 'admin') {
  const environment = {
    OS_AUTH_URL: `${cloud.origin}/identity/v3`,
    OS_USERNAME: user,
    OS_PASSWORD: `${user}-secret`,
    OS_PROJECT_NAME: user,
  }
  const run = (...words: readonly string[]): Promise<Ran> =>
    runCli(undefined, words, { environment, realTime: true })
  return {
    run,
    async ok(...words: readonly string[]): Promise<string> {
      const ran = await run(...words)
      assert.equal(ran.exitCode, 0, `${words.join(' ')}: ${ran.stderr}`)
      return ran.stdout.trim()
    },
  }
}

test("the guide's walkthrough: a resize that finds no host says why, exits 1, and can be looked up", async () => {
  await using cloud = await startTestCloud()
  const demo = commandLine(cloud, 'demo')
  const created = await demo.ok(
    'server',
    'create',
    '--flavor',
    'm1.tiny',
    '--image',
    cloud.imageId,
    '--wait',
    'vm1',
  )
  assert.match(created, /\| status +\| ACTIVE +\|/)
  const resize = await demo.run('server', 'resize', '--flavor', 'm1.small', '--wait', 'vm1')
  assert.equal(resize.exitCode, 1)
  assert.match(
    resize.stderr,
    /faultline: resize of server vm1 failed: No valid host was found\. .*same host.*; the server is ACTIVE as before \(Request-ID: req-/,
  )
  assert.match(await demo.ok('server', 'show', 'vm1', '-f', 'value', '-c', 'status'), /^ACTIVE$/)
  const events = JSON.parse(await demo.ok('server', 'event', 'list', 'vm1', '--long', '-f', 'json'))
  assert.deepEqual(
    events.map((event: { Action: string; Message: string | null }) => [event.Action, event.Message]),
    [
      ['resize', 'Error'],
      ['create', null],
    ],
  )
  assert.ok(resize.stderr.includes(events[0]['Request ID']), 'the error named the request')
  const show = [
    'server',
    'event',
    'show',
    events[0]['Server ID'],
    events[0]['Request ID'],
    '-f',
    'json',
    '-c',
    'events',
  ]
  assert.ok(!(await demo.ok(...show)).includes('traceback'))
  assert.ok((await commandLine(cloud, 'admin').ok(...show)).includes('traceback'))
})

test('every list there is can be printed by an administrator', async () => {
  await using cloud = await startTestCloud()
  await cloud.server({ name: 'vm1' })
  const admin = commandLine(cloud, 'admin')
  const provider = JSON.parse(await admin.ok('resource', 'provider', 'list', '-f', 'json'))[0].uuid
  const server = JSON.parse(await admin.ok('server', 'list', '--all-projects', '-f', 'json'))[0].ID
  const values: Readonly<Record<string, string>> = { '<uuid>': provider, '<server>': server }
  for (const row of await rowsFor([])) {
    if (row.kind !== 'list') continue
    const needed = (row.arguments ?? '').split(' ').filter(part => part.startsWith('<'))
    const words = [...row.words.split(' '), ...needed.map(part => values[part]!)] // a missing one fails below
    const long = row.options?.some(option => option.flags === '--long') ? ['--long'] : []
    assert.ok(Array.isArray(JSON.parse(await admin.ok(...words, ...long, '-f', 'json'))), row.words)
  }
})

test('what is created can be shown by name and deleted by name', async () => {
  await using cloud = await startTestCloud()
  const demo = commandLine(cloud, 'demo')
  const admin = commandLine(cloud, 'admin')
  const name = async (...words: readonly string[]) =>
    assert.equal(await demo.ok(...words, '-f', 'value', '-c', 'name'), words.at(-1))
  await name('network', 'create', 'lab')
  await name(
    'subnet',
    'create',
    '--network',
    'lab',
    '--subnet-range',
    '192.168.7.0/24',
    '--dns-nameserver',
    '9.9.9.9',
    'lab4',
  )
  await name('port', 'create', '--network', 'lab', '--fixed-ip', 'ip-address=192.168.7.9', 'p1')
  assert.match(await demo.ok('port', 'show', 'p1', '-c', 'fixed_ips'), /ip_address='192\.168\.7\.9'/)
  await name('security', 'group', 'create', 'web')
  const rule = await demo.ok(
    'security',
    'group',
    'rule',
    'create',
    '--protocol',
    'tcp',
    '--dst-port',
    '80:81',
    'web',
    '-f',
    'value',
    '-c',
    'id',
  )
  assert.match(
    await demo.ok('security', 'group', 'rule', 'list', 'web', '-f', 'value'),
    /tcp IPv4 0\.0\.0\.0\/0 80:81 ingress/,
  )
  await demo.ok('security', 'group', 'rule', 'delete', rule)
  await name('server', 'group', 'create', '--policy', 'anti-affinity', 'apart')
  const address = await demo.ok(
    'floating',
    'ip',
    'create',
    'public',
    '-f',
    'value',
    '-c',
    'floating_ip_address',
  )
  const key = join(directory, 'key')
  await name('keypair', 'create', '--private-key', key, 'me')
  assert.match(readFileSync(key, 'utf8'), /OPENSSH PRIVATE KEY/)
  for (const words of [
    ...[
      ['server', 'group', 'delete', 'apart'],
      ['keypair', 'delete', 'me'],
      ['floating', 'ip', 'delete', address],
    ],
    ...[
      ['port', 'delete', 'p1'],
      ['subnet', 'delete', 'lab4'],
      ['network', 'delete', 'lab'],
    ],
    ['security', 'group', 'delete', 'web'],
  ])
    await demo.ok(...words)
  await admin.ok('flavor', 'create', '--ram', '256', '--property', 'a:b=c', 'm1.own')
  assert.match(await demo.ok('flavor', 'show', 'm1.own', '-c', 'properties'), /a:b='c'/)
  await admin.ok('flavor', 'unset', '--property', 'a:b', 'm1.own')
  await admin.ok('flavor', 'delete', 'm1.own')
  await admin.ok('aggregate', 'create', '--property', 'ssd=true', 'fast')
  assert.match(await admin.ok('aggregate', 'add', 'host', 'fast', 'host-1', '-c', 'hosts'), /host-1/)
  await admin.ok('aggregate', 'remove', 'host', 'fast', 'host-1')
  await admin.ok('aggregate', 'delete', 'fast')
  await admin.ok('quota', 'set', '--cores', '40', '--ports', '99', 'demo')
  assert.match(await demo.ok('quota', 'show', '-f', 'value'), /^cores 40$[\s\S]*^ports 99$/m)
})

test('an image comes back byte for byte as it went up', async () => {
  await using cloud = await startTestCloud()
  const demo = commandLine(cloud, 'demo')
  const bytes = Buffer.alloc(300_000, 'faultline ')
  const [up, down] = [join(directory, 'up.raw'), join(directory, 'down.raw')]
  writeFileSync(up, bytes)
  await demo.ok('image', 'create', '--file', up, '--property', 'os_distro=none', 'own')
  await demo.ok('image', 'set', '--property', 'os_distro=some', '--tag', 't', 'own')
  assert.match(await demo.ok('image', 'show', 'own'), /os_distro='some'[\s\S]*\| tags +\| t /)
  await demo.ok('image', 'save', '--file', down, 'own')
  assert.ok(bytes.equals(readFileSync(down)))
  await demo.ok('image', 'delete', 'own')
})

test('actions that take time end where --wait says, on two hosts', async () => {
  await using cloud = await startTestCloud({ hosts: 2, stepMs: 20 })
  const demo = commandLine(cloud, 'demo')
  await demo.ok('server', 'create', '--flavor', 'm1.tiny', '--image', cloud.imageId, '--wait', 'vm1')
  for (const words of [
    ...[
      ['resize', '--flavor', 'm1.small'],
      ['resize', 'confirm'],
      ['resize', '--flavor', 'm1.tiny'],
      ['resize', 'revert'],
    ],
    ...[
      ['stop'],
      ['start'],
      ['pause'],
      ['unpause'],
      ['suspend'],
      ['resume'],
      ['reboot', '--hard'],
      ['rebuild'],
    ],
    ...[['rescue'], ['unrescue'], ['shelve'], ['unshelve'], ['delete']],
  ])
    await demo.ok('server', ...words, '--wait', 'vm1')
  const gone = await demo.run('server', 'show', 'vm1')
  assert.match(gone.stderr, /^faultline: No server with a name or ID of 'vm1' exists\./)
  const refused = await demo.run('server', 'list', '--all-projects')
  assert.match(refused.stderr, /HTTP 403\) \(Request-ID: req-/)
})
