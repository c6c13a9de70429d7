// What filters say about one host at DEBUG (nova/scheduler/filters/*.py), and what placement says about its providers.
import { type HostCauseCode, hostCauses } from '../../../model/causes/hosts.ts'
import type { PlacementRefusal } from '../../../model/trace.ts'

interface HostLine {
  /** Groups: `host`, and where the line has numbers `need`, `have`. */
  readonly match: RegExp
  readonly filter: string
  readonly code: HostCauseCode
  readonly unit?: string
  /** For one host, where the words of the cause say too little. */
  readonly text?: string
  readonly example: string
}

// A host state prints as `(compute1, compute1) ram: 7485MB disk: 14336MB io_ops: 0 instances: 1`.
const state = '^\\((?<host>[^,()\\s]{1,255}), [^()\\n]{1,255}\\) ram: ?-?\\d{1,12}MB [^\\n]{0,160}?'
const line = (rest: string): RegExp => new RegExp(`${state}${rest}`)

export const hostLines: readonly HostLine[] = [
  {
    match: line('is disabled, reason: '),
    filter: 'ComputeFilter',
    code: 'NoHost.Disabled',
    example:
      '(compute1, compute1) ram: 7485MB disk: 14336MB io_ops: 0 instances: 1 is disabled, reason: rack 4',
  },
  {
    match: line('has not been heard from in a while'),
    filter: 'ComputeFilter',
    code: 'NoHost.Down',
    example:
      '(compute1, compute1) ram: 7485MB disk: 14336MB io_ops: 0 instances: 1 has not been heard from in a while',
  },
  {
    match: line(
      'does not have (?<need>\\d{1,12}) MB usable ram[^\\n]{0,40}only has (?<have>-?[\\d.]{1,16}) MB',
    ),
    filter: 'RamFilter',
    code: 'NoHost.Capacity.Ram',
    unit: 'MB',
    example:
      '(compute1, compute1) ram: 512MB disk: 14336MB io_ops: 0 instances: 1 does not have 8192 MB usable ram, it only has 512.0 MB usable ram.',
  },
  {
    match: line(
      'does not have (?<need>\\d{1,12}) (?:usable vcpus|total cpus)[^\\n]{0,40}only has (?<have>-?[\\d.]{1,16})',
    ),
    filter: 'CoreFilter',
    code: 'NoHost.Capacity.Vcpu',
    unit: 'vCPU',
    example:
      '(compute1, compute1) ram: 512MB disk: 14336MB io_ops: 0 instances: 1 does not have 8 usable vcpus, it only has 2 usable vcpus',
  },
  {
    match: line(
      'does not have (?<need>\\d{1,12}) MB usable disk[^\\n]{0,40}only has (?<have>-?[\\d.]{1,16}) MB',
    ),
    filter: 'DiskFilter',
    code: 'NoHost.Capacity.Disk',
    unit: 'MB',
    example:
      '(compute1, compute1) ram: 512MB disk: 1024MB io_ops: 0 instances: 1 does not have 20480 MB usable disk, it only has 1024.0 MB usable disk.',
  },
  {
    match: /^Host \[u?'(?<host>[^']{1,255})', [^\]\n]{1,255}\] fails\. {1,2}Previously tried hosts/,
    filter: 'RetryFilter',
    code: 'NoHost.AlreadyTried',
    example: "Host ['compute1', 'compute1'] fails.  Previously tried hosts: [['compute1', 'compute1']]",
  },
  {
    match: new RegExp(`^Availability Zone '[^'\\n]{1,255}' requested\\. ${state.slice(1)} ?has AZs: `),
    filter: 'AvailabilityZoneFilter',
    code: 'NoHost.Zone',
    example:
      "Availability Zone 'az2' requested. (compute1, compute1) ram: 512MB disk: 1024MB io_ops: 0 instances: 1 has AZs: nova",
  },
  {
    match: line('does not support requested (?:instance_properties|image properties)'),
    filter: 'ImagePropertiesFilter',
    code: 'NoHost.ImageProperties',
    example:
      '(compute1, compute1) ram: 512MB disk: 1024MB io_ops: 0 instances: 1 does not support requested instance_properties',
  },
  {
    match: line('fails (?:instance_type |flavor )?extra_specs requirements[^\\n]{0,200}aggregate'),
    filter: 'AggregateInstanceExtraSpecsFilter',
    code: 'NoHost.AggregateExtraSpecs',
    example:
      '(compute1, compute1) ram: 512MB disk: 1024MB io_ops: 0 instances: 1 fails flavor extra_specs requirements. Extra_spec ssd is not in aggregate.',
  },
  {
    match: line(
      "fails (?:instance_type |flavor )?extra_specs requirements\\. '[^\\n]{1,200}' do(?:es)? not match ",
    ),
    filter: 'AggregateInstanceExtraSpecsFilter',
    code: 'NoHost.AggregateExtraSpecs',
    example:
      "(compute1, compute1) ram: 512MB disk: 1024MB io_ops: 0 instances: 1 fails instance_type extra_specs requirements. '{'false'}' do not match 'true'",
  },
  {
    match: line('fails (?:instance_type |flavor )?extra_specs requirements'),
    filter: 'ComputeCapabilitiesFilter',
    code: 'NoHost.Capability',
    example:
      '(compute1, compute1) ram: 512MB disk: 1024MB io_ops: 0 instances: 1 fails flavor extra_specs requirements',
  },
  {
    match: line('fails image aggregate properties requirements'),
    filter: 'AggregateImagePropertiesIsolation',
    code: 'NoHost.Isolated',
    example:
      '(compute1, compute1) ram: 512MB disk: 1024MB io_ops: 0 instances: 1 fails image aggregate properties requirements. Property os with value bsd does not match',
  },
  {
    match: line('fails tenant id'),
    filter: 'AggregateMultiTenancyIsolation',
    code: 'NoHost.Tenant',
    example:
      '(compute1, compute1) ram: 512MB disk: 1024MB io_ops: 0 instances: 1 fails tenant id on aggregate',
  },
  {
    match: line('fails num_instances check'),
    filter: 'NumInstancesFilter',
    code: 'NoHost.TooManyServers',
    example:
      '(compute1, compute1) ram: 512MB disk: 1024MB io_ops: 0 instances: 50 fails num_instances check: Max instances per host is set to 50',
  },
  {
    match: line('fails I/O ops check'),
    filter: 'IoOpsFilter',
    code: 'NoHost.Busy',
    example:
      '(compute1, compute1) ram: 512MB disk: 1024MB io_ops: 8 instances: 9 fails I/O ops check: Max IOs per host is set to 8',
  },
  {
    match: line("(?:doesn't|does not) have the required PCI devices"),
    filter: 'PciPassthroughFilter',
    code: 'NoHost.Pci',
    example:
      "(compute1, compute1) ram: 512MB disk: 1024MB io_ops: 0 instances: 9 doesn't have the required PCI devices (InstancePCIRequests)",
  },
  {
    match:
      /^(?<host>[^,\s]{1,255}), [^,\s]{1,255} fails (?:NUMA topology requirements|CPU policy requirements|hw:)/,
    filter: 'NUMATopologyFilter',
    code: 'NoHost.Numa',
    example: 'compute1, compute1 fails NUMA topology requirements. The instance does not fit on this host.',
  },
  {
    match: line('does not (?:meet|fulfil|have) (?:the )?metric'),
    filter: 'MetricsFilter',
    code: 'NoHost.Metrics',
    example: '(compute1, compute1) ram: 512MB disk: 1024MB io_ops: 0 instances: 9 does not have metrics cpu',
  },
]

export interface HostRefusal {
  readonly host: string
  readonly refusal: PlacementRefusal
}

export function hostRefusal(message: string): HostRefusal | null {
  for (const row of hostLines) {
    const groups = row.match.exec(message)?.groups
    if (groups?.host === undefined) continue
    const { need, have } = groups
    const numbers = need !== undefined && have !== undefined && row.unit !== undefined
    return {
      host: groups.host,
      refusal: refusalOf(row.filter, row.code, row.text ?? hostCauses[row.code].one, {
        need: numbers ? Number(need) : null,
        have: numbers ? Number.parseFloat(have) : null,
        unit: numbers ? row.unit : null,
      }),
    }
  }
  return null
}

interface Amount {
  readonly need: number | null
  readonly have: number | null
  readonly unit: string | null
}

export function refusalOf(
  filter: string,
  code: HostCauseCode,
  text: string,
  { need, have, unit }: Amount = { need: null, have: null, unit: null },
): PlacementRefusal {
  const short = need === null || have === null ? null : Math.max(0, need - have)
  return { code, filter, text, need, have, short, unit, input: hostCauses[code].input }
}
