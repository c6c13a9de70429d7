// PostgreSQL may end a transaction to end a deadlock, and it is run again then. Here that happens to every one of them:
// the life of a server goes as it does otherwise, event by event, and leaves the same rows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Account, nothingLeaked, startTestCloud, type TestCloud } from '../support/cloud.ts'
import { testData } from '../support/data.ts'
import { wiring } from '../support/ports.ts'
import { holdings } from '../support/room.ts'
import { type Story, type Storyteller, storyteller } from '../support/story.ts'

/** A server's life, and where it ends badly: refusals and failures have transactions of their own. */
const life: readonly (readonly [body: unknown, as?: Account])[] = [
  [{ resize: { flavorRef: '2' } }],
  [{ confirmResize: null }],
  [{ resize: { flavorRef: '1' } }],
  [{ revertResize: null }],
  [{ migrate: null }, 'admin'],
  [{ confirmResize: null }],
  [{ resize: { flavorRef: '5' } }],
  [{ 'os-stop': null }],
  [{ 'os-stop': null }],
  [{ 'os-start': null }],
  [{ lock: { locked_reason: 'mine' } }],
  [{ unlock: null }],
  [{ createImage: { name: 'kept' } }],
  [{ shelve: null }],
  [{ unshelve: null }],
  [{ rebuild: { imageRef: 'IMAGE', metadata: { 'faultline:fail': 'spawn:LibvirtError:once' } } }],
  [{ 'os-resetState': { state: 'active' } }, 'admin'],
  [{ reboot: { type: 'HARD' } }],
]

interface Record {
  readonly stories: readonly Story[]
  readonly rows: readonly string[]
  readonly messages: readonly string[]
}

test('a server lives the same life when every transaction is run twice', async () => {
  const [once, twice] = [await live(false), await live(true)]
  for (const [index, story] of once.stories.entries()) assert.deepEqual(twice.stories[index], story)
  assert.deepEqual(twice.rows, once.rows)
  assert.deepEqual(twice.messages, once.messages)
})

async function live(isTwice: boolean): Promise<Record> {
  await using data = await testData()
  await using cloud = await startTestCloud({ hosts: 2, hostRamMb: 8192, data, twice: isTwice })
  const teller = await storyteller(cloud)
  const { server, story } = await teller.create({ networks: [{ uuid: await privateNetwork(cloud) }] })
  await address(cloud, server)
  await cloud.server({ min_count: 3 })
  const stories = [story, ...(await through(cloud, teller, server))]
  stories.push(await teller.tellOf(server, () => cloud.ask('DELETE', `/servers/${server.id}`)))
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
  assert.deepEqual(await holdings(cloud), [])
  assert.deepEqual(await wiring(cloud), [])
  return { stories, rows: await rowsOf(cloud), messages: kindsOf(cloud) }
}

async function through(
  cloud: TestCloud,
  teller: Storyteller,
  server: { readonly id: string },
): Promise<readonly Story[]> {
  const stories: Story[] = []
  for (const [body, as] of life) {
    const named = JSON.parse(JSON.stringify(body).replace('IMAGE', cloud.imageId))
    stories.push(await teller.tell(server, named, as))
  }
  return stories
}

const privateNetwork = async (cloud: TestCloud): Promise<string> =>
  (await cloud.ask('GET', '/network/v2.0/networks?name=private')).body.networks[0].id

/** A floating address, with which the network service tells compute of changes. */
async function address(cloud: TestCloud, server: { readonly id: string }): Promise<void> {
  const outside = (await cloud.ask('GET', '/network/v2.0/networks?name=public')).body.networks[0].id
  const [port] = (await cloud.ask('GET', `/network/v2.0/ports?device_id=${server.id}`)).body.ports
  const floatingip = { floating_network_id: outside, port_id: port.id }
  const answer = await cloud.ask('POST', '/network/v2.0/floatingips', { body: { floatingip } })
  assert.equal(answer.status, 201, answer.text)
}

/** How many rows each table has; counters and their like show what was counted twice. */
async function rowsOf(cloud: TestCloud): Promise<readonly string[]> {
  const { db } = cloud.cloud.store
  const counts: string[] = []
  for (const { name } of await db.introspection.getTables()) {
    const { rows } = await db
      .selectFrom(name)
      .select(eb => eb.fn.countAll().as('rows'))
      .executeTakeFirstOrThrow()
    counts.push(`${name} ${rows}`)
  }
  const counters = await db.selectFrom('counters').selectAll().execute()
  const usages = await db.selectFrom('network_usages').select(['resource', 'used']).execute()
  return [
    ...counts,
    ...counters.map(({ name, value }) => `counter ${name.replace(/[0-9a-f]{32}/, 'ID')} ${value}`),
    ...usages.map(({ resource, used }) => `used ${resource} ${used}`),
  ].sort()
}

const kindsOf = (cloud: TestCloud): readonly string[] =>
  cloud.notifications.map(({ event_type }) => String(event_type)).sort()
