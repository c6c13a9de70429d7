// A server as the API shows it: a row for each field, with the microversions it lives in (facts: microversions.md,
// "Server view by microversion"). `show`, `detail`, update and rebuild answer from this one table.
import { createHash } from 'node:crypto'
import { isoMicros, isoSeconds } from '../../../base/time.ts'
import type { Microversion } from '../../../model/microversions.ts'
import { statusesWithFault, statusesWithProgress, statusOf } from '../../../model/server-states.ts'
import type { FlavorSnapshot, NetworkInfo } from '../../snapshots.ts'
import {
  flavorOf,
  hintListsOf,
  imageOf,
  instanceName,
  metadataOf,
  networkOf,
  type ServerRow,
  securityGroupsOf,
  volumesOf,
} from '../../store/servers.ts'
import { compileView, type ViewRow } from './compile.ts'

export interface FaultFacts {
  readonly code: number
  readonly message: string
  readonly details: string
  readonly created_at: number
}

/** What a view needs beside the row itself. */
export interface ServerContext {
  readonly selfBase: string
  readonly bookmarkBase: string
  readonly status: string
  readonly flavor: FlavorSnapshot
  readonly network: NetworkInfo
  readonly tags: readonly string[]
  /** Newest fault, when the status shows one. */
  readonly fault: FaultFacts | null
  readonly hostStatus: string
  readonly groups: readonly string[]
}

export type ServerFlag = 'admin' | 'full' | 'detail'

type Row = ViewRow<ServerRow, ServerContext, ServerFlag>

const attribute = (name: string) => `OS-EXT-SRV-ATTR:${name}`

/** hex SHA-224 of project and host: the same server's neighbours look alike, hosts stay unnamed. */
export const hostIdOf = (projectId: string, host: string | null): string =>
  host === null
    ? ''
    : createHash('sha224')
        .update(projectId + host)
        .digest('hex')

const link = (rel: string, href: string) => ({ rel, href })

const addresses = (network: NetworkInfo, isFull: boolean) => {
  const byName: Record<string, object[]> = {}
  for (const vif of network) {
    const list = byName[vif.networkName] ?? []
    byName[vif.networkName] = list
    for (const { address, version, type } of vif.addresses)
      list.push(
        isFull
          ? { version, addr: address, 'OS-EXT-IPS:type': type, 'OS-EXT-IPS-MAC:mac_addr': vif.mac }
          : { version, addr: address },
      )
  }
  return byName
}

const embeddedFlavor = (flavor: FlavorSnapshot) => ({
  vcpus: flavor.vcpus,
  ram: flavor.memoryMb,
  disk: flavor.rootGb,
  ephemeral: flavor.ephemeralGb,
  swap: flavor.swapMb,
  original_name: flavor.name,
  extra_specs: flavor.extraSpecs,
})

const imageView = (server: ServerRow, { bookmarkBase }: ServerContext, withProperties: boolean) => {
  if (server.image_id === '') return ''
  const view = { id: server.image_id, links: [link('bookmark', `${bookmarkBase}/images/${server.image_id}`)] }
  return withProperties ? { ...view, properties: imageOf(server).properties } : view
}

/** Volumes a server has; not those that are still being made. */
const attached = (server: ServerRow) => volumesOf(server).filter(({ volumeId }) => volumeId !== null)

const faultView = (fault: FaultFacts, isAdmin: boolean) => ({
  code: fault.code,
  created: isoSeconds(fault.created_at),
  message: fault.message,
  ...(fault.details !== '' && (isAdmin || fault.code !== 500) ? { details: fault.details } : {}),
})

