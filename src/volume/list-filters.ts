// The filters of GET /volumes as conditions on the volumes table (cinder's etc/cinder/resource_filters.json).
import { type SqlBool, sql } from 'kysely'
import { pythonRepr } from '../base/python.ts'
import { parseIso } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import type { VolumeCall } from './access.ts'
import { isTrue } from './input.ts'
import { type Condition, isLike, refuseUnknownFilters } from './listing.ts'
import { has } from './negotiate.ts'
import { poolOf } from './services/scheduling.ts'

const texts = {
  name: 'name',
  display_name: 'name',
  status: 'status',
  availability_zone: 'availability_zone',
  id: 'id',
  volume_type_id: 'type_id',
  user_id: 'user_id',
  snapshot_id: 'snapshot_id',
  source_volid: 'source_volid',
  attach_status: 'attach_status',
  group_id: 'group_id',
  consistencygroup_id: 'group_id',
} as const
const flags = { bootable: 'bootable', multiattach: 'multiattach' } as const
/** What no volume of ours has: a value finds nothing. */
const never = new Set(['migration_status', 'provider_id'])

/** Everything the query asks for; a name nobody knows is refused from 3.31 on, and ignored before. */
export function volumeFilters(call: VolumeCall): Condition[] {
  refuseUnknownFilters(call, 'volume', ['glance_metadata', 'consumes_quota'])
  return call.query.names.flatMap(name => conditionOf(call, name, call.query.one(name) ?? '') ?? [])
}

function conditionOf(call: VolumeCall, name: string, value: string): Condition | Condition[] | null {
  if (Object.hasOwn(texts, name)) {
    const column = texts[name as keyof typeof texts] // its own key
    return eb => eb(sql.ref<string>(column), '=', value)
  }
  const part = name.slice(0, -1)
  if (name.endsWith('~') && has(call, 'likeFilters') && Object.hasOwn(texts, part)) {
    const column = texts[part as keyof typeof texts] // its own key
    return isLike(column, value)
  }
  if (Object.hasOwn(flags, name)) {
    const column = flags[name as keyof typeof flags] // its own key
    return eb => eb(column, '=', Number(isTrue(value)))
  }
  if (name === 'host') return () => (isOurHost(call, value) ? sql<SqlBool>`1 = 1` : sql<SqlBool>`1 = 0`)
  if (never.has(name)) return () => sql<SqlBool>`1 = 0`
  switch (name) {
    case 'size':
      return /^\d{1,9}$/.test(value) ? eb => eb('size', '=', Number(value)) : () => sql<SqlBool>`1 = 0`
    case 'metadata':
      return pairs(value).map(pair => hasProperty('volumes', 'metadata', pair))
    case 'glance_metadata':
      return has(call, 'imageMetadataFilter')
        ? pairs(value).map(pair => hasProperty('volumes', 'image', pair))
        : []
    case 'created_at':
    case 'updated_at':
      return has(call, 'timeFilters') ? timeConditions(name, value) : null
    case 'consumes_quota':
      return has(call, 'consumesQuota')
        ? () => (isTrue(value) ? sql<SqlBool>`1 = 1` : sql<SqlBool>`1 = 0`)
        : null
    default:
      return null
  }
}

/** A host is one with its pools (cinder/db/sqlalchemy/api.py, _filter_host). */
const isOurHost = (call: VolumeCall, value: string): boolean => {
  const pool = poolOf(call.deps.host)
  return pool === value || pool.startsWith(`${value}#`)
}

/** `{'key': 'value'}`, Python's or JSON's way to write it; clients send the former (ast.literal_eval upstream). */
export function pairs(text: string): (readonly [string, string])[] {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1]
  if (inner === undefined)
    throw fault('VolumeInputInvalid', { reason: `Invalid filter value ${pythonRepr(text)}` })
  const found: (readonly [string, string])[] = []
  const quoted = `u?(?:'((?:[^'\\\\]|\\\\.)*)'|"((?:[^"\\\\]|\\\\.)*)")`
  const bare = (value: string | undefined) => value?.replace(/\\(.)/g, '$1')
  for (const [, a, b, c, d] of inner.matchAll(new RegExp(`${quoted}\\s*:\\s*${quoted}`, 'gs')))
    found.push([bare(a ?? b) ?? '', bare(c ?? d) ?? ''])
  return found
}

/** The row of that table has a property of that name and value. */
export const hasProperty =
  (
    table: 'volume_snapshots' | 'volumes',
    kind: 'metadata' | 'image',
    [name, value]: readonly [string, string],
  ): Condition =>
  eb =>
    eb.exists(
      eb
        .selectFrom('volume_properties')
        .select(sql.lit(1).as('one'))
        .whereRef('volume_properties.owner_id', '=', `${table}.id`)
        .where('volume_properties.kind', '=', kind)
        .where('volume_properties.name', '=', name)
        .where('volume_properties.value', '=', value),
    )

const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=', neq: '<>' } as const

/** `gt:2026-11-23T09:00:00,lt:…`; without an operator, equal (cinder/api/v3/volumes.py, _process_volume_filtering). */
function timeConditions(column: 'created_at' | 'updated_at', text: string): Condition[] {
  return text.split(',').map(one => {
    const [, word = 'eq', time = ''] = /^(?:(gt|gte|lt|lte|eq|neq):)?(.*)$/s.exec(one) ?? []
    const at = parseIso(time)
    if (at === undefined)
      throw fault('VolumeBadRequest', { reason: `The time filter ${column} must be an ISO 8601 time.` })
    const operator = operators[word as keyof typeof operators] // the pattern lets no other through
    return eb => eb(column, operator, at)
  })
}
