// What a create wants as disks: block_device_mapping_v2, the older block_device_mapping, and what the image itself maps
// (nova/block_device.py, BlockDeviceDict; nova/compute/api.py, _check_and_transform_bdm). Nobody is asked here.
import { isArray, isObject } from '../../../base/json.ts'
import { fault } from '../../../model/errors.ts'
import { rootDeviceDefault } from '../../device-names.ts'
import type { BlockDevice, ImageSnapshot } from '../../snapshots.ts'
import { readBoolean } from '../call.ts'

/** A disk as it is asked for; its server, and its id, come later. */
export type WantedDevice = Omit<BlockDevice, 'attachmentId' | 'connection' | 'id'>

/** With `noDevice` it only takes away what the image maps to that name. */
interface Mapping extends WantedDevice {
  readonly noDevice: boolean
}

/** An item of block_device_mapping_v2, or of an image's mapping. */
export interface MappingItem {
  readonly source_type?: string | null
  readonly destination_type?: string | null
  readonly uuid?: string | null
  readonly volume_id?: string | null
  readonly snapshot_id?: string | null
  readonly image_id?: string | null
  readonly volume_size?: number | string | null
  readonly volume_type?: string | null
  readonly device_name?: string | null
  readonly delete_on_termination?: boolean | string | null
  readonly no_device?: unknown
  readonly guest_format?: string | null
  readonly device_type?: string | null
  readonly disk_bus?: string | null
  readonly boot_index?: number | string | null
  readonly tag?: string | null
}

/** An item of block_device_mapping, as EC2 once had it. */
export interface LegacyMappingItem {
  readonly device_name?: string | null
  readonly virtual_name?: string | null
  readonly volume_id?: string | null
  readonly snapshot_id?: string | null
  readonly volume_size?: number | string | null
  readonly delete_on_termination?: boolean | string | null
  readonly no_device?: unknown
}

export interface AskedMapping {
  readonly imageRef?: string
  readonly block_device_mapping?: readonly LegacyMappingItem[]
  readonly block_device_mapping_v2?: readonly MappingItem[]
}

export interface ReadMapping {
  /** Of the body; empty when a disk says what is booted. */
  readonly imageId: string
  /** Whether anything was said of disks. */
  readonly isAsked: boolean
  /** All disks, with those the image maps; a local root disk is among them. */
  disks(image: ImageSnapshot | null): readonly WantedDevice[]
}

/** Refuses (400) what cannot be meant. */
export function readMapping(asked: AskedMapping): ReadMapping {
  const legacy = asked.block_device_mapping ?? []
  const items = asked.block_device_mapping_v2 ?? []
  if (legacy.length > 0 && items.length > 0) throw fault('MappingSyntaxes')
  const imageId = asked.imageRef ?? ''
  const isAsked = legacy.length > 0 || items.length > 0
  if (imageId === '' && !isAsked) throw fault('ImageRequired')
  const given = items.map(item => fromApi(item, imageId !== ''))
  const old = legacy.map(fromLegacy)
  return {
    imageId,
    isAsked,
    disks(image) {
      const mapped = mappedBy(image)
      const isRootMapped = mapped.some(({ bootIndex }) => bootIndex === 0)
      const own = items.length > 0 ? given : withRoot(old, imageId, isRootMapped)
      if (imageId !== '') refuseRootName(own)
      // Clients add the image itself, which is not what is booted when it maps a disk for that.
      const kept = isRootMapped ? own.filter(disk => !isImageRoot(disk)) : own
      const names = new Set(kept.flatMap(({ deviceName }) => deviceName ?? []))
      const all = [
        ...kept,
        ...mapped.filter(({ deviceName }) => deviceName === null || !names.has(deviceName)),
      ]
      return all.filter(({ noDevice }) => !noDevice)
    },
  }
}

const isImageRoot = ({ source, destination, bootIndex }: Mapping): boolean =>
  source === 'image' && destination === 'local' && bootIndex === 0

function refuseRootName(disks: readonly Mapping[]): void {
  for (const { destination, deviceName, bootIndex } of disks)
    if (destination === 'volume' && bootIndex !== 0 && bare(deviceName) === bare(rootDeviceDefault))
      throw fault('RootDeviceNameTaken', { name: bare(rootDeviceDefault) })
}

