// A server's NUMA topology as its flavor asks for it: `hw:numa_nodes` nodes of equal size. Hosts here have one node and
// pin nothing.
import type { FlavorSnapshot } from '../../snapshots.ts'

/** Nothing asked for: no topology (nova/virt/hardware.py, numa_get_constraints). */
export function topologyOf(
  { vcpus, memoryMb, extraSpecs }: Pick<FlavorSnapshot, 'vcpus' | 'memoryMb' | 'extraSpecs'>,
  withHost: boolean,
) {
  const pagesize_kb = pageSizeKb(extraSpecs['hw:mem_page_size'])
  const asked = Number(extraSpecs['hw:numa_nodes'] ?? (pagesize_kb === null ? 0 : 1))
  const count = Number.isInteger(asked) && asked > 0 && asked <= vcpus ? asked : 0
  return {
    nodes: Array.from({ length: count }, (_, node) => ({
      vcpu_set: Array.from({ length: vcpus }, (_none, cpu) => cpu).filter(
        cpu => Math.floor((cpu * count) / vcpus) === node,
      ),
      siblings: [],
      memory_mb: Math.floor(memoryMb / count),
      ...(withHost ? { host_node: 0, cpu_pinning: {} } : {}),
    })),
    pagesize_kb: count === 0 ? null : pagesize_kb,
  }
}

const named: Readonly<Record<string, number>> = { small: 4, any: 4, large: 2048 }

/** `small`, `large`, or an amount: `2048`, `2MB`, `1GB`. */
function pageSizeKb(asked: string | undefined): number | null {
  if (asked === undefined) return null
  const [, amount, unit = 'K'] = /^(\d+)\s*([KMG])?i?B?$/i.exec(asked) ?? []
  if (amount === undefined) return named[asked] ?? null
  return Number(amount) * { K: 1, M: 1024, G: 1_048_576 }[unit.toUpperCase() as 'K' | 'M' | 'G'] // by the pattern
}
