// Every weigher, with Nova's default multipliers. Not here, because nothing in this cloud has what they look at: PCI
// devices, metrics, cells, image properties of the servers on a host.
import { buildFailure } from './build-failure.ts'
import { cpu } from './cpu.ts'
import { disk } from './disk.ts'
import { hypervisorVersion } from './hypervisor-version.ts'
import { ioOps } from './io-ops.ts'
import { numInstances } from './num-instances.ts'
import { ram } from './ram.ts'
import { softAffinity } from './soft-affinity.ts'
import { softAntiAffinity } from './soft-anti-affinity.ts'
import type { Weigher } from './weigher.ts'

export const weighers: readonly Weigher[] = [
  ram,
  cpu,
  disk,
  ioOps,
  numInstances,
  softAffinity,
  softAntiAffinity,
  buildFailure,
  hypervisorVersion,
]
