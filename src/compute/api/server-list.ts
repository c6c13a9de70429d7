// GET /servers and /servers/detail: what the query means for whom (facts: api-surface.md §6).
import { isoSeconds, parseIso } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import {
  statesShowing,
  type TaskState,
  taskStates,
  type VmState,
  vmStates,
} from '../../model/server-states.ts'
import type { Reply } from '../../platform/http/types.ts'
import { type PatternField, type ServerSearch, type SortField, searchServers } from '../store/server-list.ts'
import { type ComputeCall, pageLimit, projectOf, readBoolean } from './call.ts'
import { hostStatuses } from './host-status.ts'
import { linkBases, links, nextLink } from './links.ts'
import { versionOf } from './negotiate.ts'
import { renderServers } from './rendered.ts'

type Column = ServerSearch['equals'][number]['column']

/** Filters that match a regular expression anywhere in a column, which is all that are not exact. */
const patternFilters: Readonly<Record<string, PatternField>> = {
  name: 'name',
  display_name: 'name',
  description: 'description',
  display_description: 'description',
  hostname: 'hostname',
  key_name: 'key_name',
  node: 'node',
  availability_zone: 'availability_zone',
  root_device_name: 'root_device_name',
  locked_by: 'locked_by',
  reservation_id: 'reservation_id',
  access_ip_v4: 'access_ipv4',
  access_ip_v6: 'access_ipv6',
  kernel_id: 'kernel_id',
  ramdisk_id: 'ramdisk_id',
}
const addressFilters = { ip: 4, ip6: 6 } as const
const instantFilters = ['created_at', 'launched_at', 'terminated_at'] as const
const exactFilters: Readonly<Record<string, Column>> = {
  user_id: 'user_id',
  image: 'image_id',
  image_ref: 'image_id',
  flavor: 'flavor_id',
  host: 'host',
  uuid: 'id',
  vm_state: 'vm_state',
  task_state: 'task_state',
  power_state: 'power_state',
  progress: 'progress',
  launch_index: 'launch_index',
}
const numbers: ReadonlySet<string> = new Set(['power_state', 'progress', 'launch_index'])

const userFilters = [
  'reservation_id',
  'name',
  'status',
  'image',
  'flavor',
  'ip',
  'changes-since',
  'all_tenants',
]
const laterUserFilters = [
  'availability_zone',
  'config_drive',
  'key_name',
  'created_at',
  'launched_at',
  'terminated_at',
  'power_state',
  'task_state',
  'vm_state',
  'progress',
  'user_id',
]
const tagFilters = {
  tags: 'all',
  'tags-any': 'any',
  'not-tags': 'not-all',
  'not-tags-any': 'not-any',
} as const
const joinedTables: ReadonlySet<string> = new Set([
  'metadata',
  'services',
  'block_device_mapping',
  'info_cache',
  'security_groups',
  'system_metadata',
  'pci_devices',
])

const sortFields: Readonly<Record<string, SortField>> = {
  access_ip_v4: 'access_ipv4',
  access_ip_v6: 'access_ipv6',
  auto_disk_config: 'auto_disk_config',
  availability_zone: 'availability_zone',
  config_drive: 'config_drive',
  created_at: 'created_at',
  display_description: 'description',
  display_name: 'name',
  host: 'host',
  hostname: 'hostname',
  image_ref: 'image_id',
  instance_type_id: 'flavor_id',
  kernel_id: 'kernel_id',
  key_name: 'key_name',
  launch_index: 'launch_index',
  launched_at: 'launched_at',
  locked_by: 'locked_by',
  locked: 'locked_by',
  node: 'node',
  power_state: 'power_state',
  progress: 'progress',
  project_id: 'project_id',
  ramdisk_id: 'ramdisk_id',
  root_device_name: 'root_device_name',
  task_state: 'task_state',
  terminated_at: 'terminated_at',
  updated_at: 'updated_at',
  user_id: 'user_id',
  uuid: 'id',
  vm_state: 'vm_state',
}

