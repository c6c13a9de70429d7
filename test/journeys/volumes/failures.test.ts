// Operations on volumes failing at each of their steps: how the server is left, what is told, and that nothing of it
// stays: no attachment, no reserved volume, no disk.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { failureKey } from '../../../src/compute/failures.ts'
import type { Client } from '../../../src/platform/http/client.ts'
import { type Account, nothingLeaked, startTestCloud, type TestCloud } from '../../support/cloud.ts'
import { liftQuotas } from '../../support/quotas.ts'
import { assertRefused } from '../../support/refusals.ts'
import { storyteller } from '../../support/story.ts'
import {
  actOnVolume,
  attach,
  attached,
  detach,
  disksOf,
  fromVolume,
  listAttached,
  looseEnds,
  makeVolume,
  statusOf,
  update,
} from '../../support/volumes.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

const cloud = await startTestCloud({ hosts: 3 })
after(() => cloud.close())
await liftQuotas(cloud)
const { tellOf } = await storyteller(cloud)

const failing = (id: string, value: string | null) =>
  cloud.cloud.store.db
    .updateTable('servers')
    .set({ metadata_json: JSON.stringify(value === null ? {} : { [failureKey]: value }) })
    .where('id', '=', id)
    .execute()

/** What owner and administrator read of the newest action's failure. */
async function detailsOf(id: string): Promise<readonly [string, string]> {
  const [{ request_id }] = await cloud.actions(id)
  const read = async (as: Account) => {
    const { body } = await cloud.ask('GET', `/servers/${id}/os-instance-actions/${request_id}`, { as })
    return body.instanceAction.events.findLast(({ result }: Json) => result === 'Error')?.details
  }
  return [await read('demo'), await read('admin')]
}

for (const [fail, details] of [
  ['reserve_volume:RuntimeError', 'RuntimeError'],
  ['compute_attach_volume:RuntimeError', 'RuntimeError'],
  ['connect_volume:VolumeDeviceNotFound', 'VolumeDeviceNotFound'],
  ['attachVolume:LibvirtError', 'LibvirtError'],
  ['complete_volume:RuntimeError', 'RuntimeError'],
] as const)
  test(`attaching a volume, with ${fail}`, async () => {
    const server = await cloud.server()
    const volume = await makeVolume(cloud)
    await failing(server.id, fail)
    const story = await tellOf(server, () => attach(cloud, server, volume, {}, { version: '2.101' }))
    assert.deepEqual(
      [story.action, story.events],
      ['attach_volume Error', ['compute_attach_volume Error home']],
    )
    assert.deepEqual(await detailsOf(server.id), [details, details])
    assert.deepEqual(
      [await listAttached(cloud, server), await disksOf(cloud, server), await statusOf(cloud, volume)],
      [[], ['vda'], 'available'],
    )
    const [{ status, fault }, ends] = [await cloud.show(server.id), await looseEnds(cloud)]
    assert.deepEqual([status, fault, ends], ['ACTIVE', undefined, []])
    const isOnHost = !fail.startsWith('reserve') && !fail.startsWith('compute_')
    assert.equal(story.notifications.includes('instance.volume_attach.error home'), isOnHost)
    await failing(server.id, null)
    assert.equal((await attach(cloud, server, volume)).status, 200)
    await cloud.settled()
  })

test('a host that cannot attach: before 2.101 the volume is answered, and the record tells', async () => {
  const server = await cloud.server({ metadata: { [failureKey]: 'attachVolume:LibvirtError' } })
  const volume = await makeVolume(cloud)
  assert.equal((await attach(cloud, server, volume)).status, 200)
  await cloud.settled()
  assert.deepEqual([await listAttached(cloud, server), await looseEnds(cloud)], [[], []])
  const refused = await cloud.server({ metadata: { [failureKey]: 'reserve_volume:RuntimeError' } })
  assert.equal((await attach(cloud, refused, volume)).status, 500)
})

