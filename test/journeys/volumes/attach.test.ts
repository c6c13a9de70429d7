// Volumes that come to a server and go from it while it is there.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { nothingLeaked, startTestCloud, type TestCloud } from '../../support/cloud.ts'
import { liftQuotas } from '../../support/quotas.ts'
import { assertRefused } from '../../support/refusals.ts'
import { type Storyteller, storyteller } from '../../support/story.ts'
import {
  actOnVolume,
  attach,
  attached,
  detach,
  disksOf,
  fromVolume,
  latestVolume,
  listAttached,
  looseEnds,
  makeVolume,
  showVolume,
  statusOf,
  update,
} from '../../support/volumes.ts'

const nowhere = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'

let cloud: TestCloud
let teller: Storyteller
before(async () => {
  cloud = await startTestCloud({ hosts: 2 })
  teller = await storyteller(cloud)
  await liftQuotas(cloud)
  const type = { name: 'shared', extra_specs: { multiattach: '<is> True' } }
  await cloud.ask('POST', '/volume/v3/types', { as: 'admin', body: { volume_type: type } })
})
after(() => cloud.close())

test('a volume is attached: reserved, connected, in the machine, and in use', async () => {
  const server = await cloud.server()
  const volume = await makeVolume(cloud)
  const story = await teller.tellOf(server, () => attach(cloud, server, volume, { tag: 'data' }))
  assert.deepEqual(story, {
    status: 200,
    states: [],
    action: 'attach_volume',
    events: ['compute_attach_volume Success home'],
    notifications: ['instance.volume_attach.start home', 'instance.volume_attach.end home'],
  })
  const shown = await showVolume(cloud, volume)
  const [mine] = shown.attachments
  const { 'OS-EXT-SRV-ATTR:host': host } = await cloud.show(server.id)
  assert.deepEqual(
    [shown.status, mine.server_id, mine.host_name, mine.device],
    ['in-use', server.id, host, '/dev/vdb'],
  )
  const [listed] = await listAttached(cloud, server)
  assert.deepEqual(listed, {
    volumeId: volume,
    serverId: server.id,
    device: '/dev/vdb',
    tag: 'data',
    delete_on_termination: false,
    attachment_id: mine.attachment_id,
    bdm_uuid: listed.bdm_uuid,
  })
  assert.deepEqual(await disksOf(cloud, server), ['vda', 'vdb'])
  const { 'os-extended-volumes:volumes_attached': attachedTo } = await cloud.show(server.id)
  assert.deepEqual(attachedTo, [{ id: volume, delete_on_termination: false }])
  const last = cloud.notifications.findLast(
    ({ event_type }) => event_type === 'compute.instance.volume.attach',
  ) as { payload: { volume_id: string } }
  assert.equal(last.payload.volume_id, volume)
  assert.deepEqual(await looseEnds(cloud), [])
})

