// The real program killed at random moments under load: whatever it had accepted is there, has ended and left nothing
// over when it has been started again. FAULTLINE_SEED repeats a run; FAULTLINE_LONG=1 makes it 20 rounds.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nothingLeaked, passwords, startTestCloud, type TestCloud } from '../support/cloud.ts'
import { type TestData, testData } from '../support/data.ts'
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
  await onProgram(data, async program => liftQuota(await program.ready))
  for (let round = 1; round <= rounds; round += 1) {
    await onProgram(data, async program => storm(await program.ready, promises, 40 + random() * 160))
    // Every second round it is killed once more, somewhere in its start or its recovery.
    if (round % 2 === 0)
      await onProgram(data, () => new Promise(resolve => setTimeout(resolve, 300 + random() * 1500)))
    await check(data, promises, `seed ${seed}, round ${round}`)
  }
  t.diagnostic(`${promises.created.size} servers, ${promises.accepted.length} actions accepted`)
  assert.ok(promises.accepted.length > rounds * 3, 'the load was one')
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
      fetch(`${origin}${path.startsWith('/image') ? '' : '/compute/v2.1'}${path}`, {
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

async function liftQuota(origin: string): Promise<void> {
  const [admin, demo] = [await logIn(origin, 'admin'), await logIn(origin, 'demo')]
  const quota_set = { instances: -1, cores: -1, ram: -1 }
  assert.equal((await admin.ask('PUT', `/os-quota-sets/${demo.projectId}`, { quota_set })).status, 200)
}

/** Clients that make, change and remove servers; over in the middle of it, when so many requests were accepted. */
async function storm(origin: string, promises: Promises, requests: number): Promise<void> {
  const demo = await logIn(origin, 'demo')
  const { images } = (await (await demo.ask('GET', '/image/v2/images')).json()) as {
    images: { id: string }[]
  }
  const imageId = images[0]?.id ?? ''
  let isOver = false
  const one = async (): Promise<void> => {
    while (!isOver) {
      const id = await create(demo, imageId, promises)
      if (id !== null && (await isBuilt(demo, id, () => isOver)))
        await live(demo, id, imageId, promises, () => isOver)
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
}

const countOf = ({ created, deleted, accepted }: Promises) => created.size + deleted.size + accepted.length

async function create(demo: Caller, imageId: string, promises: Promises): Promise<string | null> {
  const many = random() < 0.1 ? { min_count: 3 } : {}
  const server = { name: 'storm', flavorRef: '1', imageRef: imageId, networks: 'none', ...many }
  const reply = await demo.ask('POST', '/servers', { server })
  if (reply.status !== 202) return null
  const { server: made } = (await reply.json()) as { server: { id: string } }
  promises.created.add(made.id)
  return made.id
}

async function isBuilt(demo: Caller, id: string, isOver: () => boolean): Promise<boolean> {
  while (!isOver()) {
    const { server } = (await (await demo.ask('GET', `/servers/${id}`)).json()) as {
      server?: { status: string }
    }
    if (server?.status !== 'BUILD') return server !== undefined
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return false
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
    if (random() < 0.15) {
      if ((await demo.ask('DELETE', `/servers/${id}`)).status === 204) promises.deleted.add(id)
      return
    }
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
  await kept(cloud, promises, where)
  await everythingEnded(cloud, where)
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
