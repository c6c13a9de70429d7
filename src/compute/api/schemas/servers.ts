// Bodies and queries of /servers (facts: api-surface.md §6, §7; limits-quotas.md §4). Made once for each microversion.
import type { Microversion } from '../../../model/microversions.ts'
import {
  boolean,
  dateTime,
  hostName,
  limit,
  metadataKey,
  object,
  perVersion,
  positiveInteger,
  text,
  zoneName,
} from './parameters.ts'

export const metadata = {
  type: 'object',
  patternProperties: { [metadataKey]: { type: 'string', maxLength: 255 } },
  additionalProperties: false,
} as const
const looseName = { type: 'string', minLength: 1, maxLength: 255, format: 'name' } as const
const description = {
  type: ['string', 'null'],
  minLength: 0,
  maxLength: 255,
  pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f]*$',
} as const
const diskConfig = { type: 'string', enum: ['AUTO', 'MANUAL'] } as const
const imageRef = { type: 'string', format: 'uuid' } as const
const imageRefOrNothing = { oneOf: [imageRef, { type: 'string', maxLength: 0 }] } as const
const flavorRef = { type: ['string', 'integer'], minLength: 1 } as const
const ipv4 = { type: 'string', format: 'ipv4' } as const
const ipv6 = { type: 'string', format: 'ipv6' } as const
export const ipAddress = { type: 'string', oneOf: [ipv4, ipv6] } as const
const tag = { type: 'string', minLength: 1, maxLength: 60, pattern: '^[^,/]*$' } as const
const password = { type: 'string' } as const
const personality = {
  type: 'array',
  items: object({ path: { type: 'string' }, contents: { type: 'string', format: 'base64' } }, [
    'path',
    'contents',
  ]),
} as const
const certificates = {
  type: ['array', 'null'],
  minItems: 1,
  maxItems: 50,
  uniqueItems: true,
  items: { type: 'string', minLength: 1 },
} as const
const userData = { type: 'string', format: 'base64', maxLength: 65_535 } as const
const hostname = (version: Microversion) =>
  version.has('fqdnHostname')
    ? { type: 'string', minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9-._]*$' }
    : { type: 'string', minLength: 2, maxLength: 63, pattern: '^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$' }

const hintOfServers = {
  oneOf: [
    { type: 'string', format: 'uuid' },
    { type: 'array', items: { type: 'string', format: 'uuid' } },
  ],
} as const
const hints = {
  type: 'object',
  properties: {
    group: { type: 'string', format: 'uuid' },
    different_host: hintOfServers,
    same_host: hintOfServers,
    query: { type: ['string', 'object', 'array'] },
    target_cell: looseName,
    different_cell: { type: ['string', 'array'], items: { type: 'string' } },
    build_near_host_ip: { type: 'string' },
    cidr: { type: 'string', pattern: '^/[0-9a-f.:]+$' },
  },
  additionalProperties: true,
} as const

function network(version: Microversion): object {
  return object({
    fixed_ip: ipAddress,
    port: { oneOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] },
    uuid: version.has('networksRequired') ? { type: 'string', format: 'uuid' } : { type: 'string' },
    ...(hasNetworkTags(version) ? { tag } : {}),
  })
}

// Tags came in 2.32, were refused by mistake (of networks from 2.37, of block devices from 2.33), and came back in 2.42.
const hasNetworkTags = (version: Microversion) =>
  (version.has('deviceTags') && !version.has('networksRequired')) || version.has('deviceTagsAgain')
const hasDiskTags = (version: Microversion) =>
  (version.has('deviceTags') && !version.has('hypervisorPaging')) || version.has('deviceTagsAgain')

function networks(version: Microversion): object {
  const listed = { type: 'array', items: network(version) }
  return version.has('networksRequired')
    ? { oneOf: [listed, { type: 'string', enum: ['none', 'auto'] }] }
    : listed
}

