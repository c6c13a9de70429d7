// A volume for a server that is there: reserved, connected to the server's host, put into its machine. A server that is
// on no host has it reserved and no more; it gets it when it is unshelved.
import { assert } from '../../base/assert.ts'
import { revertTask } from './failing.ts'
import { machineVolume } from './machine.ts'
import { isInterruption, operation, Superseded, step } from './operation.ts'
import { tell } from './tell.ts'
import { changeDevice, connectVolume, deviceOf, giveBack, reserveVolume } from './volumes.ts'
import type { Work } from './work.ts'

export interface AttachVolumeArgs {
  /** The disk, which the server has since the request was accepted. */
  readonly device: string
  readonly volumeId: string
}

interface AttachVolumeData {
  readonly attachmentId?: string
}

type AttachWork = Work<AttachVolumeArgs, AttachVolumeData>

export const attachVolume = operation<AttachVolumeArgs, AttachVolumeData>({
  kind: 'attachVolume',
  withoutTask: true,
  steps: [
    step('reserve', { at: 'conductor', run: reserve, undo: letGo }),
    step('attach', { at: 'host', run: attach, undo: takeOut }),
  ],
  failed: revertTask,
})

/** The event is the step's that follows: only a volume that cannot be had shows it here. */
async function reserve(work: AttachWork): Promise<void> {
  const { server, args } = work
  const device = deviceOf(work, args.device)
  assert(device, 'the server has the disk since it was accepted')
  try {
    await work.remember({ attachmentId: await reserveVolume(work, device) })
  } catch (error) {
    if (error instanceof Superseded || isInterruption(error)) throw error
    await work.event(eventOf(work), server.host ?? work.deps.conductorHost, () => Promise.reject(error))
  }
  const { attachmentId } = work.data
  assert(attachmentId, 'it was just reserved')
  await work.complete(changeDevice(device.id, one => ({ ...one, attachmentId })))
}

const eventOf = ({ server }: AttachWork) =>
  server.host === null ? 'api_attach_volume' : 'compute_attach_volume'

async function attach(work: AttachWork): Promise<void> {
  const { host } = work.server
  await work.event(eventOf(work), host ?? work.deps.conductorHost, () =>
    host === null ? keep(work) : attachOn(work, host),
  )
}

/** Attached without a host, so that its status says it is in use (nova/compute/api.py, _attach_volume_shelved_offloaded). */
async function keep(work: AttachWork): Promise<void> {
  const { attachmentId } = work.data
  assert(attachmentId, 'the first step reserved it')
  await work.deps.neighbours.volume.complete(work.behalf(), attachmentId)
  await work.complete({})
}

async function attachOn(work: AttachWork, host: string): Promise<void> {
  const { args, data, deps } = work
  const device = deviceOf(work, args.device)
  assert(device && data.attachmentId, 'the first step reserved it')
  const extra = { volumeId: args.volumeId }
  tell(work, 'volume_attach', 'start', host, extra)
  try {
    const connected = await connectVolume(work, host, device, data.attachmentId)
    const volume = machineVolume(connected)
    assert(volume, 'it is connected, and has a name')
    await work.onHost(host, 'attachVolume', { volume })
    await work.failIfAsked('complete_volume')
    await deps.neighbours.volume.complete(work.behalf(host), data.attachmentId)
    await work.complete(changeDevice(device.id, () => connected))
  } catch (error) {
    if (error instanceof Superseded || isInterruption(error)) throw error
    work.hostLog(host).error(`Failed to attach ${args.volumeId} at ${device.deviceName}`, {
      server: work.server.id,
      error,
    })
    tell(work, 'volume_attach', 'error', host, { ...extra, fault: error })
    throw error
  }
  tell(work, 'volume_attach', 'end', host, extra)
}

async function takeOut(work: AttachWork): Promise<void> {
  const { host } = work.server
  if (host !== null) await work.onHost(host, 'detachVolume', { volumeId: work.args.volumeId })
}

/** The volume is as it was, and the server has no such disk. */
async function letGo(work: AttachWork): Promise<void> {
  await giveBack(work, work.args.volumeId)
  await work.change(changeDevice(work.args.device, () => null))
}
