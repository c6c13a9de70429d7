// FlavorPayload 1.4, from a flavor as a server remembers it or as its table has it.
import type { Selectable } from 'kysely'
import { readJson } from '../../base/json.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import type { FlavorsTable } from '../tables.ts'
import { type NovaObject, payload } from './encode.ts'

export type FlavorRow = Readonly<Selectable<FlavorsTable>>
export type FlavorAction = 'create' | 'update' | 'delete'

/** A server's own copy of its flavor knows no projects. */
export const flavorPayload = (flavor: FlavorSnapshot): NovaObject =>
  payload('FlavorPayload', {
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

/**
 * Payload of `flavor.*`. Nova loads extra specs only for an update, and projects not for a delete: null then.
 * `projects`: ids of those with access, [] for a public flavor.
 */
export const flavorRowPayload = (
  action: FlavorAction,
  flavor: FlavorRow,
  projects: readonly string[],
): NovaObject =>
  payload('FlavorPayload', {
    flavorid: flavor.id,
    memory_mb: flavor.memory_mb,
    vcpus: flavor.vcpus,
    root_gb: flavor.root_gb,
    ephemeral_gb: flavor.ephemeral_gb,
    name: flavor.name,
    swap: flavor.swap_mb,
    rxtx_factor: flavor.rxtx_factor,
    vcpu_weight: 0,
    disabled: flavor.disabled === 1,
    is_public: flavor.is_public === 1,
    extra_specs: action === 'update' ? readJson<Record<string, string>>(flavor.extra_specs_json) : null,
    projects: action === 'delete' ? null : projects,
    description: flavor.description,
  })
