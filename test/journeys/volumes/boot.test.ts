// Servers that boot from volumes, and servers that are created with volumes.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Account, nothingLeaked, startTestCloud, type TestCloud } from '../../support/cloud.ts'
import { liftQuotas, useUpVolumeQuotas } from '../../support/quotas.ts'
import { assertRefused } from '../../support/refusals.ts'
import { holdings } from '../../support/room.ts'
import {
  actOnVolume,
  disksOf,
  fromVolume,
  listAttached,
  looseEnds,
  makeVolume,
  showVolume,
  statusOf,
} from '../../support/volumes.ts'

const nowhere = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'

let cloud: TestCloud
before(async () => {
  cloud = await startTestCloud({ hosts: 2 })
  await liftQuotas(cloud)
})
after(() => cloud.close())

const create = (more: object, version = 'latest', as: Account = 'demo') =>
  cloud.ask('POST', '/servers', {
    as,
    version,
    body: { server: { name: 'vm', flavorRef: '1', imageRef: cloud.imageId, networks: 'none', ...more } },
  })
const mapped = (...disks: readonly object[]) => ({ imageRef: '', block_device_mapping_v2: disks })
const rootOfImage = () => ({
  boot_index: 0,
  uuid: cloud.imageId,
  source_type: 'image',
  destination_type: 'local',
})
const blank = { source_type: 'blank', destination_type: 'volume', volume_size: 1 }

/** A volume that was made of the cloud's image. */
const bootable = (given: object = {}) => makeVolume(cloud, { imageRef: cloud.imageId, ...given })

async function remove(...servers: readonly { readonly id: string }[]): Promise<void> {
  for (const { id } of servers) await cloud.ask('DELETE', `/servers/${id}`)
  await cloud.settled()
}

async function snapshotOf(volume_id: string): Promise<string> {
  const { body } = await cloud.ask('POST', '/volume/v3/snapshots', { body: { snapshot: { volume_id } } })
  await cloud.settled()
  return body.snapshot.id
}

test('a server boots from a volume made of an image, which goes with it when that was asked for', async () => {
  for (const [delete_on_termination, left] of [
    [true, undefined],
    [false, 'available'],
  ] as const) {
    const server = await cloud.server(fromVolume(cloud, { delete_on_termination, tag: 'root' }))
    assert.deepEqual([server.status, server.image], ['ACTIVE', ''])
    const [root] = await listAttached(cloud, server)
    assert.deepEqual(
      [root.device, root.tag, root.delete_on_termination],
      ['/dev/vda', 'root', delete_on_termination],
    )
    const volume = await showVolume(cloud, root.volumeId)
    assert.deepEqual(
      [volume.status, volume.bootable, volume.size, volume.volume_image_metadata.image_id, volume.name],
      ['in-use', 'true', 1, cloud.imageId, ''],
    )
    assert.deepEqual(
      [volume['os-vol-tenant-attr:tenant_id'], volume.user_id],
      [cloud.projectId.demo, server.user_id],
    )
    assert.deepEqual([await disksOf(cloud, server), await looseEnds(cloud)], [['vda'], []])
    await remove(server)
    assert.equal(await statusOf(cloud, root.volumeId), left)
  }
})