/** Filters an ordinary user's list honours; the others are dropped silently. */
function allowedToUsers(call: ComputeCall): ReadonlySet<string> {
  const version = versionOf(call)
  return new Set([
    ...userFilters,
    ...(version.has('filterIp6') ? ['ip6'] : []),
    ...(version.has('serverTags') ? Object.keys(tagFilters) : []),
    ...(version.has('changesBefore') ? ['changes-before'] : []),
    ...(version.has('lockedReason') ? ['locked'] : []),
    ...(version.has('moreUserFilters') ? laterUserFilters : []),
    ...(version.has('serverHostname') ? ['hostname'] : []),
  ])
}

export async function listServers(call: ComputeCall): Promise<Reply> {
  const { limit, found } = await search(call)
  const page = nextLink(
    call,
    '/servers',
    limit,
    found.map(({ id }) => id),
  )
  return {
    status: 200,
    json: {
      servers: found.map(({ id, name }) => ({ id, name, links: links(call, `/servers/${id}`) })),
      ...(page ? { servers_links: page } : {}),
    },
  }
}

export async function listServersDetail(call: ComputeCall): Promise<Reply> {
  const { limit, found } = await search(call)
  const bases = linkBases(call)
  const texts = await renderServers(call.deps, found, {
    kind: 'detail',
    version: versionOf(call),
    isAdmin: call.auth.isAdmin,
    selfBase: bases.self,
    bookmarkBase: bases.bookmark,
    hostStatus: await hostStatuses(call),
  })
  const page = nextLink(
    call,
    '/servers/detail',
    limit,
    found.map(({ id }) => id),
  )
  return {
    status: 200,
    text: `{"servers": [${texts.join(', ')}]${page ? `, "servers_links": ${JSON.stringify(page)}` : ''}}`,
  }
}

async function search(call: ComputeCall) {
  const limit = pageLimit(call)
  const wanted = readSearch(call, limit)
  return { limit, found: wanted === null ? [] : await searchServers(call.deps.store, wanted) }
}

/** The search a query asks for; null when nothing can match (an unknown status, a flavor that is not there). */
function readSearch(call: ComputeCall, limit: number): ServerSearch | null {
  const { query, auth } = call
  const version = versionOf(call)
  call.enforce('os_compute_api:servers:detail', { projectId: projectOf(call) })
  const allowed = auth.isAdmin ? null : allowedToUsers(call)
  const isAsked = (name: string) => query.has(name) && (allowed === null || allowed.has(name))
  const one = (name: string) => (isAsked(name) ? query.one(name) : undefined)
  refuseJoinedTables(call)
  const allTenants = readAllTenants(call)
  const changedSince = time(one('changes-since'))
  const changedBefore = time(one('changes-before'))
  if (changedSince !== undefined && changedBefore !== undefined && changedSince > changedBefore)
    throw fault('ReversedChanges')
  const statuses = isAsked('status') ? query.many('status') : undefined
  if (statuses !== undefined) {
    if (statuses.some(status => status.toUpperCase() === 'DELETED') && !auth.isAdmin)
      throw fault('DeletedListForbidden')
    const known = statuses.filter(
      status => status.toUpperCase() === 'DELETED' || statesShowing(status).length > 0,
    )
    if (known.length === 0) {
      if (version.has('invalidStatusRefused')) throw fault('InvalidServerStatus')
      return null
    }
  }
  const deletedAsked = one('deleted')
  const isOpen =
    changedSince !== undefined ||
    changedBefore !== undefined ||
    statuses?.some(status => status.toUpperCase() === 'DELETED')
  const tenant = allTenants ? (one('project_id') ?? one('tenant_id')) : undefined
  return {
    projectId: allTenants ? (tenant ?? null) : projectOf(call),
    deleted: deletedAsked !== undefined ? (readBoolean(deletedAsked) ?? false) : isOpen ? undefined : false,
    softDeleted: readBoolean(one('soft_deleted') ?? '') ?? false,
    statuses,
    equals: [
      ...Object.entries(exactFilters).flatMap(([name, column]) => {
        const value = one(name)
        return value === undefined ? [] : [{ column, values: [exactValue(name, value)] }]
      }),
      ...flags(one),
    ],
    matches: [
      ...Object.entries(patternFilters).flatMap(([name, field]) => {
        const pattern = one(name)
        return pattern === undefined || pattern === '' ? [] : [{ field, pattern }]
      }),
      ...instantFilters.flatMap(field => {
        const pattern = one(field)
        return pattern === undefined || pattern === '' ? [] : [{ field, pattern: instantPattern(pattern) }]
      }),
      ...Object.entries(addressFilters).flatMap(([name, version]) => {
        const pattern = one(name)
        return pattern === undefined || pattern === ''
          ? []
          : [{ field: 'network_json' as const, pattern: addressPattern(pattern, version) }]
      }),
    ],
    changedSince,
    changedBefore,
    tags: Object.entries(tagFilters)
      .flatMap(([name, kind]) => {
        const value = version.has('serverTags') ? one(name) : undefined
        return value === undefined ? [] : [{ kind, tags: value.split(',').filter(tag => tag !== '') }]
      })
      .filter(({ tags }) => tags.length > 0),
    locked:
      version.has('lockedReason') && one('locked') !== undefined ? readLocked(one('locked')!) : undefined,
    sort: readSort(call),
    marker: query.one('marker'),
    limit,
  }
}

