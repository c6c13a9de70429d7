// QoS specs: what volumes of the types they are associated with may use (cinder/api/contrib/qos_specs_manage.py).
// Listed, shown, made, changed, deleted.
import { newUuid } from '../../base/ids.ts'
import { fault } from '../../model/errors.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { violation } from '../../platform/store/violations.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { readFlag } from '../input.ts'
import { type Condition, listRows } from '../listing.ts'
import { readSorts, selfLinks } from '../paging.ts'
import { type Db, type Named, named, type VolumeTransaction } from '../store.ts'
import type { VolumeQosRow } from './tables.ts'

export interface Qos extends VolumeQosRow {
  readonly specs: Named
}

/** The row, or a 404. */
export async function findQos(db: Db, id: string): Promise<VolumeQosRow> {
  const row = await db.selectFrom('volume_qos').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw fault('VolumeQosNotFound', { qos: id })
  return row
}

/** Adds the specs to rows, whatever their number, with one query. */
async function withQosSpecs(db: Db, rows: readonly VolumeQosRow[]): Promise<Qos[]> {
  if (rows.length === 0) return []
  const specs = await db
    .selectFrom('volume_qos_specs')
    .selectAll()
    .where(
      'qos_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('name')
    .execute()
  const byQos = Map.groupBy(specs, ({ qos_id }) => qos_id)
  return rows.map(row => ({ ...row, specs: named(byQos.get(row.id) ?? []) }))
}

const sortKeys = ['name', 'consumer', 'created_at', 'id'] as const

export async function listQos(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:qos_specs_manage:get_all')
  const conditions = (['id', 'name', 'consumer'] as const).flatMap((column): Condition[] => {
    const value = call.query.one(column)
    return value === undefined ? [] : [eb => eb(column, '=', value)]
  })
  const { rows, tail } = await listRows(call, {
    table: 'volume_qos',
    sorts: readSorts(call.query, sortKeys),
    conditions,
    marker: id => findQos(dbOf(call), id),
  })
  const found = await withQosSpecs(dbOf(call), rows)
  const { count: _, ...links } = await tail('qos_specs', 'qos-specs')
  return json(200, { qos_specs: found.map(qosView), ...links })
}

const qosView = (qos: Qos) => ({ id: qos.id, name: qos.name, consumer: qos.consumer, specs: qos.specs })

const detail = (call: VolumeCall, qos: Qos): Reply =>
  json(200, { qos_specs: qosView(qos), links: selfLinks(call, 'qos-specs', qos.id) })

export async function showQos(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:qos_specs_manage:get')
  const [qos] = await withQosSpecs(dbOf(call), [await findQos(dbOf(call), call.params.id!)]) // in the route's path
  return detail(call, qos!) // one row
}

type Given = Readonly<Record<string, unknown>>

export async function createQos(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:qos_specs_manage:create')
  const { name, consumer = 'back-end', ...rest } = (call.body as { readonly qos_specs: Given }).qos_specs // its schema's
  const row: VolumeQosRow = {
    id: newUuid(),
    name: String(name).trim(),
    consumer: consumerOf(consumer),
    created_at: call.deps.clock.now(),
    updated_at: null,
  }
  const specs = textsOf(rest)
  try {
    await call.deps.store.accept(async (tx: VolumeTransaction) => {
      await tx.insertInto('volume_qos').values(row).execute()
      await putQosSpecs(tx, row.id, specs)
    })
  } catch (cause) {
    throw violation(cause) === 'unique' ? fault('VolumeQosExists', { name: row.name }, { cause }) : cause
  }
  return detail(call, { ...row, specs })
}

const consumers = ['front-end', 'back-end', 'both'] as const

function consumerOf(value: unknown): string {
  const found = consumers.find(consumer => consumer === value)
  if (found === undefined)
    throw fault('VolumeBadRequest', {
      reason: `Valid consumer of QoS specs are: ['front-end', 'back-end', 'both']`,
    })
  return found
}

/** Names and values as they are kept (cinder/utils.py, validate_dictionary_string_length). */
function textsOf(given: Given): Named {
  const tooLong = (value: string, name: string) =>
    fault('VolumeInputInvalid', { reason: `${name} has ${value.length} characters, more than 255.` })
  for (const [name, value] of Object.entries(given)) {
    if (name === '')
      throw fault('VolumeInputInvalid', { reason: 'Key "" has a minimum character requirement of 1.' })
    if (name.length > 255) throw tooLong(name, `Key "${name}"`)
    const text = textOf(name, value)
    if (text.length > 255) throw tooLong(text, `Value for key "${name}"`)
  }
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, textOf(name, value)]))
}