test('what is answered, and shown, grows with the version', async () => {
  const server = await cloud.server()
  const show = async (volume: string, version: string) =>
    (await cloud.ask('GET', `/servers/${server.id}/os-volume_attachments/${volume}`, { version })).body
      .volumeAttachment
  const rows = [
    ['2.1', ['id', 'volumeId', 'serverId', 'device'], ['id', 'volumeId', 'serverId', 'device']],
    [
      '2.70',
      ['id', 'volumeId', 'serverId', 'device', 'tag'],
      ['id', 'volumeId', 'serverId', 'device', 'tag'],
    ],
    [
      '2.79',
      ['id', 'volumeId', 'serverId', 'device', 'tag', 'delete_on_termination'],
      ['id', 'volumeId', 'serverId', 'device', 'tag', 'delete_on_termination'],
    ],
    [
      '2.89',
      ['id', 'volumeId', 'serverId', 'device', 'tag', 'delete_on_termination'],
      ['volumeId', 'serverId', 'device', 'tag', 'delete_on_termination', 'attachment_id', 'bdm_uuid'],
    ],
  ] as const
  for (const [version, answered, shown] of rows) {
    const volume = await makeVolume(cloud)
    const answer = await attach(cloud, server, volume, {}, { version })
    assert.deepEqual([answer.status, Object.keys(answer.body.volumeAttachment)], [200, answered], version)
    assert.deepEqual(Object.keys(await show(volume, version)), shown, version)
  }
  const volume = await makeVolume(cloud)
  const later = await attach(cloud, server, volume, {}, { version: '2.101' })
  assert.deepEqual([later.status, later.text], [202, ''])
  await cloud.settled()
  assert.equal(await statusOf(cloud, volume), 'in-use')
  const volumes = async (version: string) =>
    (await cloud.ask('GET', `/servers/${server.id}`, { version })).body.server[
      'os-extended-volumes:volumes_attached'
    ][0]
  assert.deepEqual(
    [Object.keys(await volumes('2.2')), Object.keys(await volumes('2.3'))],
    [['id'], ['id', 'delete_on_termination']],
  )
})

test('tags are taken from 2.49 on, the flag from 2.79, and neither before', async () => {
  const server = await cloud.server()
  const volume = await makeVolume(cloud)
  for (const [version, more] of [
    ['2.48', { tag: 'data' }],
    ['2.78', { delete_on_termination: true }],
  ] as const) {
    const { status, text } = await attach(cloud, server, volume, more, { version })
    assert.deepEqual([status, /Additional properties are not allowed/.test(text)], [400, true], text)
  }
  const taken = await attach(cloud, server, volume, { tag: 'data' }, { version: '2.49' })
  assert.equal(taken.status, 200)
})

test('disks are called in a row; a name that is asked for is given, and one that is taken refused', async () => {
  const server = await cloud.server()
  const [one, two, three, four] = [
    await makeVolume(cloud),
    await makeVolume(cloud),
    await makeVolume(cloud),
    await makeVolume(cloud),
  ]
  const nameOf = async (volume: string, device?: string) =>
    (await attach(cloud, server, volume, device === undefined ? {} : { device })).body.volumeAttachment.device
  assert.deepEqual(
    [await nameOf(one), await nameOf(two, '/dev/vdf'), await nameOf(three)],
    ['/dev/vdb', '/dev/vdf', '/dev/vdc'],
  )
  assertRefused(await attach(cloud, server, four, { device: '/dev/vdb' }), 'DevicePathInUse')
  assertRefused(await attach(cloud, server, four, { device: '/dev/sda' }), 'DevicePathInUse')
  const strange = await attach(cloud, server, four, { device: 'b' })
  assert.equal(strange.status, 400)
  await cloud.settled()
  await detach(cloud, server, one)
  await cloud.settled()
  assert.equal(await nameOf(four), '/dev/vdb')
})

test('several volumes that come at once get a name each', async () => {
  const server = await cloud.server()
  const volumes = await Promise.all(Array.from({ length: 5 }, () => makeVolume(cloud)))
  const answers = await Promise.all(volumes.map(volume => attach(cloud, server, volume)))
  assert.deepEqual(answers.map(({ body }) => body.volumeAttachment.device).sort(), [
    '/dev/vdb',
    '/dev/vdc',
    '/dev/vdd',
    '/dev/vde',
    '/dev/vdf',
  ])
  await cloud.settled()
  const pages = await Promise.all(
    ['limit=2', 'limit=2&offset=4', 'offset=1', ''].map(async query => {
      const { body } = await cloud.ask('GET', `/servers/${server.id}/os-volume_attachments?${query}`)
      return body.volumeAttachments.length
    }),
  )
  assert.deepEqual(pages, [2, 1, 4, 5])
})

