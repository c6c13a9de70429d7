// Volume types: shown, listed, made, changed, deleted; their extra specs and the projects that may use private ones.
import { newUuid } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { violation } from '../platform/store/violations.ts'
import type { VolumeDeps } from './deps.ts'
import { readFlag } from './input.ts'
import { collectionLinks, readPage } from './paging.ts'
import { type Db, type Named, putSpecs, readType, type VolumeTransaction, withSpecs } from './store.ts'
import type { VolumeTables, VolumeTypeRow } from './tables.ts'
import { changedTypeView, readTypeView, typeView } from './views.ts'

type VolumeCall = Call<VolumeDeps>

/** The type, when there is one and the caller may use it; else a 404. */
export async function findType(call: VolumeCall, id: string): Promise<VolumeTypeRow> {
  const db = tables<VolumeTables>(call.deps.store)
  const type = await readType(db, id)
  if (type && (await mayUse(call, db, type))) return type
  throw fault('VolumeTypeNotFound', { type: id })
}

/** A type by its id or its name, as creating and retyping volumes name it. */
export async function findTypeByRef(call: VolumeCall, ref: string): Promise<VolumeTypeRow> {
  const db = tables<VolumeTables>(call.deps.store)
  const type =
    (await readType(db, ref)) ??
    (await db.selectFrom('volume_types').selectAll().where('name', '=', ref).executeTakeFirst())
  if (type && (await mayUse(call, db, type))) return type
  throw fault('VolumeTypeNotFoundByName', { name: ref })
}

const readDefaultType = (db: Db): Promise<VolumeTypeRow> =>
  db.selectFrom('volume_types').selectAll().where('is_default', '=', 1).executeTakeFirstOrThrow()

/** The type of volumes that name none: the project's own default (3.62), else everybody's. */
export async function defaultTypeOf(db: Db, projectId: string | null): Promise<VolumeTypeRow> {
  const own = await db
    .selectFrom('volume_default_types')
    .innerJoin('volume_types', 'volume_types.id', 'volume_default_types.type_id')
    .selectAll('volume_types')
    .where('project_id', '=', projectId ?? '')
    .executeTakeFirst()
  return own ?? readDefaultType(db)
}

async function mayUse(call: VolumeCall, db: Db, type: VolumeTypeRow): Promise<boolean> {
  if (type.is_public === 1 || call.auth.isAdmin) return true
  const access = await db
    .selectFrom('volume_type_access')
    .select('project_id')
    .where('type_id', '=', type.id)
    .where('project_id', '=', call.auth.project?.id ?? '')
    .executeTakeFirst()
  return access !== undefined
}

export async function listTypes(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:type_get_all')
  const { query, auth } = call
  const page = readPage(query)
  const db = tables<VolumeTables>(call.deps.store)
  let rows = db.selectFrom('volume_types').selectAll().orderBy('name').orderBy('id')
  const wanted = auth.isAdmin ? (query.one('is_public') ?? 'true') : undefined
  if (wanted !== undefined && wanted.toLowerCase() !== 'none')
    rows = rows.where('is_public', '=', Number(readFlag('is_public', wanted)))
  if (!auth.isAdmin)
    rows = rows.where(eb =>
      eb.or([
        eb('is_public', '=', 1),
        eb(
          'id',
          'in',
          eb
            .selectFrom('volume_type_access')
            .select('type_id')
            .where('project_id', '=', auth.project?.id ?? ''),
        ),
      ]),
    )
  if (page.marker !== undefined) {
    const { name } = await findType(call, page.marker)
    rows = rows.where('name', '>', name)
  }
  const found = page.limit === 0 ? [] : await rows.limit(page.limit).offset(page.offset).execute()
  const types = await withSpecs(db, found)
  return json(200, {
    volume_types: types.map(type => readTypeView(call, type)),
    ...collectionLinks(call, 'volume_type_links', 'types', page, found),
  })
}

