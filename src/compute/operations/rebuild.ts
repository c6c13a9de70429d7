// Rebuilding a server in place: the same host, ports and id; a fresh disk from an image, maybe another one.
import { assert } from '../../base/assert.ts'
import { isFault } from '../../model/errors.ts'
import { powerStates } from '../../model/server-states.ts'
import { ExplainedError, publicMessage } from '../errors.ts'
import type { ServerPatch } from '../store/servers.ts'
import { machineSpec } from './create.ts'
import { operation, step } from './operation.ts'
import { requestFor, selectHosts } from './schedule.ts'
import { tell, tellTaskFailed } from './tell.ts'
import type { Work } from './work.ts'

export interface RebuildArgs {
  /** The image as it was, restored when the host cannot take the new one. */
  readonly oldImageId: string
  readonly oldImageJson: string
  readonly isNewImage: boolean
  readonly wasStopped: boolean
  readonly publicKey: string | null
}

type RebuildWork = Work<RebuildArgs, { readonly refused?: boolean }>

export const rebuild = operation<RebuildArgs, { readonly refused?: boolean }>({
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
  const request = await requestFor(work.deps, work.server)
  try {
    await selectHosts(work as Work<unknown, unknown>, {
      ...request,
      isRebuild: true,
      requested: { host: work.server.host, node: work.server.node },
    })
  } catch (error) {
    await work.remember({ refused: true })
    tellTaskFailed(work, 'rebuild_server', error, 'error')
    throw error
  }
}

async function rebuildOnHost(work: RebuildWork): Promise<void> {
  const { host } = work.server
  assert(host, 'an admitted server has a host')
  tell(work, 'rebuild', 'start', host)
  await work.failIfAsked('claim')
  await work.change({ task_state: 'rebuild_block_device_mapping' })
  await work.onHost(host, 'destroy', null)
  const network = await work.deps.neighbours.network.info(work.behalf(host), work.server.id)
  await work.change({ task_state: 'rebuild_spawning', network_json: JSON.stringify(network) })
  await work.onHost(host, 'spawn', {
    spec: machineSpec(work.server, work.args.publicKey),
    disk: null,
    powerOn: true,
  })
  await work.change({
    vm_state: 'active',
    task_state: work.args.wasStopped ? 'powering-off' : null,
    power_state: powerStates.RUNNING,
    launched_at: work.deps.clock.now(),
  })
  tell(work, 'rebuild', 'end', host)
}

/** A stopped server is stopped again, under the same request. */
async function stopAgain(work: RebuildWork): Promise<void> {
  const { host } = work.server
  if (!work.args.wasStopped || host === null) return
  await work.event('compute_stop_instance', host, async () => {
    tell(work, 'power_off', 'start', host)
    await work.onHost(host, 'stop', null)
    await work.change({ vm_state: 'stopped', task_state: null, power_state: powerStates.SHUTDOWN })
    tell(work, 'power_off', 'end', host)
  })
}

async function leave(work: RebuildWork, error: unknown): Promise<ServerPatch> {
  const { host } = work.server
  if (host !== null && !work.data.refused) tell(work, 'rebuild', 'error', host, { fault: error })
  // A refused neighbour's answer (ports, networks) aborts the build in Nova's words.
  const shown = isFault(error)
    ? new ExplainedError(
        'BuildAbortException',
        `Build of instance ${work.server.id} aborted: ${publicMessage(error)}`,
        { admin: publicMessage(error), owner: publicMessage(error) },
      )
    : error
  await work.recordFault(shown, host)
  return work.data.refused
    ? { vm_state: 'error', image_id: work.args.oldImageId, image_json: work.args.oldImageJson }
    : { vm_state: 'error' }
}
