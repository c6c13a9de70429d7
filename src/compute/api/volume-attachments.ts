// /servers/{id}/os-volume_attachments: volumes of servers that are there (nova/api/openstack/compute/
// volume_attachments.py, nova/compute/api.py). Attaching is answered when the volume is reserved, from 2.101 on when it
// is accepted; the rest is the operations'.
import type { Transaction } from 'kysely'
import { newUuid } from '../../base/ids.ts'
import { fault } from '../../model/errors.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { type Acceptance, accept, behalfOf, checkAdmission } from '../accept.ts'
import { nextDeviceName } from '../device-names.ts'
import type { VolumeFacts } from '../neighbours/neighbours.ts'
import type { AttachVolumeArgs } from '../operations/attach-volume.ts'
import type { DetachVolumeArgs } from '../operations/detach-volume.ts'
import { failureOf } from '../operations/failure-record.ts'
import type { SwapVolumeArgs } from '../operations/swap-volume.ts'
import type { BlockDevice } from '../snapshots.ts'
import { readOperation } from '../store/operations.ts'
import {
  devicesOf,
  editDevices,
  patchServer,
  readServer,
  type ServerRow,
  volumesOf,
} from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { bodyOf, type ComputeCall, readBoolean, viewerOf } from './call.ts'
import { versionOf } from './negotiate.ts'
import { cut } from './proxies/ask.ts'
import type { AttachVolumeBody, UpdateVolumeBody } from './schemas/volume-attachments.ts'
import { serverOf } from './servers.ts'
import { attachedView, attachmentView } from './views/volume-attachments.ts'

/** The disk by which a server has a volume. */
const withVolume = (server: ServerRow, volumeId: string): BlockDevice | undefined =>
  volumesOf(server).find(device => device.volumeId === volumeId)

function deviceIn(server: ServerRow, volumeId: string): BlockDevice {
  const device = withVolume(server, volumeId)
  if (!device) throw fault('VolumeNotOnServer', { server: server.id, volume: volumeId })
  return device
}

export async function listVolumeAttachments(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-volumes-attachments:index', { projectId: server.project_id })
  const made = volumesOf(server).filter(({ volumeId }) => volumeId !== null)
  const version = versionOf(call)
  return json(200, {
    volumeAttachments: cut(call, made).map(device => attachmentView(version, server.id, device)),
  })
}

export async function showVolumeAttachment(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-volumes-attachments:show', { projectId: server.project_id })
  const device = deviceIn(server, call.params.volume!) // in the route's path
  return json(200, { volumeAttachment: attachmentView(versionOf(call), server.id, device) })
}

/** Until 2.19 volumes of shelved servers stay as they are. */
function refuseShelved(
  call: ComputeCall,
  server: ServerRow,
  action: 'attach_volume' | 'detach_volume',
): void {
  if (versionOf(call).has('shelvedVolumes')) return
  const { vm_state: value } = server
  if (value === 'shelved' || value === 'shelved_offloaded')
    throw fault('ServerWrongState', { action, server: server.id, attribute: 'vm_state', value })
}

async function findVolume(
  call: ComputeCall,
  id: string,
  missing: 'SwapVolumeNotFound' | 'VolumeNotFound' = 'VolumeNotFound',
): Promise<VolumeFacts> {
  const volume = await call.deps.neighbours.volume.find(behalfOf(call), id, viewerOf(call))
  if (!volume) throw fault(missing, { volume: id })
  return volume
}

export async function attachVolume(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-volumes-attachments:create', { projectId: server.project_id })
  const { volumeId, device = null, tag = null, ...asked } = bodyOf<AttachVolumeBody>(call).volumeAttachment
  refuseShelved(call, server, 'attach_volume')
  checkAdmission(call, server, 'attach_volume')
  refuseAttached(server, volumeId)
  const volume = await findVolume(call, volumeId)
  refuseKind(call, server, volume, tag)
  const isOffloaded = server.vm_state === 'shelved_offloaded'
  const wanted: BlockDevice = {
    ...newVolume,
    id: newUuid(),
    volumeId,
    sizeGb: volume.sizeGb,
    tag,
    deleteOnTermination: readBoolean(String(asked.delete_on_termination ?? 'false')) === true,
  }
  const operationId = newUuid()
  const args: AttachVolumeArgs = { device: wanted.id, volumeId }
  await accept(call, {
    ...acceptance('attachVolume', 'attach_volume', server, args),
    operationId,
    also: tx => addDevice(call, tx, server.id, wanted, { asked: device, isNamed: !isOffloaded }),
  })
  if (versionOf(call).has('asynchronousAttach')) return empty(202)
  const now = await reserved(call, operationId, server.id)
  const made = now && withVolume(now, volumeId)
  return json(200, { volumeAttachment: attachedView(versionOf(call), server.id, made ?? wanted) })
}

const newVolume = {
  source: 'volume',
  destination: 'volume',
  bootIndex: null,
  deviceName: null,
  guestFormat: null,
  deviceType: null,
  diskBus: null,
  imageId: null,
  snapshotId: null,
  volumeType: null,
  attachmentId: null,
  connection: null,
} as const

const acceptance = (
  kind: string,
  action: 'attach_volume' | 'detach_volume' | 'swap_volume',
  server: ServerRow,
  args: object,
): Acceptance => ({ kind, action, name: action, server, patch: {}, args })

function refuseAttached(server: ServerRow, volumeId: string): void {
  if (withVolume(server, volumeId)) throw fault('VolumeAlreadyAttached', { volume: volumeId })
}

