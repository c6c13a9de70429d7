// Nova's filters since Pike, and the cause each one's refusal is counted under.
// https://docs.openstack.org/nova/latest/admin/scheduling.html; Ram, Core, Disk, Retry and AvailabilityZone are gone
// since then.
import { type HostCauseCode, hostCauses } from '../../../model/causes/hosts.ts'

interface FilterRow {
  readonly code: HostCauseCode
  /** For one host, where the words of the cause say too much or too little. */
  readonly text?: string
}

const filterRows: Readonly<Record<string, FilterRow>> = {
  ComputeFilter: { code: 'NoHost.Down', text: 'is down or disabled' },
  ComputeCapabilitiesFilter: { code: 'NoHost.Capability' },
  ImagePropertiesFilter: { code: 'NoHost.ImageProperties' },
  ServerGroupAntiAffinityFilter: { code: 'NoHost.AntiAffinity' },
  ServerGroupAffinityFilter: { code: 'NoHost.Affinity' },
  RamFilter: { code: 'NoHost.Capacity.Ram' },
  AggregateRamFilter: { code: 'NoHost.Capacity.Ram' },
  ExactRamFilter: { code: 'NoHost.Capacity.Ram' },
  CoreFilter: { code: 'NoHost.Capacity.Vcpu' },
  AggregateCoreFilter: { code: 'NoHost.Capacity.Vcpu' },
  ExactCoreFilter: { code: 'NoHost.Capacity.Vcpu' },
  DiskFilter: { code: 'NoHost.Capacity.Disk' },
  AggregateDiskFilter: { code: 'NoHost.Capacity.Disk' },
  ExactDiskFilter: { code: 'NoHost.Capacity.Disk' },
  RetryFilter: { code: 'NoHost.AlreadyTried' },
  AvailabilityZoneFilter: { code: 'NoHost.Zone' },
  NumInstancesFilter: { code: 'NoHost.TooManyServers' },
  AggregateNumInstancesFilter: { code: 'NoHost.TooManyServers' },
  IoOpsFilter: { code: 'NoHost.Busy' },
  AggregateIoOpsFilter: { code: 'NoHost.Busy' },
  AggregateInstanceExtraSpecsFilter: { code: 'NoHost.AggregateExtraSpecs' },
  AggregateImagePropertiesIsolation: { code: 'NoHost.Isolated' },
  IsolatedHostsFilter: { code: 'NoHost.Isolated' },
  AggregateMultiTenancyIsolation: { code: 'NoHost.Tenant' },
  AggregateTypeAffinityFilter: { code: 'NoHost.FlavorType' },
  TypeAffinityFilter: { code: 'NoHost.FlavorType' },
  SameHostFilter: { code: 'NoHost.SameHostHint' },
  DifferentHostFilter: { code: 'NoHost.DifferentHostHint' },
  SimpleCIDRAffinityFilter: { code: 'NoHost.NearHint' },
  JsonFilter: { code: 'NoHost.QueryHint' },
  MetricsFilter: { code: 'NoHost.Metrics' },
  NUMATopologyFilter: { code: 'NoHost.Numa' },
  PciPassthroughFilter: { code: 'NoHost.Pci' },
}

export interface FilterCause {
  readonly code: HostCauseCode
  readonly text: string
}

/** What a refusal by the filter means; a filter of somebody's own is told by its name. */
export function filterCause(filter: string): FilterCause {
  const row = filterRows[filter]
  if (!row) return { code: 'NoHost.Filtered', text: `is refused by ${filter}` }
  return { code: row.code, text: row.text ?? hostCauses[row.code].one }
}
