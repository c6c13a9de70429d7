// The flavor a create or resize body names.
import { fault } from '../../../model/errors.ts'
import { tables } from '../../../platform/store/store.ts'
import type { FlavorSnapshot } from '../../snapshots.ts'
import { findFlavor, flavorSnapshot } from '../../store/flavors.ts'
import type { ComputeTables } from '../../tables.ts'
import { type ComputeCall, projectOf } from '../call.ts'

/** The id in what may be a flavor's link (nova/api/openstack/common.py, get_id_from_href). */
export const idOfLink = (ref: string): string => ref.replace(/[?#].*$/, '').replace(/^.*\//, '')

/** Refuses (400) a flavor the caller cannot see. */
export async function findFlavorFor(call: ComputeCall, id: string): Promise<FlavorSnapshot> {
  const viewer = { projectId: projectOf(call), isAdmin: call.auth.isAdmin }
  const row = await findFlavor(tables<ComputeTables>(call.deps.store), viewer, id)
  if (!row) throw fault('FlavorInBodyNotFound', { flavor: id })
  return flavorSnapshot(row)
}