/** In every answer about a server. */
const always: readonly Row[] = [
  { key: 'id', value: server => server.id },
  { key: 'name', value: server => server.name },
  { key: 'status', value: (_, { status }) => status },
  { key: 'tenant_id', value: server => server.project_id },
  { key: 'user_id', value: server => server.user_id },
  { key: 'metadata', value: server => metadataOf(server) },
  { key: 'hostId', value: server => hostIdOf(server.project_id, server.host) },
  { key: 'image', until: 'imageProperties', value: (server, context) => imageView(server, context, false) },
  { key: 'image', since: 'imageProperties', value: (server, context) => imageView(server, context, true) },
  {
    key: 'flavor',
    until: 'embeddedFlavor',
    value: (server, { bookmarkBase }) => ({
      id: server.flavor_id,
      links: [link('bookmark', `${bookmarkBase}/flavors/${server.flavor_id}`)],
    }),
  },
  { key: 'flavor', since: 'embeddedFlavor', value: (_, { flavor }) => embeddedFlavor(flavor) },
  { key: 'created', value: server => isoSeconds(server.created_at) },
  { key: 'updated', value: server => isoSeconds(server.updated_at) },
]

const afterAddresses: readonly Row[] = [
  { key: 'accessIPv4', value: server => server.access_ipv4 ?? '' },
  { key: 'accessIPv6', value: server => server.access_ipv6 ?? '' },
  {
    key: 'links',
    value: (server, { selfBase, bookmarkBase }) => [
      link('self', `${selfBase}/servers/${server.id}`),
      link('bookmark', `${bookmarkBase}/servers/${server.id}`),
    ],
  },
  { key: 'OS-DCF:diskConfig', value: server => (server.auto_disk_config === 1 ? 'AUTO' : 'MANUAL') },
  { key: 'fault', value: (_, { fault }) => (fault === null ? undefined : faultView(fault, false)) },
  {
    key: 'fault',
    policy: 'admin',
    value: (_, { fault }) => (fault === null ? undefined : faultView(fault, true)),
  },
  {
    key: 'progress',
    value: (server, { status }) => (statusesWithProgress.has(status) ? server.progress : undefined),
  },
]

const onAdminOf = (name: string, since: Row['since'], value: Row['value']): Row => ({
  key: attribute(name),
  since,
  policy: 'admin',
  value,
})

const userData = onAdminOf('user_data', 'extendedServerAttributes', server => server.user_data)

/** Only in the full view: show, detail, and from 2.75 update and rebuild. */
const full: readonly Row[] = [
  { key: 'OS-EXT-AZ:availability_zone', value: server => server.availability_zone ?? '' },
  { key: 'config_drive', value: server => (server.config_drive === 1 ? 'True' : '') },
  { key: 'key_name', value: server => server.key_name },
  {
    key: 'OS-SRV-USG:launched_at',
    value: server => (server.launched_at === null ? null : isoMicros(server.launched_at)),
  },
  {
    key: 'OS-SRV-USG:terminated_at',
    value: server => (server.terminated_at === null ? null : isoMicros(server.terminated_at)),
  },
  {
    key: 'security_groups',
    // Nova asks the network service, which knows groups only of servers that have ports, and shows no empty list.
    value: (server, { network }) => {
      const groups = network.length === 0 ? [] : securityGroupsOf(server)
      return groups.length === 0 ? undefined : groups.map(name => ({ name }))
    },
  },
  { key: attribute('host'), policy: 'admin', value: server => server.host },
  { key: attribute('instance_name'), policy: 'admin', value: server => instanceName(server) },
  { key: attribute('hypervisor_hostname'), policy: 'admin', value: server => server.node },
  onAdminOf('reservation_id', 'extendedServerAttributes', server => server.reservation_id),
  onAdminOf('launch_index', 'extendedServerAttributes', server => server.launch_index),
  onAdminOf('hostname', 'extendedServerAttributes', server => server.hostname),
  { key: attribute('hostname'), since: 'serverHostname', value: server => server.hostname },
  onAdminOf('kernel_id', 'extendedServerAttributes', server => imageOf(server).properties.kernel_id ?? ''),
  onAdminOf('ramdisk_id', 'extendedServerAttributes', server => imageOf(server).properties.ramdisk_id ?? ''),
  onAdminOf('root_device_name', 'extendedServerAttributes', server => server.root_device_name),
  userData,
  { key: 'OS-EXT-STS:task_state', value: server => server.task_state },
  { key: 'OS-EXT-STS:vm_state', value: server => server.vm_state },
  { key: 'OS-EXT-STS:power_state', value: server => server.power_state },
  {
    key: 'os-extended-volumes:volumes_attached',
    until: 'extendedServerAttributes',
    value: server => attached(server).map(({ volumeId: id }) => ({ id })),
  },
  {
    key: 'os-extended-volumes:volumes_attached',
    since: 'extendedServerAttributes',
    value: server =>
      attached(server).map(({ volumeId: id, deleteOnTermination }) => ({
        id,
        delete_on_termination: deleteOnTermination,
      })),
  },
  { key: 'host_status', since: 'hostStatus', policy: 'admin', value: (_, { hostStatus }) => hostStatus },
]

