// Who may see what: administrators all of it, owners the reasons and counts of their own.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestCloud, type TestCloud } from '../../support/cloud.ts'
import { newTenant, type Tenant } from '../../support/tenant.ts'

const shared = 'req-5ba9ed00-aaaa-4bbb-8ccc-dddd00001111'
let cloud: TestCloud
let other: Tenant
let theirs: { readonly serverId: string; readonly requestId: string }
const ours: string[] = []

before(async () => {
  cloud = await startTestCloud({ hosts: 3, hostRamMb: 4096 })
  other = await newTenant(cloud, 'other')
  const body = (name: string, more: object = {}) => ({
    server: { name, flavorRef: '1', imageRef: cloud.imageId, networks: 'none', ...more },
  })
  const made = await other.ask('POST', '/compute/v2.1/servers', body('secret-vm'), {
    'x-openstack-request-id': shared,
  })
  assert.equal(made.status, 202, made.text)
  theirs = { serverId: made.body.server.id, requestId: made.headers.get('x-openstack-request-id') ?? '' }
  // Ours, under the same global id, and every kind of failure that could carry a host's name.
  const create = async (name: string, more: object = {}) => {
    const answer = await cloud.ask('POST', '/servers', {
      body: body(name, more),
      headers: { 'x-openstack-request-id': shared },
    })
    await cloud.settled()
    ours.push(answer.body.server.id)
    return answer.body.server as { readonly id: string }
  }
  const vm = await create('vm1')
  await create('big', { flavorRef: '5' })
  await create('twice', { metadata: { 'faultline:fail': 'spawn:LibvirtError:once' } })
  await create('exhausted', { metadata: { 'faultline:fail': 'spawn:LibvirtError' } })
  const stopping = await create('stopping', { metadata: { 'faultline:fail': 'stop:LibvirtError' } })
  await cloud.act(stopping, { 'os-stop': null })
  await cloud.act(vm, { resize: { flavorRef: '5' } })
  await cloud.act(vm, { migrate: null }, 'admin')
})
after(() => cloud.close())

const hosts = ['host-1', 'host-2', 'host-3']
const secrets = () => [
  ...hosts,
  'Traceback',
  'File \\"',
  other.projectId,
  theirs.serverId,
  theirs.requestId,
  'secret-vm',
]

/** Every trace of ours, as `as` reads it. */
async function tracesAs(as: 'demo' | 'admin'): Promise<string[]> {
  const lists = await Promise.all(
    ours.map(async id => (await cloud.ask('GET', `/trace/v1/requests?server=${id}`, { as })).body.requests),
  )
  const requests: { requestId: string; serverId: string }[] = lists.flat()
  assert.ok(requests.length >= 8)
  const traces = await Promise.all(
    requests.map(async ({ requestId, serverId }) => {
      const answer = await cloud.ask('GET', `/trace/v1/traces/${requestId}?server=${serverId}`, { as })
      assert.equal(answer.status, 200)
      return answer.text
    }),
  )
  return [...traces, JSON.stringify(lists)]
}

test('nothing an owner reads has a host, a traceback, or anything of others', async () => {
  const texts = await tracesAs('demo')
  texts.push((await cloud.ask('GET', '/trace/v1/requests')).text)
  texts.push((await cloud.ask('GET', '/trace/v1/placement?flavor=5')).text)
  for (const secret of [...secrets(), cloud.projectId.admin])
    for (const text of texts) assert.ok(!text.includes(secret), `${secret} in ${text}`)
})

test('an administrator reads hosts and tracebacks of the same requests', async () => {
  const all = (await tracesAs('admin')).join('\n')
  for (const host of hosts) assert.ok(all.includes(host), host)
  assert.ok(all.includes('File \\"'))
})

test('the owner reads the same outcomes, causes and counts as an administrator', async () => {
  const told = (text: string) => {
    const { verdict, placement, action } = JSON.parse(text)
    return {
      outcome: verdict.outcome,
      step: verdict.step,
      cause: verdict.cause?.code,
      counts: placement.map((attempt: { counts: unknown }) => attempt.counts),
      hosts: placement.map((attempt: { hosts: { first: { code: string } | null }[] }) =>
        attempt.hosts.map(({ first }) => first?.code),
      ),
      events: action.events.map((event: { name: string; result: string }) => [event.name, event.result]),
    }
  }
  const [mine, all] = [await tracesAs('demo'), await tracesAs('admin')]
  assert.deepEqual(mine.slice(0, -1).map(told), all.slice(0, -1).map(told))
})

test("another project's request answers exactly as one that never was", async () => {
  const never = 'req-00000000-0000-4000-8000-000000000000'
  const answer = async (handle: string, path: string) => {
    const { status, body } = await cloud.ask('GET', path.replace('HANDLE', handle))
    return [status, JSON.stringify(body).replaceAll(handle, 'HANDLE')]
  }
  for (const path of ['/trace/v1/traces/HANDLE', '/trace/v1/requests/HANDLE/events'])
    for (const handle of [theirs.requestId, theirs.serverId, 'secret-vm'])
      assert.deepEqual(await answer(handle, path), await answer(never, path))
  const { status } = await cloud.ask('GET', `/trace/v1/requests?marker=${theirs.requestId}`)
  assert.equal(status, 400)
})

test('under a global id that projects share, each finds its own', async () => {
  const mine = (await cloud.ask('GET', `/trace/v1/traces/${shared}`)).body
  assert.ok(ours.includes(mine.server.id))
  const { body } = await other.ask('GET', `/trace/v1/traces/${shared}`)
  assert.equal(body.server.id, theirs.serverId)
})

test("a server named as one of others is the caller's own", async () => {
  const { body } = await other.ask('GET', '/trace/v1/traces/vm1')
  assert.equal(body.itemNotFound.code, 404)
})

test('what an administrator did to a server is told to its owner, without who it was', async () => {
  const { requests } = (await cloud.ask('GET', `/trace/v1/requests?server=${ours[0]}`)).body
  const migrated = requests.find(({ what }: { what: string }) => what === 'migrate vm1')
  assert.deepEqual([migrated.userId, migrated.projectId], [null, null])
  const { body } = await cloud.ask('GET', `/trace/v1/traces/${migrated.requestId}`)
  assert.deepEqual([body.request.userId, body.action.projectId], [null, null])
})

test('without a token it is 401, without the role 403', async () => {
  assert.equal((await cloud.ask('GET', '/trace/v1/requests', { as: null })).status, 401)
  const nobody = await newTenant(cloud, 'nobody', 'service')
  for (const path of ['/requests', '/traces/last', '/requests/last/events', '/placement?flavor=1'])
    assert.equal((await nobody.ask('GET', `/trace/v1${path}`)).status, 403, path)
})
