// The real `openstack` client living through the guide's walkthrough on our cloud: what it prints against what it
// printed on a real OpenStack, and the same story with the `nova` client. Skipped where the clients are not installed.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Account, passwords, startTestCloud, type TestCloud } from '../support/cloud.ts'
import { comparison, leaves } from '../support/recorded.ts'
import { differences } from './clients-differences.ts'

interface Shown {
  readonly status: number
  readonly output: string
}
interface Recorded extends Shown {
  readonly as: Account
  /** Words after `openstack`. */
  readonly words: readonly string[]
}

/** Ids as the recording has them. */
const recorded = {
  vm1: '2a6513a3-9864-4f44-b27a-8554e4436f0d',
  vmFault: '7ea323a5-4ddc-4e55-92cc-503ecdef25de',
  image: 'a4249af3-1275-4441-9ff8-269997794e11',
  project: '6cb7d311c5094af8b581cca07da233ff',
  user: '92c6d931b85b4254a3f356867acdfa6c',
  create: 'req-db224e70-8963-441e-9c7b-6295f81f0a17',
  resize: 'req-f475ad32-4c0a-421f-a77c-0dd30e99339b',
  resizeWaited: 'req-c028dbf0-ce4e-455b-b060-dc263bfb41ef',
  tooBig: 'req-93b63a56-e165-46d0-9436-723fd0170350',
  good: 'req-405fecae-fdbb-45be-9b94-2dd45ca2c861',
  revert: 'req-436fe064-141d-425c-b0ab-f09ac12e02e9',
  createFault: 'req-9d079e41-e368-4be2-bd01-e6c14cc20dcb',
} as const

/** Theirs, ours. */
const hosts = [
  ['compute1', 'host-1'],
  ['compute2', 'host-2'],
  ['vm', hostname()],
] as const

/**
 * Versions replayed; the files have more. test/contract/raw-http.test.ts asks at all of them, at a thousandth of what
 * starting a client costs.
 */
const versions = ['2.1', '2.51', '2.58', '2.84', '2.93']

function transcript(name: string): readonly Recorded[] {
  const text = readFileSync(join(import.meta.dirname, `fixtures/recorded-cli/${name}.txt`), 'utf8')
  const form = /^# as (demo|admin)\n\$ openstack (.+)\n([\s\S]*?)\(exit status (\d+)\)\n/gm
  const all = [...text.matchAll(form)].map(([, as, line, output, status]) => ({
    as: as as Account, // the form has only the two
    words: line!.split(' '),
    output: output!,
    status: Number(status),
  }))
  return all.filter(
    ({ words }) => words[0] !== '--os-compute-api-version' || versions.includes(words[1] ?? ''),
  )
}

const lacking = ['openstack', 'nova'].filter(name => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' })
    return false
  } catch {
    return true
  }
})
const skip =
  lacking.length > 0 &&
  `needs the ${lacking.join(' and ')} client (python3-openstackclient, python3-novaclient)`

