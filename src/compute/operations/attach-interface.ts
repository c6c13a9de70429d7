// A port for a server that is there: made or taken, bound to the server's host, plugged into its machine. The caller
// waits for its end (api/attach-interfaces.ts).
import { assert } from '../../base/assert.ts'
import { isFault } from '../../model/errors.ts'
import { detailsOf, explained } from '../errors.ts'
import type { InterfaceWanted } from '../neighbours/neighbours.ts'
import type { Vif } from '../snapshots.ts'
import { defaultZone } from '../store/aggregates.ts'
import { revertTask } from './failing.ts'
import { isInterruption, operation, Superseded, step } from './operation.ts'
import { tell } from './tell.ts'
import type { Work } from './work.ts'

export type AttachInterfaceArgs = Omit<InterfaceWanted, 'operationId'>
export interface AttachInterfaceData {
  /** What it is to get: known before the host is asked. */
  readonly vif?: Vif
}
type AttachWork = Work<AttachInterfaceArgs, AttachInterfaceData>

export const attachInterface = operation<AttachInterfaceArgs, AttachInterfaceData>({
  kind: 'attachInterface',
  withoutTask: true,
  steps: [step('attach', { event: 'compute_attach_interface', at: 'host', run: attach, undo: takeBack })],
  failed: revertTask,
})

async function attach(work: AttachWork): Promise<void> {
  const { deps, server, args, operationId } = work
  const { host } = server
  assert(host, 'an admitted server has a host')
  const { network } = deps.neighbours
  tell(work, 'interface_attach', 'start', host)
  const on = work.behalf(host)
  const portId = await network.attach(
    on,
    { id: server.id, projectId: server.project_id, host, zone: server.availability_zone ?? defaultZone },
    { ...args, operationId },
  )
  const info = await network.info(on, server.id)
  const vif = info.find(one => one.portId === portId)
  assert(vif, 'a port that was just bound to the server is among its ports')
  await work.remember({ vif })
  try {
    await work.onHost(host, 'attachInterface', { vif })
  } catch (error) {
    if (error instanceof Superseded || isInterruption(error)) throw error
    tell(work, 'interface_attach', 'error', host, { fault: error })
    throw isFault(error) ? error : explained('InterfaceAttachFailed', { server: server.id }, detailsOf(error))
  }
  await work.complete({ network_json: JSON.stringify(info) })
  tell(work, 'interface_attach', 'end', host)
}

async function takeBack(work: AttachWork): Promise<void> {
  const { deps, server, operationId, data } = work
  await deps.neighbours.network.takeBack(work.behalf(), server.id, operationId)
  // A machine that never got it has nothing to do.
  if (data.vif && server.host !== null) await work.onHost(server.host, 'detachInterface', { vif: data.vif })
}