const blockDevice = (version: Microversion) =>
  object({
    virtual_name: { type: 'string', maxLength: 255 },
    volume_id: { type: 'string', format: 'uuid' },
    snapshot_id: { type: 'string', format: 'uuid' },
    volume_size: {
      type: ['integer', 'string'],
      pattern: '^[0-9]*$',
      minimum: 1,
      maximum: 2_147_483_647,
      minLength: 1,
    },
    device_name: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9._-r/]*$' },
    delete_on_termination: boolean,
    no_device: {},
    connection_info: { type: 'string' },
    source_type: { type: 'string', enum: ['volume', 'image', 'snapshot', 'blank'] },
    uuid: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9._-]*$' },
    image_id: { type: 'string', format: 'uuid' },
    destination_type: { type: 'string', enum: ['local', 'volume'] },
    guest_format: { type: 'string', maxLength: 255 },
    device_type: { type: 'string', maxLength: 255 },
    disk_bus: { type: 'string', maxLength: 255 },
    boot_index: { type: ['integer', 'string', 'null'], pattern: '^-?[0-9]+$' },
    ...(hasDiskTags(version) ? { tag } : {}),
    ...(version.has('volumeTypeAtCreate')
      ? { volume_type: { type: ['string', 'null'], minLength: 0, maxLength: 255 } }
      : {}),
  })

/** POST /servers. Hints stand beside `server`, under either of two names. */
export const createBody = perVersion(version => ({
  type: 'object',
  properties: {
    server: object(
      {
        name: looseName,
        imageRef: imageRefOrNothing,
        flavorRef,
        adminPass: password,
        metadata,
        networks: networks(version),
        'OS-DCF:diskConfig': diskConfig,
        accessIPv4: ipv4,
        accessIPv6: ipv6,
        ...(version.has('noPersonality') ? {} : { personality }),
        availability_zone: { ...zoneName, format: 'name' },
        block_device_mapping: { type: 'array', items: { type: 'object' } },
        block_device_mapping_v2: { type: 'array', items: blockDevice(version) },
        config_drive: boolean,
        key_name: looseName,
        min_count: positiveInteger,
        max_count: positiveInteger,
        return_reservation_id: boolean,
        security_groups: {
          type: 'array',
          items: {
            type: 'object',
            properties: { name: { type: 'string', minLength: 1, maxLength: 255 } },
            additionalProperties: false,
          },
        },
        user_data: userData,
        ...(version.has('serverDescription') ? { description } : {}),
        ...(version.has('tagsAtCreate') ? { tags: { type: 'array', items: tag, maxItems: 50 } } : {}),
        ...(version.has('trustedCertificates') ? { trusted_image_certificates: certificates } : {}),
        ...(version.has('requestedHost') ? { host: hostName, hypervisor_hostname: hostName } : {}),
        ...(version.has('serverHostname') ? { hostname: hostname(version) } : {}),
      },
      ['name', 'flavorRef', ...(version.has('networksRequired') ? ['networks'] : [])],
    ),
    'os:scheduler_hints': hints,
    'OS-SCH-HNT:scheduler_hints': hints,
  },
  required: ['server'],
  additionalProperties: false,
}))

/** PUT /servers/{id}. */
export const updateBody = perVersion(version =>
  object(
    {
      server: object({
        name: looseName,
        'OS-DCF:diskConfig': diskConfig,
        accessIPv4: { oneOf: [ipv4, { type: 'string', maxLength: 0 }, { type: 'null' }] },
        accessIPv6: { oneOf: [ipv6, { type: 'string', maxLength: 0 }, { type: 'null' }] },
        ...(version.has('serverDescription') ? { description } : {}),
        ...(version.has('serverHostname') ? { hostname: hostname(version) } : {}),
        ...(version.has('changePinnedZone')
          ? { pinned_availability_zone: { oneOf: [zoneName, { type: 'null' }] } }
          : {}),
      }),
    },
    ['server'],
  ),
)

/** The `rebuild` action. */
export const rebuildBody = (version: Microversion): object =>
  object(
    {
      name: looseName,
      imageRef,
      adminPass: password,
      metadata,
      preserve_ephemeral: boolean,
      'OS-DCF:diskConfig': diskConfig,
      accessIPv4: ipv4,
      accessIPv6: ipv6,
      ...(version.has('noPersonality')
        ? { user_data: { oneOf: [userData, { type: 'null' }] } }
        : { personality }),
      ...(version.has('serverDescription') ? { description } : {}),
      ...(version.has('rebuildKeyName') ? { key_name: { oneOf: [looseName, { type: 'null' }] } } : {}),
      ...(version.has('trustedCertificates') ? { trusted_image_certificates: certificates } : {}),
      ...(version.has('serverHostname') ? { hostname: hostname(version) } : {}),
    },
    ['imageRef'],
  )

