// FlavorPayload 1.4, from a flavor as a server remembers it or as its table has it.
import type { FlavorSnapshot } from '../snapshots.ts'
import { type FlavorRow, flavorSnapshot } from '../store/flavors.ts'
import { type NovaObject, payload } from './encode.ts'

export type FlavorAction = 'create' | 'update' | 'delete'

/** A server's own copy of its flavor knows no projects. */
export const flavorPayload = (flavor: FlavorSnapshot): NovaObject =>
  payload('FlavorPayload', flavorData(flavor))

/**
 * Payload of `flavor.*`. Nova loads extra specs only for an update, and projects not for a delete: null then.
 * `projects`: ids of those with access, [] for a public flavor.
 */
export function flavorRowPayload(
  action: FlavorAction,
  row: FlavorRow,
  projects: readonly string[],
): NovaObject {
  const data = flavorData(flavorSnapshot(row))
  return payload('FlavorPayload', {
    ...data,
    extra_specs: action === 'update' ? data.extra_specs : null,
    projects: action === 'delete' ? null : projects,
  })
}

const flavorData = (flavor: FlavorSnapshot) => ({
  flavorid: flavor.id,
  memory_mb: flavor.memoryMb,
  vcpus: flavor.vcpus,
  root_gb: flavor.rootGb,
  ephemeral_gb: flavor.ephemeralGb,
  name: flavor.name,
  swap: flavor.swapMb,
  rxtx_factor: flavor.rxtxFactor,
  vcpu_weight: 0,
  disabled: flavor.disabled,
  is_public: flavor.isPublic,
  extra_specs: flavor.extraSpecs,
  projects: null,
  description: flavor.description,
})
