// Diagnostics of a server: from 2.48 in one form for all hypervisors, before in libvirt's own.
import { powerStateNames } from '../../../model/server-states.ts'
import type { HostCalls } from '../../messages.ts'

type Diagnostics = HostCalls['diagnostics']['result']
type NicCounters = Diagnostics['nics'][number]['rx']

/** nova/api/openstack/compute/views/server_diagnostics.py. */
export const standardDiagnostics = (found: Diagnostics, configDrive: boolean) => ({
  state: powerStateNames[found.power],
  // Clients know a closed list of drivers; ours has the form of this one.
  driver: 'libvirt',
  hypervisor: found.hypervisor,
  hypervisor_os: found.hypervisorOs,
  uptime: found.uptimeSeconds,
  config_drive: configDrive,
  num_cpus: found.cpus.length,
  num_nics: found.nics.length,
  num_disks: found.disks.length,
  memory_details: { maximum: found.memory.maximumMb, used: found.memory.usedMb },
  cpu_details: found.cpus.map(({ timeNs, utilisationPercent }, id) => ({
    id,
    time: timeNs,
    utilisation: utilisationPercent,
  })),
  disk_details: found.disks.map(disk => ({
    read_bytes: disk.readBytes,
    read_requests: disk.readRequests,
    write_bytes: disk.writeBytes,
    write_requests: disk.writeRequests,
    errors_count: disk.errors,
  })),
  nic_details: found.nics.map(({ mac, rx, tx }) => ({
    mac_address: mac,
    ...counters('rx', rx),
    ...counters('tx', tx),
  })),
})

const counters = (way: 'rx' | 'tx', { octets, errors, drop, packets, rate }: NicCounters) => ({
  [`${way}_octets`]: octets,
  [`${way}_errors`]: errors,
  [`${way}_drop`]: drop,
  [`${way}_packets`]: packets,
  [`${way}_rate`]: rate,
})

/** nova/virt/libvirt/driver.py, get_diagnostics: a flat list of counters by device. Memory is in KiB. */
export const libvirtDiagnostics = (found: Diagnostics): Readonly<Record<string, number | null>> =>
  Object.fromEntries<number | null>([
    ...found.cpus.map(({ timeNs }, id) => [`cpu${id}_time`, timeNs] as const),
    ['memory', found.memory.maximumMb * 1024],
    ...found.disks.flatMap(
      disk =>
        [
          [`${disk.name}_errors`, disk.errors],
          [`${disk.name}_read`, disk.readBytes],
          [`${disk.name}_read_req`, disk.readRequests],
          [`${disk.name}_write`, disk.writeBytes],
          [`${disk.name}_write_req`, disk.writeRequests],
        ] as const,
    ),
    ...found.nics.flatMap(({ rx, tx }, index) =>
      Object.entries({ rx, tx }).flatMap(
        ([way, { octets, errors, drop, packets }]) =>
          [
            [`vnet${index}_${way}`, octets],
            [`vnet${index}_${way}_drop`, drop],
            [`vnet${index}_${way}_errors`, errors],
            [`vnet${index}_${way}_packets`, packets],
          ] as const,
      ),
    ),
  ])