describe('the openstack and nova clients', { skip }, () => {
  let cloud: TestCloud
  const names = new Map<string, string>()
  const { compare, unused } = comparison(differences)

  before(async () => {
    cloud = await startTestCloud({ hosts: 2, hostVcpus: 16, hostRamMb: 32_768, hostDiskGb: 500 })
    names.set(recorded.image, cloud.imageId)
    names.set('cirros-0.4.0-x86_64-disk', 'faultline-mini-x86_64-disk')
    for (const [theirs, ours] of hosts) names.set(`"host": "${theirs}"`, `"host": "${ours}"`)
    names.set('| compute1 |', '| host-1 |').set('| compute2 |', '| host-2 |')
    names.set(' vm ', ` ${hostname()} `)
    await prepare()
  })
  after(() => cloud.close())

  async function prepare(): Promise<void> {
    const admin = { as: 'admin' } as const
    const flavors = [
      { id: '42', name: 'm1.nano', ram: 128, disk: 1, vcpus: 1 },
      { id: '84', name: 'm1.micro', ram: 192, disk: 1, vcpus: 1 },
      { id: '98', name: 'm1.overquota', ram: 16_777_216, disk: 1, vcpus: 1 },
      { id: '99', name: 'm1.huge', ram: 512, disk: 10_000_000, vcpus: 1 },
    ]
    for (const id of ['4', '5']) await cloud.ask('DELETE', `/flavors/${id}`, admin)
    for (const flavor of flavors) await cloud.ask('POST', '/flavors', { ...admin, body: { flavor } })
    const { network } = (
      await cloud.ask('POST', '/network/v2.0/networks', { body: { network: { name: 'demo-net' } } })
    ).body
    const subnet = { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/24' }
    await cloud.ask('POST', '/network/v2.0/subnets', { body: { subnet } })
    await setSecondHost('disabled')
  }

  async function setSecondHost(status: 'enabled' | 'disabled'): Promise<void> {
    const { services } = (await cloud.ask('GET', '/os-services?host=host-2', { as: 'admin' })).body
    await cloud.ask('PUT', `/os-services/${services[0].id}`, { as: 'admin', body: { status } })
  }

  const run = (client: 'openstack' | 'nova', as: Account, words: readonly string[]): Promise<Shown> =>
    new Promise(resolve => {
      const env = {
        ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('OS_'))),
        OS_AUTH_URL: `${cloud.origin}/identity/v3`,
        OS_USERNAME: as,
        OS_PASSWORD: passwords[as],
        OS_PROJECT_NAME: as,
        OS_USER_DOMAIN_NAME: 'Default',
        OS_PROJECT_DOMAIN_NAME: 'Default',
        OS_IDENTITY_API_VERSION: '3',
        COLUMNS: '10000',
        PYTHONWARNINGS: 'ignore',
      }
      execFile(client, words, { env }, (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      )
    })

  const openstack = async (as: Account, line: string): Promise<string> => {
    const { status, output } = await run('openstack', as, line.split(' '))
    assert.equal(status, 0, `${line}: ${output}`)
    await cloud.settled()
    return output
  }

  /** Request id of the server's newest action, kept under the name the recording has for it. */
  async function newest(server: string, theirs: string): Promise<void> {
    const { body } = await cloud.ask('GET', `/servers/${server}/os-instance-actions`)
    names.set(theirs, body.instanceActions[0].request_id)
  }

  function translated(text: string): string {
    let out = text
    for (const [theirs, ours] of names) out = out.replaceAll(theirs, ours)
    return out
  }

  /** Runs a recorded command; what differs from the recording, a line each. */
  async function differing({ as, words, output, status }: Recorded): Promise<string[]> {
    const line = translated(words.join(' '))
    const ours = await run('openstack', as, line.split(' '))
    await cloud.settled()
    return compare(`${as} ${words.join(' ')}`, read({ output: translated(output), status }), read(ours)).map(
      text => `openstack ${line} (${as}): ${text}`,
    )
  }

  /** Two at a time: each is a process that starts a Python. */
  async function replay(...commands: readonly Recorded[]): Promise<void> {
    const left = commands.entries()
    const wrong: string[] = []
    const worker = async () => {
      for (const [, command] of left) wrong.push(...(await differing(command)))
    }
    await Promise.all([worker(), worker()])
    assert.deepEqual(wrong, [])
  }

  test('the cloud: its services and flavors', async () => {
    await replay(...transcript('00-cloud'))
  })

  test('create', async () => {
    const wanted = '--flavor m1.tiny --image faultline-mini-x86_64-disk --nic net-id=demo-net'
    await openstack('demo', `server create ${wanted} --wait other`) // so that two servers count against quotas
    await openstack('demo', `server create ${wanted},v4-fixed-ip=10.0.0.247 --wait vm1`)
    const { id, user_id, tenant_id } = (await cloud.ask('GET', '/servers/detail?name=vm1')).body.servers[0]
    names.set(recorded.vm1, id).set(recorded.user, user_id).set(recorded.project, tenant_id)
    for (const [theirs, ours] of hosts) names.set(hostId(recorded.project, theirs), hostId(tenant_id, ours))
    await newest(id, recorded.create)
    await replay(...transcript('01-create'))
  })

  test('resize: no host, the server stays as it was', async () => {
    await openstack('demo', 'server resize --flavor m1.small vm1')
    await newest(names.get(recorded.vm1)!, recorded.resize) // set by the test before
    await replay(...transcript('02-resize'))
  })

  test('its events: lists and shows, at every version', async () => {
    await replay(
      ...transcript('03-event-list'),
      ...transcript('04-event-show-admin'),
      ...transcript('04-event-show-demo'),
      ...transcript('05-event-show-2.51-events-admin'),
      ...transcript('05-event-show-2.51-events-demo'),
    )
  })

  test('errors', async () => {
    await replay(...transcript('06-errors'))
    await newest(names.get(recorded.vm1)!, recorded.resizeWaited)
  })

  test('resize to a flavor bigger than any host', async () => {
    await openstack('demo', 'server resize --flavor m1.huge vm1')
    await newest(names.get(recorded.vm1)!, recorded.tooBig)
    await replay(...transcript('07-resize-too-big'))
  })

  test('resize with a second host, and its revert', async () => {
    await setSecondHost('enabled')
    await openstack('demo', 'server resize --flavor m1.small --wait vm1')
    const vm1 = names.get(recorded.vm1)!
    await newest(vm1, recorded.good)
    const [showDemo, showAdmin, revert, ...rest] = transcript('08-resize-ok')
    await replay(showDemo!, showAdmin!) // the file has five
    await replay(revert!)
    await newest(vm1, recorded.revert)
    await replay(...rest)
  })

  test('resize again, and confirm', async () => {
    await openstack('demo', 'server resize --flavor m1.small --wait vm1')
    await openstack('demo', 'server resize confirm vm1')
    const shown = JSON.parse(await openstack('demo', 'server show vm1 -f json'))
    assert.deepEqual([shown.status, shown.flavor], ['ACTIVE', 'm1.small (2)'])
  })

  test('a create that finds no host leaves its reason in the server', async () => {
    await run('openstack', 'demo', [
      ...'server create --flavor m1.huge --image faultline-mini-x86_64-disk --network demo-net vm-fault'.split(
        ' ',
      ),
    ])
    await cloud.settled()
    const { id } = (await cloud.ask('GET', '/servers?name=vm-fault')).body.servers[0]
    names.set(recorded.vmFault, id)
    await newest(id, recorded.createFault)
    await replay(...transcript('09-create-fault'))
  })

  test('nova: the same story, and tracebacks only for the administrator', async () => {
    const vm1 = names.get(recorded.vm1)!
    const resize = names.get(recorded.resize)!
    const nova = async (as: Account, ...words: readonly string[]) => {
      const { status, output } = await run('nova', as, words)
      assert.equal(status, 0, output)
      return table(output)
    }
    const [list, actions, owner, admin, old] = await Promise.all([
      nova('demo', 'list'),
      nova('demo', 'instance-action-list', 'vm1'),
      nova('demo', 'instance-action', 'vm1', resize),
      nova('admin', 'instance-action', vm1, resize),
      nova('demo', '--os-compute-api-version', '2.1', 'instance-action', vm1, resize),
    ])
    assert.deepEqual(list?.columns, ['ID', 'Name', 'Status', 'Task State', 'Power State', 'Networks'])
    assert.deepEqual(actions?.columns, ['Action', 'Request_ID', 'Message', 'Start_Time', 'Updated_At'])
    assert.deepEqual(
      actions?.rows.slice(0, 2).map(([action, , message]) => [action, message]),
      [
        ['create', '-'],
        ['resize', 'Error'],
      ],
    )
    const text = (shown: Table | undefined) => shown?.rows.map(cells => cells.join(' ')).join('\n') ?? ''
    assert.match(text(owner), /cold_migrate[\s\S]*conductor_migrate_server/)
    assert.match(text(owner), /No valid host found for resize: 0 of 2 /)
    assert.doesNotMatch(text(owner), /traceback|host-1|host-2/)
    assert.match(text(admin), /traceback[\s\S]*src\/compute\/operations\/resize\.ts/)
    assert.doesNotMatch(text(old), /event/)
  })

  test('every listed difference is still one', () => {
    assert.deepEqual(unused(), [])
  })
})

const hostId = (project: string, host: string) =>
  createHash('sha224')
    .update(project + host)
    .digest('hex')

interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

function table(output: string): Table | undefined {
  const lines = output.split('\n').filter(line => line.startsWith('|'))
  const [columns, ...rows] = lines.map(line =>
    line
      .slice(1, -1)
      .split('|')
      .map(cell => cell.trim()),
  )
  return columns && { columns, rows }
}

/** What a command said, as leaves: JSON as it is, tables by row and column, other text line by line. */
function read({ status, output }: Shown): Map<string, unknown> {
  const out = new Map<string, unknown>([['status', status]])
  if (/^[[{]/.test(output)) return leaves(JSON.parse(output), 'json', out)
  const shown = table(output)
  if (!shown) return leaves(withoutIds(output), 'text', out)
  if (shown.columns[0] === 'Field')
    return leaves(Object.fromEntries(shown.rows.map(([field, value]) => [field, value])), 'field', out)
  out.set('columns', shown.columns.join(' | '))
  return leaves(shown.rows, 'row', out)
}

const withoutIds = (text: string) => text.replaceAll(/Request-ID: req-[0-9a-f-]+/g, 'Request-ID: …')