const later: readonly Row[] = [
  { key: 'locked', since: 'serverLocked', value: server => server.locked_by !== null },
  { key: 'locked_reason', since: 'lockedReason', value: server => server.locked_reason },
  { key: 'description', since: 'serverDescription', value: server => server.description },
  { key: 'tags', since: 'serverTags', value: (_, { tags }) => tags },
  {
    key: 'trusted_image_certificates',
    since: 'trustedCertificates',
    value: server =>
      server.trusted_certs_json === null ? null : (JSON.parse(server.trusted_certs_json) as unknown),
  },
]

const groupsRow: Row = { key: 'server_groups', since: 'serverGroupsShown', value: (_, { groups }) => groups }

const newest: readonly Row[] = [
  { key: 'pinned_availability_zone', since: 'pinnedZone', value: server => server.pinned_zone },
  { key: 'scheduler_hints', since: 'schedulerHintsShown', value: server => hintListsOf(server) },
]

const withAddresses = (isFull: boolean): Row => ({
  key: 'addresses',
  value: (_, { network }) => addresses(network, isFull),
})

const showView = compileView<ServerRow, ServerContext, ServerFlag>([
  ...always,
  withAddresses(true),
  ...afterAddresses,
  ...full,
  ...later,
  groupsRow,
  ...newest,
])
const detailView = compileView<ServerRow, ServerContext, ServerFlag>([
  ...always,
  withAddresses(true),
  ...afterAddresses,
  ...full,
  ...later,
  ...newest,
])
/** A rebuild tells user data to everybody, under a name of its own, and not once more. */
const rebuildView = compileView<ServerRow, ServerContext, ServerFlag>([
  ...always,
  withAddresses(true),
  ...afterAddresses,
  ...full.filter(row => row !== userData),
  ...later,
  groupsRow,
  ...newest,
])
const briefView = compileView<ServerRow, ServerContext, ServerFlag>([
  ...always,
  withAddresses(false),
  ...afterAddresses,
  ...later,
  groupsRow,
  ...newest,
])

export type ServerViewKind = 'show' | 'detail' | 'change' | 'rebuild'

const fullViews = { show: showView, detail: detailView, change: showView, rebuild: rebuildView }

/** The view for a kind of answer. Updates and rebuilds show less below 2.75. */
export function serverView(kind: ServerViewKind, version: Microversion, isAdmin: boolean) {
  const isFull = kind === 'show' || kind === 'detail' || version.has('strictQueries')
  return (isFull ? fullViews[kind] : briefView)(version, { admin: isAdmin })
}

/** The context of a row: everything but links, tags, fault, groups and host status comes from the row itself. */
export function serverContext(
  server: ServerRow,
  rest: Pick<ServerContext, 'selfBase' | 'bookmarkBase' | 'tags' | 'groups' | 'hostStatus'> & {
    readonly newestFault: FaultFacts | undefined
  },
): ServerContext {
  const status = statusOf({
    vmState: server.vm_state,
    taskState: server.task_state,
    deleted: server.deleted === 1,
  })
  return {
    ...rest,
    status,
    flavor: flavorOf(server),
    network: networkOf(server),
    fault: statusesWithFault.has(status) ? (rest.newestFault ?? null) : null,
  }
}
