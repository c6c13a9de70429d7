// What projects are limited in: the resources of quota sets with Nova's defaults, and the versions that show them
// (facts: limits-quotas.md §1).
import type { ComputeFeature } from './microversions.ts'

export interface QuotaResourceRow {
  readonly name: string
  /** Nova's configured default; -1 is unlimited. */
  readonly limit: number
  /** The feature that takes it out of quota sets. */
  readonly until?: ComputeFeature
  /** The feature that brings it into quota class sets (all others are always there, or go with `classUntil`). */
  readonly classSince?: ComputeFeature
  readonly classUntil?: ComputeFeature
  /** Network quotas: shown to old clients as unlimited, can be set, limit nothing. */
  readonly constant?: true
}

const network = { limit: -1, until: 'noProxies', classUntil: 'groupQuotaClasses', constant: true } as const
const files = { until: 'noPersonality', classUntil: 'noPersonality' } as const

export const quotaResources = [
  { name: 'instances', limit: 10 },
  { name: 'cores', limit: 20 },
  { name: 'ram', limit: 51_200 },
  { name: 'floating_ips', ...network },
  { name: 'fixed_ips', ...network },
  { name: 'metadata_items', limit: 128 },
  { name: 'injected_files', limit: 5, ...files },
  { name: 'injected_file_content_bytes', limit: 10_240, ...files },
  { name: 'injected_file_path_bytes', limit: 255, ...files },
  { name: 'security_groups', ...network },
  { name: 'security_group_rules', ...network },
  { name: 'key_pairs', limit: 100 },
  { name: 'server_groups', limit: 10, classSince: 'groupQuotaClasses' },
  { name: 'server_group_members', limit: 10, classSince: 'groupQuotaClasses' },
] as const satisfies readonly QuotaResourceRow[]

export type QuotaResource = (typeof quotaResources)[number]['name']
export type QuotaLimits = Readonly<Record<QuotaResource, number>>

export const quotaResourceRows: readonly (QuotaResourceRow & { readonly name: QuotaResource })[] =
  quotaResources

/** Nova's configured defaults. */
export const quotaDefaults = Object.fromEntries(
  quotaResources.map(({ name, limit }) => [name, limit]),
) as QuotaLimits // every resource has a row