test('its root disk takes no room on its host', async () => {
  const server = await cloud.server(fromVolume(cloud))
  const { allocations } = (await cloud.ask('GET', `/placement/allocations/${server.id}`, { as: 'admin' }))
    .body
  const [taken] = Object.values(allocations) as { readonly resources: object }[]
  assert.deepEqual(taken?.resources, { VCPU: 1, MEMORY_MB: 512 })
  assert.deepEqual(await holdings(cloud), [])
  await remove(server)
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a server boots from a volume there is, and from a snapshot of one', async () => {
  const volume = await bootable()
  const first = await cloud.server(
    mapped({ boot_index: 0, uuid: volume, source_type: 'volume', destination_type: 'volume' }),
  )
  assert.deepEqual(
    [first.status, (await listAttached(cloud, first))[0].volumeId, await statusOf(cloud, volume)],
    ['ACTIVE', volume, 'in-use'],
  )
  assertRefused(
    await create(mapped({ boot_index: 0, uuid: volume, source_type: 'volume', destination_type: 'volume' })),
    'BootVolumeUnusable',
    /status must be available or downloading to reserve, but the current status is in-use/,
  )
  await remove(first)
  assert.equal(await statusOf(cloud, volume), 'available')
  const uuid = await snapshotOf(volume)
  const second = await cloud.server(
    mapped({ boot_index: 0, uuid, source_type: 'snapshot', destination_type: 'volume' }),
  )
  const [root] = await listAttached(cloud, second)
  const made = await showVolume(cloud, root.volumeId)
  assert.deepEqual([second.status, made.snapshot_id, made.bootable], ['ACTIVE', uuid, 'true'])
  await remove(second)
})

test('the older form: a volume called as the root disk is booted, others are data', async () => {
  const [root, data] = [await bootable(), await makeVolume(cloud)]
  const server = await cloud.server({
    imageRef: '',
    block_device_mapping: [
      { device_name: 'vda', volume_id: root, delete_on_termination: false },
      { device_name: 'vdb', volume_id: data, delete_on_termination: true },
    ],
  })
  const disks = (await listAttached(cloud, server)).map(({ volumeId, device }) => [volumeId, device])
  assert.deepEqual(
    [server.status, server.image, disks],
    [
      'ACTIVE',
      '',
      [
        [root, '/dev/vda'],
        [data, '/dev/vdb'],
      ],
    ],
  )
  await remove(server)
  const beside = await cloud.server({ block_device_mapping: [{ device_name: '/dev/vdc', volume_id: root }] })
  assert.deepEqual([beside.image.id, await disksOf(cloud, beside)], [cloud.imageId, ['vda', 'vdc']])
  await remove(beside)
  assertRefused(
    await create({ imageRef: '', block_device_mapping: [{ device_name: 'vdb' }] }),
    'MappingInvalid',
  )
})

test('a server of an image gets volumes that are blank, of snapshots, and local disks of its flavor', async () => {
  await cloud.ask('POST', '/flavors', {
    as: 'admin',
    body: {
      flavor: {
        id: 'roomy',
        name: 'roomy',
        vcpus: 1,
        ram: 512,
        disk: 1,
        swap: 512,
        'OS-FLV-EXT-DATA:ephemeral': 2,
      },
    },
  })
  const uuid = await snapshotOf(await makeVolume(cloud))
  const server = await cloud.server({
    flavorRef: 'roomy',
    block_device_mapping_v2: [
      rootOfImage(),
      { ...blank, tag: 'scratch', delete_on_termination: true, disk_bus: 'virtio' },
      { uuid, source_type: 'snapshot', destination_type: 'volume', volume_size: 2 },
      { source_type: 'blank', destination_type: 'local', volume_size: 1 },
      { source_type: 'blank', destination_type: 'local', guest_format: 'swap', volume_size: 256 },
    ],
  })
  assert.equal(server.status, 'ACTIVE', JSON.stringify(server.fault))
  const volumes = await listAttached(cloud, server)
  const [empty, copy] = await Promise.all(volumes.map(({ volumeId }) => showVolume(cloud, volumeId)))
  assert.deepEqual(
    [volumes[0].tag, empty.name, empty.size, copy.snapshot_id, copy.size],
    ['scratch', `${server.id}-blank-vol`, 1, uuid, 2],
  )
  const disks = await disksOf(cloud, server)
  assert.deepEqual([disks.length, new Set(disks).size, disks[0]], [5, 5, 'vda'])
  await remove(server)
  assert.equal(await statusOf(cloud, volumes[0].volumeId), undefined)
  assert.equal(await statusOf(cloud, volumes[1].volumeId), 'available')
})

