// The real program killed at random moments under load: whatever it had accepted is there, has ended and left nothing
// over when it has been started again. FAULTLINE_SEED repeats a run; FAULTLINE_LONG=1 makes it 20 rounds.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nothingLeaked, passwords, startTestCloud, type TestCloud } from '../support/cloud.ts'
import { type TestData, testData } from '../support/data.ts'
import { wiring } from '../support/ports.ts'
import { type Program, up } from '../support/program.ts'
import { randomFrom } from '../support/random.ts'
import { holdings } from '../support/room.ts'

const rounds = process.env.FAULTLINE_LONG === '1' ? 20 : 3
const seed = Number(process.env.FAULTLINE_SEED ?? Math.floor(Math.random() * 2 ** 31))
const random = randomFrom(seed)
const clients = 50
const roomy = ['--hosts', '3', '--host-vcpus', '256', '--host-ram', '500000', '--host-disk', '20000']

/** What clients were told: these must be true afterwards. */
interface Promises {
  /** Servers whose creation was answered 202. */
  readonly created: Set<string>
  /** Servers whose deletion was answered 204. */
  readonly deleted: Set<string>
  /** Request ids of accepted actions, by server. */
  readonly accepted: (readonly [server: string, requestId: string])[]
}

test(`nothing accepted is lost to SIGKILL (seed ${seed})`, { timeout: 600_000 }, async t => {
  t.diagnostic(`FAULTLINE_SEED=${seed}`)
  await using data = await testData()
  const promises: Promises = { created: new Set(), deleted: new Set(), accepted: [] }
  await onProgram(data, async program => prepare(await program.ready))
  for (let round = 1; round <= rounds; round += 1) {
    await onProgram(data, async program => storm(await program.ready, promises, 40 + random() * 160))
    // Every second round it is killed once more, somewhere in its start or its recovery.
    if (round % 2 === 0)
      await onProgram(data, () => new Promise(resolve => setTimeout(resolve, 300 + random() * 1500)))
    await check(data, promises, `seed ${seed}, round ${round}`)
  }
  const { created, deleted, accepted } = promises
  t.diagnostic(
    `${created.size} servers created, ${deleted.size} deleted, ${accepted.length} other actions accepted`,
  )
  assert.ok(accepted.length > rounds * 3, 'servers were changed as well')
})

/** Runs the program, does something with it, and kills it. */
async function onProgram(data: TestData, body: (program: Program) => Promise<unknown>): Promise<void> {
  const db = data.databaseUrl.startsWith('postgres') ? ['--db', data.databaseUrl] : []
  const program = up(data.folder, ...roomy, '--step-ms', '3', ...db)
  try {
    await body(program)
  } finally {
    program.child.kill('SIGKILL')
    await program.ended
  }
}

interface Caller {
  ask(method: string, path: string, body?: unknown): Promise<Response>
}

