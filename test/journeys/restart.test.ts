// A cloud that is stopped and started again on the same data: in the middle of work, with fewer hosts, with a caller
// still waiting.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConductorWrap } from '../../src/main/cloud.ts'
import type { Store } from '../../src/platform/store/store.ts'
import { nothingLeaked, startTestCloud, type TestCloud, type TestCloudOptions } from '../support/cloud.ts'
import { type TestData, testData } from '../support/data.ts'
import { holdings } from '../support/room.ts'

const marksOf = (actions: Awaited<ReturnType<TestCloud['actions']>>) =>
  actions.flatMap(({ events }) =>
    events.filter(({ event }: { event: string }) => event === 'conductor_recover_operation'),
  )

test('work that does not end in time is gone on with at the next start, and nothing of it has failed', async () => {
  await using data = await testData()
  const before = await startTestCloud({ hosts: 2, stepMs: 500, data })
  const servers = await Promise.all(Array.from({ length: 6 }, () => before.server()))
  const bodies = [
    { resize: { flavorRef: '2' } },
    { shelve: null },
    { rebuild: { imageRef: before.imageId } },
    { createImage: { name: 'kept' } },
    { 'os-stop': null },
    { reboot: { type: 'HARD' } },
  ]
  const answers = await Promise.all(
    bodies.map((body, index) => before.ask('POST', `/servers/${servers[index].id}/action`, { body })),
  )
  assert.ok(answers.every(({ status }) => status === 202))
  await new Promise(resolve => setTimeout(resolve, 30))
  await before.close(5) // far less than a step takes
  await using cloud = await startTestCloud({ hosts: 2, data })
  assert.equal(cloud.cloud.recovered, bodies.length)
  await cloud.settled()
  const shown = await Promise.all(servers.map(({ id }) => cloud.show(id)))
  assert.deepEqual(
    shown.map(({ status }) => status),
    ['VERIFY_RESIZE', 'SHELVED_OFFLOADED', 'ACTIVE', 'ACTIVE', 'SHUTOFF', 'ACTIVE'],
  )
  for (const { id } of servers) {
    const [last] = await cloud.actions(id)
    assert.equal(last.message, null, JSON.stringify(last.events))
    assert.equal(marksOf([last]).length, 1)
  }
  assert.deepEqual(await holdings(cloud), [])
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a password that was being set does not hold the server: the action says it is not known', async () => {
  await using data = await testData()
  const before = await startTestCloud({ stepMs: 200, data })
  const server = await before.server()
  const path = `/servers/${server.id}/action`
  const body = { changePassword: { adminPass: 'new-secret' } }
  const asked = before.ask('POST', path, { body }).catch(() => null)
  while ((await before.show(server.id))['OS-EXT-STS:task_state'] !== 'updating_password');
  await before.close(0)
  await asked
  await using cloud = await startTestCloud({ data })
  await cloud.settled()
  const shown = await cloud.show(server.id)
  assert.deepEqual([shown.status, shown['OS-EXT-STS:task_state']], ['ACTIVE', null])
  const [action] = await cloud.actions(server.id)
  const [event] = action.events.filter(({ result }: { result: string }) => result === 'Error')
  assert.equal(
    event.details,
    'The cloud was interrupted meanwhile. It is not known whether the password was set: set it again.',
  )
  assert.equal((await cloud.ask('POST', path, { body })).status, 202)
})

test('servers on a host that is no more: their actions say so, they can be deleted, and others are built', async () => {
  await using data = await testData()
  const servers = await onCloud({ hosts: 3, data }, before =>
    Promise.all(Array.from({ length: 6 }, () => before.server())),
  )
  const away = servers.filter(server => server['OS-EXT-SRV-ATTR:host'] !== 'host-1')
  assert.ok(away.length >= 2)
  const [one, other] = away
  await onCloud({ hosts: 1, data }, fewer => withoutHosts(fewer, one, other))
  // The host is back: the machine nobody wants any more goes, the others are there.
  await using again = await startTestCloud({ hosts: 3, data })
  assert.deepEqual(await again.leaks(), nothingLeaked)
  assert.equal((await again.act(one, { 'os-stop': null })).status, 202)
  assert.equal((await again.show(one.id)).status, 'SHUTOFF')
  assert.deepEqual(await holdings(again), [])
})

