// Every check in the order it runs. What placement and the host manager decide always runs; of the filters, those
// named in the settings, in the order named there.
// Not here, because nothing in this cloud has what they look at: NUMA topology, PCI devices, metrics, JSON queries,
// CIDR affinity, and the per-aggregate forms of the count filters.
import { affinity } from './affinity.ts'
import { aggregateExtraSpecs } from './aggregate-extra-specs.ts'
import { aggregateMultiTenancy } from './aggregate-multi-tenancy.ts'
import { allHosts } from './all-hosts.ts'
import { antiAffinity } from './anti-affinity.ts'
import { compute } from './compute.ts'
import { computeCapabilities } from './compute-capabilities.ts'
import { differentHost } from './different-host.ts'
import { disk } from './disk.ts'
import type { Filter } from './filter.ts'
import { hostEnabled } from './host-enabled.ts'
import { ignoredHosts } from './ignored-hosts.ts'
import { imageProperties } from './image-properties.ts'
import { ioOps } from './io-ops.ts'
import { isolatedHosts } from './isolated-hosts.ts'
import { memory } from './memory.ts'
import { numInstances } from './num-instances.ts'
import { otherResources } from './other-resources.ts'
import { requestedHost } from './requested-host.ts'
import { sameHost } from './same-host.ts'
import { tenant } from './tenant.ts'
import { traits } from './traits.ts'
import { vcpus } from './vcpus.ts'
import { zone } from './zone.ts'

/** Stand for the answer of placement to the query Nova would make, then for the host manager's ignored hosts. */
export const alwaysChecked: readonly Filter[] = [
  requestedHost,
  hostEnabled,
  zone,
  tenant,
  traits,
  vcpus,
  memory,
  disk,
  otherResources,
  ignoredHosts,
]

export const filters: readonly Filter[] = [
  compute,
  computeCapabilities,
  imageProperties,
  antiAffinity,
  affinity,
  allHosts,
  sameHost,
  differentHost,
  numInstances,
  ioOps,
  aggregateExtraSpecs,
  aggregateMultiTenancy,
  isolatedHosts,
]
