// What other services tell of servers.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestCloud } from '../support/cloud.ts'
import { sampleIn, shape } from '../support/samples.ts'
import { storyteller } from '../support/story.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

const cloud = await startTestCloud()
after(() => cloud.close())
const teller = await storyteller(cloud)
const nowhere = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'
const send = (events: readonly object[], version = 'latest', as: 'admin' | 'demo' = 'admin') =>
  cloud.ask('POST', '/os-server-external-events', { as, body: { events }, version })
const messageOf = (body: Json): string => (Object.values(body)[0] as Json).message
const bare = () => cloud.server({ networks: 'none' })

test('an event is answered as it was told, with what became of it', async () => {
  const { id } = await bare()
  const answer = await send([{ name: 'network-changed', server_uuid: id, tag: 'foo', status: 'completed' }])
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.body.events, [
    { name: 'network-changed', server_uuid: id, tag: 'foo', status: 'completed', code: 200 },
  ])
  assert.deepEqual(shape(answer.body), shape(sampleIn('os-server-external-events', '', 'event-create-resp')))
})

test('each event is answered for itself; one that cannot be taken makes it a 207, and none at all a 404', async () => {
  const here = await bare()
  const away = await bare()
  await cloud.act(away, { shelve: null })
  const answer = await send([
    { name: 'network-vif-plugged', server_uuid: here.id },
    { name: 'network-vif-plugged', server_uuid: nowhere },
    { name: 'network-vif-plugged', server_uuid: away.id },
    { name: 'volume-extended', server_uuid: here.id },
  ])
  assert.equal(answer.status, 207)
  assert.deepEqual(
    answer.body.events.map(({ code, status }: Json) => `${code} ${status}`),
    ['200 completed', '404 failed', '422 failed', '400 failed'],
  )
  const none = await send([{ name: 'network-changed', server_uuid: nowhere }])
  assert.deepEqual([none.status, messageOf(none.body)], [404, 'No instances found for any event'])
})

test('events come with their versions, and from services only', async () => {
  const { id } = await bare()
  for (const [name, before, from] of [
    ['volume-extended', '2.50', '2.51'],
    ['power-update', '2.75', '2.76'],
    ['accelerator-request-bound', '2.81', '2.82'],
    ['volume-reimaged', '2.92', '2.93'],
  ] as const) {
    const events = [{ name, server_uuid: id, tag: nowhere }]
    assert.deepEqual([(await send(events, before)).status, (await send(events, from)).status], [400, 200])
  }
  const refused = await send([{ name: 'network-changed', server_uuid: id }], 'latest', 'demo')
  assert.deepEqual(
    [refused.status, messageOf(refused.body)],
    [403, "Policy doesn't allow os_compute_api:os-server-external-events:create to be performed."],
  )
})

test('a network event has the ports read again', async () => {
  const { networks } = (await cloud.ask('GET', '/network/v2.0/networks?name=private')).body
  const server = await cloud.server({ networks: [{ uuid: networks[0].id }] })
  const { addresses } = await cloud.show(server.id)
  await cloud.cloud.store.db
    .updateTable('servers')
    .set({ network_json: '[]' })
    .set(eb => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', server.id)
    .execute()
  assert.deepEqual((await cloud.show(server.id)).addresses, {})
  await send([{ name: 'network-changed', server_uuid: server.id }])
  while (Object.keys((await cloud.show(server.id)).addresses).length === 0)
    await new Promise(resolve => setTimeout(resolve, 5))
  assert.deepEqual((await cloud.show(server.id)).addresses, addresses)
})

test('a server follows its machine when that is powered off and on from outside', async () => {
  const server = await bare()
  const driver = cloud.cloud.drivers.get('host-1')
  const update = (tag: string) =>
    teller.tellOf(server, () => send([{ name: 'power-update', server_uuid: server.id, tag }]))
  await driver?.stop(server.id)
  assert.deepEqual(await update('POWER_OFF'), {
    status: 200,
    states: ['stopped/-'],
    action: 'stop',
    events: ['compute_power_update Success home'],
    notifications: ['instance.power_off.start home', 'instance.power_off.end home'],
  })
  await driver?.start(server.id)
  assert.deepEqual((await update('POWER_ON')).states, ['active/-'])
  const untrue = await update('POWER_OFF')
  assert.deepEqual([untrue.action, untrue.states], ['stop Error', []])
  const [action] = await cloud.actions(server.id)
  assert.equal(action.events[0].details, 'The machine is not as POWER_OFF says.')
})
