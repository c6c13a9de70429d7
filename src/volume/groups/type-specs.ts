// Specs of group types (cinder/api/v3/group_specs.py).
import { fault } from '../../model/errors.ts'
import type { PolicyRule } from '../../model/policies.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { violation } from '../../platform/store/violations.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import type { Named, VolumeTransaction } from '../store.ts'
import { findGroupType, groupSpecsOf, putGroupSpecs } from './types.ts'

async function specsOf(call: VolumeCall, rule: PolicyRule): Promise<Named> {
  call.enforce(rule)
  const { id } = await findGroupType(call, call.params.type_id!) // in the route's path
  return (await groupSpecsOf(dbOf(call), [id])).get(id) ?? {}
}

export const listGroupSpecs = async (call: VolumeCall): Promise<Reply> =>
  json(200, { group_specs: await specsOf(call, 'group:group_types_specs:get_all') })

export async function showGroupSpec(call: VolumeCall): Promise<Reply> {
  const specs = await specsOf(call, 'group:group_types_specs:get')
  const key = call.params.key! // in the route's path
  if (!Object.hasOwn(specs, key)) throw unknown(call, key)
  return json(200, { [key]: specs[key] })
}

const unknown = (call: VolumeCall, key: string) =>
  fault('VolumeGroupSpecNotFound', { type: call.params.type_id, key })

export async function createGroupSpecs(call: VolumeCall): Promise<Reply> {
  call.enforce('group:group_types_specs:create')
  await write(call, (call.body as { readonly group_specs: Named }).group_specs) // as its schema says
  return json(202, call.body)
}

export async function updateGroupSpec(call: VolumeCall): Promise<Reply> {
  call.enforce('group:group_types_specs:update')
  const given = call.body as Named // as its schema says
  if (!Object.hasOwn(given, call.params.key!))
    // in the route's path
    throw fault('VolumeBadRequest', { reason: 'Request body and URI mismatch' })
  await write(call, given)
  return json(200, given)
}

async function write(call: VolumeCall, specs: Named): Promise<void> {
  const { id } = await findGroupType(call, call.params.type_id!) // in the route's path
  try {
    await call.deps.store.accept((tx: VolumeTransaction) => putGroupSpecs(tx, id, specs))
  } catch (cause) {
    // Deleted since it was found.
    throw violation(cause) === 'foreign' ? fault('VolumeGroupTypeNotFound', { type: id }, { cause }) : cause
  }
}

export async function deleteGroupSpec(call: VolumeCall): Promise<Reply> {
  call.enforce('group:group_types_specs:delete')
  const { id } = await findGroupType(call, call.params.type_id!) // in the route's path
  const key = call.params.key! // likewise
  const { numDeletedRows } = await call.deps.store.accept((tx: VolumeTransaction) =>
    tx
      .deleteFrom('volume_group_type_specs')
      .where('group_type_id', '=', id)
      .where('name', '=', key)
      .executeTakeFirst(),
  )
  if (numDeletedRows === 0n) throw unknown(call, key)
  return empty(202)
}