/** What a volume several servers may have is too new for, and a tag too much. */
function refuseKind(call: ComputeCall, server: ServerRow, volume: VolumeFacts, tag: string | null): void {
  if (server.vm_state === 'shelved_offloaded') {
    if (tag !== null) throw fault('TaggedAttachToShelved')
    if (volume.isShared) throw fault('MultiattachToShelved')
  }
  if (volume.isShared && !versionOf(call).has('multiattach')) throw fault('MultiattachTooOld')
}

/** Puts a disk on the server as it is now: of two requests for the same volume or name, one gets it. */
async function addDevice(
  call: ComputeCall,
  tx: Transaction<ComputeTables>,
  serverId: string,
  device: BlockDevice,
  { asked, isNamed }: { readonly asked: string | null; readonly isNamed: boolean },
): Promise<void> {
  const now = await readServer(tx, serverId)
  if (!now) throw fault('ServerNotFound', { server: serverId })
  if (device.volumeId !== null) refuseAttached(now, device.volumeId)
  const deviceName = isNamed ? nextDeviceName(now, asked) : null
  const devices = [...devicesOf(now), { ...device, deviceName }]
  await patchServer(tx, serverId, { block_devices_json: JSON.stringify(devices) }, call.deps.clock.now())
}

/** Waits until the volume is reserved, or refuses as the volume service did; answers the server as it is then. */
async function reserved(
  call: ComputeCall,
  operationId: string,
  serverId: string,
): Promise<ServerRow | undefined> {
  await begun(call, operationId)
  return readServer(tables<ComputeTables>(call.deps.store), serverId)
}

async function begun(call: ComputeCall, operationId: string): Promise<void> {
  await call.deps.conductor.begun(operationId)
  const row = await readOperation(tables<ComputeTables>(call.deps.store), operationId)
  const failure = row?.state === 'failed' && row.step === 0 ? failureOf(row.data_json) : undefined
  if (failure) throw failure
}

export async function detachVolume(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:os-volumes-attachments:delete', { projectId: server.project_id })
  const volumeId = call.params.volume! // in the route's path
  refuseShelved(call, server, 'detach_volume')
  await findVolume(call, volumeId)
  const device = deviceIn(server, volumeId)
  if (device.bootIndex === 0) throw fault('RootVolumeDetach')
  checkAdmission(call, server, 'detach_volume')
  const args: DetachVolumeArgs = { device: device.id, volumeId }
  const operationId = newUuid()
  await accept(call, { ...acceptance('detachVolume', 'detach_volume', server, args), operationId })
  await begun(call, operationId)
  return empty(202)
}

export async function updateVolumeAttachment(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  const target = { projectId: server.project_id }
  const id = call.params.volume! // in the route's path
  const { volumeAttachment: asked } = bodyOf<UpdateVolumeBody>(call)
  const isUpdate = versionOf(call).has('updateAttachment')
  if (isUpdate) {
    if (asked.volumeId !== id) call.enforce('os_compute_api:os-volumes-attachments:swap')
    else call.enforce('os_compute_api:os-volumes-attachments:update', target)
    await changeFlag(call, server, id, asked)
  } else call.enforce('os_compute_api:os-volumes-attachments:swap')
  if (!isUpdate || asked.volumeId !== id) await swap(call, server, id, asked.volumeId)
  return empty(202)
}

async function changeFlag(
  call: ComputeCall,
  server: ServerRow,
  volumeId: string,
  asked: UpdateVolumeBody['volumeAttachment'],
): Promise<void> {
  const device = deviceIn(server, volumeId)
  const { deviceName, tag } = device
  const fixed = { id: volumeId, serverId: server.id, device: deviceName, tag }
  for (const property of ['id', 'serverId', 'device', 'tag'] as const)
    if (asked[property] !== undefined && asked[property] !== fixed[property])
      throw fault('AttachmentPropertyFixed', { property })
  if (asked.delete_on_termination === undefined) return
  const deleteOnTermination = readBoolean(String(asked.delete_on_termination)) === true
  await call.deps.store.accept<ComputeTables, void>(async tx => {
    const now = call.deps.clock.now()
    const held = await patchServer(tx, server.id, {}, now)
    if (!held) throw fault('ServerNotFound', { server: server.id })
    const patch = editDevices(held, one => (one.id === device.id ? { ...one, deleteOnTermination } : one))
    await patchServer(tx, server.id, patch, now)
  })
}

/**
 * The volume service moves a volume: the server goes over to the new one (nova/compute/api.py, swap_volume). That it does
 * move it is looked at last, so that what is wrong besides is told as it was before Nova looked at it at all.
 */
async function swap(call: ComputeCall, server: ServerRow, oldId: string, newId: string): Promise<void> {
  const old = await findVolume(call, oldId)
  const fresh = await findVolume(call, newId, 'SwapVolumeNotFound')
  checkAdmission(call, server, 'swap_volume')
  const device = deviceIn(server, oldId)
  if (!old.attachments.some(({ serverId }) => serverId === server.id))
    throw fault('BootVolumeUnusable', { reason: 'Old volume is attached to a different instance.' })
  if (fresh.attachments.length > 0)
    throw fault('BootVolumeUnusable', { reason: 'New volume must be detached in order to swap.' })
  if (fresh.sizeGb < old.sizeGb)
    throw fault('BootVolumeUnusable', { reason: 'New volume must be the same size or larger.' })
  if (old.isShared && old.attachments.length > 1) throw fault('MultiattachSwap')
  if (old.migrationStatus === null) throw fault('SwapNotMigrating', { volume: oldId })
  const args: SwapVolumeArgs = {
    device: device.id,
    oldVolumeId: oldId,
    newVolumeId: newId,
    sizeGb: fresh.sizeGb,
  }
  const operationId = newUuid()
  await accept(call, { ...acceptance('swapVolume', 'swap_volume', server, args), operationId })
  await begun(call, operationId)
}
