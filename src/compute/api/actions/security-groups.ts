// addSecurityGroup and removeSecurityGroup: done at the network service while the caller waits.
import { empty, type Reply } from '../../../platform/http/types.ts'
import { behalfOf } from '../../accept.ts'
import { patchServer, type ServerRow } from '../../store/servers.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'

const change =
  (method: 'addSecurityGroup' | 'removeSecurityGroup') =>
  async (call: ComputeCall, server: ServerRow, value: { readonly name: string }): Promise<Reply> => {
    const { network } = call.deps.neighbours
    const on = behalfOf(call)
    await network[method](on, server.id, server.project_id, value.name)
    const names = await network.securityGroups(on, server.id)
    await call.deps.store.accept<ComputeTables, unknown>(tx =>
      patchServer(tx, server.id, { security_groups_json: JSON.stringify(names) }, call.deps.clock.now()),
    )
    return empty(202)
  }

export const addSecurityGroup = change('addSecurityGroup')
export const removeSecurityGroup = change('removeSecurityGroup')
