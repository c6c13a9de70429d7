// Who may use a private flavor.
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { type FlavorRow, flavorProjects, giveFlavor, takeFlavorAway } from '../store/flavors.ts'
import type { ComputeTables } from '../tables.ts'
import { actionOf } from './actions.ts'
import { bodyOf, type ComputeCall } from './call.ts'
import { flavorInPath, notifyFlavorUpdate } from './flavors.ts'
import { versionOf } from './negotiate.ts'
import { projectExists } from './projects.ts'
import {
  type AddAccessBody,
  addAccessBody,
  type RemoveAccessBody,
  removeAccessBody,
} from './schemas/flavors.ts'
import { flavorAccessView } from './views/flavors.ts'

export const listFlavorAccess = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-flavor-access')
  const flavor = await flavorInPath(call)
  if (flavor.is_public) throw fault('FlavorIsPublic')
  return access(call, flavor)
}

const access = async (call: ComputeCall, flavor: FlavorRow): Promise<Reply> =>
  json(
    200,
    flavorAccessView(flavor.id, await flavorProjects(tables<ComputeTables>(call.deps.store), flavor.id)),
  )

async function addAccess(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-flavor-access:add_tenant_access')
  const project = bodyOf<AddAccessBody>(call).addTenantAccess.tenant
  if (!(await projectExists(call, project))) throw fault('ProjectInvalid', { project })
  const flavor = await flavorInPath(call)
  if (flavor.is_public && versionOf(call).has('privateFlavorAccessOnly')) throw fault('FlavorAccessToPublic')
  const isNew = await call.deps.store.accept<ComputeTables, boolean>(tx => giveFlavor(tx, flavor.id, project))
  if (!isNew) throw fault('FlavorAccessExists', { flavor: flavor.id, project })
  await notifyFlavorUpdate(call, flavor)
  return access(call, flavor)
}

async function removeAccess(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-flavor-access:remove_tenant_access')
  const project = bodyOf<RemoveAccessBody>(call).removeTenantAccess.tenant
  const flavor = await flavorInPath(call)
  const hadIt = await call.deps.store.accept<ComputeTables, boolean>(tx =>
    takeFlavorAway(tx, flavor.id, project),
  )
  // Access of a project that is gone can be taken away; only when there was none does it matter whether it exists.
  if (!hadIt)
    throw (await projectExists(call, project))
      ? fault('FlavorAccessNotFound', { flavor: flavor.id, project })
      : fault('ProjectInvalid', { project })
  await notifyFlavorUpdate(call, flavor)
  return access(call, flavor)
}

export const actOnFlavor = actionOf({
  addTenantAccess: { body: addAccessBody, handler: addAccess },
  removeTenantAccess: { body: removeAccessBody, handler: removeAccess },
})
