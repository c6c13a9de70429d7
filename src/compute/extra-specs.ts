// Extra specs Nova knows the meaning of, and what their values may be. From 2.86 on, names in a known namespace that
// no row has are refused, and so are values that do not fit (nova/api/validation/extra_specs; facts: microversions.md).

type SpecValue =
  | { readonly is: 'flag' }
  | { readonly is: 'integer'; readonly min?: number }
  | { readonly is: 'word'; readonly of: readonly string[] }
  | { readonly is: 'text'; readonly like?: string }

interface SpecRow {
  /** The whole name, as a regular expression. */
  readonly name: string
  readonly value: SpecValue
}

const flag: SpecValue = { is: 'flag' }
const anyText: SpecValue = { is: 'text' }
const integer = (min?: number): SpecValue => ({ is: 'integer', min })
const word = (...of: readonly string[]): SpecValue => ({ is: 'word', of })
const like = (pattern: string): SpecValue => ({ is: 'text', like: pattern })
const spec = (name: string, value: SpecValue): SpecRow => ({ name, value })
const specs = (prefix: string, names: readonly string[], value: SpecValue): readonly SpecRow[] =>
  names.map(name => spec(prefix + name, value))

const cpuList = '\\^?\\d+((-\\d+)?(,\\^?\\d+(-\\d+)?)?)*'
const group = '([a-zA-Z0-9_-]{1,64})?'
const required = word('required', 'forbidden')

export const extraSpecRows: readonly SpecRow[] = [
  spec('group_policy', word('isolate', 'none')),
  spec('hide_hypervisor_id', flag),

  ...specs('hw:', ['boot_menu', 'cpu_realtime', 'hide_hypervisor_id', 'mem_encryption', 'pmu'], flag),
  spec('hw:locked_memory', flag),
  spec('hw:cpu_realtime_mask', like(cpuList)),
  spec('hw:cpu_dedicated_mask', like(cpuList)),
  spec('hw:cpu_policy', word('dedicated', 'shared', 'mixed')),
  spec('hw:cpu_thread_policy', word('prefer', 'isolate', 'require')),
  spec('hw:emulator_threads_policy', word('isolate', 'share')),
  spec('hw:mem_page_size', like('(large|small|any|\\d+([kKMGT]i?)?(b|bit|B)?)')),
  spec('hw:numa_nodes', integer(1)),
  spec('hw:numa_cpus\\.\\d+', like(cpuList)),
  spec('hw:numa_mem\\.\\d+', integer(1)),
  spec('hw:pci_numa_affinity_policy', word('required', 'preferred', 'legacy', 'socket')),
  ...specs('hw:(max_)?cpu_', ['sockets', 'cores', 'threads'], integer(1)),
  spec('hw:maxphysaddr_mode', word('passthrough', 'emulate')),
  spec('hw:maxphysaddr_bits', integer(0)),
  spec('hw:pmem', like('([a-zA-Z0-9_]+(,)?)+')),
  spec('hw:serial_port_count', integer(0)),
  spec('hw:tpm_model', word('tpm-tis', 'tpm-crb')),
  spec('hw:tpm_version', word('1.2', '2.0')),
  spec('hw:tpm_secret_security', word('user', 'host', 'deployment')),
  spec('hw:mem_encryption_model', word('amd-sev', 'amd-sev-es')),
  spec('hw:vif_multiqueue_enabled', flag),
  spec('hw:virtio_packed_ring', flag),
  spec('hw:viommu_model', word('intel', 'smmuv3', 'virtio', 'auto')),
  spec('hw:sound_model', word('sb16', 'es1370', 'pcspk', 'ac97', 'ich6', 'ich9', 'usb', 'virtio')),
  spec('hw:usb_model', word('qemu-xhci', 'nec-xhci', 'piix3-uhci', 'ich9-ehci1', 'none')),
  spec('hw:redirected_usb_ports', integer(0)),
  spec('hw:watchdog_action', word('none', 'pause', 'poweroff', 'reset', 'disabled')),
  spec('hw:ephemeral_encryption', flag),
  spec('hw:ephemeral_encryption_format', word('luks', 'plain')),

  spec('hw_rng:allowed', flag),
  spec('hw_rng:rate_bytes', integer(0)),
  spec('hw_rng:rate_period', integer(0)),
  spec('hw_video:ram_max_mb', integer(0)),

  spec('os:monitors', integer(1)),
  spec('os:resolution', anyText),
  spec('os:secure_boot', word('disabled', 'optional', 'required')),
  spec('os:vram', word('64', '128', '256', '512', '1024')),

  ...specs('quota:(cpu|memory|disk_io|vif)_', ['limit', 'reservation', 'shares_share'], integer()),
  spec('quota:(cpu|memory|disk_io|vif)_shares_level', anyText),
  ...specs('quota:cpu_', ['shares', 'period', 'quota'], integer(0)),
  spec('quota:disk_(read|write|total)_(bytes|iops)_sec(_max(_length)?)?', integer(0)),
  spec('quota:vif_(inbound|outbound)_(average|peak|burst)', integer(0)),

  spec('accel:device_profile', anyText),
  spec('aggregate_instance_extra_specs:.+', anyText),
  spec('capabilities:.+', anyText),
  spec('pci_passthrough:alias', like('([^:]+:\\d+)(?:\\s*,\\s*([^:]+:\\d+))*')),
  spec(
    `resources${group}:(CUSTOM_[A-Z0-9_]+|VCPU|PCPU|MEMORY_MB|DISK_GB|PCI_DEVICE|SRIOV_NET_VF|NUMA_[A-Z_]+|IPV4_ADDRESS|VGPU(_DISPLAY_HEAD)?|NET_[A-Z_]+|FPGA|PGPU|MEM_ENCRYPTION_CONTEXT)`,
    integer(0),
  ),
  spec(`trait${group}:[A-Z0-9_]+`, required),
  spec('powervm:.+', anyText),
  spec('vmware:.+', anyText),
]