for (const [fail, details] of [
  ['begin_detaching:RuntimeError', 'RuntimeError'],
  ['compute_detach_volume:RuntimeError', 'RuntimeError'],
  ['detachVolume:LibvirtError', 'LibvirtError'],
  ['release_volume:RuntimeError', 'RuntimeError'],
] as const)
  test(`detaching a volume, with ${fail}: it stays`, async () => {
    const server = await cloud.server()
    const volume = await attached(cloud, server)
    await failing(server.id, fail)
    const story = await tellOf(server, () => detach(cloud, server, volume))
    assert.deepEqual(
      [story.action, story.events],
      ['detach_volume Error', ['compute_detach_volume Error home']],
    )
    assert.deepEqual(await detailsOf(server.id), [details, details])
    assert.deepEqual(
      [await disksOf(cloud, server), await statusOf(cloud, volume), await looseEnds(cloud)],
      [['vda', 'vdb'], 'in-use', []],
    )
    await failing(server.id, null)
    await detach(cloud, server, volume)
    await cloud.settled()
    assert.equal(await statusOf(cloud, volume), 'available')
  })

for (const [fail, left, fault] of [
  ['reserve_volume:RuntimeError', 'error', 'RuntimeError'],
  ['block_device_mapping:LibvirtError', 'error', /^Exceeded maximum number of retries\./],
  ['block_device_mapping:LibvirtError:once', 'active', null],
  ['create_volume:RuntimeError', 'error', /^Exceeded maximum number of retries\./],
  ['connect_volume:VolumeDeviceNotFound', 'error', /^Exceeded maximum number of retries\./],
  ['connect_volume:VolumeDeviceNotFound:once', 'active', null],
  ['spawn:LibvirtError', 'error', /^Exceeded maximum number of retries\./],
  ['spawn:LibvirtError:once', 'active', null],
  ['spawn:ImageUnacceptable', 'error', /^Build of instance .* aborted: Image/],
] as const)
  test(`a server with volumes, with ${fail}: ${left}`, async () => {
    const data = await makeVolume(cloud)
    const [root] = (fromVolume(cloud) as Json).block_device_mapping_v2
    const server = await cloud.server({
      imageRef: '',
      block_device_mapping_v2: [root, { uuid: data, source_type: 'volume', destination_type: 'volume' }],
      metadata: { [failureKey]: fail },
    })
    assert.equal(server['OS-EXT-STS:vm_state'], left)
    if (fault === null) assert.equal(server.fault, undefined)
    else assert.match(server.fault.message, fault instanceof RegExp ? fault : new RegExp(`^${fault}$`))
    assert.deepEqual(
      [await statusOf(cloud, data), await looseEnds(cloud)],
      [left === 'active' ? 'in-use' : 'available', []],
    )
    await failing(server.id, null)
    await cloud.ask('DELETE', `/servers/${server.id}`)
    await cloud.settled()
    assert.deepEqual(
      [await statusOf(cloud, data), await looseEnds(cloud), await cloud.leaks()],
      ['available', [], nothingLeaked],
    )
    const { volumes } = (await cloud.ask('GET', '/volume/v3/volumes')).body
    assert.ok(
      volumes.every(({ name }: Json) => name !== ''),
      'the volume that was made is gone',
    )
    await cloud.ask('DELETE', `/volume/v3/volumes/${data}`)
    await cloud.settled()
  })

