// RequestSpecPayload 1.1: what the scheduler was asked; and the unversioned `request_spec`.

import type { FlavorSnapshot } from '../snapshots.ts'
import {
  flavorOf,
  hintsOf,
  imageOf,
  listedHints,
  type ServerRow,
  securityGroupsOf,
} from '../store/servers.ts'
import { type NovaObject, payload } from './encode.ts'
import { flavorPayload } from './flavor.ts'
import { type ImageFacts, imagePayload, legacyImage } from './image.ts'
import { type GroupFacts, serverGroupPayload } from './server-group.ts'

/** One guest NUMA node of a server; memory in MB. */
export interface NumaCell {
  readonly id: number
  readonly cpus: readonly number[]
  readonly memoryMb: number
}

/** A request for one server, as the scheduler got it. */
export interface RequestFacts {
  readonly serverId: string
  readonly projectId: string
  readonly userId: string
  readonly zone: string | null
  readonly flavor: FlavorSnapshot
  /** Null when the server boots from a volume and nothing is known of an image. */
  readonly image: ImageFacts | null
  /** Servers asked for together. */
  readonly servers: number
  readonly hints: Readonly<Record<string, unknown>>
  readonly securityGroups: readonly string[]
  readonly ignoreHosts: readonly string[] | null
  /** `az:host:node` of an administrator. */
  readonly force: { readonly host: string | null; readonly node: string | null } | null
  /** Target of a move. */
  readonly requested: { readonly host: string; readonly node: string | null } | null
  /** Hosts tried before, after a failed build. */
  readonly retry: { readonly attempts: number; readonly hosts: readonly string[] } | null
  readonly group: { readonly row: GroupFacts; readonly members: readonly string[] } | null
  readonly numa: readonly NumaCell[] | null
}

/** The request a server's row makes; `more` says what differs (the flavor of a resize, hosts to ignore …). */
export const requestOf = (server: ServerRow, more: Partial<RequestFacts> = {}): RequestFacts => ({
  serverId: server.id,
  projectId: server.project_id,
  userId: server.user_id,
  zone: server.pinned_zone,
  flavor: flavorOf(server),
  image: imageOf(server),
  servers: 1,
  hints: hintsOf(server),
  securityGroups: securityGroupsOf(server),
  ignoreHosts: null,
  force: null,
  requested: null,
  retry: null,
  group: null,
  numa: null,
  ...more,
})

export const requestSpecPayload = (request: RequestFacts): NovaObject =>
  payload('RequestSpecPayload', {
    instance_uuid: request.serverId,
    project_id: request.projectId,
    user_id: request.userId,
    availability_zone: request.zone,
    flavor: flavorPayload(request.flavor),
    force_hosts: request.force?.host ?? null,
    force_nodes: request.force?.node ?? null,
    ignore_hosts: request.ignoreHosts,
    instance_group: request.group && serverGroupPayload(request.group.row, request.group.members),
    image: request.image && imagePayload(request.image),
    numa_topology: request.numa && numaPayload(request.serverId, request.numa),
    pci_requests: payload('InstancePCIRequestsPayload', { instance_uuid: request.serverId, requests: [] }),
    num_instances: request.servers,
    requested_destination:
      request.requested &&
      payload('DestinationPayload', { ...request.requested, cell: null, aggregates: null }),
    retry:
      request.retry &&
      payload('SchedulerRetriesPayload', {
        num_attempts: request.retry.attempts,
        hosts: request.retry.hosts,
      }),
    scheduler_hints: listedHints(request.hints),
    security_groups: request.securityGroups,
  })

const numaPayload = (serverId: string, cells: readonly NumaCell[]): NovaObject =>
  payload('InstanceNUMATopologyPayload', {
    instance_uuid: serverId,
    emulator_threads_policy: null,
    cells: cells.map(cell =>
      payload('InstanceNUMACellPayload', {
        id: cell.id,
        cpuset: cell.cpus,
        pcpuset: [],
        cpuset_reserved: null,
        memory: cell.memoryMb,
        pagesize: null,
        cpu_topology: null,
        cpu_pinning_raw: null,
        cpu_policy: null,
        cpu_thread_policy: null,
      }),
    ),
  })

/** `instance_properties` of the unversioned request spec. */
export const legacyInstanceProperties = (request: RequestFacts): object => ({
  numa_topology: null,
  // Nova puts a whole object here, with the caller's context and token in it. That stays out.
  pci_requests: null,
  project_id: request.projectId,
  user_id: request.userId,
  availability_zone: request.zone,
  uuid: request.serverId,
  root_gb: request.flavor.rootGb,
  ephemeral_gb: request.flavor.ephemeralGb,
  memory_mb: request.flavor.memoryMb,
  vcpus: request.flavor.vcpus,
})

/** nova/objects/request_spec.py, to_legacy_request_spec_dict. */
export const legacyRequestSpec = (request: RequestFacts): object => ({
  num_instances: request.servers,
  image: request.image && legacyImage(request.image),
  instance_properties: legacyInstanceProperties(request),
  instance_type: legacyFlavor(request.flavor),
})

// Times and the number of the flavor's row are not part of a server's copy.
const legacyFlavor = (flavor: FlavorSnapshot): object => ({
  id: flavor.seq ?? null,
  name: flavor.name,
  memory_mb: flavor.memoryMb,
  vcpus: flavor.vcpus,
  root_gb: flavor.rootGb,
  ephemeral_gb: flavor.ephemeralGb,
  flavorid: flavor.id,
  swap: flavor.swapMb,
  rxtx_factor: flavor.rxtxFactor,
  vcpu_weight: 0,
  disabled: flavor.disabled,
  is_public: flavor.isPublic,
  extra_specs: flavor.extraSpecs,
  description: flavor.description,
  created_at: null,
  updated_at: null,
  deleted_at: null,
  deleted: false,
})
