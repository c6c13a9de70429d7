import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { roomOf } from '../../support/room.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud({ hosts: 2 })
after(() => cloud.close())
const { tell } = await storyteller(cloud)

const imagesOf = async (on: typeof cloud, name: string) =>
  (await on.ask('GET', `/image/v2/images?name=${name}`, { as: 'admin' })).body.images

test('a shelved server gives its host back and comes back from its image, with its ports', async () => {
  const server = await cloud.server({ name: 'shelf' })
  const { addresses } = await cloud.show(server.id)
  assert.deepEqual(await tell(server, { shelve: null }), {
    status: 202,
    states: [
      'active/shelving',
      'active/shelving_image_pending_upload',
      'active/shelving_image_uploading',
      'shelved/shelving_offloading',
      'shelved_offloaded/-',
    ],
    action: 'shelve',
    events: ['compute_shelve_instance Success home'],
    notifications: [
      'instance.shelve.start home',
      'instance.shelve.end home',
      'instance.shelve_offload.start home',
      'instance.shelve_offload.end home',
    ],
  })
  const shelved = await cloud.show(server.id)
  assert.deepEqual(
    [shelved.status, shelved['OS-EXT-SRV-ATTR:host'], shelved.addresses],
    ['SHELVED_OFFLOADED', null, addresses],
  )
  assert.deepEqual(await roomOf(cloud, server.id), { claims: 0, allocations: 0, machines: 0 })
  assert.equal((await imagesOf(cloud, 'shelf-shelved'))[0].status, 'active')
  assert.deepEqual(await tell(server, { unshelve: null }), {
    status: 202,
    states: ['shelved_offloaded/unshelving', 'shelved_offloaded/spawning', 'active/-'],
    action: 'unshelve',
    events: [
      'get_image_info Success controller',
      'schedule_instances Success controller',
      'compute_unshelve_instance Success home',
    ],
    notifications: ['instance.unshelve.start home', 'instance.unshelve.end home'],
  })
  const back = await cloud.show(server.id)
  assert.deepEqual([back.status, back.addresses], ['ACTIVE', addresses])
  assert.deepEqual(await roomOf(cloud, server.id), { claims: 1, allocations: 1, machines: 1 })
  assert.deepEqual(await imagesOf(cloud, 'shelf-shelved'), [])
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('deleting a shelved server removes its image', async () => {
  const server = await cloud.server({ name: 'gone' })
  await cloud.act(server, { shelve: null })
  await cloud.ask('DELETE', `/servers/${server.id}`)
  await cloud.settled()
  assert.deepEqual(await imagesOf(cloud, 'gone-shelved'), [])
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('where servers are not offloaded at once, shelving keeps the host until an administrator says so', async () => {
  await using kept = await startTestCloud({ compute: { shelvedOffloadSeconds: -1 } })
  const teller = await storyteller(kept)
  const server = await kept.server({ name: 'kept' })
  const story = await teller.tell(server, { shelve: null })
  assert.deepEqual(story.states.slice(-2), ['active/shelving_image_uploading', 'shelved/-'])
  assert.deepEqual(story.notifications, ['instance.shelve.start home', 'instance.shelve.end home'])
  assert.deepEqual(await teller.tell(server, { unshelve: null }), {
    status: 202,
    states: ['shelved/unshelving', 'shelved/powering-on', 'active/-'],
    action: 'unshelve',
    events: ['compute_start_instance Success home'],
    notifications: ['instance.power_on.start home', 'instance.power_on.end home'],
  })
  assert.deepEqual(await imagesOf(kept, 'kept-shelved'), [])
  await kept.act(server, { shelve: null })
  assert.equal((await kept.act(server, { shelveOffload: null })).status, 403)
  assert.deepEqual(await teller.tell(server, { shelveOffload: null }, 'admin'), {
    status: 202,
    states: ['shelved/shelving_offloading', 'shelved_offloaded/-'],
    action: 'shelveOffload',
    events: ['compute_shelve_offload_instance Success home'],
    notifications: ['instance.shelve_offload.start home', 'instance.shelve_offload.end home'],
  })
  assert.deepEqual(await kept.leaks(), nothingLeaked)
})

test('no room to come back to: the server stays shelved, and the action says why', async () => {
  await using small = await startTestCloud({ hostRamMb: 512 + 512, hostVcpus: 4 })
  const teller = await storyteller(small)
  const server = await small.server()
  await small.act(server, { shelve: null })
  await small.server()
  const story = await teller.tell(server, { unshelve: null })
  assert.deepEqual(
    [story.states, story.action, story.events],
    [
      ['shelved_offloaded/unshelving', 'shelved_offloaded/-'],
      'unshelve Error',
      ['get_image_info Success controller', 'schedule_instances Error controller'],
    ],
  )
  const shown = await small.show(server.id)
  assert.deepEqual([shown.status, shown.fault], ['SHELVED_OFFLOADED', undefined])
})

test('the image is gone: the server ends in ERROR and says so, with no task left', async () => {
  const server = await cloud.server({ name: 'lost' })
  await cloud.act(server, { shelve: null })
  const [image] = await imagesOf(cloud, 'lost-shelved')
  await cloud.ask('DELETE', `/image/v2/images/${image.id}`)
  const story = await tell(server, { unshelve: null })
  assert.deepEqual(story.events, ['get_image_info Error controller'])
  const shown = await cloud.show(server.id)
  assert.deepEqual(
    [shown.status, shown['OS-EXT-STS:task_state'], shown.fault.message],
    ['ERROR', null, `Unshelve attempted but the image ${image.id} cannot be found.`],
  )
})
