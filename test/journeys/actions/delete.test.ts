import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud({ hosts: 2 })
after(() => cloud.close())
const { tellOf } = await storyteller(cloud)
const remove = (id: string) => cloud.ask('DELETE', `/servers/${id}`)

test('a server is deleted; its actions stay, for its owner too', async () => {
  const server = await cloud.server()
  assert.deepEqual(await tellOf(server, () => remove(server.id)), {
    status: 204,
    states: ['active/deleting', 'deleted/-'],
    action: 'delete',
    events: ['compute_terminate_instance Success home'],
    notifications: [
      'instance.delete.start home',
      'instance.shutdown.start home',
      'instance.shutdown.end home',
      'instance.delete.end home',
    ],
  })
  assert.equal((await cloud.ask('GET', `/servers/${server.id}`)).status, 404)
  const list = await cloud.ask('GET', `/servers/${server.id}/os-instance-actions`)
  assert.deepEqual(
    list.body.instanceActions.map(({ action }: { action: string }) => action),
    ['delete', 'create'],
  )
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a server that is on no host is deleted without one: an action, no events', async () => {
  const server = await cloud.server({
    flavorRef: '5',
    metadata: { 'faultline:fail': 'select_destinations:NoValidHost' },
  })
  assert.equal(server.status, 'ERROR')
  const { states, events, notifications } = await tellOf(server, () => remove(server.id))
  assert.deepEqual(
    { states, events, notifications },
    {
      states: ['error/deleting', 'deleted/-'],
      events: [],
      notifications: ['instance.delete.start controller', 'instance.delete.end controller'],
    },
  )
})

test('asking again while it is deleted changes nothing', async () => {
  const server = await cloud.server()
  const answers = await Promise.all([remove(server.id), remove(server.id), remove(server.id)])
  await cloud.settled()
  assert.ok(answers.every(({ status }) => status === 204 || status === 404))
  const deletions = (await cloud.actions(server.id)).filter(({ action }) => action === 'delete')
  assert.equal(deletions.length, 1)
})

test('a deletion comes before whatever is going on, and leaves nothing of it', async () => {
  await using slow = await startTestCloud({ hosts: 2, stepMs: 30 })
  const image = slow.imageId
  for (const [body, events] of [
    [null, []],
    [{ resize: { flavorRef: '2' } }, []],
    [{ migrate: null }, []],
    [{ shelve: null }, []],
    [{ rebuild: { imageRef: image } }, []],
    [{ createImage: { name: 'late' } }, []],
    [{ suspend: null }, []],
  ] as const) {
    const server = await slow.server({}, { wait: body !== null })
    if (body) {
      const answer = await slow.ask('POST', `/servers/${server.id}/action`, { as: 'admin', body })
      assert.ok(answer.status < 300, answer.text)
    }
    await new Promise(resolve => setTimeout(resolve, 10))
    assert.equal((await slow.ask('DELETE', `/servers/${server.id}`)).status, 204)
    await slow.settled()
    assert.equal((await slow.ask('GET', `/servers/${server.id}`)).status, 404)
    for (const action of await slow.actions(server.id)) {
      assert.ok(action.finish_time !== null)
      for (const event of action.events) assert.ok(event.finish_time, `${event.event} is closed`)
    }
    assert.deepEqual(await slow.leaks(), nothingLeaked, JSON.stringify([body, events]))
  }
  const { body } = await slow.ask('GET', '/image/v2/images', { as: 'admin' })
  assert.deepEqual(
    body.images.map(({ id }: { id: string }) => id),
    [image],
  )
})

test('a server whose host is down is deleted without it', async () => {
  const server = await cloud.server()
  const host = (await cloud.show(server.id))['OS-EXT-SRV-ATTR:host']
  const { body } = await cloud.ask('GET', `/os-services?host=${host}`, { as: 'admin' })
  const force = (forced_down: boolean) =>
    cloud.ask('PUT', `/os-services/${body.services[0].id}`, { as: 'admin', body: { forced_down } })
  assert.equal((await force(true)).status, 200)
  const { events, states } = await tellOf(server, () => remove(server.id))
  await force(false)
  assert.deepEqual({ events, states }, { events: [], states: ['active/deleting', 'deleted/-'] })
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})