const moves: readonly (readonly [name: string, body: object, fail: string, as?: Account])[] = [
  ['resize', { resize: { flavorRef: '2' } }, 'pack:LibvirtError'],
  ['resize', { resize: { flavorRef: '2' } }, 'reserve_volume:RuntimeError'],
  ['resize', { resize: { flavorRef: '2' } }, 'spawn:LibvirtError'],
  ['resize', { resize: { flavorRef: '2' } }, 'connect_volume:VolumeDeviceNotFound'],
  ['shelve', { shelve: null }, 'destroy:LibvirtError'],
  ['shelve', { shelve: null }, 'reserve_volume:RuntimeError'],
  ['rebuild', { rebuild: { imageRef: cloud.imageId } }, 'spawn:LibvirtError'],
  ['rebuild', { rebuild: { imageRef: cloud.imageId } }, 'reimage_volume:RuntimeError'],
  ['rebuild', { rebuild: { imageRef: cloud.imageId } }, 'connect_volume:RuntimeError'],
  ...(['receive:LibvirtError', 'send:LibvirtError', 'connect_volume:VolumeDeviceNotFound'].map(fail => [
    'live migration',
    { 'os-migrateLive': { host: null, block_migration: 'auto' } },
    fail,
    'admin',
  ]) as (readonly [string, object, string, Account])[]),
  ['createImage', { createImage: { name: 'half' } }, 'create_snapshot:RuntimeError'],
  ['createImage', { createImage: { name: 'half' } }, 'upload:RuntimeError'],
]
for (const [name, body, fail, as] of moves)
  test(`${name} of a server with volumes, with ${fail}: its volumes stay its own`, async () => {
    const server = await cloud.server(fromVolume(cloud, { delete_on_termination: true }))
    const volume = await attached(cloud, server)
    await failing(server.id, fail)
    await cloud.act(server, body, as)
    const [action] = await cloud.actions(server.id)
    assert.equal(action.message, 'Error')
    const [mine] = (await listAttached(cloud, server)).filter(({ volumeId }) => volumeId === volume)
    assert.ok(mine?.attachment_id)
    const [status, ends] = [await statusOf(cloud, volume), await looseEnds(cloud)]
    assert.deepEqual([['in-use', 'reserved'].includes(status ?? ''), ends], [true, []])
    const { images } = (await cloud.ask('GET', '/image/v2/images', { as: 'admin' })).body
    assert.equal(images.length, 1)
    const { snapshots } = (await cloud.ask('GET', '/volume/v3/snapshots')).body
    assert.deepEqual(snapshots, [])
    await failing(server.id, null)
    await cloud.act(server, { forceDelete: null }, 'admin')
    assert.deepEqual(
      [await statusOf(cloud, volume), await looseEnds(cloud), await cloud.leaks()],
      ['available', [], nothingLeaked],
    )
  })

/** A server with a volume that the volume service is moving, and the volume it moves it to. */
async function moving(): Promise<{ readonly server: Json; readonly from: string; readonly to: string }> {
  const server = await cloud.server()
  const from = await attached(cloud, server, { imageRef: cloud.imageId })
  const to = await makeVolume(cloud, { size: 2 })
  await actOnVolume(cloud, from, { 'os-reset_status': { migration_status: 'migrating' } })
  await actOnVolume(cloud, to, { 'os-reset_status': { migration_status: `target:${from}` } })
  return { server, from, to }
}

const swap = (server: Json, from: string, volumeId: string, as: Account = 'admin', version = '2.84') =>
  update(cloud, server, from, { volumeId }, { as, version })

test('the volume service moves a volume: the server goes over, and the id stays', async () => {
  const { server, from, to } = await moving()
  const story = await tellOf(server, () => swap(server, from, to))
  assert.deepEqual(story, {
    status: 202,
    states: [],
    action: 'swap_volume',
    events: ['compute_swap_volume Success home'],
    notifications: ['instance.volume_swap.start home', 'instance.volume_swap.end home'],
  })
  const volume = await cloud.ask('GET', `/volume/v3/volumes/${from}`, { as: 'admin' })
  assert.deepEqual(
    [volume.body.volume.size, volume.body.volume.status, volume.body.volume.migration_status],
    [2, 'in-use', 'success'],
  )
  assert.equal(await statusOf(cloud, to), undefined)
  assert.deepEqual(
    [(await listAttached(cloud, server)).map(({ volumeId }) => volumeId), await disksOf(cloud, server)],
    [[from], ['vda', 'vdb']],
  )
  assert.deepEqual(await looseEnds(cloud), [])
  await detach(cloud, server, from)
  await cloud.settled()
  assert.equal(await statusOf(cloud, from), 'available')
  const copy = await actOnVolume(cloud, from, { 'os-volume_upload_image': { image_name: 'copy' } }, 'demo')
  await cloud.settled()
  const checksumOf = async (id: string) => (await cloud.ask('GET', `/image/v2/images/${id}`)).body.checksum
  const copied = copy.body['os-volume_upload_image'].image_id
  assert.equal(await checksumOf(copied), await checksumOf(cloud.imageId))
  await cloud.ask('DELETE', `/image/v2/images/${copied}`)
})

