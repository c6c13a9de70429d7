// A server goes over from one volume to another, while the volume service moves what is on it: the host copies, the
// machine goes on with the new one, and the volume service says under which id (nova/compute/manager.py, swap_volume).
import { assert } from '../../base/assert.ts'
import { fault } from '../../model/errors.ts'
import type { BlockDevice } from '../snapshots.ts'
import { revertTask } from './failing.ts'
import { machineVolume } from './machine.ts'
import { isInterruption, operation, Superseded, step } from './operation.ts'
import { tell } from './tell.ts'
import { changeDevice, connectVolume, deviceOf, giveBack, reserveVolume } from './volumes.ts'
import type { Work } from './work.ts'

export interface SwapVolumeArgs {
  readonly device: string
  readonly oldVolumeId: string
  readonly newVolumeId: string
  /** GB of the new volume. */
  readonly sizeGb: number
}

interface SwapVolumeData {
  readonly isBegun?: boolean
  readonly attachmentId?: string
  /** The machine has the new one, and so has the server: there is no way back. */
  readonly isSwapped?: boolean
  /** Under which the volume goes on. */
  readonly savedId?: string
}

type SwapWork = Work<SwapVolumeArgs, SwapVolumeData>

export const swapVolume = operation<SwapVolumeArgs, SwapVolumeData>({
  kind: 'swapVolume',
  withoutTask: true,
  steps: [
    step('begin', { at: 'conductor', run: begin, undo: roll }),
    step('swap', { event: 'compute_swap_volume', at: 'host', run: swap, undo: swapBack }),
  ],
  failed: revertTask,
})

const hostOf = ({ server }: SwapWork): string => {
  assert(server.host, 'an admitted server has a host')
  return server.host
}

const idsOf = ({ args }: SwapWork) => ({ oldVolumeId: args.oldVolumeId, newVolumeId: args.newVolumeId })

/** The disk as it is to be: the same but for its volume. */
const freshDevice = ({ args }: SwapWork, device: BlockDevice): BlockDevice => ({
  ...device,
  source: 'volume',
  snapshotId: null,
  imageId: null,
  volumeId: args.newVolumeId,
  sizeGb: args.sizeGb,
  attachmentId: null,
  connection: null,
})

async function begin(work: SwapWork): Promise<void> {
  const { args, deps } = work
  const { volume } = deps.neighbours
  try {
    const device = deviceOf(work, args.device)
    if (!device) throw fault('VolumeNotOnServer', { server: work.server.id, volume: args.oldVolumeId })
    const old = await volume.find(work.behalf(), args.oldVolumeId, null)
    if (!(work.takenUpBefore > 0 && old?.status === 'detaching'))
      await volume.beginDetaching(work.behalf(), args.oldVolumeId)
    await work.remember({ isBegun: true })
    await work.remember({ attachmentId: await reserveVolume(work, freshDevice(work, device)) })
  } catch (error) {
    if (error instanceof Superseded || isInterruption(error)) throw error
    await work.event('compute_swap_volume', hostOf(work), () => Promise.reject(error))
  }
}

async function roll(work: SwapWork): Promise<void> {
  const { args, data, deps } = work
  await giveBack(work, data.isSwapped ? args.oldVolumeId : args.newVolumeId)
  if (data.isSwapped) return
  if (data.isBegun) await deps.neighbours.volume.rollDetaching(work.behalf(), args.oldVolumeId)
}

async function swap(work: SwapWork): Promise<void> {
  const host = hostOf(work)
  tell(work, 'volume_swap', 'start', host, idsOf(work))
  try {
    await goOver(work, host)
  } catch (error) {
    if (error instanceof Superseded || isInterruption(error)) throw error
    tell(work, 'volume_swap', 'error', host, { ...idsOf(work), fault: error })
    throw error
  }
  tell(work, 'volume_swap', 'end', host, idsOf(work))
}

async function goOver(work: SwapWork, host: string): Promise<void> {
  const { args, deps } = work
  const { volume } = deps.neighbours
  const device = deviceOf(work, args.device)
  assert(device, 'it stays the disk of the server')
  if (!work.data.isSwapped) {
    assert(work.data.attachmentId, 'the first step reserved it')
    const connected = await connectVolume(work, host, freshDevice(work, device), work.data.attachmentId)
    const fresh = machineVolume(connected)
    assert(fresh, 'it is connected, and has a name')
    await work.onHost(host, 'swapVolume', { oldVolumeId: args.oldVolumeId, volume: fresh })
    await volume.complete(work.behalf(host), work.data.attachmentId)
    await work.change(
      changeDevice(device.id, () => connected),
      undefined,
      { isSwapped: true },
    )
  }
  await giveBack(work, args.oldVolumeId)
  const swapped = deviceOf(work, args.device)
  assert(swapped, 'it stays the disk of the server')
  if (work.data.savedId === undefined) await work.remember({ savedId: await complete(work, host, false) })
  const settled = await settle(work, host, swapped)
  await work.complete(changeDevice(device.id, () => settled))
}

const complete = (work: SwapWork, host: string, isFailed: boolean): Promise<string> =>
  work.deps.neighbours.volume.completeMigration(work.behalf(host), work.args.oldVolumeId, {
    newVolumeId: work.args.newVolumeId,
    isFailed,
  })

/** A volume that goes on under its old id is called so by the machine, too. */
async function settle(work: SwapWork, host: string, swapped: BlockDevice): Promise<BlockDevice> {
  const { savedId } = work.data
  if (savedId === undefined || savedId === swapped.volumeId || swapped.attachmentId === null) return swapped
  const settled = await connectVolume(work, host, { ...swapped, volumeId: savedId }, swapped.attachmentId)
  await work.deps.neighbours.volume.complete(work.behalf(host), swapped.attachmentId)
  const volume = machineVolume(settled)
  assert(volume && swapped.volumeId !== null, 'it is connected, and has a name')
  await work.onHost(host, 'detachVolume', { volumeId: swapped.volumeId })
  await work.onHost(host, 'attachVolume', { volume })
  return settled
}

/** The machine goes on with what it had, and the volume service hears that it failed. */
async function swapBack(work: SwapWork): Promise<void> {
  const device = deviceOf(work, work.args.device)
  const volume = device && machineVolume(device)
  if (work.data.isSwapped || !volume) return
  const host = hostOf(work)
  await work.onHost(host, 'detachVolume', { volumeId: work.args.newVolumeId })
  await work.onHost(host, 'attachVolume', { volume })
  await complete(work, host, true)
}