test('an image of a server that boots from a volume names snapshots, and is booted from', async () => {
  const server = await cloud.server({
    ...fromVolume(cloud),
    block_device_mapping_v2: [
      ...(fromVolume(cloud) as { block_device_mapping_v2: object[] }).block_device_mapping_v2,
      blank,
    ],
  })
  const answer = await cloud.act(server, { createImage: { name: 'kept', metadata: { mine: 'yes' } } })
  assert.equal(answer.status, 202, answer.text)
  const [action] = await cloud.actions(server.id)
  assert.deepEqual(
    [action.action, action.message, action.events.map(({ event }: { event: string }) => event)],
    ['createImage', null, ['api_snapshot_instance']],
  )
  const image = (await cloud.ask('GET', `/image/v2/images/${answer.body.image_id}`)).body
  assert.deepEqual(
    [image.status, image.size, image.bdm_v2, image.root_device_name, image.mine],
    ['active', 0, 'True', '/dev/vda', 'yes'],
  )
  const mapping = JSON.parse(image.block_device_mapping)
  assert.deepEqual(
    mapping.map((disk: Record<string, unknown>) => [disk.source_type, disk.boot_index, disk.device_name]),
    [
      ['snapshot', 0, '/dev/vda'],
      ['snapshot', null, '/dev/vdb'],
    ],
  )
  const { snapshots } = (await cloud.ask('GET', '/volume/v3/snapshots/detail')).body
  assert.equal(snapshots.filter(({ name }: { name: string }) => name === 'snapshot for kept').length, 2)
  const second = await cloud.server({ imageRef: image.id })
  assert.equal(second.status, 'ACTIVE', JSON.stringify(second.fault))
  const roots = await listAttached(cloud, second)
  assert.deepEqual([roots.map(({ device }) => device), second.image.id], [['/dev/vda', '/dev/vdb'], image.id])
  assert.equal((await showVolume(cloud, roots[0].volumeId)).snapshot_id, mapping[0].snapshot_id)
  // A disk of the same name stands in place of the image's.
  const third = await cloud.server({
    imageRef: image.id,
    block_device_mapping_v2: [
      { ...rootOfImage(), uuid: image.id },
      { ...blank, device_name: '/dev/vdb', volume_size: 3 },
    ],
  })
  assert.equal(third.status, 'ACTIVE', JSON.stringify(third.fault))
  const sizes = await Promise.all(
    (await listAttached(cloud, third)).map(async ({ device, volumeId }) => [
      device,
      (await showVolume(cloud, volumeId)).size,
    ]),
  )
  assert.deepEqual(sizes.sort(), [
    ['/dev/vda', 1],
    ['/dev/vdb', 3],
  ])
  await remove(server, second, third)
})

test('no more snapshots than the project may have, and no image then', async () => {
  const server = await cloud.server(fromVolume(cloud))
  const path = `/volume/v3/os-quota-sets/${cloud.projectId.demo}`
  await useUpVolumeQuotas(cloud, 'snapshots')
  const images = async () => (await cloud.ask('GET', '/image/v2/images')).body.images.length
  const before = await images()
  assertRefused(await cloud.act(server, { createImage: { name: 'kept' } }), 'SnapshotsOverQuota')
  assert.equal(await images(), before)
  await cloud.ask('PUT', path, { as: 'admin', body: { quota_set: { snapshots: -1 } } })
  await useUpVolumeQuotas(cloud, 'volumes')
  const failed = await cloud.server(fromVolume(cloud))
  assert.match(
    failed.fault.message,
    /^Build of instance \S+ aborted: VolumeLimitExceeded: Maximum number of volumes/,
  )
  await cloud.ask('PUT', path, { as: 'admin', body: { quota_set: { volumes: -1 } } })
  assert.deepEqual(await looseEnds(cloud), [])
  await remove(server, failed)
})