const compiled = extraSpecRows.map(row => ({
  name: new RegExp(`^(?:${row.name})$`),
  namespace: row.name.includes(':') ? new RegExp(`^(?:${row.name.slice(0, namespaceEnd(row.name))})$`) : null,
  value: row.value,
}))

// The colon that ends the namespace is the first one outside a group (`(?:` has one inside).
function namespaceEnd(pattern: string): number {
  let depth = 0
  for (let at = 0; at < pattern.length; at += 1) {
    if (pattern[at] === '(') depth += 1
    else if (pattern[at] === ')') depth -= 1
    else if (pattern[at] === ':' && depth === 0) return at
  }
  return pattern.length
}

/** What is wrong with an extra spec, in the words after `Validation failed; `; undefined when nothing is. */
export function extraSpecProblem(name: string, value: string): string | undefined {
  const row = compiled.find(known => known.name.test(name))
  if (row) return valueProblem(row.value, value)
  const [namespace] = name.split(':', 1)
  if (!name.includes(':') || !compiled.some(known => known.namespace?.test(namespace ?? ''))) return undefined
  return `extra spec '${name}' does not appear to be a valid extra spec.`
}

const flagWords = /^(1|t|true|on|y|yes|0|f|false|off|n|no)$/i

function valueProblem(rule: SpecValue, value: string): string | undefined {
  switch (rule.is) {
    case 'flag':
      return flagWords.test(value.trim()) ? undefined : `'${value}' is not a valid boolean-like value.`
    case 'integer':
      if (!/^\s*[+-]?\d+\s*$/.test(value)) return `'${value}' is not a valid integer value.`
      return rule.min !== undefined && Number(value) < rule.min
        ? `'${Number(value)}' is less than the min value of '${rule.min}'.`
        : undefined
    case 'word':
      return rule.of.includes(value) ? undefined : `'${value}' is not one of: ${rule.of.join(', ')}.`
    case 'text':
      return rule.like === undefined || new RegExp(`^(?:${rule.like})$`).test(value)
        ? undefined
        : `'${value}' is not of the format '${rule.like}'.`
  }
}
