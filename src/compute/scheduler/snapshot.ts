// What the scheduler is given: the hosts as they are at one moment, the request, and the operator's settings.
// The caller gathers it; nothing here is looked up or changed while the scheduler thinks.
import type { Json } from '../../base/json.ts'
import type { HostCauseCode } from '../../model/causes/hosts.ts'
import type { FlavorAsk } from '../../model/resources.ts'
import type { GroupPolicy } from '../../model/server-groups.ts'

/** One resource of a host, as its inventory and usage in placement say. */
export interface Amounts {
  readonly total: number
  readonly reserved: number
  /** Allocation ratio: (total − reserved) × ratio can be given away. */
  readonly ratio: number
  readonly used: number
  /** The most one server may have; `total` when absent, which is what a compute host reports. */
  readonly maxUnit?: number
}

export interface Aggregate {
  readonly id: number
  readonly name: string
  readonly metadata: Readonly<Record<string, string>>
}

/** A kind of machine a host can run (`supported_instances` of its hypervisor). */
export interface MachineKind {
  readonly architecture: string
  readonly hypervisorType: string
  readonly vmMode: string
}

export interface HostState {
  readonly host: string
  /** Hypervisor hostname. */
  readonly node: string
  readonly providerId: string
  readonly enabled: boolean
  /** An administrator's words; never shown to owners. */
  readonly disabledReason: string | null
  readonly up: boolean
  readonly zone: string
  readonly aggregates: readonly Aggregate[]
  readonly traits: readonly string[]
  readonly vcpus: Amounts
  readonly memoryMb: Amounts
  readonly diskGb: Amounts
  /** Any further resource class, for flavors with `resources:CUSTOM_…`. */
  readonly otherResources?: Readonly<Record<string, Amounts>>
  /** Servers on the host. */
  readonly servers: number
  /** Servers being built, resized, migrated, snapshotted … there now (nova's num_io_ops). */
  readonly ioOps: number
  /** Builds failed in a row since the last good one. */
  readonly buildFailures: number
  readonly hypervisorType: string
  /** As an integer: 6.2.0 is 6002000. */
  readonly hypervisorVersion: number
  readonly machines: readonly MachineKind[]
  /** What `capabilities:a:b` in extra specs reads: attributes and stats of the host, nested by name. */
  readonly capabilities: Readonly<Record<string, Json>>
}

export interface GroupAsk {
  readonly id: string
  readonly policy: GroupPolicy
  /** `rules.max_server_per_host`; 1 when the group has no such rule. */
  readonly serversPerHostMax: number
  /** Members on each host, by host name, without the servers being placed now. */
  readonly membersByHost: ReadonlyMap<string, number>
}

/** A server a hint names, and where it is now; null when it is nowhere. */
export interface HintedServer {
  readonly id: string
  readonly host: string | null
}

export interface Request {
  /** Ids of the servers to place: all of them or none. */
  readonly servers: readonly string[]
  readonly projectId: string
  readonly flavor: FlavorAsk
  /** The root disk is a volume: its size is not taken from the host. */
  readonly bootsFromVolume: boolean
  readonly image: { readonly id: string; readonly properties: Readonly<Record<string, string>> } | null
  /** The availability zone asked for; null for any. */
  readonly zone: string | null
  /** `az:host:node` of an administrator: filters are not asked. */
  readonly force: { readonly host: string | null; readonly node: string | null } | null
  /** `host` / `hypervisor_hostname` (2.74), target of a move: filters are asked. */
  readonly requested: { readonly host: string | null; readonly node: string | null } | null
  /** Hosts that must not be taken, and why. */
  readonly ignore: readonly {
    readonly host: string
    readonly cause: Extract<
      HostCauseCode,
      'NoHost.SameHost' | 'NoHost.CurrentHost' | 'NoHost.AlreadyTried' | 'NoHost.NotRequested'
    >
  }[]
  readonly group: GroupAsk | null
  readonly sameHost: readonly HintedServer[]
  readonly differentHost: readonly HintedServer[]
  /** Where the server is now (moves, rebuild); null at create. */
  readonly currentHost: string | null
  /** Rebuild with a new image: placement is not asked, and only filters about images run. */
  readonly isRebuild: boolean
  /** How many further hosts to name for each server, unclaimed. */
  readonly alternates: number
}

/** nova.conf [filter_scheduler] and [scheduler], as far as something here reads it. */
export interface Settings {
  /** Names from the filter table, in the order they run. */
  readonly filters: readonly string[]
  /** Pick at random among this many of the best. */
  readonly hostSubsetSize: number
  /** limit_tenants_to_placement_aggregate and placement_aggregate_required_for_tenants. */
  readonly limitTenantsToAggregates: boolean
  readonly aggregateRequiredForTenants: boolean
  readonly ioOpsPerHostMax: number
  readonly serversPerHostMax: number
  readonly isolatedHosts: readonly string[]
  readonly isolatedImages: readonly string[]
  readonly restrictIsolatedHosts: boolean
  /** Multipliers by option name (`ram_weight_multiplier`) that differ from the table's defaults. */
  readonly multipliers: Readonly<Record<string, number>>
}

/** Nova's defaults. */
export const defaultSettings: Settings = {
  filters: [
    'ComputeFilter',
    'ComputeCapabilitiesFilter',
    'ImagePropertiesFilter',
    'ServerGroupAntiAffinityFilter',
    'ServerGroupAffinityFilter',
  ],
  hostSubsetSize: 1,
  limitTenantsToAggregates: false,
  aggregateRequiredForTenants: false,
  ioOpsPerHostMax: 8,
  serversPerHostMax: 50,
  isolatedHosts: [],
  isolatedImages: [],
  restrictIsolatedHosts: true,
  multipliers: {},
}
