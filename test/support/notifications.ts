// What contract tests of notifications share: Nova's samples with their references resolved, and rows made from what a
// payload says, so that building the payload again can be compared with it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FlavorSnapshot, ImageSnapshot, NetworkInfo, Vif } from '../../src/compute/snapshots.ts'
import type { ServerRow } from '../../src/compute/store/servers.ts'
import { type PowerState, powerStateNames } from '../../src/model/server-states.ts'

export type Data = Record<string, unknown>
/** A payload with its class and version beside the data. */
export interface Encoded {
  'nova_object.name': string
  'nova_object.version': string
  'nova_object.data': Data
}

export const samplesFolder = join(import.meta.dirname, '../contract/fixtures/nova-notification-samples')
export const recordedFile = join(
  import.meta.dirname,
  '../contract/fixtures/recorded-notifications/nova-26.jsonl',
)

export interface Sample {
  readonly event_type: string
  readonly priority: string
  readonly publisher_id: string
  readonly payload: Encoded
}

/** One of Nova's samples, whole. */
export function readSample(file: string): Sample {
  const raw = JSON.parse(readFileSync(join(samplesFolder, file), 'utf8')) as Data
  return resolve(raw, samplesFolder) as unknown as Sample // the samples' shape
}

// Keys beside a $ref are merged over what it refers to; lists are replaced.
function resolve(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map(item => resolve(item, folder))
  if (typeof value !== 'object' || value === null) return value
  const { $ref, ...own } = value as Data
  const given = Object.fromEntries(Object.entries(own).map(([key, item]) => [key, resolve(item, folder)]))
  if (typeof $ref !== 'string') return given
  const path = join(folder, $ref.replace(/#$/, ''))
  return merge(resolve(JSON.parse(readFileSync(path, 'utf8')), join(path, '..')) as Data, given) // an object's file
}

function merge(base: Data, over: Data): Data {
  const result = { ...base }
  for (const [key, value] of Object.entries(over))
    result[key] = isData(value) && isData(result[key]) ? merge(result[key], value) : value
  return result
}

export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const dataOf = (payload: unknown): Data => (payload as Encoded)['nova_object.data']

/** The flavor a FlavorPayload shows. */
export const flavorFrom = (payload: unknown, seq?: number): FlavorSnapshot => {
  const data = dataOf(payload)
  return {
    id: data.flavorid as string,
    ...(seq === undefined ? {} : { seq }),
    name: data.name as string,
    vcpus: data.vcpus as number,
    memoryMb: data.memory_mb as number,
    rootGb: data.root_gb as number,
    ephemeralGb: data.ephemeral_gb as number,
    swapMb: data.swap as number,
    rxtxFactor: data.rxtx_factor as number,
    isPublic: data.is_public as boolean,
    disabled: data.disabled as boolean,
    description: data.description as string | null,
    extraSpecs: data.extra_specs as Record<string, string>,
  }
}

export const imageFixture: ImageSnapshot = {
  id: '155d900f-4e14-4e4c-a73d-069cbf4541e6',
  name: 'fakeimage123456',
  minDiskGb: 0,
  minRamMb: 0,
  sizeBytes: 25165824,
  diskFormat: 'raw',
  containerFormat: 'raw',
  owner: null,
  properties: { architecture: 'x86_64', kernel_id: 'nokernel', ramdisk_id: 'nokernel' },
}

const at = (text: unknown): number | null => (typeof text === 'string' ? Date.parse(text) : null)

// Ports in the order of their addresses.
function networkFrom(addresses: readonly unknown[]): NetworkInfo {
  const ports = new Map<string, Vif>()
  for (const item of addresses) {
    const ip = dataOf(item)
    const portId = ip.port_uuid as string
    const known = ports.get(portId)
    ports.set(portId, {
      portId,
      mac: ip.mac as string,
      networkId: 'network',
      networkName: ip.label as string,
      addresses: [
        ...(known?.addresses ?? []),
        { address: ip.address as string, version: ip.version as 4 | 6, type: 'fixed' },
      ],
      tag: null,
      deviceName: ip.device_name as string,
      ours: true,
    })
  }
  return [...ports.values()]
}

/** A server's row equal to what an instance payload shows; what it does not show is as at a fresh server's. */
export function serverFrom(payload: Encoded, image: ImageSnapshot = imageFixture, seq?: number): ServerRow {
  const data = dataOf(payload)
  const createdAt = at(data.created_at) ?? 0
  const updatedAt = at(data.updated_at)
  const power = Object.entries(powerStateNames).find(([, name]) => name === data.power_state)
  const flavor = flavorFrom(data.flavor, seq)
  return {
    id: data.uuid as string,
    seq: Number.parseInt(((data.instance_name as string | undefined) ?? 'instance-1').slice(9), 16),
    project_id: data.tenant_id as string,
    user_id: data.user_id as string,
    reservation_id: data.reservation_id as string,
    name: data.display_name as string,
    description: data.display_description as string | null,
    hostname: data.host_name as string,
    host: data.host as string | null,
    node: data.node as string | null,
    vm_state: data.state as ServerRow['vm_state'],
    task_state: data.task_state as ServerRow['task_state'],
    power_state: Number(power?.[0]) as PowerState,
    progress: data.progress as number,
    flavor_json: JSON.stringify(flavor),
    old_flavor_json: null,
    flavor_id: flavor.id,
    image_id: data.image_uuid as string,
    image_json: JSON.stringify(
      data.architecture === null
        ? { ...image, properties: { ...image.properties, architecture: undefined } }
        : image,
    ),
    key_name: data.key_name as string | null,
    user_data: 'c2VjcmV0', // never to be seen in a notification
    config_drive: 0,
    availability_zone: data.availability_zone as string | null,
    pinned_zone: null,
    access_ipv4: null,
    access_ipv6: null,
    auto_disk_config: data.auto_disk_config === 'AUTO' ? 1 : 0,
    metadata_json: JSON.stringify(data.metadata),
    locked_by: data.locked === true ? 'owner' : null,
    locked_reason: data.locked_reason as string | null,
    hints_json: '{}',
    group_id: null,
    block_devices_json: '[]',
    network_json: JSON.stringify(networkFrom(data.ip_addresses as unknown[])),
    security_groups_json: '["default"]',
    requested_networks_json: '"auto"',
    trusted_certs_json: data.trusted_image_certificates
      ? JSON.stringify(data.trusted_image_certificates)
      : null,
    root_device_name: '/dev/vda',
    launch_index: 0,
    previous_vm_state: null,
    shelved_image_id: null,
    created_at: createdAt,
    // Payloads show seconds; a change within the second of the creation is a later one all the same.
    updated_at: updatedAt === null ? createdAt : Math.max(updatedAt, createdAt + 1),
    launched_at: at(data.launched_at),
    terminated_at: at(data.terminated_at),
    deleted: data.state === 'deleted' ? 1 : 0,
    deleted_at: at(data.deleted_at),
    revision: 1,
  }
}
