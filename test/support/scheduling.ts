// Ordinary hosts and requests for tests of the scheduler: name only what differs.

import type { Amounts, HostState, Request } from '../../src/compute/scheduler/snapshot.ts'
import type { FlavorAsk } from '../../src/model/resources.ts'

export const amounts = (total: number, more: Partial<Amounts> = {}): Amounts => ({
  total,
  reserved: 0,
  ratio: 1,
  used: 0,
  ...more,
})

/** An empty host with 16 vCPUs, 32 GB of memory and 500 GB of disk. */
export const hostState = (host: string, more: Partial<HostState> = {}): HostState => ({
  host,
  node: host,
  providerId: `provider-of-${host}`,
  enabled: true,
  disabledReason: null,
  up: true,
  zone: 'nova',
  aggregates: [],
  traits: ['COMPUTE_NODE'],
  vcpus: amounts(16),
  memoryMb: amounts(32_768),
  diskGb: amounts(500),
  servers: 0,
  ioOps: 0,
  buildFailures: 0,
  hypervisorType: 'QEMU',
  hypervisorVersion: 6_002_000,
  machines: [{ architecture: 'x86_64', hypervisorType: 'qemu', vmMode: 'hvm' }],
  capabilities: {},
  ...more,
})

export const flavorAsk = (more: Partial<FlavorAsk> = {}): FlavorAsk => ({
  vcpus: 1,
  memoryMb: 512,
  rootGb: 1,
  ephemeralGb: 0,
  swapMb: 0,
  extraSpecs: {},
  ...more,
})

/** One new server of m1.tiny, anywhere. */
export const placementRequest = (more: Partial<Request> = {}): Request => ({
  servers: ['server-1'],
  projectId: 'project-1',
  flavor: flavorAsk(),
  bootsFromVolume: false,
  image: null,
  zone: null,
  force: null,
  requested: null,
  ignore: [],
  group: null,
  sameHost: [],
  differentHost: [],
  currentHost: null,
  isRebuild: false,
  alternates: 0,
  ...more,
})
