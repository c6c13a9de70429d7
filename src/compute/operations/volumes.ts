// A server's volumes on its way between hosts: reserved for it wherever it is, connected to the host it is on, given back
// when it goes (Cinder's attachments protocol, as nova/virt/block_device.py and nova/compute/manager.py use it).
import { assert } from '../../base/assert.ts'
import { isFault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import type { Connector } from '../neighbours/neighbours.ts'
import type { BlockDevice } from '../snapshots.ts'
import { editDevices, type ServerPatch, type ServerRow, volumesOf } from '../store/servers.ts'
import { machineVolume } from './machine.ts'
import type { AnyWork } from './work.ts'

/** Between two looks at what the volume service is doing: short at first, for what is small. */
export const pauseMs = (look: number): number => Math.min(limits.volumeLookMsMax, 10 * 2 ** look)

/** What a host says of itself to reach a volume. */
export const connectorOf = (host: string, device: Pick<BlockDevice, 'deviceName'>): Connector => ({
  host,
  ip: '127.0.0.1',
  platform: 'x86_64',
  os_type: 'linux',
  multipath: false,
  mountpoint: device.deviceName,
})

/** A change of one disk of a server, as part of a change of the server; null takes it away. */
export const changeDevice =
  (id: string, edit: (device: BlockDevice) => BlockDevice | null) =>
  (server: ServerRow): ServerPatch =>
    editDevices(server, device => (device.id === id ? edit(device) : device))

export const deviceOf = (work: AnyWork, id: string): BlockDevice | undefined =>
  volumesOf(work.server).find(device => device.id === id)

/** Reserves the volume of a disk for the server; asked again, it finds what it reserved. */
export async function reserveVolume(work: AnyWork, device: BlockDevice, host?: string): Promise<string> {
  const { volumeId, attachmentId } = device
  assert(volumeId !== null, 'only what there is can be reserved')
  await work.failIfAsked('reserve_volume')
  return work.deps.neighbours.volume.reserve(work.behalf(host), {
    volumeId,
    serverId: work.server.id,
    mayBeThere: work.takenUpBefore > 0,
    except: attachmentId === null ? [] : [attachmentId],
  })
}

/** Connects a reserved volume to a host, which then has it. */
export async function connectVolume(
  work: AnyWork,
  host: string,
  device: BlockDevice,
  attachmentId: string,
): Promise<BlockDevice> {
  const { volume } = work.deps.neighbours
  await work.failIfAsked('connect_volume')
  const connection = await volume.connect(work.behalf(host), attachmentId, connectorOf(host, device))
  return { ...device, attachmentId, connection }
}

/** Every volume of the server is reserved for it and connected to the host; the machine is made with them afterwards. */
export async function connectVolumes(work: AnyWork, host: string): Promise<void> {
  for (const device of volumesOf(work.server)) {
    const attachmentId = device.attachmentId ?? (await reserveVolume(work, device, host))
    // Known before it is used: another host that tries it after this one uses the same.
    if (device.attachmentId === null)
      await work.change(changeDevice(device.id, one => ({ ...one, attachmentId })))
    const connected = await connectVolume(work, host, device, attachmentId)
    await work.deps.neighbours.volume.complete(work.behalf(host), attachmentId)
    await work.change(changeDevice(device.id, () => connected))
  }
}

/** A machine that is there gets the server's volumes as they are now: connected to its host, and no others. */
export async function plugVolumes(work: AnyWork, host: string): Promise<void> {
  await connectVolumes(work, host)
  const volumes = volumesOf(work.server).flatMap(device => machineVolume(device) ?? [])
  await work.onHost(host, 'setVolumes', { volumes })
}

/**
 * The server leaves its host and keeps its volumes: each gets an attachment that is of no host before the old one goes,
 * so that nobody else gets the volume in between (nova/compute/manager.py, _terminate_volume_connections).
 */
export async function keepVolumes(work: AnyWork): Promise<void> {
  for (const device of volumesOf(work.server)) {
    if (device.attachmentId === null || device.connection === null) continue
    const attachmentId = await reserveVolume(work, device)
    await work.change(changeDevice(device.id, one => ({ ...one, attachmentId, connection: null })))
    await work.deps.neighbours.volume.release(work.behalf(), device.attachmentId)
  }
  // A crash may have come between the last two.
  if (work.takenUpBefore > 0) await releaseUnknown(work)
}

async function releaseUnknown(work: AnyWork): Promise<void> {
  const known = new Set(volumesOf(work.server).map(({ attachmentId }) => attachmentId))
  if (known.size === 0) return
  const { volume } = work.deps.neighbours
  for (const { id } of await volume.attachmentsOf(work.behalf(), work.server.id))
    if (!known.has(id)) await volume.release(work.behalf(), id)
}

/** Whatever attachments of the server there are go, or those of one volume: also what a crash left that nobody knows. */
export async function giveBack(work: AnyWork, only?: string): Promise<void> {
  const { volume } = work.deps.neighbours
  for (const { id, volumeId } of await volume.attachmentsOf(work.behalf(), work.server.id))
    if (only === undefined || only === volumeId) await volume.release(work.behalf(), id)
}

/** The server goes: its volumes are given back, and those that were to go with it are deleted. */
export async function letVolumesGo(work: AnyWork): Promise<void> {
  const volumes = volumesOf(work.server)
  if (volumes.length === 0) return
  await giveBack(work)
  for (const { volumeId, deleteOnTermination } of volumes)
    if (deleteOnTermination && volumeId !== null) await removeVolume(work, volumeId)
}

/** What the volume service does not delete stays: it is its owner's, and the server does not wait for it. */
async function removeVolume(work: AnyWork, volumeId: string): Promise<void> {
  try {
    await work.deps.neighbours.volume.remove(work.behalf(), volumeId)
  } catch (error) {
    if (!isFault(error, 'VolumeInputInvalid')) throw error
    work.log.warning(`Failed to delete volume: ${volumeId} due to ${error.message}`, {
      server: work.server.id,
    })
  }
}