function textOf(name: string, value: unknown): string {
  if (typeof value !== 'string')
    throw fault('VolumeInputInvalid', { reason: `Value for key "${name}" is not a string or unicode` })
  return value
}

async function putQosSpecs(tx: Db, qosId: string, specs: Named): Promise<void> {
  const rows = Object.entries(specs).map(([name, value]) => ({ qos_id: qosId, name, value }))
  if (rows.length === 0) return
  await tx
    .insertInto('volume_qos_specs')
    .values(rows)
    .onConflict(conflict =>
      conflict.columns(['qos_id', 'name']).doUpdateSet(eb => ({ value: eb.ref('excluded.value') })),
    )
    .execute()
}

/** Locks the QoS specs for the rest of the transaction; a 404 when they are gone. */
async function lockQos(tx: Db, id: string, now: number): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('volume_qos')
    .set({ updated_at: now })
    .where('id', '=', id)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw fault('VolumeQosNotFound', { qos: id })
}

/** Adds specs and replaces those of the same name; a consumer among them is the new consumer. */
export async function updateQos(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:qos_specs_manage:update')
  const { consumer, ...rest } = (call.body as { readonly qos_specs: Given }).qos_specs // its schema's
  const id = call.params.id! // in the route's path
  const specs = textsOf(rest)
  const change = consumer === undefined ? null : { consumer: consumerOf(consumer) }
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await lockQos(tx, id, now)
    if (change) await tx.updateTable('volume_qos').set(change).where('id', '=', id).execute()
    await putQosSpecs(tx, id, specs)
  })
  return json(200, call.body)
}

/** With `force` from the types as well that still have it. */
export async function deleteQos(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:qos_specs_manage:delete')
  const id = call.params.id! // in the route's path
  const isForced = readFlag('force', call.query.one('force') ?? false)
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await lockQos(tx, id, now)
    const type = await tx.selectFrom('volume_types').select('id').where('qos_id', '=', id).executeTakeFirst()
    if (type && !isForced) throw fault('VolumeBadRequest', { reason: 'Qos specs still in use.' })
    await tx.updateTable('volume_types').set({ qos_id: null }).where('qos_id', '=', id).execute()
    await tx.deleteFrom('volume_qos_specs').where('qos_id', '=', id).execute()
    await tx.deleteFrom('volume_qos').where('id', '=', id).execute()
  })
  return empty(202)
}

/** Deletes keys up to the first that is not there, as upstream: those before it are gone. */
export async function deleteQosKeys(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:qos_specs_manage:delete')
  const { keys } = call.body as { readonly keys: readonly string[] } // as its schema says
  const id = call.params.id! // in the route's path
  const [qos] = await withQosSpecs(dbOf(call), [await findQos(dbOf(call), id)])
  const specs = qos?.specs ?? {}
  const missing = keys.findIndex(key => !Object.hasOwn(specs, key))
  const gone = missing < 0 ? keys : keys.slice(0, missing)
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await lockQos(tx, id, now)
    if (gone.length > 0)
      await tx.deleteFrom('volume_qos_specs').where('qos_id', '=', id).where('name', 'in', gone).execute()
  })
  if (missing >= 0) throw fault('VolumeQosKeyNotFound', { qos: id, key: keys[missing] })
  return empty(202)
}