test('of two requests for one volume, one gets it', async () => {
  const [one, two] = [await cloud.server(), await cloud.server()]
  const volume = await makeVolume(cloud)
  const answers = await Promise.all([
    attach(cloud, one, volume),
    attach(cloud, one, volume),
    attach(cloud, two, volume),
  ])
  await cloud.settled()
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400])
  assert.deepEqual(await looseEnds(cloud), [])
})

test('volumes that cannot be are refused in Nova’s words', async () => {
  const [server, other] = [await cloud.server(), await cloud.server()]
  const mine = await attached(cloud, server)
  assertRefused(await attach(cloud, server, nowhere), 'VolumeNotFound')
  assertRefused(await attach(cloud, server, mine), 'VolumeAlreadyAttached')
  const taken = await attach(cloud, other, mine)
  assert.equal(taken.status, 400)
  assert.match(
    taken.body.badRequest.message,
    /^Invalid input received: Invalid volume: Volume \S+ status must be available or downloading to reserve, but the current status is in-use\. \(HTTP 400\) \(Request-ID: req-[0-9a-f-]{36}\)$/,
  )
  const theirs = await makeVolume(cloud, {}, 'admin')
  assertRefused(await attach(cloud, server, theirs), 'VolumeNotFound')
  assert.deepEqual(await listAttached(cloud, other), [])
  assertRefused(await detach(cloud, other, mine), 'VolumeNotOnServer')
  assertRefused(await detach(cloud, server, nowhere), 'VolumeNotFound')
  const shown = await cloud.ask('GET', `/servers/${other.id}/os-volume_attachments/${mine}`)
  assertRefused(shown, 'VolumeNotOnServer')
  assert.deepEqual(await looseEnds(cloud), [])
})

test('from 2.101 on a refusal of the volume service is in the record', async () => {
  const [server, other] = [await cloud.server(), await cloud.server()]
  const volume = await attached(cloud, other)
  const story = await teller.tellOf(server, () => attach(cloud, server, volume, {}, { version: '2.101' }))
  assert.deepEqual(
    [story.status, story.action, story.events],
    [202, 'attach_volume Error', ['compute_attach_volume Error home']],
  )
  const [{ events }] = await cloud.actions(server.id)
  assert.match(events[0].details, /current status is in-use/)
  assert.deepEqual([await listAttached(cloud, server), await looseEnds(cloud)], [[], []])
})

test('a server has as many disks as letters', async () => {
  const server = await cloud.server()
  const devices = Array.from({ length: 25 }, (_, at) => ({
    deviceName: `/dev/vd${String.fromCharCode(98 + at)}`,
    destination: 'volume',
  }))
  await cloud.cloud.store.db
    .updateTable('servers')
    .set({ block_devices_json: JSON.stringify(devices) })
    .where('id', '=', server.id)
    .execute()
  assertRefused(await attach(cloud, server, await makeVolume(cloud)), 'TooManyDiskDevices')
  await cloud.cloud.store.db
    .updateTable('servers')
    .set({ block_devices_json: '[]' })
    .where('id', '=', server.id)
    .execute()
})

test('a detached volume is available again; what it boots from stays', async () => {
  const server = await cloud.server(fromVolume(cloud))
  const volume = await attached(cloud, server)
  const story = await teller.tellOf(server, () => detach(cloud, server, volume))
  assert.deepEqual(story, {
    status: 202,
    states: [],
    action: 'detach_volume',
    events: ['compute_detach_volume Success home'],
    notifications: ['instance.volume_detach.start home', 'instance.volume_detach.end home'],
  })
  assert.deepEqual([await statusOf(cloud, volume), await disksOf(cloud, server)], ['available', ['vda']])
  const [root] = await listAttached(cloud, server)
  assertRefused(await detach(cloud, server, root.volumeId), 'RootVolumeDetach')
})

test('of two that detach a volume, the second comes too late', async () => {
  const server = await cloud.server()
  const volume = await attached(cloud, server)
  const answers = await Promise.all([detach(cloud, server, volume), detach(cloud, server, volume)])
  await cloud.settled()
  assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 404])
  assert.deepEqual([await statusOf(cloud, volume), await looseEnds(cloud)], ['available', []])
})

