// Which volume types have which QoS specs. Upstream changes them with GET.
import { fault } from '../../model/errors.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { readType, type VolumeTransaction } from '../store.ts'
import { findQos } from './qos.ts'

export async function listAssociations(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:qos_specs_manage:get_all')
  const { id } = await findQos(dbOf(call), call.params.id!) // in the route's path
  const types = await dbOf(call)
    .selectFrom('volume_types')
    .select(['id', 'name'])
    .where('qos_id', '=', id)
    .orderBy('name')
    .execute()
  return json(200, {
    qos_associations: types.map(type => ({ association_type: 'volume_type', name: type.name, id: type.id })),
  })
}

/** The type of the query, which has to be there. */
async function asked(call: VolumeCall): Promise<{ readonly id: string; readonly typeId: string }> {
  call.enforce('volume_extension:qos_specs_manage:update')
  const typeId = call.query.one('vol_type_id')
  if (!typeId) throw fault('VolumeBadRequest', { reason: 'Volume Type id must not be None.' })
  const { id } = await findQos(dbOf(call), call.params.id!) // in the route's path
  if (!(await readType(dbOf(call), typeId))) throw fault('VolumeTypeNotFound', { type: typeId })
  return { id, typeId }
}

/** A type has one; the same again changes nothing. */
export async function associate(call: VolumeCall): Promise<Reply> {
  const { id, typeId } = await asked(call)
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    const { numUpdatedRows } = await tx
      .updateTable('volume_types')
      .set({ qos_id: id })
      .where('id', '=', typeId)
      .where(eb => eb.or([eb('qos_id', 'is', null), eb('qos_id', '=', id)]))
      .executeTakeFirst()
    if (numUpdatedRows > 0n) return
    const other = (await readType(tx, typeId))?.qos_id
    throw fault('VolumeTypeInvalid', {
      reason: `Type ${typeId} is already associated with another qos specs: ${other}`,
    })
  })
  return empty(202)
}

export async function disassociate(call: VolumeCall): Promise<Reply> {
  const { id, typeId } = await asked(call)
  await call.deps.store.accept((tx: VolumeTransaction) =>
    tx
      .updateTable('volume_types')
      .set({ qos_id: null })
      .where('id', '=', typeId)
      .where('qos_id', '=', id)
      .execute(),
  )
  return empty(202)
}

export async function disassociateAll(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:qos_specs_manage:update')
  const { id } = await findQos(dbOf(call), call.params.id!) // in the route's path
  await call.deps.store.accept((tx: VolumeTransaction) =>
    tx.updateTable('volume_types').set({ qos_id: null }).where('qos_id', '=', id).execute(),
  )
  return empty(202)
}
