import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aFlavor } from '../../test/support/compute-api.ts'
import { type DiskFacts, localDisks, nameDevices, nextDeviceName } from './device-names.ts'
import type { BlockDevice } from './snapshots.ts'

const disk = (more: Partial<BlockDevice> = {}): BlockDevice => ({
  id: 'disk',
  source: 'volume',
  destination: 'volume',
  bootIndex: null,
  deviceName: null,
  deleteOnTermination: false,
  tag: null,
  guestFormat: null,
  deviceType: null,
  diskBus: null,
  imageId: null,
  snapshotId: null,
  volumeId: 'volume',
  sizeGb: 1,
  volumeType: null,
  attachmentId: null,
  connection: null,
  ...more,
})
const facts = (devices: readonly BlockDevice[], flavor: object = {}, root = '/dev/vda'): DiskFacts => ({
  block_devices_json: JSON.stringify(devices),
  flavor_json: JSON.stringify({ ...aFlavor, ...flavor }),
  root_device_name: root,
})
const names = (server: DiskFacts) => nameDevices(server).map(({ deviceName }) => deviceName)

test('root, ephemeral and swap come first, volumes after them', () => {
  const roomy = { ephemeralGb: 1, swapMb: 1 }
  assert.deepEqual(localDisks(facts([], roomy)), ['/dev/vda', '/dev/vdb', '/dev/vdc'])
  assert.deepEqual(localDisks(facts([], { swapMb: 1 })), ['/dev/vda', '/dev/vdb'])
  assert.equal(nextDeviceName(facts([], roomy), null), '/dev/vdd')
  assert.equal(nextDeviceName(facts([], {}, '/dev/sda'), null), '/dev/sdb')
})

test('what is asked for stands in place of the flavor’s, and a root volume in place of the root disk', () => {
  const asked = [
    disk({ source: 'blank', destination: 'local', deviceName: '/dev/vdx' }),
    disk({ source: 'blank', destination: 'local', guestFormat: 'swap', deviceName: '/dev/vdy' }),
  ]
  assert.deepEqual(localDisks(facts(asked, { ephemeralGb: 1, swapMb: 1 })), [
    '/dev/vda',
    '/dev/vdx',
    '/dev/vdy',
  ])
  assert.deepEqual(localDisks(facts([disk({ bootIndex: 0, deviceName: '/dev/vda' })])), [])
  assert.equal(nextDeviceName(facts([disk({ bootIndex: 0, deviceName: '/dev/vda' })]), null), '/dev/vdb')
})

test('names are given in order; one that is asked for when it is free and a name', () => {
  const asked = ['/dev/vdc', null, 'vdc', '/dev/vdc', 'nonsense', null]
  assert.deepEqual(names(facts([disk({ bootIndex: 0 }), ...asked.map(deviceName => disk({ deviceName }))])), [
    '/dev/vda',
    '/dev/vdc',
    '/dev/vdb',
    '/dev/vdd',
    '/dev/vde',
    '/dev/vdf',
    '/dev/vdg',
  ])
})
