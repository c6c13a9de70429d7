// Counters of a simulated machine: it computes, reads and sends nothing, and says so.
import type { Diagnostics, NicCounters } from '../driver.ts'
import type { Machine } from './machines.ts'

const quiet: NicCounters = { octets: 0, errors: 0, drop: 0, packets: 0, rate: null }

export const diagnosticsOf = (machine: Machine, hypervisor: string): Diagnostics => ({
  power: machine.power,
  hypervisor,
  hypervisorOs: null,
  uptimeSeconds: null,
  memory: { maximumMb: machine.memoryMb, usedMb: 0 },
  cpus: Array.from({ length: machine.vcpus }, () => ({ timeNs: 0, utilisationPercent: 0 })),
  disks: diskNames(machine).map(name => ({
    name,
    readBytes: 0,
    readRequests: 0,
    writeBytes: 0,
    writeRequests: 0,
    errors: 0,
  })),
  nics: machine.macs.map(mac => ({ mac, rx: quiet, tx: quiet })),
})

/** `vda` and on, in the order of their letters. */
const diskNames = ({ localDisks, volumes }: Machine): readonly string[] =>
  [...localDisks, ...volumes.map(({ device }) => device)].map(name => name.replace('/dev/', '')).sort()
