// A volume goes from a server that stays: taken out of the machine, then given back to the volume service.
import { assert } from '../../base/assert.ts'
import { fault } from '../../model/errors.ts'
import { revertTask } from './failing.ts'
import { machineVolume } from './machine.ts'
import { isInterruption, operation, Superseded, step } from './operation.ts'
import { tell } from './tell.ts'
import { changeDevice, deviceOf } from './volumes.ts'
import type { Work } from './work.ts'

export interface DetachVolumeArgs {
  readonly device: string
  readonly volumeId: string
}

interface DetachVolumeData {
  /** The volume service knows that it is going. */
  readonly isBegun?: boolean
}

type DetachWork = Work<DetachVolumeArgs, DetachVolumeData>

export const detachVolume = operation<DetachVolumeArgs, DetachVolumeData>({
  kind: 'detachVolume',
  withoutTask: true,
  steps: [
    step('begin', { at: 'conductor', run: begin, undo: roll }),
    step('detach', { at: 'host', run: detach, undo: putBack }),
  ],
  failed: revertTask,
})

const eventOf = ({ server }: DetachWork) =>
  server.host === null ? 'api_detach_volume' : 'compute_detach_volume'

/** The event is the step's that follows: only a volume that cannot go shows it here. */
async function begin(work: DetachWork): Promise<void> {
  const { args, server } = work
  try {
    // Of two that detach it, one comes too late; and a volume may never have got here.
    if (!deviceOf(work, args.device))
      throw fault('VolumeNotOnServer', { server: server.id, volume: args.volumeId })
    await work.failIfAsked('begin_detaching')
    if (!(await hasBegun(work))) {
      await work.deps.neighbours.volume.beginDetaching(work.behalf(), work.args.volumeId)
      await work.remember({ isBegun: true })
    }
  } catch (error) {
    if (error instanceof Superseded || isInterruption(error)) throw error
    await work.event(eventOf(work), work.server.host ?? work.deps.conductorHost, () => Promise.reject(error))
  }
}

/**
 * Asked again after a crash, it may have begun before. And what is only reserved, for a server that was shelved with it,
 * has nothing to begin; Nova is refused there (docs/differences.md).
 */
async function hasBegun(work: DetachWork): Promise<boolean> {
  if (work.takenUpBefore === 0 && work.server.host !== null) return false
  const found = await work.deps.neighbours.volume.find(work.behalf(), work.args.volumeId, null)
  if (found?.status === 'detaching') await work.remember({ isBegun: true })
  return found?.status === 'detaching' || (work.server.host === null && found?.status === 'reserved')
}

async function detach(work: DetachWork): Promise<void> {
  const { host } = work.server
  await work.event(eventOf(work), host ?? work.deps.conductorHost, () =>
    host === null ? letGo(work) : detachFrom(work, host),
  )
}

async function detachFrom(work: DetachWork, host: string): Promise<void> {
  const { volumeId } = work.args
  tell(work, 'volume_detach', 'start', host, { volumeId })
  await work.onHost(host, 'detachVolume', { volumeId })
  await letGo(work)
  tell(work, 'volume_detach', 'end', host, { volumeId })
}

async function letGo(work: DetachWork): Promise<void> {
  const device = deviceOf(work, work.args.device)
  assert(device, 'it stays the disk of the server until it is let go')
  await work.failIfAsked('release_volume')
  if (device.attachmentId !== null)
    await work.deps.neighbours.volume.release(work.behalf(), device.attachmentId)
  await work.complete(changeDevice(device.id, () => null))
}

/** A volume that is the server's still goes back into the machine. */
async function putBack(work: DetachWork): Promise<void> {
  const { host } = work.server
  const device = deviceOf(work, work.args.device)
  const volume = device && machineVolume(device)
  if (host !== null && volume) await work.onHost(host, 'attachVolume', { volume })
}

async function roll(work: DetachWork): Promise<void> {
  if (work.data.isBegun) await work.deps.neighbours.volume.rollDetaching(work.behalf(), work.args.volumeId)
}
