// injectNetworkInfo: the machine is given what the network service says of its ports now. Nova casts it to the host and
// says nothing when that fails; it has no record in which a failure could be read, so here it is done before the 202.
import { empty, type Reply } from '../../../platform/http/types.ts'
import { behalfOf, checkAdmission } from '../../accept.ts'
import { askHost } from '../../ask-host.ts'
import { patchServer, type ServerRow } from '../../store/servers.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'
import { requireHost } from './power.ts'

export async function injectNetworkInfo(call: ComputeCall, server: ServerRow): Promise<Reply> {
  checkAdmission(call, server, 'injectNetworkInfo')
  const host = requireHost(server)
  const { neighbours, store, clock } = call.deps
  const network = await neighbours.network.info(behalfOf(call), server.id)
  await askHost(call, host, server, 'injectNetworkInfo', { network })
  await store.accept<ComputeTables, unknown>(tx =>
    patchServer(tx, server.id, { network_json: JSON.stringify(network) }, clock.now()),
  )
  return empty(202)
}