test('disks that make no sense are refused in Nova’s words', async () => {
  const unbootable = await makeVolume(cloud)
  const volume = { uuid: unbootable, source_type: 'volume', destination_type: 'volume' }
  const image = { uuid: cloud.imageId, source_type: 'image', destination_type: 'volume', volume_size: 1 }
  const swap = { source_type: 'blank', destination_type: 'local', guest_format: 'swap' }
  const rows: readonly (readonly [object, Parameters<typeof assertRefused>[1], RegExp?])[] = [
    [{ imageRef: '' }, 'ImageRequired'],
    [
      { block_device_mapping: [{ volume_id: unbootable }], block_device_mapping_v2: [blank] },
      'MappingSyntaxes',
    ],
    [mapped({ ...image, boot_index: 1 }), 'MappingBootSequence'],
    [mapped({ ...image, boot_index: 0 }, { ...image, boot_index: 0 }), 'MappingBootSequence'],
    [{ block_device_mapping_v2: [blank] }, 'MappingBootSequence'],
    [mapped({ ...blank, uuid: nowhere, boot_index: 0 }), 'MappingInvalid', /Invalid device UUID\./],
    [mapped({ ...image, uuid: undefined, boot_index: 0 }), 'MappingInvalid', /Missing device UUID\./],
    [mapped({ uuid: nowhere, boot_index: 0 }), 'MappingInvalid', /Some required fields are missing/],
    [
      mapped({ ...image, destination_type: 'local', boot_index: 0 }),
      'MappingInvalid',
      /Mapping image to local is not supported\./,
    ],
    [
      { block_device_mapping_v2: [rootOfImage(), { ...swap, volume_type: 'fast' }] },
      'MappingInvalid',
      /volume_type with destination_type=local/,
    ],
    [
      mapped({ ...volume, boot_index: 0, volume_type: 'fast' }),
      'MappingInvalid',
      /volume type to existing volume/,
    ],
    [
      { block_device_mapping_v2: [rootOfImage(), swap, swap] },
      'MappingInvalid',
      /More than one swap drive requested\./,
    ],
    [{ block_device_mapping_v2: [rootOfImage(), { ...swap, volume_size: 64 }] }, 'MappingSwapSize'],
    [
      { block_device_mapping_v2: [rootOfImage(), { ...blank, destination_type: 'local' }] },
      'MappingEphemeralSize',
    ],
    [
      {
        block_device_mapping_v2: [
          rootOfImage(),
          ...Array.from({ length: 3 }, () => ({
            source_type: 'blank',
            destination_type: 'local',
          })),
        ],
      },
      'MappingLocals',
    ],
    [mapped({ ...image, boot_index: 0, disk_bus: 'telepathy' }), 'MappingDiskBus'],
    [mapped({ ...image, boot_index: 0, volume_size: undefined }), 'MappingImageSize'],
    [mapped({ ...image, boot_index: 0 }, { ...blank, volume_size: undefined }), 'MappingBlankSize'],
    [mapped({ ...image, uuid: nowhere, boot_index: 0 }), 'MappingImage'],
    [mapped({ ...volume, uuid: nowhere, boot_index: 0 }), 'MappingVolume'],
    [mapped({ ...volume, source_type: 'snapshot', uuid: nowhere, boot_index: 0 }), 'MappingSnapshot'],
    [mapped({ ...volume, boot_index: 0 }), 'BootVolumeNotBootable'],
    [mapped({ ...image, boot_index: 0, volume_type: 'nothing' }), 'BootVolumeTypeNotFound'],
    [{ block_device_mapping_v2: [rootOfImage(), volume, volume] }, 'VolumeAlreadyAttached'],
    [
      { block_device_mapping_v2: [rootOfImage(), volume], min_count: 2, max_count: 2 },
      'VolumesOfManyServers',
    ],
    [
      { block_device_mapping_v2: [rootOfImage(), { ...volume, device_name: '/dev/vda' }] },
      'RootDeviceNameTaken',
    ],
  ]
  const before = (await cloud.ask('GET', '/servers')).body.servers.length
  for (const [body, code, says] of rows) assertRefused(await create(body), code, says)
  assertRefused(
    await create({ block_device_mapping_v2: [rootOfImage(), { ...blank, volume_type: 'x' }] }, '2.66'),
    'InvalidInput',
  )
  assert.equal((await cloud.ask('GET', '/servers')).body.servers.length, before)
  assert.deepEqual(await looseEnds(cloud), [])
})

