// createImage of a server that boots from a volume: a snapshot of each of its volumes, and an image without data that
// names them (nova/compute/api.py, snapshot_volume_backed). The caller waits for it; the server is not busy meanwhile.
import { newUuid } from '../../base/ids.ts'
import { limits } from '../../model/limits.ts'
import type { BlockDevice } from '../snapshots.ts'
import { devicesOf } from '../store/servers.ts'
import { revertTask } from './failing.ts'
import { operation, step } from './operation.ts'
import { forgetImage } from './snapshot.ts'
import { pauseMs } from './volumes.ts'
import type { Work } from './work.ts'

export interface VolumeImageArgs {
  readonly imageId: string
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly minDiskGb: number
}

interface VolumeImageData {
  /** Ids of the snapshots, by disk: chosen before they are made. */
  readonly snapshots?: Readonly<Record<string, string>>
}

type ImageWork = Work<VolumeImageArgs, VolumeImageData>

export const createVolumeImage = operation<VolumeImageArgs, VolumeImageData>({
  kind: 'createVolumeImage',
  withoutTask: true,
  steps: [step('snapshot', { event: 'api_snapshot_instance', at: 'conductor', run: snapshot, undo: forget })],
  failed: revertTask,
})

async function snapshot(work: ImageWork): Promise<void> {
  const { args, deps, server } = work
  const { image } = deps.neighbours
  const mapping: object[] = []
  for (const device of devicesOf(server))
    mapping.push(imageMapping(device, device.volumeId === null ? null : await snapshotOf(work, device)))
  await work.failIfAsked('upload')
  const on = work.behalf()
  if (!(await isThere(work))) await makeImage(work, mapping)
  await image.upload(on, args.imageId, new Uint8Array())
  await work.complete({})
}

/** Asked again after a crash, the image may have been made before. */
async function isThere(work: ImageWork): Promise<boolean> {
  if (work.takenUpBefore === 0) return false
  const viewer = { projectId: work.server.project_id, isAdmin: true }
  return (await work.deps.neighbours.image.find(work.behalf(), work.args.imageId, viewer)) !== null
}

const makeImage = (work: ImageWork, mapping: readonly object[]): Promise<void> =>
  work.deps.neighbours.image.create(work.behalf(), {
    id: work.args.imageId,
    name: work.args.name,
    projectId: work.server.project_id,
    properties: {
      ...work.args.properties,
      ...(work.server.root_device_name === null ? {} : { root_device_name: work.server.root_device_name }),
      bdm_v2: 'True',
      block_device_mapping: JSON.stringify(mapping),
    },
    minDiskGb: work.args.minDiskGb,
    diskFormat: 'raw',
  })

async function snapshotOf(work: ImageWork, device: BlockDevice): Promise<string> {
  const { args, deps, server } = work
  const known = work.data.snapshots ?? {}
  const id = known[device.id] ?? newUuid()
  await work.failIfAsked('create_snapshot')
  if (known[device.id] === undefined) await work.remember({ snapshots: { ...known, [device.id]: id } })
  else if (await deps.neighbours.volume.findSnapshot(work.behalf(), id, null)) return id
  return deps.neighbours.volume.snapshot(work.behalf(), {
    id,
    volumeId: device.volumeId ?? '',
    name: `snapshot for ${args.name}`,
    projectId: server.project_id,
    userId: server.user_id,
  })
}

/** A disk as an image maps it (nova/objects/block_device.py, get_image_mapping). */
const imageMapping = (device: BlockDevice, snapshotId: string | null): object => ({
  source_type: snapshotId === null ? device.source : 'snapshot',
  destination_type: device.destination,
  boot_index: device.bootIndex,
  device_name: device.deviceName,
  device_type: device.deviceType,
  disk_bus: device.diskBus,
  guest_format: device.guestFormat,
  delete_on_termination: device.deleteOnTermination,
  snapshot_id: snapshotId,
  image_id: null,
  volume_id: null,
  volume_size: device.sizeGb,
  volume_type: null,
  no_device: null,
  tag: device.tag,
  encrypted: null,
})

/** Neither the image nor a snapshot stays. */
async function forget(work: ImageWork): Promise<void> {
  await forgetImage(work, work.args.imageId)
  for (const id of Object.values(work.data.snapshots ?? {})) {
    await untilMade(work, id)
    await work.deps.neighbours.volume.removeSnapshot(work.behalf(), id)
  }
}

/** One that is still being made is not deleted. */
async function untilMade(work: ImageWork, id: string): Promise<void> {
  const { neighbours, sleep } = work.deps
  for (let look = 1; look < limits.volumeLooksMax; look += 1) {
    if ((await neighbours.volume.findSnapshot(work.behalf(), id, null))?.status !== 'creating') return
    await sleep(pauseMs(look))
  }
}
