// A port goes from a server that stays: unplugged from the machine, then let go at the network service.
import { assert } from '../../base/assert.ts'
import { fault } from '../../model/errors.ts'
import type { Vif } from '../snapshots.ts'
import { networkOf } from '../store/servers.ts'
import { revertTask } from './failing.ts'
import { operation, step } from './operation.ts'
import { tell } from './tell.ts'
import type { Work } from './work.ts'

export interface DetachInterfaceArgs {
  readonly portId: string
}
interface DetachInterfaceData {
  /** What is unplugged: the server's row may not name it any more when this runs again. */
  readonly vif?: Vif
}
type DetachWork = Work<DetachInterfaceArgs, DetachInterfaceData>

export const detachInterface = operation<DetachInterfaceArgs, DetachInterfaceData>({
  kind: 'detachInterface',
  withoutTask: true,
  steps: [step('detach', { event: 'compute_detach_interface', at: 'host', run: detach, undo: plugAgain })],
  failed: revertTask,
})

async function detach(work: DetachWork): Promise<void> {
  const { deps, server, args } = work
  const { host } = server
  assert(host, 'an admitted server has a host')
  const { network } = deps.neighbours
  const vif = work.data.vif ?? networkOf(server).find(({ portId }) => portId === args.portId)
  if (!vif) throw fault('PortNotAttached', { port: args.portId })
  await work.remember({ vif })
  tell(work, 'interface_detach', 'start', host)
  await work.onHost(host, 'detachInterface', { vif })
  const on = work.behalf(host)
  await network.detach(on, server.id, vif.portId)
  await work.complete({ network_json: JSON.stringify(await network.info(on, server.id)) })
  tell(work, 'interface_detach', 'end', host)
}

/** A port that the network service still has with the server goes back into its machine. */
async function plugAgain(work: DetachWork): Promise<void> {
  const { deps, server, data } = work
  const { host } = server
  if (!data.vif || host === null) return
  const ports = await deps.neighbours.network.info(work.behalf(host), server.id)
  if (ports.some(({ portId }) => portId === data.vif?.portId))
    await work.onHost(host, 'attachInterface', { vif: data.vif })
}