async function logIn(
  origin: string,
  user: 'demo' | 'admin',
): Promise<Caller & { readonly projectId: string }> {
  const domain = { id: 'default' }
  const identity = {
    methods: ['password'],
    password: { user: { name: user, domain, password: passwords[user] } },
  }
  const scope = { project: { name: user, domain } }
  const reply = await fetch(`${origin}/identity/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope } }),
  })
  const token = reply.headers.get('x-subject-token') ?? ''
  const { token: shown } = (await reply.json()) as { token: { project: { id: string } } } // keystone's documented shape
  return {
    projectId: shown.project.id,
    ask: (method, path, body) =>
      fetch(`${origin}${/^\/(image|network)/.test(path) ? '' : '/compute/v2.1'}${path}`, {
        method,
        headers: {
          'x-auth-token': token,
          'content-type': 'application/json',
          'openstack-api-version': 'compute 2.104',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  }
}

/** Nothing but the kill shall stop the load: no quota, and a network with addresses for everybody. */
async function prepare(origin: string): Promise<void> {
  const [admin, demo] = [await logIn(origin, 'admin'), await logIn(origin, 'demo')]
  const done = async (status: number, reply: Response) => {
    assert.equal(reply.status, status, await reply.clone().text())
    return reply.json() as Promise<{ network: { id: string } }> // of the one reply that is looked at
  }
  const quota_set = { instances: -1, cores: -1, ram: -1 }
  await done(200, await admin.ask('PUT', `/os-quota-sets/${demo.projectId}`, { quota_set }))
  const quota = { port: -1 }
  await done(200, await admin.ask('PUT', `/network/v2.0/quotas/${demo.projectId}`, { quota }))
  const { network } = await done(
    201,
    await demo.ask('POST', '/network/v2.0/networks', { network: { name: networkName } }),
  )
  const subnet = { network_id: network.id, ip_version: 4, cidr: '10.64.0.0/16' }
  await done(201, await demo.ask('POST', '/network/v2.0/subnets', { subnet }))
}

const networkName = 'storm'

/** What servers are made of: an image and a network. */
interface Parts {
  readonly imageId: string
  readonly networkId: string
}

async function parts(demo: Caller): Promise<Parts> {
  const first = async (path: string): Promise<string> => {
    const body = (await (await demo.ask('GET', path)).json()) as Record<string, { id: string }[]> // a list of either
    const [found] = body.images ?? body.networks ?? []
    assert.ok(found, path)
    return found.id
  }
  return {
    imageId: await first('/image/v2/images?visibility=public'),
    networkId: await first(`/network/v2.0/networks?name=${networkName}`),
  }
}

/** Clients that make, change and remove servers; over in the middle of it, when so many requests were accepted. */
async function storm(origin: string, promises: Promises, requests: number): Promise<void> {
  const demo = await logIn(origin, 'demo')
  const made = await parts(demo)
  let isOver = false
  const one = async (): Promise<void> => {
    while (!isOver) {
      const id = await create(demo, made, promises)
      // Some are deleted while they are being placed or built, others when they are there.
      if (id !== null && random() < 0.15) await remove(demo, id, promises)
      else if (id !== null && (await isBuilt(demo, id, () => isOver)))
        await live(demo, id, made.imageId, promises, () => isOver)
    }
  }
  // Replies that never come are what this is about.
  for (let index = 0; index < clients; index += 1) void one().catch(() => {})
  const before = countOf(promises)
  const end = Date.now() + 5_000
  while (countOf(promises) < before + requests && Date.now() < end)
    await new Promise(resolve => setTimeout(resolve, 2))
  await new Promise(resolve => setTimeout(resolve, random() * 20))
  isOver = true
  assert.ok(countOf(promises) > before, 'there was a load')
}

const countOf = ({ created, deleted, accepted }: Promises) => created.size + deleted.size + accepted.length

async function create(demo: Caller, made: Parts, promises: Promises): Promise<string | null> {
  const many = random() < 0.1 ? { min_count: 3 } : {}
  const networks = [{ uuid: made.networkId }]
  const server = { name: 'storm', flavorRef: '1', imageRef: made.imageId, networks, ...many }
  const reply = await demo.ask('POST', '/servers', { server })
  if (reply.status !== 202) return null
  const { server: told } = (await reply.json()) as { server: { id: string } }
  promises.created.add(told.id)
  return told.id
}

async function isBuilt(demo: Caller, id: string, isOver: () => boolean): Promise<boolean> {
  while (!isOver()) {
    const { server } = (await (await demo.ask('GET', `/servers/${id}`)).json()) as {
      server?: { status: string }
    }
    if (server?.status !== 'BUILD') return server !== undefined
    await new Promise(resolve => setTimeout(resolve, 60))
  }
  return false
}

async function remove(demo: Caller, id: string, { deleted }: Promises): Promise<void> {
  if ((await demo.ask('DELETE', `/servers/${id}`)).status === 204) deleted.add(id)
}

async function live(
  demo: Caller,
  id: string,
  imageId: string,
  promises: Promises,
  isOver: () => boolean,
): Promise<void> {
  const act = async (body: unknown) => {
    const reply = await demo.ask('POST', `/servers/${id}/action`, body)
    if (reply.status < 300) promises.accepted.push([id, reply.headers.get('x-compute-request-id') ?? ''])
  }
  const actions = [
    () => act({ resize: { flavorRef: '2' } }),
    () => act({ resize: { flavorRef: '2' } }),
    () => act({ confirmResize: null }),
    () => act({ revertResize: null }),
    () => act({ 'os-stop': null }),
    () => act({ 'os-start': null }),
    () => act({ shelve: null }),
    () => act({ unshelve: null }),
    () => act({ rebuild: { imageRef: imageId } }),
    () => act({ changePassword: { adminPass: 'secret' } }),
  ]
  for (let count = 0; count < 6 && !isOver(); count += 1) {
    await new Promise(resolve => setTimeout(resolve, random() * 60))
    if (random() < 0.15) return remove(demo, id, promises)
    await actions[Math.floor(random() * actions.length)]?.()
  }
}

/** A cloud in this process on what is left: it takes up the rest, and then everything adds up. */
async function check(data: TestData, promises: Promises, where: string): Promise<void> {
  await using cloud = await startTestCloud({
    data,
    hosts: 3,
    hostVcpus: 256,
    hostRamMb: 500_000,
    hostDiskGb: 20_000,
  })
  await cloud.settled()
  assert.deepEqual(await cloud.leaks(), nothingLeaked, where)
  assert.deepEqual(await holdings(cloud), [], where)
  assert.deepEqual(await wiring(cloud), [], where)
  assert.deepEqual(await strayImages(cloud), [], where)
  await kept(cloud, promises, where)
  await everythingEnded(cloud, where)
}

/** Images of shelved servers are there while their server is shelved, whole, and once. */
async function strayImages(cloud: TestCloud): Promise<readonly string[]> {
  const { db } = cloud.cloud.store
  const images = await db.selectFrom('images').select(['id', 'name', 'status']).execute()
  const shelved = await db
    .selectFrom('servers')
    .select('id')
    .where('deleted', '=', 0)
    .where('vm_state', 'in', ['shelved', 'shelved_offloaded'])
    .execute()
  const snapshots = images.filter(({ name, status }) => name?.endsWith('-shelved') && status !== 'deleted')
  return [
    ...snapshots.filter(({ status }) => status !== 'active').map(({ id, status }) => `${id} is ${status}`),
    ...(snapshots.length === shelved.length
      ? []
      : [`${shelved.length} servers are shelved, their images are ${snapshots.length}`]),
  ]
}

async function kept(
  cloud: TestCloud,
  { created, deleted, accepted }: Promises,
  where: string,
): Promise<void> {
  const { db } = cloud.cloud.store
  const servers = await db.selectFrom('servers').select(['id', 'deleted', 'vm_state']).execute()
  const byId = new Map(servers.map(row => [row.id, row]))
  for (const id of created) {
    assert.ok(byId.has(id), `${where}: server ${id} was answered 202 and is not there`)
    assert.notEqual(byId.get(id)?.vm_state, 'error', `${where}: server ${id} is in ERROR`)
  }
  for (const id of deleted)
    assert.equal(byId.get(id)?.deleted, 1, `${where}: server ${id} was answered 204 and is there`)
  const actions = await db.selectFrom('instance_actions').select(['server_id', 'request_id']).execute()
  const known = new Set(actions.map(row => `${row.server_id} ${row.request_id}`))
  for (const [server, requestId] of accepted)
    assert.ok(known.has(`${server} ${requestId}`), `${where}: ${requestId} of ${server} has no action`)
}

async function everythingEnded(cloud: TestCloud, where: string): Promise<void> {
  const { db } = cloud.cloud.store
  const open = await db.selectFrom('instance_actions').selectAll().where('finish_time', 'is', null).execute()
  assert.deepEqual(open, [], where)
  const events = await db
    .selectFrom('instance_action_events')
    .selectAll()
    .where('finish_time', 'is', null)
    .execute()
  assert.deepEqual(events, [], where)
  const moves = await db
    .selectFrom('migrations')
    .select(['uuid', 'status'])
    .where('status', 'in', ['pre-migrating', 'migrating', 'post-migrating', 'confirming', 'reverting'])
    .execute()
  assert.deepEqual(moves, [], where)
}
