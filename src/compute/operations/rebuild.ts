// Rebuilding a server in place: the same host, ports and id; a fresh disk from an image, maybe another one.
import { assert } from '../../base/assert.ts'
import { isFault } from '../../model/errors.ts'
import { powerStates } from '../../model/server-states.ts'
import { ExplainedError, publicMessage } from '../errors.ts'
import type { InjectedFile } from '../snapshots.ts'
import type { ServerPatch } from '../store/servers.ts'
import { revertTask } from './failing.ts'
import { forgetLeftBehind, leftBehind } from './left-behind.ts'
import { machineSpec } from './machine.ts'
import { operation, step } from './operation.ts'
import { reimageRoot } from './reimage.ts'
import { requestFor, selectHosts } from './schedule.ts'
import { tell, tellTaskFailed } from './tell.ts'
import { connectVolumes, keepVolumes } from './volumes.ts'
import type { AnyWork, Work } from './work.ts'

export interface RebuildArgs {
  /** The image as it was, restored when the host cannot take the new one. */
  readonly oldImageId: string
  readonly oldImageJson: string
  readonly isNewImage: boolean
  readonly wasStopped: boolean
  readonly publicKey: string | null
  readonly files: readonly InjectedFile[]
  /** Image a root volume is written anew from; null where the disk is the host's, or stays as it is. */
  readonly reimage: { readonly imageId: string; readonly sizeBytes: number } | null
}

interface RebuildData {
  /** How far it came, which decides how a failure leaves the server. */
  readonly reached?: 'host' | 'rebuilding' | 'built'
  /** The root volume has been written anew. */
  readonly isReimaged?: boolean
}

export type RebuildWork = Work<RebuildArgs, RebuildData>

export const rebuild = operation<RebuildArgs, RebuildData>({
  kind: 'rebuild',
  steps: [
    step('check', { event: 'rebuild_server', at: 'conductor', run: checkImage }),
    step('rebuild', { event: 'compute_rebuild_instance', at: 'host', run: rebuildOnHost }),
    step('stop_again', { at: 'host', run: stopAgain }),
  ],
  failed: leave,
})

/** Only filters about images run, against the server's own host (facts: scheduling.md §1). */
async function checkImage(work: RebuildWork): Promise<void> {
  if (!work.args.isNewImage) return
  await selectHosts(work, {
    ...(await requestFor(work.deps, work.server)),
    isRebuild: true,
    requested: { host: work.server.host, node: work.server.node },
  })
}

async function rebuildOnHost(work: RebuildWork): Promise<void> {
  const { host } = work.server
  assert(host, 'an admitted server has a host')
  tell(work, 'rebuild', 'start', host)
  await work.remember({ reached: 'host' })
  // The server keeps the room it has: only somebody asking for it makes this fail.
  await work.failIfAsked('claim')
  await work.change({ task_state: 'rebuild_block_device_mapping' }, undefined, { reached: 'rebuilding' })
  await work.onHost(host, 'destroy', null)
  await keepVolumes(work)
  await reimageRoot(work, host)
  await connectVolumes(work, host)
  const network = await work.deps.neighbours.network.info(work.behalf(host), work.server.id)
  await work.change({ task_state: 'rebuild_spawning', network_json: JSON.stringify(network) })
  await work.onHost(host, 'spawn', {
    spec: machineSpec(work.server, work.args.publicKey, work.args.files),
    disk: null,
    powerOn: true,
  })
  await forgetLeftBehind(work, host, await leftBehind(work))
  await work.complete(
    {
      vm_state: 'active',
      task_state: work.args.wasStopped ? 'powering-off' : null,
      power_state: powerStates.RUNNING,
      launched_at: work.deps.clock.now(),
    },
    undefined,
    { reached: 'built' },
  )
  tell(work, 'rebuild', 'end', host)
}

/** A stopped server is stopped again, under the same request. */
async function stopAgain(work: RebuildWork): Promise<void> {
  if (work.args.wasStopped) await powerOffAgain(work)
}

/** The machine that was just built is powered off, in an event of its own. */
export async function powerOffAgain(work: AnyWork): Promise<void> {
  const { host } = work.server
  assert(host, 'it was built there')
  await work.event('compute_stop_instance', host, async () => {
    tell(work, 'power_off', 'start', host)
    await work.onHost(host, 'stop', null)
    await work.complete({ vm_state: 'stopped', task_state: null, power_state: powerStates.SHUTDOWN })
    tell(work, 'power_off', 'end', host)
  })
}

async function leave(work: RebuildWork, error: unknown): Promise<ServerPatch> {
  const { host } = work.server
  const { reached } = work.data
  if (reached === 'built') return revertTask(work, error)
  if (reached === 'rebuilding') {
    tellFailed(work, error)
    // A refused neighbour's answer (ports, networks) aborts the build in Nova's words.
    await work.recordFault(isFault(error) ? aborted(work.server.id, error) : error, host)
    return { vm_state: 'error' }
  }
  // The disk is still the old image's.
  const image: ServerPatch = { image_id: work.args.oldImageId, image_json: work.args.oldImageJson }
  if (reached === 'host') {
    tellFailed(work, error)
    await work.recordFault(aborted(work.server.id, error), host)
    return image
  }
  tellTaskFailed(work, 'rebuild_server', error, 'error')
  await work.recordFault(error, host)
  return { ...image, vm_state: 'error' }
}

function tellFailed(work: RebuildWork, error: unknown): void {
  const { host } = work.server
  if (host !== null) tell(work, 'rebuild', 'error', host, { fault: error })
}

/** Why a build ended, in Nova's words. */
export function aborted(serverId: string, error: unknown): ExplainedError {
  const reason = publicMessage(error)
  const text = `Build of instance ${serverId} aborted: ${reason}`
  return new ExplainedError('BuildAbortException', text, { admin: reason, owner: reason }, 500, {
    cause: error,
  })
}
