import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud({ hosts: 3 })
after(() => cloud.close())
const { create } = await storyteller(cloud)

test('a server is built: its states, its one event, its notifications', async () => {
  const { story, server } = await create()
  assert.deepEqual(story, {
    status: 202,
    states: [
      'building/scheduling',
      'building/-',
      'building/networking',
      'building/block_device_mapping',
      'building/spawning',
      'active/-',
    ],
    action: 'create',
    events: ['compute__do_build_and_run_instance Success home'],
    notifications: ['instance.create.start home', 'instance.create.end home'],
  })
  const shown = await cloud.show(server.id)
  assert.deepEqual([shown.status, shown['OS-EXT-STS:power_state'], shown.progress], ['ACTIVE', 1, 0])
  assert.ok(shown['OS-SRV-USG:launched_at'])
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a host that fails once is left for the next; what it had is given back', async () => {
  const { story, server } = await create({ metadata: { 'faultline:fail': 'spawn:LibvirtError:once' } })
  assert.deepEqual(story.states, [
    'building/scheduling',
    'building/-',
    'building/networking',
    'building/block_device_mapping',
    'building/spawning',
    'building/scheduling',
    'building/-',
    'building/networking',
    'building/block_device_mapping',
    'building/spawning',
    'active/-',
  ])
  assert.deepEqual(story.events, [
    'compute__do_build_and_run_instance Success away',
    'compute__do_build_and_run_instance Success home',
  ])
  assert.deepEqual(story.notifications, [
    'instance.create.start away',
    'instance.create.error away',
    'instance.create.start home',
    'instance.create.end home',
  ])
  assert.equal((await cloud.show(server.id)).fault, undefined)
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('after three hosts the build is given up, and the server is on none', async () => {
  const { story, server } = await create({ metadata: { 'faultline:fail': 'spawn:LibvirtError' } })
  assert.equal(story.events.length, 3)
  assert.equal(story.action, 'create')
  assert.equal(story.states.filter(state => state === 'building/spawning').length, 3)
  assert.deepEqual(story.states.at(-1), 'error/-')
  assert.equal(story.notifications.at(-1), 'compute_task.build_instances.error controller')
  const shown = await cloud.show(server.id)
  assert.deepEqual(
    [shown.status, shown['OS-EXT-SRV-ATTR:host'], shown.fault.code, shown.fault.message],
    [
      'ERROR',
      null,
      500,
      `Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance ${server.id}.`,
    ],
  )
  assert.deepEqual(shown.addresses, {})
  await cloud.ask('DELETE', `/servers/${server.id}`)
  await cloud.settled()
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('an error that no other host can mend ends the build at once', async () => {
  const { story, server } = await create({ metadata: { 'faultline:fail': 'spawn:ImageUnacceptable' } })
  assert.deepEqual(story.events, ['compute__do_build_and_run_instance Success away'])
  const { fault } = await cloud.show(server.id)
  assert.equal(
    fault.message,
    `Build of instance ${server.id} aborted: Image ${cloud.imageId} is unacceptable: asked for by faultline:fail`,
  )
})

test('sent to one host by force there is no retry, and the reason is told as it is', async () => {
  const answer = await cloud.ask('POST', '/servers', {
    as: 'admin',
    body: {
      server: {
        name: 'forced',
        flavorRef: '1',
        imageRef: cloud.imageId,
        networks: 'none',
        availability_zone: 'nova:host-2',
        metadata: { 'faultline:fail': 'spawn:LibvirtError' },
      },
    },
  })
  await cloud.settled()
  const { fault } = await cloud.show(answer.body.server.id)
  assert.equal(fault.message, 'asked for by faultline:fail at spawn')
})

test('servers of one request are placed together', async () => {
  const answer = await cloud.ask('POST', '/servers', {
    body: {
      server: { name: 'many', flavorRef: '1', imageRef: cloud.imageId, networks: 'none', min_count: 5 },
    },
  })
  assert.equal(answer.status, 202)
  await cloud.settled()
  const { body } = await cloud.ask('GET', '/servers/detail?name=many-')
  assert.deepEqual(
    body.servers.map(({ status }: { status: string }) => status),
    Array.from({ length: 5 }, () => 'ACTIVE'),
  )
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('when there is no room for all of them, none is built, and nothing is held', async () => {
  await using small = await startTestCloud({ hosts: 2, hostRamMb: 512 + 2 * 512, hostVcpus: 8 })
  const answer = await small.ask('POST', '/servers', {
    body: {
      server: { name: 'many', flavorRef: '1', imageRef: small.imageId, networks: 'none', min_count: 5 },
    },
  })
  assert.equal(answer.status, 202)
  await small.settled()
  const { body } = await small.ask('GET', '/servers/detail?name=many-')
  assert.deepEqual(
    body.servers.map(({ status }: { status: string }) => status),
    Array.from({ length: 5 }, () => 'ERROR'),
  )
  for (const { id } of body.servers) {
    const [{ action, message, events }] = await small.actions(id)
    assert.deepEqual(
      [action, message, events.map(({ event, result }: Record<string, string>) => `${event} ${result}`)],
      ['create', 'Error', ['conductor_schedule_and_build_instances Error']],
    )
  }
  // All the room is there still.
  const four = await small.ask('POST', '/servers', {
    body: {
      server: { name: 'four', flavorRef: '1', imageRef: small.imageId, networks: 'none', min_count: 4 },
    },
  })
  assert.equal(four.status, 202)
  await small.settled()
  const built = await small.ask('GET', '/servers/detail?name=four-')
  assert.ok(built.body.servers.every(({ status }: { status: string }) => status === 'ACTIVE'))
})