test('a volume that is not in use cannot be detached, and the record says so', async () => {
  const server = await cloud.server()
  const volume = await attached(cloud, server)
  await actOnVolume(cloud, volume, { 'os-reset_status': { status: 'error' } })
  const refused = await detach(cloud, server, volume)
  assert.equal(refused.status, 400)
  assert.match(refused.body.badRequest.message, /Volume status must be 'in-use'/)
  await actOnVolume(cloud, volume, { 'os-reset_status': { status: 'in-use' } })
  assert.equal((await detach(cloud, server, volume)).status, 202)
  await cloud.settled()
  assert.deepEqual(await looseEnds(cloud), [])
})

test('the volume service lets nobody but compute take away what a server uses', async () => {
  const server = await cloud.server()
  const volume = await attached(cloud, server)
  const [{ attachment_id }] = await listAttached(cloud, server)
  const path = `/volume/v3/attachments/${attachment_id}`
  assertRefused(await cloud.ask('DELETE', path, { headers: latestVolume }), 'VolumeAttachmentUsed')
  assertRefused(await actOnVolume(cloud, volume, { 'os-detach': null }, 'demo'), 'VolumeAttachmentUsed')
  assert.equal(await statusOf(cloud, volume), 'in-use')
})

test('states, locks and rights', async () => {
  const server = await cloud.server()
  const volume = await makeVolume(cloud)
  await cloud.act(server, { suspend: null })
  assertRefused(
    await attach(cloud, server, volume),
    'ServerWrongState',
    /'attach_volume'.*vm_state suspended/,
  )
  await cloud.act(server, { resume: null })
  await cloud.act(server, { lock: null }, 'admin')
  assertRefused(await attach(cloud, server, volume), 'ServerLocked')
  const byAdmin = await attach(cloud, server, volume, {}, { as: 'admin' })
  assert.equal(byAdmin.status, 200)
  assertRefused(await detach(cloud, server, volume), 'ServerLocked')
  await cloud.act(server, { unlock: null }, 'admin')
  for (const [before, back] of [
    [{ pause: null }, { unpause: null }],
    [{ 'os-stop': null }, { 'os-start': null }],
  ] as const) {
    await cloud.act(server, before)
    assert.equal((await detach(cloud, server, volume)).status, 202, JSON.stringify(before))
    await cloud.settled()
    assert.equal((await attach(cloud, server, volume)).status, 200, JSON.stringify(before))
    await cloud.settled()
    await cloud.act(server, back)
  }
  const deleted = await cloud.server()
  await cloud.ask('DELETE', `/servers/${deleted.id}`)
  await cloud.settled()
  assertRefused(await attach(cloud, deleted, volume), 'ServerNotFound')
})

test('a server that was shelved gets its volumes when it is unshelved, from 2.20 on', async () => {
  const server = await cloud.server()
  const before = await attached(cloud, server)
  await cloud.act(server, { shelve: null })
  assert.equal(await statusOf(cloud, before), 'reserved')
  const volume = await makeVolume(cloud)
  const early = await attach(cloud, server, volume, {}, { version: '2.19' })
  assertRefused(early, 'ServerWrongState', /vm_state shelved_offloaded/)
  assertRefused(await detach(cloud, server, before, { version: '2.19' }), 'ServerWrongState')
  assertRefused(await attach(cloud, server, volume, { tag: 'data' }), 'TaggedAttachToShelved')
  const shared = await makeVolume(cloud, { volume_type: 'shared' })
  assertRefused(await attach(cloud, server, shared), 'MultiattachToShelved')
  let answer: { body: { volumeAttachment: object } } | undefined
  const story = await teller.tellOf(server, async () => {
    const got = await attach(cloud, server, volume)
    answer = got
    return got
  })
  assert.deepEqual(
    [
      story.events,
      story.notifications,
      answer && Object.keys(answer.body.volumeAttachment).includes('device'),
    ],
    [['api_attach_volume Success controller'], [], false],
  )
  assert.equal(await statusOf(cloud, volume), 'in-use')
  const { events } = await teller.tellOf(server, () => detach(cloud, server, before))
  assert.deepEqual(events, ['api_detach_volume Success controller'])
  assert.equal(await statusOf(cloud, before), 'available')
  await cloud.act(server, { unshelve: null })
  assert.deepEqual(
    [await disksOf(cloud, server), (await listAttached(cloud, server))[0].device],
    [['vda', 'vdb'], '/dev/vdb'],
  )
  assert.deepEqual(await looseEnds(cloud), [])
})