const bare = (name: string | null): string | null => name?.replace(/^\/dev\//, '') ?? null

const invalid = (reason: string) => fault('MappingInvalid', { reason })

function fromApi(item: MappingItem, hasImage: boolean): Mapping {
  const { uuid, source_type: source } = item
  if (isTrue(item.no_device)) return mappingOf(item)
  if (source === undefined || source === null) throw invalid('Some required fields are missing')
  if (source === 'blank' && uuid) throw invalid('Invalid device UUID.')
  if (source !== 'blank' && !uuid) throw invalid('Missing device UUID.')
  const mapping = mappingOf({ ...item, ...(source === 'blank' ? {} : { [`${source}_id`]: uuid }) })
  if (source === 'image' && mapping.destination === 'local' && !(hasImage && mapping.bootIndex === 0))
    throw invalid('Mapping image to local is not supported.')
  if (mapping.volumeType !== null && mapping.destination === 'local')
    throw invalid('Specifying a volume_type with destination_type=local is not supported.')
  if (mapping.volumeType !== null && source === 'volume')
    throw invalid('Specifying volume type to existing volume is not supported.')
  return mapping
}

function mappingOf(item: MappingItem): Mapping {
  const source = sourceOf(item)
  const size = item.volume_size
  if (size != null && !/^\d+$/.test(String(size))) throw invalid('Invalid volume_size.')
  if (item.device_name?.includes(' ')) throw invalid('Device name contains spaces.')
  return {
    source,
    destination: destinationOf(source, item.destination_type),
    bootIndex: item.boot_index == null ? null : Number(item.boot_index),
    deviceName: item.device_name ?? null,
    deleteOnTermination: isTrue(item.delete_on_termination),
    tag: item.tag ?? null,
    guestFormat: item.guest_format ?? null,
    deviceType: item.device_type ?? null,
    diskBus: item.disk_bus ?? null,
    imageId: source === 'image' ? (item.image_id ?? null) : null,
    snapshotId: source === 'snapshot' ? (item.snapshot_id ?? null) : null,
    volumeId: source === 'volume' ? (item.volume_id ?? null) : null,
    sizeGb: size == null ? null : Number(size),
    volumeType: item.volume_type || null,
    noDevice: isTrue(item.no_device),
  }
}

const sources = ['image', 'snapshot', 'volume', 'blank'] as const
const sourceOf = ({ source_type }: MappingItem): Mapping['source'] =>
  sources.find(source => source === source_type) ?? 'blank'

/** Only images and nothing at all can lie on the host. */
const destinationOf = (
  source: Mapping['source'],
  asked: string | null | undefined,
): Mapping['destination'] =>
  source === 'volume' || source === 'snapshot' || asked === 'volume' ? 'volume' : 'local'

const isTrue = (value: unknown): boolean => readBoolean(String(value ?? 'false')) === true

function fromLegacy(item: LegacyMappingItem): Mapping {
  const { virtual_name: name, volume_id, snapshot_id, no_device, ...rest } = item
  const common = { ...rest, no_device }
  if (isTrue(no_device)) return mappingOf({ ...common, source_type: 'blank' })
  if (name === 'swap') return mappingOf({ ...common, source_type: 'blank', guest_format: 'swap' })
  if (name?.startsWith('ephemeral')) return mappingOf({ ...common, source_type: 'blank' })
  if (snapshot_id) return mappingOf({ ...common, source_type: 'snapshot', snapshot_id })
  if (volume_id) return mappingOf({ ...common, source_type: 'volume', volume_id })
  throw invalid('Unrecognized legacy format.')
}

/** The disk called as the root disk is what is booted; else the image is (nova/block_device.py, from_legacy_mapping). */
function withRoot(old: readonly Mapping[], imageId: string, isRootMapped: boolean): readonly Mapping[] {
  const isRoot = ({ source, deviceName }: Mapping) =>
    !isRootMapped && source !== 'blank' && bare(deviceName) === bare(rootDeviceDefault)
  const placed = old.map(disk => ({ ...disk, bootIndex: isRoot(disk) ? 0 : -1 }))
  if (isRootMapped || imageId === '' || placed.some(({ bootIndex }) => bootIndex === 0)) return placed
  const image = mappingOf({
    source_type: 'image',
    destination_type: 'local',
    image_id: imageId,
    boot_index: 0,
    delete_on_termination: true,
  })
  return [image, ...placed]
}

/** Disks an image names: one that was made of a server that boots from a volume. */
function mappedBy(image: ImageSnapshot | null): readonly Mapping[] {
  const { block_device_mapping: text, bdm_v2: isNew } = image?.properties ?? {}
  if (text === undefined) return []
  const items = parsed(text).filter(isObject) as readonly MappingItem[] // an image's own mapping, each field checked
  return isTrue(isNew) ? items.map(mappingOf) : items.map(fromLegacy)
}

function parsed(text: string): readonly unknown[] {
  try {
    const found: unknown = JSON.parse(text)
    return isArray(found) ? found : []
  } catch {
    throw invalid('Invalid image metadata.')
  }
}
