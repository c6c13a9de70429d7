// InstancePayload 1.9: what every notification about a server says of it. Rows are decoded once for both forms.
import type { Instant } from '../../base/time.ts'
import { type PowerState, powerStateNames } from '../../model/server-states.ts'
import type { LogContext } from '../../platform/journal/log.ts'
import type { BlockDevice, FlavorSnapshot, ImageSnapshot, NetworkInfo, Vif } from '../snapshots.ts'
import { flavorOf, imageOf, metadataOf, networkOf, type ServerRow } from '../store/servers.ts'
import { payload, timeOrNull } from './encode.ts'
import { flavorPayload } from './flavor.ts'

/** A server's row and what its JSON columns hold. */
export interface ServerFacts {
  readonly row: ServerRow
  readonly flavor: FlavorSnapshot
  readonly image: ImageSnapshot
  readonly network: NetworkInfo
  readonly metadata: Readonly<Record<string, string>>
}

export const factsOf = (row: ServerRow): ServerFacts => ({
  row,
  flavor: flavorOf(row),
  image: imageOf(row),
  network: networkOf(row),
  metadata: metadataOf(row),
})

export interface Share {
  readonly mappingId: string
  readonly shareId: string
  readonly status: string
  readonly exportLocation: string
  readonly tag: string
}

/** What is told of a volume. */
export type ToldDevice = Pick<
  BlockDevice,
  'bootIndex' | 'deleteOnTermination' | 'deviceName' | 'tag' | 'volumeId'
>

/** What a row does not tell. */
export interface Attachments {
  /** Null: not looked up. */
  readonly blockDevices?: readonly ToldDevice[] | null
  readonly shares?: readonly Share[]
}

/** Fields every server payload has, in Nova's order. */
export function instanceData(
  { row, flavor, image, network, metadata }: ServerFacts,
  { auth, requestId }: LogContext,
  attachments: Attachments,
): object {
  return {
    uuid: row.id,
    user_id: row.user_id,
    tenant_id: row.project_id,
    reservation_id: row.reservation_id,
    display_name: row.name,
    display_description: row.description,
    host_name: row.hostname,
    host: row.host,
    node: row.node,
    os_type: image.properties.os_type ?? null,
    architecture: image.properties.architecture ?? null,
    availability_zone: row.availability_zone,
    flavor: flavorPayload(flavor),
    image_uuid: row.image_id,
    key_name: row.key_name,
    kernel_id: bootFile(image, 'kernel_id'),
    ramdisk_id: bootFile(image, 'ramdisk_id'),
    created_at: timeOrNull(row.created_at),
    launched_at: timeOrNull(row.launched_at),
    terminated_at: timeOrNull(row.terminated_at),
    deleted_at: timeOrNull(row.deleted_at),
    // Null until something changes after the row was made.
    updated_at: timeOrNull(row.updated_at === row.created_at ? null : row.updated_at),
    state: row.vm_state,
    power_state: powerStateNames[row.power_state as PowerState], // only our numbers are written there
    task_state: row.task_state,
    progress: row.progress,
    ip_addresses: network.flatMap(addressPayloads),
    block_devices: attachments.blockDevices?.map(blockDevicePayload) ?? null,
    metadata,
    locked: row.locked_by !== null,
    auto_disk_config: row.auto_disk_config === 1 ? 'AUTO' : 'MANUAL',
    // A periodic task has no caller, and then no request either.
    request_id: auth?.project ? requestId : null,
    action_initiator_user: auth?.userId ?? null,
    action_initiator_project: auth?.project?.id ?? null,
    locked_reason: row.locked_reason,
    shares: attachments.shares?.map(sharePayload) ?? [],
  }
}

/** Kernel and ramdisk of an image that has them; Nova reads `nokernel` as none. */
export const bootFile = (image: ImageSnapshot, name: 'kernel_id' | 'ramdisk_id'): string => {
  const id = image.properties[name] ?? ''
  return id === 'nokernel' ? '' : id
}

/** Name of a port's device on the host. */
export const deviceName = (vif: Vif): string => vif.deviceName ?? `tap${vif.portId.slice(0, 11)}`

const addressPayloads = (vif: Vif): object[] =>
  vif.addresses
    .filter(address => address.type === 'fixed')
    .map(address =>
      payload('IpPayload', {
        label: vif.networkName,
        mac: vif.mac,
        meta: {},
        port_uuid: vif.portId,
        version: address.version,
        address: address.address,
        device_name: deviceName(vif),
      }),
    )

const blockDevicePayload = (device: ToldDevice): object =>
  payload('BlockDevicePayload', {
    device_name: device.deviceName,
    boot_index: device.bootIndex,
    delete_on_termination: device.deleteOnTermination,
    volume_id: device.volumeId,
    tag: device.tag,
  })

const sharePayload = (share: Share): object =>
  payload('SharePayload', {
    share_mapping_uuid: share.mappingId,
    share_id: share.shareId,
    status: share.status,
    tag: share.tag,
    export_location: share.exportLocation,
  })

/** A stretch of time that usage is reported for. */
export interface AuditPeriod {
  readonly from: Instant
  readonly to: Instant
}

/** The month that runs (Nova's default audit period), up to now. */
export function currentAuditPeriod(now: Instant): AuditPeriod {
  const date = new Date(now)
  return { from: Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1), to: now }
}

export const auditPeriodPayload = (period: AuditPeriod): object =>
  payload('AuditPeriodPayload', {
    audit_period_beginning: timeOrNull(period.from),
    audit_period_ending: timeOrNull(period.to),
  })