test('only what is being moved is swapped, by the volume service alone, to what fits', async () => {
  const { server, from, to } = await moving()
  const nowhere = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'
  assert.equal((await swap(server, from, to, 'demo')).status, 403)
  assert.equal((await swap(server, from, to, 'demo', '2.85')).status, 403)
  assertRefused(await swap(server, nowhere, to), 'VolumeNotFound')
  assertRefused(await swap(server, to, from), 'VolumeNotOnServer')
  assertRefused(await swap(server, from, nowhere), 'SwapVolumeNotFound')
  const other = await cloud.server()
  const [taken, small] = [await attached(cloud, other, { size: 2 }), await attached(cloud, server)]
  assertRefused(await swap(server, small, to), 'SwapNotMigrating')
  assertRefused(await swap(server, from, taken), 'BootVolumeUnusable', /New volume must be detached/)
  await actOnVolume(cloud, taken, { 'os-reset_status': { migration_status: 'migrating' } })
  assertRefused(await swap(server, taken, to), 'VolumeNotOnServer')
  await actOnVolume(cloud, to, { 'os-reset_status': { migration_status: 'migrating' } })
  const tiny = await makeVolume(cloud)
  await cloud.cloud.store.db.updateTable('volumes').set({ size: 9 }).where('id', '=', from).execute()
  assertRefused(await swap(server, from, tiny), 'BootVolumeUnusable', /same size or larger/)
  await cloud.cloud.store.db.updateTable('volumes').set({ size: 1 }).where('id', '=', from).execute()
  assert.deepEqual(await looseEnds(cloud), [])
})

test('a volume that several servers have is not swapped', async () => {
  const type = { name: 'shared', extra_specs: { multiattach: '<is> True' } }
  await cloud.ask('POST', '/volume/v3/types', { as: 'admin', body: { volume_type: type } })
  const [one, two] = [await cloud.server(), await cloud.server()]
  const volume = await attached(cloud, one, { volume_type: 'shared' })
  await attach(cloud, two, volume)
  await cloud.settled()
  await actOnVolume(cloud, volume, { 'os-reset_status': { migration_status: 'migrating' } })
  assertRefused(await swap(one, volume, await makeVolume(cloud)), 'MultiattachSwap')
})

for (const fail of [
  'reserve_volume:RuntimeError',
  'compute_swap_volume:RuntimeError',
  'connect_volume:RuntimeError',
  'swapVolume:LibvirtError',
])
  test(`swapping a volume, with ${fail}: the server goes on with the old one`, async () => {
    const { server, from, to } = await moving()
    await failing(server.id, fail)
    const answer = await swap(server, from, to)
    await cloud.settled()
    assert.equal(answer.status, fail.startsWith('reserve') ? 500 : 202)
    assert.deepEqual(
      [(await listAttached(cloud, server))[0].volumeId, await statusOf(cloud, from)],
      [from, 'in-use'],
    )
    assert.deepEqual([await disksOf(cloud, server), await looseEnds(cloud)], [['vda', 'vdb'], []])
    const [action] = await cloud.actions(server.id)
    assert.deepEqual([action.action, action.message], ['swap_volume', 'Error'])
  })

test('a volume service that fails is said to, and so is one that does not answer', async () => {
  let answer: 'none' | 'refusal' | null = null
  const wrapClient = (client: Client): Client => ({
    async call(service, request) {
      if (service !== 'volumev3' || answer === null || request.method === 'GET')
        return client.call(service, request)
      if (answer === 'none') throw new Error('connect ECONNREFUSED')
      return {
        status: 503,
        headers: {},
        body: { serviceUnavailable: { message: 'The volume service is resting.' } },
        text: '',
      }
    },
  })
  await using own: TestCloud = await startTestCloud({
    wrap: { store: store => store, bus: bus => bus, client: wrapClient },
  })
  const server = await own.server()
  const volume = await makeVolume(own)
  answer = 'refusal'
  assertRefused(await attach(own, server, volume), 'CinderConnectionFailed')
  await own.settled()
  const [action] = await own.actions(server.id)
  assert.match(action.events[0].details, /^Connection to cinder host failed: The volume service is resting\./)
  answer = 'none'
  assert.equal((await attach(own, server, volume)).status, 500)
  await own.settled()
  answer = null
  assert.deepEqual([await listAttached(own, server), await looseEnds(own)], [[], []])
  assert.equal((await attach(own, server, volume)).status, 200)
})