// biome-ignore lint/suspicious/noExplicitAny: servers as JSON
async function withoutHosts(fewer: TestCloud, one: any, other: any): Promise<void> {
  const { status } = await fewer.act(one, { 'os-stop': null })
  assert.equal(status, 202)
  const [action] = await fewer.actions(one.id)
  assert.equal(
    action.events[0].details,
    `The server's host does not answer. Nobody answers for ${one['OS-EXT-SRV-ATTR:host']}: start its agent, or move the server away.`,
  )
  const own = await fewer.ask('GET', `/servers/${one.id}/os-instance-actions/${action.request_id}`)
  assert.equal(
    own.body.instanceAction.events[0].details,
    "The server's host does not answer. Try again later.",
  )
  assert.equal((await fewer.show(one.id)).status, 'ACTIVE')
  await fewer.ask('DELETE', `/servers/${other.id}`)
  await fewer.settled()
  assert.equal((await fewer.ask('GET', `/servers/${other.id}`)).status, 404)
  for (let index = 0; index < 3; index += 1) {
    const built = await fewer.server()
    assert.deepEqual([built.status, built['OS-EXT-SRV-ATTR:host']], ['ACTIVE', 'host-1'])
  }
}

/** A conductor whose claims in placement wait for `until` first. */
const claiming = (until: () => Promise<unknown>): ConductorWrap => ({
  store: store => store,
  bus: bus => bus,
  client: client => ({
    async call(service, request) {
      if (service === 'placement' && request.method === 'PUT') await until()
      return client.call(service, request)
    },
  }),
})

test('a server deleted while a sibling claims room for both leaves nothing behind', async () => {
  await using data = await testData()
  const id = await onCloudThatDies(data, async before => {
    const { id: first } = await before.server({ min_count: 2 }, { wait: false })
    const { body } = await before.ask('GET', '/servers')
    const other = body.servers.find((server: { id: string }) => server.id !== first)
    assert.equal((await before.ask('DELETE', `/servers/${other.id}`)).status, 204)
    return other.id as string
  })
  // The sibling's turn lasts until the deletion is over, or has had time enough to be.
  const isDeleted = async () => {
    const path = `/servers/detail?all_tenants=1&deleted=1&uuid=${id}`
    const found = ready && (await ready.ask('GET', path, { as: 'admin' })).body.servers.length > 0
    return found === true
  }
  let ready: TestCloud | null = null
  const until = async () => {
    for (let looks = 0; looks < 40 && !(await isDeleted()); looks += 1)
      await new Promise(resolve => setTimeout(resolve, 5))
  }
  await using cloud = await startTestCloud({ data, wrap: claiming(until) })
  ready = cloud
  await cloud.settled()
  assert.equal(await isDeleted(), true)
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
  assert.deepEqual(await holdings(cloud), [])
})

for (const body of [{ shelve: null }, { createImage: { name: 'half' } }])
  test(`the image of a snapshot that was not accepted is gone after a restart: ${Object.keys(body)}`, async () => {
    await using data = await testData()
    let passes = Number.POSITIVE_INFINITY
    const never = new Promise<never>(() => {})
    const wrapStore = (store: Store): Store => ({
      ...store,
      accept: work => (passes-- > 0 ? store.accept(work) : never),
    })
    const before = await startTestCloud({ data, wrapStore })
    const { id } = await before.server()
    passes = 1 // the image service's own
    const asked = before.ask('POST', `/servers/${id}/action`, { body }).catch(() => null)
    while ((await imagesOf(before)).length < 2);
    await before.close(0)
    await asked
    await using cloud = await startTestCloud({ data })
    assert.equal((await imagesOf(cloud)).length, 1)
    assert.equal((await cloud.act({ id }, body)).status, 202)
    assert.deepEqual(
      (await imagesOf(cloud)).map(({ status }) => status),
      ['active', 'active'],
    )
  })

const imagesOf = async (cloud: TestCloud): Promise<readonly { readonly status: string }[]> =>
  (await cloud.ask('GET', '/image/v2/images', { as: 'admin' })).body.images

/** A cloud whose first claim in placement is never answered. */
async function onCloudThatDies<R>(data: TestData, body: (cloud: TestCloud) => Promise<R>): Promise<R> {
  const cloud = await startTestCloud({ data, wrap: claiming(() => new Promise(() => {})) })
  try {
    return await body(cloud)
  } finally {
    await cloud.close(0)
  }
}

async function onCloud<R>(options: TestCloudOptions, body: (cloud: TestCloud) => Promise<R>): Promise<R> {
  await using cloud = await startTestCloud(options)
  return await body(cloud)
}