const time = (text: string | undefined) => (text === undefined ? undefined : parseIso(text))

// A state that does not exist matches nothing, as it would in Nova's query.
function exactValue(name: string, value: string): string | number | null {
  if (numbers.has(name)) return Number.isInteger(Number(value)) ? Number(value) : -1
  if (name === 'task_state' && /^(none|null)$/i.test(value)) return null
  if (name === 'vm_state') return vmStates.includes(value as VmState) ? value : '-'
  return name === 'task_state' && !taskStates.includes(value as TaskState) ? '-' : value
}

/** An instant in the ISO form servers show means that second; anything else is held against the text as a pattern. */
function instantPattern(pattern: string): string {
  const at = pattern.includes('T') ? parseIso(pattern) : undefined
  return at === undefined ? pattern : `^${isoSeconds(at).replace('T', ' ').replace('Z', '')}$`
}

function flags(one: (name: string) => string | undefined): ServerSearch['equals'] {
  return (['config_drive', 'auto_disk_config'] as const).flatMap(name => {
    const asked = one(name)
    return asked === undefined ? [] : [{ column: name, values: [readBoolean(asked) ? 1 : 0] }]
  })
}

/** Fixed addresses are matched inside the stored network information (snapshots.ts), each between its quotes. */
function addressPattern(pattern: string, version: 4 | 6): string {
  const isFromStart = pattern.startsWith('^')
  const isToEnd = /(^|[^\\])\$$/.test(pattern)
  const inner = pattern.slice(isFromStart ? 1 : 0, isToEnd ? -1 : undefined)
  const rest = '[^"]*'
  return `"address":"${isFromStart ? '' : rest}(?:${inner})${isToEnd ? '' : rest}","version":${version},"type":"fixed"`
}

function readLocked(text: string): boolean {
  const value = readBoolean(text)
  if (value === undefined)
    throw fault('InvalidInput', {
      reason: `Unrecognized value '${text}', acceptable values are: '0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'`,
    })
  return value
}

function readAllTenants(call: ComputeCall): boolean {
  const text = call.query.one('all_tenants')
  if (text === undefined) return false
  const value = text === '' ? true : readBoolean(text)
  if (value === undefined) throw fault('InvalidInput', { reason: `Invalid value for all_tenants: ${text}` })
  if (value) call.enforce('os_compute_api:servers:detail:get_all_tenants')
  return value
}

function refuseJoinedTables(call: ComputeCall): void {
  if (!call.auth.isAdmin) return
  for (const name of call.query.names)
    if (joinedTables.has(name) || name.startsWith('_')) throw fault('FilterFieldInvalid', { field: name })
}

function readSort(call: ComputeCall): ServerSearch['sort'] {
  const keys = call.query.many('sort_key')
  const directions = call.query.many('sort_dir')
  const sort = keys.flatMap((key, index) => {
    if ((key === 'host' || key === 'node') && !call.auth.isAdmin) throw fault('SortForbidden', { key })
    const field = sortFields[key]
    return field === undefined
      ? []
      : [{ field, direction: directions[index] === 'asc' ? ('asc' as const) : ('desc' as const) }]
  })
  return sort.length > 0
    ? sort
    : [{ field: 'created_at', direction: directions[0] === 'asc' ? 'asc' : 'desc' }]
}
