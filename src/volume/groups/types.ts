// Group types: what a group can do is said by their specs (cinder/api/v3/group_types.py).
import { newUuid } from '../../base/ids.ts'
import { fault } from '../../model/errors.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { violation } from '../../platform/store/violations.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { readFlag } from '../input.ts'
import { type Condition, listRows } from '../listing.ts'
import { readSorts } from '../paging.ts'
import { type Db, type Named, named, type VolumeTransaction } from '../store.ts'
import type { VolumeGroupTypeRow } from './tables.ts'

export const readGroupType = (db: Db, id: string): Promise<VolumeGroupTypeRow | undefined> =>
  db.selectFrom('volume_group_types').selectAll().where('id', '=', id).executeTakeFirst()

/** The type, or a 404; one that is not public is there for administrators. */
export async function findGroupType(call: VolumeCall, id: string): Promise<VolumeGroupTypeRow> {
  const type = await readGroupType(dbOf(call), id)
  if (type && (type.is_public === 1 || call.auth.isAdmin)) return type
  throw fault('VolumeGroupTypeNotFound', { type: id })
}

/** By id or name, as creating a group names it. */
export async function findGroupTypeByRef(call: VolumeCall, ref: string): Promise<VolumeGroupTypeRow> {
  const type =
    (await readGroupType(dbOf(call), ref)) ??
    (await dbOf(call).selectFrom('volume_group_types').selectAll().where('name', '=', ref).executeTakeFirst())
  if (type && (type.is_public === 1 || call.auth.isAdmin)) return type
  throw /^[0-9a-f]{8}-/.test(ref)
    ? fault('VolumeGroupTypeNotFound', { type: ref })
    : fault('VolumeGroupTypeNotFoundByName', { name: ref })
}

/** The specs of types, by type. */
export async function groupSpecsOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Named>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('volume_group_type_specs')
    .selectAll()
    .where('group_type_id', 'in', ids)
    .orderBy('name')
    .execute()
  const byType = Map.groupBy(rows, ({ group_type_id }) => group_type_id)
  return new Map(ids.map(id => [id, named(byType.get(id) ?? [])]))
}

export async function listGroupTypes(call: VolumeCall): Promise<Reply> {
  const wanted = call.auth.isAdmin ? (call.query.one('is_public') ?? 'true') : 'true'
  const conditions: Condition[] =
    wanted.toLowerCase() === 'none' ? [] : [eb => eb('is_public', '=', Number(readFlag('is_public', wanted)))]
  const { rows, tail } = await listRows(call, {
    table: 'volume_group_types',
    sorts: readSorts(call.query, ['name', 'created_at', 'id'] as const),
    conditions,
    marker: id => findGroupType(call, id),
  })
  const specs = await groupSpecsOf(
    dbOf(call),
    rows.map(({ id }) => id),
  )
  const { count: _, ...links } = await tail('group_type', 'group_types')
  return json(200, { group_types: rows.map(row => view(call, row, specs.get(row.id) ?? {})), ...links })
}

const view = (call: VolumeCall, type: VolumeGroupTypeRow, specs: Named) => ({
  id: type.id,
  name: type.name,
  description: type.description,
  is_public: type.is_public === 1,
  ...(call.allows('group:access_group_types_specs') ? { group_specs: specs } : {}),
})

async function shown(call: VolumeCall, type: VolumeGroupTypeRow, status = 200): Promise<Reply> {
  const specs = (await groupSpecsOf(dbOf(call), [type.id])).get(type.id) ?? {}
  return json(status, { group_type: view(call, type, specs) })
}

/** No type is the default, so that asking for it finds none. */
export async function showGroupType(call: VolumeCall): Promise<Reply> {
  const id = call.params.type_id! // in the route's path
  if (id === 'default') throw fault('VolumeGroupDefaultTypeNotFound')
  return shown(call, await findGroupType(call, id))
}

interface CreateBody {
  readonly group_type: {
    readonly name: string
    readonly description?: string | null
    readonly group_specs?: Named
    readonly is_public?: boolean | string
  }
}

export async function createGroupType(call: VolumeCall): Promise<Reply> {
  call.enforce('group:group_types:create')
  const { group_type: given } = call.body as CreateBody // as its schema says
  const row: VolumeGroupTypeRow = {
    id: newUuid(),
    name: given.name.trim(),
    description: given.description ?? null,
    is_public: Number(readFlag('is_public', given.is_public ?? true)),
    created_at: call.deps.clock.now(),
    updated_at: null,
  }
  await nameTaken(row.name, () =>
    call.deps.store.accept(async (tx: VolumeTransaction) => {
      await tx.insertInto('volume_group_types').values(row).execute()
      await putGroupSpecs(tx, row.id, given.group_specs ?? {})
    }),
  )
  return shown(call, row, 202)
}

async function nameTaken<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw violation(cause) === 'unique' ? fault('VolumeGroupTypeExists', { name }, { cause }) : cause
  }
}

/** Writes specs of a type; what has the name already is replaced. */
export async function putGroupSpecs(tx: Db, typeId: string, specs: Named): Promise<void> {
  const rows = Object.entries(specs).map(([name, value]) => ({ group_type_id: typeId, name, value }))
  if (rows.length === 0) return
  await tx
    .insertInto('volume_group_type_specs')
    .values(rows)
    .onConflict(conflict =>
      conflict.columns(['group_type_id', 'name']).doUpdateSet(eb => ({ value: eb.ref('excluded.value') })),
    )
    .execute()
}

interface UpdateBody {
  readonly group_type: {
    readonly name?: string | null
    readonly description?: string | null
    readonly is_public?: boolean | string | null
  }
}

export async function updateGroupType(call: VolumeCall): Promise<Reply> {
  call.enforce('group:group_types:update')
  const { name, description, is_public } = (call.body as UpdateBody).group_type // as its schema says
  if (name != null && name.trim() === '')
    throw fault('VolumeBadRequest', { reason: 'Group type name can not be empty.' })
  if (name == null && description == null && is_public == null)
    throw fault('VolumeBadRequest', {
      reason: 'Specify group type name, description or a combination thereof.',
    })
  const type = await findGroupType(call, call.params.type_id!) // in the route's path
  const change = {
    ...(name == null ? {} : { name: name.trim() }),
    ...(description == null ? {} : { description }),
    ...(is_public == null ? {} : { is_public: Number(readFlag('is_public', is_public)) }),
    updated_at: call.deps.clock.now(),
  }
  await nameTaken(name ?? type.name, () =>
    call.deps.store.accept((tx: VolumeTransaction) =>
      tx.updateTable('volume_group_types').set(change).where('id', '=', type.id).execute(),
    ),
  )
  return shown(call, { ...type, ...change })
}

export async function deleteGroupType(call: VolumeCall): Promise<Reply> {
  call.enforce('group:group_types:delete')
  const { id } = await findGroupType(call, call.params.type_id!) // in the route's path
  try {
    await call.deps.store.accept(async (tx: VolumeTransaction) => {
      await tx.deleteFrom('volume_group_type_specs').where('group_type_id', '=', id).execute()
      await tx.deleteFrom('volume_group_types').where('id', '=', id).execute()
    })
  } catch (cause) {
    throw violation(cause) === 'foreign' ? fault('VolumeGroupTypeInUse', {}, { cause }) : cause
  }
  return empty(202)
}