test('volumes are held against what the image asks for', async () => {
  const made = await cloud.ask('POST', '/image/v2/images', {
    body: { name: 'large', disk_format: 'raw', container_format: 'bare', min_disk: 5 },
  })
  await cloud.ask('PUT', `/image/v2/images/${made.body.id}/file`, {
    raw: 'disk',
    headers: { 'content-type': 'application/octet-stream' },
  })
  const disk = { boot_index: 0, uuid: made.body.id, source_type: 'image', destination_type: 'volume' }
  assertRefused(await create(mapped({ ...disk, volume_size: 4 })), 'BootVolumeSmall')
  // The flavor's disk does not count: m1.tiny has 1 GB.
  const server = await cloud.server(mapped({ ...disk, volume_size: 5, delete_on_termination: true }))
  assert.equal(server.status, 'ACTIVE', JSON.stringify(server.fault))
  await remove(server)
})

test('a type of volumes can be asked for from 2.67 on', async () => {
  const type = { name: 'fast' }
  await cloud.ask('POST', '/volume/v3/types', { as: 'admin', body: { volume_type: type } })
  const server = await cloud.server(fromVolume(cloud, { volume_type: 'fast' }))
  const [root] = await listAttached(cloud, server)
  assert.equal((await showVolume(cloud, root.volumeId)).volume_type, 'fast')
  await remove(server)
})

test('several servers each get a volume of their own', async () => {
  const answer = await create({ ...fromVolume(cloud), min_count: 3, return_reservation_id: true })
  assert.equal(answer.status, 202, answer.text)
  await cloud.settled()
  const { servers } = (await cloud.ask('GET', '/servers/detail')).body
  const roots = servers.map(
    (server: Record<string, readonly { id: string }[]>) =>
      server['os-extended-volumes:volumes_attached']?.[0]?.id,
  )
  assert.deepEqual([roots.length, new Set(roots).size], [3, 3])
  await remove(...servers)
  assert.deepEqual(await looseEnds(cloud), [])
})

test('a volume that cannot be made ends the build with its status, and leaves nothing', async () => {
  const { id } = (
    await cloud.ask('POST', '/image/v2/images', {
      body: { name: 'half', disk_format: 'raw', container_format: 'bare' },
    })
  ).body
  await cloud.ask('PUT', `/image/v2/images/${id}/file`, {
    raw: 'x'.repeat(2048),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await cloud.cloud.volumeWork.drain(0)
  const wait = create(
    mapped({
      ...(fromVolume(cloud) as { block_device_mapping_v2: object[] }).block_device_mapping_v2[0],
      uuid: id,
    }),
  )
  const { body } = await wait
  const volume = await until(async () => (await listAttached(cloud, body.server))[0]?.volumeId)
  await actOnVolume(cloud, volume, { 'os-reset_status': { status: 'error' } })
  await cloud.cloud.conductor.idle()
  const { fault, status } = await cloud.show(body.server.id)
  assert.equal(status, 'ERROR')
  assert.match(
    fault.message,
    /^Build of instance \S+ aborted: Volume \S+ did not finish being created even after we waited \d+ seconds or \d+ attempts\. And its status is error\.$/,
  )
  assert.deepEqual(await listAttached(cloud, body.server), [])
})

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