export async function showType(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:type_get_all')
  const db = tables<VolumeTables>(call.deps.store)
  const id = call.params.type_id! // in the route's path
  const type =
    id === 'default' ? await defaultTypeOf(db, call.auth.project?.id ?? null) : await findType(call, id)
  const [found] = await withSpecs(db, [type])
  return json(200, { volume_type: readTypeView(call, found!) }) // one row, one type
}

interface CreateBody {
  readonly volume_type: {
    readonly name: string
    readonly description?: string | null
    readonly extra_specs?: Named | null
    readonly 'os-volume-type-access:is_public'?: boolean | string
  }
}

export async function createType(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:type_create')
  const { volume_type: given } = call.body as CreateBody // as its schema says
  const type: VolumeTypeRow = {
    id: newUuid(),
    name: given.name.trim(),
    description: given.description ?? null,
    is_public: Number(readFlag('is_public', given['os-volume-type-access:is_public'] ?? true)),
    is_default: 0,
    qos_id: null,
    created_at: call.deps.clock.now(),
    updated_at: null,
  }
  const extraSpecs = given.extra_specs ?? {}
  await nameTaken(type.name, () =>
    call.deps.store.accept(async (tx: VolumeTransaction) => {
      await tx.insertInto('volume_types').values(type).execute()
      await putSpecs(tx, type.id, extraSpecs)
    }),
  )
  return json(200, { volume_type: typeView(call, { ...type, extraSpecs }) })
}

async function nameTaken<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw violation(cause) === 'unique' ? fault('VolumeTypeExists', { name }, { cause }) : cause
  }
}

interface UpdateBody {
  readonly volume_type: {
    readonly name?: string | null
    readonly description?: string | null
    readonly is_public?: boolean | string
  }
}

export async function updateType(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:type_update')
  const { name, description, is_public } = (call.body as UpdateBody).volume_type // as its schema says
  if (name == null && description == null && is_public === undefined)
    throw fault('VolumeBadRequest', {
      reason: 'Specify volume type name, description, is_public or a combination thereof.',
    })
  if (name != null && name.trim() === '')
    throw fault('VolumeBadRequest', { reason: 'Volume type name can not be empty.' })
  const type = await findType(call, call.params.type_id!) // in the route's path
  const change = {
    ...(name == null ? {} : { name: name.trim() }),
    ...(description == null ? {} : { description }),
    ...(is_public === undefined ? {} : { is_public: Number(readFlag('is_public', is_public)) }),
    updated_at: call.deps.clock.now(),
  }
  await nameTaken(name ?? type.name, () =>
    call.deps.store.accept((tx: VolumeTransaction) =>
      tx.updateTable('volume_types').set(change).where('id', '=', type.id).execute(),
    ),
  )
  const [found] = await withSpecs(tables<VolumeTables>(call.deps.store), [{ ...type, ...change }])
  return json(200, { volume_type: changedTypeView(call, found!) }) // one row, one type
}

export async function deleteType(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:type_delete')
  const type = await findType(call, call.params.type_id!) // in the route's path
  if (type.is_default === 1 || (await isDefaultOfSome(tables<VolumeTables>(call.deps.store), type.id)))
    throw fault('VolumeTypeIsDefault', { type: type.id })
  try {
    await call.deps.store.accept(async (tx: VolumeTransaction) => {
      await tx.deleteFrom('volume_type_specs').where('type_id', '=', type.id).execute()
      await tx.deleteFrom('volume_type_access').where('type_id', '=', type.id).execute()
      await tx.deleteFrom('volume_type_encryptions').where('type_id', '=', type.id).execute()
      await tx.deleteFrom('volume_types').where('id', '=', type.id).execute()
    })
  } catch (cause) {
    throw violation(cause) === 'foreign' ? fault('VolumeTypeInUse', {}, { cause }) : cause
  }
  return empty(202)
}

/** A type that is some project's default stays as well (3.62). */
async function isDefaultOfSome(db: Db, typeId: string): Promise<boolean> {
  const row = await db
    .selectFrom('volume_default_types')
    .select('project_id')
    .where('type_id', '=', typeId)
    .executeTakeFirst()
  return row !== undefined
}
