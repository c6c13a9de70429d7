// Unversioned payloads about servers (facts: notifications.md §5; nova/notifications/base.py, info_from_instance).
import { type Instant, isoMicros } from '../../base/time.ts'
import type { InstanceAction, InstanceRow, Phase } from '../../model/notifications.ts'
import type { Vif } from '../snapshots.ts'
import { legacyFault } from './exception.ts'
import { type AuditPeriod, bootFile, type ServerFacts } from './instance.ts'
import type { ServerExtra } from './instance-actions.ts'
import { type ServerChange, statesOf } from './instance-update.ts'

/** What every `compute.instance.*` payload says of the server. `imageUrl`: see Sender. */
export function serverInfo(facts: ServerFacts, imageUrl: string | undefined, withAddresses: boolean): object {
  const { row, flavor, image } = facts
  return {
    tenant_id: row.project_id,
    user_id: row.user_id,
    instance_id: row.id,
    display_name: row.name,
    reservation_id: row.reservation_id,
    hostname: row.hostname,
    instance_type: flavor.name,
    instance_type_id: flavor.seq ?? null,
    instance_flavor_id: flavor.id,
    architecture: image.properties.architecture ?? null,
    memory_mb: flavor.memoryMb,
    disk_gb: flavor.rootGb + flavor.ephemeralGb,
    vcpus: flavor.vcpus,
    root_gb: flavor.rootGb,
    ephemeral_gb: flavor.ephemeralGb,
    host: row.host,
    node: row.node,
    availability_zone: row.availability_zone,
    cell_name: '',
    created_at: `${pythonTime(Math.floor(row.created_at / 1000) * 1000)}+00:00`,
    terminated_at: microsOrEmpty(row.terminated_at),
    deleted_at: microsOrEmpty(row.deleted_at),
    launched_at: microsOrEmpty(row.launched_at),
    image_ref_url: imageUrl === undefined ? row.image_id : `${imageUrl}/images/${row.image_id}`,
    os_type: image.properties.os_type ?? null,
    kernel_id: bootFile(image, 'kernel_id'),
    ramdisk_id: bootFile(image, 'ramdisk_id'),
    state: row.vm_state,
    state_description: row.task_state ?? '',
    progress: row.progress === 0 ? '' : row.progress,
    access_ip_v4: row.access_ipv4,
    access_ip_v6: row.access_ipv6,
    ...(withAddresses ? { fixed_ips: facts.network.flatMap(fixedIps) } : {}),
    image_meta: {
      ...image.properties,
      min_ram: String(image.minRamMb),
      // A server keeps the larger of the image's and the flavor's need; after a resize ours is the new flavor's.
      min_disk: String(Math.max(image.minDiskGb, flavor.rootGb)),
      disk_format: image.diskFormat,
      container_format: image.containerFormat,
      base_image_ref: row.image_id,
    },
    metadata: facts.metadata,
  }
}

/** Payload of `compute.instance.<action>`. */
export const legacyAction = (
  action: InstanceAction,
  row: InstanceRow,
  phase: Phase | null,
  facts: ServerFacts,
  imageUrl: string | undefined,
  extra: ServerExtra,
): object => ({
  ...serverInfo(facts, imageUrl, phase !== null && (row.addressesAt?.includes(phase) ?? false)),
  ...additionsOf(action, phase, facts, extra),
  ...(phase === 'error' ? legacyFault(extra.fault) : {}),
})

// nova/compute/manager.py: `extra_usage_info` of each call.
function additionsOf(
  action: InstanceAction,
  phase: Phase | null,
  { image }: ServerFacts,
  extra: ServerExtra,
): object {
  switch (action) {
    case 'create':
      return phase === 'start' ? { image_name: image.name } : phase === 'end' ? { message: 'Success' } : {}
    case 'rebuild':
      return phase === 'error' ? {} : { image_name: image.name }
    case 'rescue':
      return { rescue_image_name: extra.rescueImageName ?? image.name }
    case 'resize_prep':
      return phase === 'end' && extra.newFlavor
        ? { new_instance_type: extra.newFlavor.name, new_instance_type_id: extra.newFlavor.seq ?? null }
        : {}
    case 'volume_attach':
    case 'volume_detach':
      return { volume_id: extra.volumeId ?? null }
    default:
      return {}
  }
}

/** Payload of `compute.instance.exists`; its times are printed in another way than those of updates. */
export const legacyExists = (
  facts: ServerFacts,
  imageUrl: string | undefined,
  period: AuditPeriod,
): object => ({
  ...serverInfo(facts, imageUrl, false),
  audit_period_beginning: pythonTime(period.from),
  audit_period_ending: pythonTime(period.to),
})

/** Payload of `compute.instance.update`. */
export const legacyUpdate = (
  facts: ServerFacts,
  imageUrl: string | undefined,
  change: ServerChange,
  period: AuditPeriod,
): object => ({
  ...serverInfo(facts, imageUrl, false),
  ...statesOf(facts.row, change),
  audit_period_beginning: isoMicros(period.from),
  audit_period_ending: isoMicros(period.to),
  ...(change.oldName === undefined ? {} : { old_display_name: change.oldName }),
})

const microsOrEmpty = (at: Instant | null): string => (at === null ? '' : isoMicros(at))

/** Python's str() of a time without zone: no fraction when it is zero. */
const pythonTime = (at: Instant): string => {
  const text = isoMicros(at).replace('T', ' ')
  return at % 1000 === 0 ? text.slice(0, 19) : text
}

const fixedIps = (vif: Vif): object[] => {
  const floating = vif.addresses.filter(address => address.type === 'floating')
  const fixed = vif.addresses.filter(address => address.type === 'fixed')
  const holder = fixed.find(address => address.version === 4) // floating addresses lead to the first IPv4 one
  return fixed.map(address => ({
    address: address.address,
    type: 'fixed',
    version: address.version,
    meta: {},
    floating_ips:
      address === holder
        ? floating.map(({ address, version }) => ({ address, type: 'floating', version, meta: {} }))
        : [],
    label: vif.networkName,
    vif_mac: vif.mac,
  }))
}