test('a volume of a type for several servers is attached to several, from 2.60 on', async () => {
  const [one, two] = [await cloud.server(), await cloud.server()]
  const volume = await makeVolume(cloud, { volume_type: 'shared' })
  assertRefused(await attach(cloud, one, volume, {}, { version: '2.59' }), 'MultiattachTooOld')
  for (const server of [one, two])
    assert.equal((await attach(cloud, server, volume, {}, { version: '2.60' })).status, 200)
  await cloud.settled()
  assert.equal((await showVolume(cloud, volume)).attachments.length, 2)
  assert.equal((await detach(cloud, one, volume)).status, 202)
  await cloud.settled()
  const left = await showVolume(cloud, volume)
  assert.deepEqual([left.status, left.attachments.length], ['in-use', 1])
  assert.deepEqual(await looseEnds(cloud), [])
})

test('whether a volume goes with its server can be changed from 2.85 on, and nothing else', async () => {
  const server = await cloud.server()
  const volume = await attached(cloud, server)
  const flag = { delete_on_termination: true }
  const early = await update(cloud, server, volume, flag, { version: '2.84' })
  assert.equal(early.status, 400)
  const rows = [
    [{ device: '/dev/vdz' }, /^The device property is not mutable$/],
    [{ tag: 'other' }, /^The tag property is not mutable$/],
    [{ id: nowhere }, /^The id property is not mutable$/],
    [{ serverId: nowhere }, /^The serverId property is not mutable$/],
  ] as const
  for (const [more, says] of rows)
    assertRefused(await update(cloud, server, volume, { ...flag, ...more }), 'AttachmentPropertyFixed', says)
  const same = { id: volume, serverId: server.id, device: '/dev/vdb' }
  assert.equal((await update(cloud, server, volume, { ...flag, ...same })).status, 202)
  assert.equal((await listAttached(cloud, server))[0].delete_on_termination, true)
  assertRefused(await update(cloud, server, nowhere, flag), 'VolumeNotOnServer')
  await cloud.ask('DELETE', `/servers/${server.id}`)
  await cloud.settled()
  assert.equal(await statusOf(cloud, volume), undefined)
})

test('a server that is deleted gives its volumes back, or takes them along', async () => {
  const server = await cloud.server()
  const kept = await attached(cloud, server)
  const gone = await makeVolume(cloud)
  await attach(cloud, server, gone, { delete_on_termination: true })
  await cloud.settled()
  await cloud.ask('DELETE', `/servers/${server.id}`)
  await cloud.settled()
  assert.deepEqual([await statusOf(cloud, kept), await statusOf(cloud, gone)], ['available', undefined])
  assert.deepEqual([await cloud.leaks(), await looseEnds(cloud)], [nothingLeaked, []])
})

test('what others have is not seen', async () => {
  const server = await cloud.server({}, { as: 'admin' })
  const path = `/servers/${server.id}/os-volume_attachments`
  assertRefused(await cloud.ask('GET', path), 'ServerNotFound')
  assertRefused(await attach(cloud, server, await makeVolume(cloud)), 'ServerNotFound')
})
