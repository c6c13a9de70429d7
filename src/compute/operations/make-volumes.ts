// Volumes a server is to have that are not there yet: made of images, snapshots or nothing, and waited for (nova/virt/
// block_device.py, DriverVolImageBlockDevice and its like; nova/compute/manager.py, _await_block_device_map_created).
import { newUuid } from '../../base/ids.ts'
import { fault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import type { BlockDevice } from '../snapshots.ts'
import { volumesOf } from '../store/servers.ts'
import type { CreateWork } from './place.ts'
import { changeDevice, pauseMs, reserveVolume } from './volumes.ts'

/** Reserves what is there already, so that nobody else takes it while a host is looked for. */
export async function reserveVolumes(work: CreateWork): Promise<void> {
  for (const device of volumesOf(work.server)) {
    if (device.volumeId === null || device.attachmentId !== null) continue
    const attachmentId = await reserveVolume(work, device)
    await work.change(changeDevice(device.id, one => ({ ...one, attachmentId })))
  }
}

/** Makes what is missing. A volume that does not become available in time is a VolumeNotCreated. */
export async function makeVolumes(work: CreateWork, host: string): Promise<void> {
  for (const device of volumesOf(work.server)) {
    if (device.source === 'volume' || device.attachmentId !== null) continue
    const volumeId = device.volumeId ?? (await make(work, host, device))
    if (device.volumeId === null) await work.change(changeDevice(device.id, one => ({ ...one, volumeId })))
    await untilMade(work, host, volumeId)
  }
}

/** Under an id we choose, so that a second try finds the first one's volume. */
async function make(work: CreateWork, host: string, device: BlockDevice): Promise<string> {
  const { deps, server } = work
  const { volume } = deps.neighbours
  await work.failIfAsked('create_volume')
  const ids = work.data.volumes ?? {}
  const id = ids[device.id] ?? newUuid()
  if (ids[device.id] !== undefined) {
    const there = await volume.find(work.behalf(host), id, null)
    if (there) return there.id
  } else await work.remember({ volumes: { ...ids, [device.id]: id } })
  return volume.create(work.behalf(host), {
    id,
    projectId: server.project_id,
    userId: server.user_id,
    name: device.source === 'blank' ? `${server.id}-blank-vol` : '',
    sizeGb: device.sizeGb ?? 0,
    type: device.volumeType,
    imageId: device.imageId,
    snapshotId: device.snapshotId,
  })
}

const making: ReadonlySet<string> = new Set(['creating', 'downloading'])

async function untilMade(work: CreateWork, host: string, volumeId: string): Promise<void> {
  const { clock, neighbours, sleep } = work.deps
  const start = clock.now()
  for (let look = 1; ; look += 1) {
    await work.stillWanted()
    const found = await neighbours.volume.find(work.behalf(host), volumeId, null)
    const status = found?.status ?? 'deleted'
    // Reserved by us, before a crash.
    if (status === 'available' || (status === 'reserved' && work.takenUpBefore > 0)) return
    if (!making.has(status) || look >= limits.volumeLooksMax)
      throw fault('VolumeNotCreated', {
        volume: volumeId,
        seconds: Math.round((clock.now() - start) / 1000),
        attempts: look,
        status,
      })
    await sleep(pauseMs(look))
  }
}
