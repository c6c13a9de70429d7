// The filters of GET /images as conditions on the images table. A name that is no attribute is a custom property's.
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { parseIso } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import type { Auth } from '../platform/http/auth.ts'
import type { Query } from '../platform/http/query.ts'
import { readBoolean, readNumber, splitList, splitOperator } from './filter-values.ts'
import {
  type ImageTables,
  type MemberStatus,
  memberStatuses,
  type Visibility,
  visibilities,
} from './tables.ts'

type Builder = ExpressionBuilder<ImageTables, 'images'>
export type Condition = (eb: Builder) => Expression<SqlBool>

/** Parameters that are no filters on an attribute or a property. */
const ownParameters: ReadonlySet<string> = new Set([
  'limit',
  'marker',
  'sort',
  'sort_key',
  'sort_dir',
  'visibility',
  'member_status',
  'tag',
  'os_hidden',
  'deleted',
])
const listable = ['name', 'id', 'status', 'container_format', 'disk_format'] as const
const plain = ['owner', 'checksum', 'os_hash_algo', 'os_hash_value'] as const
const numbers = ['size', 'virtual_size', 'min_ram', 'min_disk'] as const
const times = ['created_at', 'updated_at'] as const

/** Everything the query asks for; refuses what Glance refuses. */
export function readFilters(query: Query): Condition[] {
  if (query.has('changes-since')) throw fault('ImageChangesSinceGone')
  const isHidden = readBoolean('os_hidden', (query.one('os_hidden') ?? 'false').toLowerCase())
  const conditions: Condition[] = [
    eb => eb('status', '<>', 'deleted'),
    eb => eb('os_hidden', '=', Number(isHidden)),
  ]
  for (const tag of query.many('tag')) conditions.push(hasTag(tag.trim()))
  for (const name of query.names)
    if (!ownParameters.has(name)) conditions.push(readFilter(name, query.one(name) ?? ''))
  return conditions
}

function readFilter(name: string, value: string): Condition {
  const attribute = find(listable, name)
  if (attribute) return listFilter(attribute, value)
  const exact = find(plain, name)
  if (exact) return eb => eb(exact, '=', value)
  const time = find(times, name)
  if (time) return timeFilter(time, value)
  if (name === 'protected') {
    const isProtected = Number(readBoolean(name, value))
    return eb => eb('protected', '=', isProtected)
  }
  return numberFilter(name, value) ?? propertyFilter(name, value)
}

const find = <T extends string>(names: readonly T[], name: string): T | undefined =>
  names.find(known => known === name)

function listFilter(name: (typeof listable)[number], text: string): Condition {
  const { operator, value } = splitOperator(text)
  if (operator === 'eq') return eb => eb(sql.ref<string | null>(name), '=', value)
  if (operator !== 'in') throw fault('ImageFilterOperator', { operator })
  const values = splitList(value)
  return values.length === 0
    ? () => sql<SqlBool>`1 = 0`
    : eb => eb(sql.ref<string | null>(name), 'in', values)
}

// Instants are kept to the millisecond and shown to the second: what is compared is what is shown.
function timeFilter(name: (typeof times)[number], text: string): Condition {
  const { operator, value } = splitOperator(text)
  const at = parseIso(value)
  if (at === undefined) throw fault('ImageFilterTime', { filter: name })
  const start = Math.floor(at / 1000) * 1000
  const end = start + 1000
  switch (operator) {
    case 'eq':
      return eb => eb.and([eb(name, '>=', start), eb(name, '<', end)])
    case 'neq':
      return eb => eb.or([eb(name, '<', start), eb(name, '>=', end)])
    case 'gt':
      return eb => eb(name, '>=', end)
    case 'gte':
      return eb => eb(name, '>=', start)
    case 'lt':
      return eb => eb(name, '<', start)
    case 'lte':
      return eb => eb(name, '<', end)
    default:
      throw fault('ImageFilterOperator', { operator })
  }
}

function numberFilter(name: string, text: string): Condition | undefined {
  const attribute = find(numbers, name.replace(/_(min|max)$/, '')) ?? find(numbers, name)
  if (!attribute) return undefined
  const operator = attribute === name ? '=' : name.endsWith('_min') ? '>=' : '<='
  const value = readNumber(text)
  // As bigint: PostgreSQL refuses to compare an integer with what is no integer.
  return eb => eb(sql<number>`cast(${sql.ref(attribute)} as bigint)`, operator, value)
}

const propertyFilter =
  (name: string, value: string): Condition =>
  eb =>
    eb.exists(
      eb
        .selectFrom('image_properties')
        .select(sql.lit(1).as('one'))
        .whereRef('image_properties.image_id', '=', 'images.id')
        .where('image_properties.name', '=', name)
        .where('image_properties.value', '=', value),
    )

function hasTag(tag: string): Condition {
  return eb =>
    eb.exists(
      eb
        .selectFrom('image_tags')
        .select(sql.lit(1).as('one'))
        .whereRef('image_tags.image_id', '=', 'images.id')
        .where('image_tags.tag', '=', tag),
    )
}

/**
 * Which images the caller's list holds (glance/db/sqlalchemy/api.py, _select_images_query and image_get_all): public
 * and community ones, the project's own, and those shared with it under `member_status`. Community images of others
 * only when they are asked for.
 */
export function readVisibility(query: Query, auth: Auth): Condition[] {
  const visibility = query.one('visibility') || undefined
  if (visibility !== undefined && visibility !== 'all' && !find(visibilities, visibility))
    throw fault('ImageFilterVisibility', { value: visibility })
  const memberStatus = query.one('member_status') ?? 'accepted'
  if (memberStatus !== 'all' && !find(memberStatuses, memberStatus))
    throw fault('ImageFilterMemberStatus', { value: memberStatus })
  const project = auth.project?.id ?? null
  const conditions: Condition[] = []
  if (!auth.isAdmin)
    conditions.push(eb =>
      eb.or([
        eb('visibility', 'in', ['public', 'community']),
        eb('owner', '=', project),
        eb.and([
          eb('visibility', '=', 'shared'),
          isSharedWith(eb, project, memberStatus as MemberStatus | 'all'),
        ]), // checked above
      ]),
    )
  if (visibility === undefined)
    conditions.push(eb => eb.or([eb('visibility', '<>', 'community'), eb('owner', '=', project)]))
  else if (visibility !== 'all') conditions.push(eb => eb('visibility', '=', visibility as Visibility)) // checked above
  return conditions
}

function isSharedWith(
  eb: Builder,
  project: string | null,
  status: MemberStatus | 'all',
): Expression<SqlBool> {
  const memberships = eb
    .selectFrom('image_members')
    .select(sql.lit(1).as('one'))
    .whereRef('image_members.image_id', '=', 'images.id')
    .where('image_members.member_id', '=', project ?? '')
  return eb.exists(status === 'all' ? memberships : memberships.where('image_members.status', '=', status))
}
