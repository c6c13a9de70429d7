// ImageMetaPayload 1.0 with its properties, and the image in unversioned request specs.
import { type Instant, isoMicros } from '../../base/time.ts'
import type { ImageSnapshot } from '../snapshots.ts'
import { type NovaObject, payload, timeOrNull } from './encode.ts'

/** An image as far as the one who sends has seen it: a server's copy, and what the image service said besides. */
export interface ImageFacts extends ImageSnapshot {
  readonly status?: string
  readonly visibility?: string
  readonly protected?: boolean
  readonly checksum?: string | null
  readonly virtualSizeBytes?: number | null
  readonly createdAt?: Instant
  readonly updatedAt?: Instant
  readonly tags?: readonly string[]
}

export const imagePayload = (image: ImageFacts): NovaObject =>
  payload('ImageMetaPayload', {
    id: image.id === '' ? null : image.id,
    name: image.name,
    status: image.status ?? null,
    visibility: image.visibility ?? null,
    protected: image.protected ?? null,
    checksum: image.checksum ?? null,
    owner: image.owner,
    size: image.sizeBytes,
    virtual_size: image.virtualSizeBytes ?? null,
    container_format: image.containerFormat,
    disk_format: image.diskFormat,
    created_at: timeOrNull(image.createdAt ?? null),
    updated_at: timeOrNull(image.updatedAt ?? null),
    tags: image.tags ?? null,
    direct_url: null,
    min_ram: image.minRamMb,
    min_disk: image.minDiskGb,
    properties: payload('ImageMetaPropsPayload', knownProperties(image.properties)),
  })

/** The image in the unversioned `request_spec`. */
export const legacyImage = (image: ImageFacts): object => ({
  id: image.id,
  name: image.name,
  status: image.status ?? null,
  checksum: image.checksum ?? null,
  owner: image.owner,
  size: image.sizeBytes,
  container_format: image.containerFormat,
  disk_format: image.diskFormat,
  created_at: image.createdAt === undefined ? null : isoMicros(image.createdAt),
  updated_at: image.updatedAt === undefined ? null : isoMicros(image.updatedAt),
  min_ram: image.minRamMb,
  min_disk: image.minDiskGb,
  properties: knownProperties(image.properties),
})

type Kind = 'text' | 'number' | 'flag'

// Properties Nova knows and their types (nova/objects/image_meta.py); others are not sent.
const properties: Readonly<Record<Kind, readonly string[]>> = {
  text: [
    'hw_architecture',
    'hw_auto_disk_config',
    'hw_cdrom_bus',
    'hw_cpu_policy',
    'hw_cpu_realtime_mask',
    'hw_cpu_thread_policy',
    'hw_disk_bus',
    'hw_disk_type',
    'hw_emulation_architecture',
    'hw_emulator_threads_policy',
    'hw_ephemeral_encryption_format',
    'hw_firmware_type',
    'hw_floppy_bus',
    'hw_input_bus',
    'hw_machine_type',
    'hw_maxphysaddr_mode',
    'hw_mem_page_size',
    'hw_pci_numa_affinity_policy',
    'hw_pointer_model',
    'hw_rescue_bus',
    'hw_rescue_device',
    'hw_rng_model',
    'hw_scsi_model',
    'hw_sound_model',
    'hw_tpm_model',
    'hw_tpm_version',
    'hw_usb_model',
    'hw_video_model',
    'hw_vif_model',
    'hw_viommu_model',
    'hw_vm_mode',
    'hw_watchdog_action',
    'img_hv_requested_version',
    'img_hv_type',
    'img_owner_id',
    'img_root_device_name',
    'os_admin_user',
    'os_command_line',
    'os_distro',
    'os_secure_boot',
    'os_type',
  ],
  number: [
    'hw_cpu_cores',
    'hw_cpu_max_cores',
    'hw_cpu_max_sockets',
    'hw_cpu_max_threads',
    'hw_cpu_sockets',
    'hw_cpu_threads',
    'hw_device_id',
    'hw_maxphysaddr_bits',
    'hw_numa_nodes',
    'hw_redirected_usb_ports',
    'hw_serial_port_count',
    'hw_video_ram',
    'img_compression_level',
    'img_version',
  ],
  flag: [
    'hw_boot_menu',
    'hw_ephemeral_encryption',
    'hw_firmware_stateless',
    'hw_ipxe_boot',
    'hw_locked_memory',
    'hw_mem_encryption',
    'hw_pmu',
    'hw_qemu_guest_agent',
    'hw_time_hpet',
    'hw_vif_multiqueue_enabled',
    'hw_virtio_packed_ring',
    'img_cache_in_nova',
    'img_hide_hypervisor_id',
    'img_linked_clone',
    'img_use_agent',
    'os_require_quiesce',
    'os_skip_agent_inject_files_at_boot',
    'os_skip_agent_inject_ssh',
  ],
}
const kindOf: ReadonlyMap<string, Kind> = new Map(
  (Object.keys(properties) as Kind[]).flatMap(kind => properties[kind].map(name => [name, kind] as const)), // own keys
)

/** Names images had for them before; the present name wins where both are set. */
const renamed: Readonly<Record<string, string>> = {
  architecture: 'hw_architecture',
  auto_disk_config: 'hw_auto_disk_config',
  hypervisor_version_requires: 'img_hv_requested_version',
  ipxe_boot: 'hw_ipxe_boot',
  owner_id: 'img_owner_id',
  root_device_name: 'img_root_device_name',
  vm_mode: 'hw_vm_mode',
  vmware_ostype: 'os_distro',
}
const flagsOn: ReadonlySet<string> = new Set(['1', 't', 'true', 'on', 'y', 'yes'])

function knownProperties(given: ImageSnapshot['properties']): Record<string, string | number | boolean> {
  const known: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(given)) {
    const present = renamed[name] ?? name
    const kind = kindOf.get(present)
    if (kind === undefined || (present !== name && present in given)) continue
    if (kind === 'text') known[present] = value
    else if (kind === 'flag') known[present] = flagsOn.has(value.trim().toLowerCase())
    else if (Number.isInteger(Number(value))) known[present] = Number(value)
  }
  return known
}
