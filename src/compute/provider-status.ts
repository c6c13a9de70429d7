// Whether a compute service is disabled, as placement is told: a trait of its resource provider, which requests for room
// exclude (facts: scheduling.md §6).
import { type Store, tables } from '../platform/store/store.ts'
import type { OnBehalf, PlacementNeighbour } from './neighbours/neighbours.ts'
import { computeBinary, type ServiceRow } from './store/services.ts'
import type { ComputeTables } from './tables.ts'

const disabledTrait = 'COMPUTE_STATUS_DISABLED'

interface Deps {
  readonly store: Store
  readonly placement: PlacementNeighbour
}

/**
 * Tells placement after a service was enabled or disabled. That it could not be told fails nothing: the warning is
 * Nova's (nova/compute/api.py, _update_compute_provider_status), and the periodic task makes up for it.
 */
export async function tellProviderStatus(
  { store, placement }: Deps,
  on: OnBehalf,
  { binary, host, disabled }: ServiceRow,
): Promise<void> {
  if (binary !== computeBinary) return
  try {
    const nodes = await tables<ComputeTables>(store)
      .selectFrom('compute_nodes')
      .select('uuid')
      .where('host', '=', host)
      .execute()
    for (const { uuid } of nodes) await placement.setTrait(on, uuid, disabledTrait, disabled === 1) // one, or none yet
  } catch (error) {
    on.log.warning(
      `An error occurred while updating the ${disabledTrait} trait on compute node resource providers managed by host ${host}. The trait will be synchronized automatically when the periodic task runs.`,
      { error },
    )
  }
}

/** Makes placement's traits agree with our services: one call when they do, however many hosts there are. */
export async function syncProviderStatus({ store, placement }: Deps, on: OnBehalf): Promise<void> {
  const marked = await placement.providersWith(on, disabledTrait)
  const nodes = await tables<ComputeTables>(store)
    .selectFrom('compute_nodes')
    .innerJoin('compute_services', 'compute_services.id', 'compute_nodes.service_id')
    .select(['compute_nodes.uuid', 'compute_services.disabled'])
    .execute()
  for (const { uuid, disabled } of nodes) {
    if (marked.has(uuid) === (disabled === 1)) continue
    try {
      await placement.setTrait(on, uuid, disabledTrait, disabled === 1)
    } catch (error) {
      // A provider somebody removed keeps no other from being told.
      on.log.warning(`the ${disabledTrait} trait of resource provider ${uuid} could not be set`, { error })
    }
  }
}
