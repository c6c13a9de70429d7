// A volume of a server has grown while it is in use: the machine is told, and the volume service that it was
// (nova/compute/manager.py, extend_volume).
import { assert } from '../../base/assert.ts'
import { fault } from '../../model/errors.ts'
import { volumesOf } from '../store/servers.ts'
import { revertTask } from './failing.ts'
import { operation, step } from './operation.ts'
import { changeDevice } from './volumes.ts'
import type { Work } from './work.ts'

export interface ExtendVolumeArgs {
  readonly volumeId: string
}

type ExtendWork = Work<ExtendVolumeArgs, object>

export const extendVolume = operation<ExtendVolumeArgs, object>({
  kind: 'extendVolume',
  withoutTask: true,
  steps: [
    step('extend', {
      event: 'compute_extend_volume',
      at: 'host',
      run: extend,
      undo: work => tellOutcome(work, true),
    }),
  ],
  failed: revertTask,
})

async function extend(work: ExtendWork): Promise<void> {
  const { volumeId } = work.args
  const { host } = work.server
  assert(host, 'who is told of it is on a host')
  const device = volumesOf(work.server).find(one => one.volumeId === volumeId)
  if (!device) throw fault('VolumeNotOnServer', { server: work.server.id, volume: volumeId })
  const volume = await work.deps.neighbours.volume.find(work.behalf(host), volumeId, null)
  if (!volume) throw fault('VolumeNotFound', { volume: volumeId })
  const { sizeGb } = volume
  await work.onHost(host, 'extendVolume', { volumeId, sizeGb })
  await tellOutcome(work, false)
  await work.complete(changeDevice(device.id, one => ({ ...one, sizeGb })))
}

/** A volume service that does not wait for it has gone on already; of several servers the first one says it. */
async function tellOutcome(work: ExtendWork, isFailed: boolean): Promise<void> {
  const { volume } = work.deps.neighbours
  const now = await volume.find(work.behalf(), work.args.volumeId, null)
  if (now?.status === 'extending') await volume.extended(work.behalf(), work.args.volumeId, isFailed)
}