export const metadataBody = object({ metadata }, ['metadata'])
export const metaBody = object({ meta: { ...metadata, minProperties: 1 } }, ['meta'])
export const tagsBody = object({ tags: { type: 'array', items: tag, maxItems: 50, uniqueItems: true } }, [
  'tags',
])
export const tagPattern = tag

const regexp = { type: 'string', format: 'regex' } as const
const filters: Readonly<Record<string, object>> = {
  user_id: text,
  project_id: text,
  tenant_id: text,
  launch_index: text,
  image: text,
  image_ref: text,
  kernel_id: regexp,
  ramdisk_id: regexp,
  hostname: regexp,
  key_name: regexp,
  power_state: regexp,
  vm_state: text,
  task_state: text,
  host: text,
  node: regexp,
  flavor: text,
  reservation_id: regexp,
  launched_at: regexp,
  terminated_at: regexp,
  availability_zone: regexp,
  name: regexp,
  display_name: regexp,
  description: regexp,
  display_description: regexp,
  locked_by: regexp,
  uuid: text,
  root_device_name: regexp,
  config_drive: regexp,
  access_ip_v4: regexp,
  access_ip_v6: regexp,
  auto_disk_config: regexp,
  progress: regexp,
  all_tenants: text,
  soft_deleted: text,
  deleted: text,
  status: text,
  'changes-since': dateTime,
  ip: regexp,
  ip6: regexp,
  created_at: regexp,
}
const sortKeys = [
  'access_ip_v4',
  'access_ip_v6',
  'auto_disk_config',
  'availability_zone',
  'config_drive',
  'created_at',
  'display_description',
  'display_name',
  'host',
  'hostname',
  'image_ref',
  'instance_type_id',
  'kernel_id',
  'key_name',
  'launch_index',
  'launched_at',
  'locked_by',
  'node',
  'power_state',
  'progress',
  'project_id',
  'ramdisk_id',
  'root_device_name',
  'task_state',
  'terminated_at',
  'updated_at',
  'user_id',
  'uuid',
  'vm_state',
]
// Accepted and ignored before 2.75 (joined tables and internals of old releases).
const ignoredSortKeys = [
  'architecture',
  'cell_name',
  'cleaned',
  'default_ephemeral_device',
  'default_swap_device',
  'deleted',
  'deleted_at',
  'disable_terminate',
  'ephemeral_gb',
  'ephemeral_key_uuid',
  'id',
  'info_cache',
  'instance_metadata',
  'internal_id',
  'launched_on',
  'locked',
  'memory_mb',
  'metadata',
  'os_type',
  'pci_devices',
  'reservation_id',
  'root_gb',
  'security_groups',
  'services',
  'shutdown_terminate',
  'system_metadata',
  'user_data',
  'vcpus',
  'vm_mode',
  'block_device_mapping',
]

/** GET /servers and /servers/detail: everything may be repeated; what counts is decided by server-list.ts. */
export const listQuery = perVersion(version => {
  const strict = version.has('strictQueries')
  const keys = strict ? sortKeys : [...sortKeys, ...ignoredSortKeys]
  const all: Record<string, object> = {
    ...filters,
    ...(version.has('serverTags')
      ? { tags: text, 'tags-any': text, 'not-tags': text, 'not-tags-any': text }
      : {}),
    ...(version.has('changesBefore') ? { 'changes-before': dateTime } : {}),
    ...(version.has('lockedReason') ? { locked: { type: 'string' } } : {}),
    sort_key: { type: 'string', enum: version.has('lockedReason') ? [...keys, 'locked'] : keys },
    sort_dir: { type: 'string', enum: ['asc', 'desc'] },
    limit,
    marker: text,
  }
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(all).map(([key, items]) => [key, { type: 'array', items }]),
    ),
    // Names starting with `_` were never filters; they must not reach the database.
    additionalProperties: !strict,
  }
})
