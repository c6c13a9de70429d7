// Extra specs of volume types. Those not meant for users are shown to administrators only.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { violation } from '../platform/store/violations.ts'
import type { VolumeDeps } from './deps.ts'
import { type Named, putSpecs, type VolumeTransaction, withSpecs } from './store.ts'
import type { VolumeTables } from './tables.ts'
import { findType } from './types.ts'
import { seenSpecs } from './views.ts'

type VolumeCall = Call<VolumeDeps>

async function specsOf(call: VolumeCall): Promise<Named> {
  call.enforce('volume_extension:types_extra_specs:index')
  const type = await findType(call, call.params.type_id!) // in the route's path
  const [found] = await withSpecs(tables<VolumeTables>(call.deps.store), [type])
  return seenSpecs(call, found!.extraSpecs) // one row, one type
}

export const listSpecs = async (call: VolumeCall): Promise<Reply> =>
  json(200, { extra_specs: await specsOf(call) })

export async function showSpec(call: VolumeCall): Promise<Reply> {
  const key = call.params.key! // in the route's path
  const specs = await specsOf(call)
  if (!Object.hasOwn(specs, key)) throw unknown(call, key)
  return json(200, { [key]: specs[key] })
}

const unknown = (call: VolumeCall, key: string) =>
  fault('VolumeTypeSpecNotFound', { type: call.params.type_id, key })

export async function createSpecs(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:types_extra_specs:create')
  const { extra_specs } = call.body as { readonly extra_specs: Named } // as its schema says
  await write(call, extra_specs)
  return json(200, { extra_specs })
}

export async function updateSpec(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:types_extra_specs:update')
  const given = call.body as Named // as its schema says
  const key = call.params.key! // in the route's path
  if (!Object.hasOwn(given, key)) throw fault('VolumeBadRequest', { reason: 'Request body and URI mismatch' })
  await write(call, given)
  return json(200, given)
}

async function write(call: VolumeCall, specs: Named): Promise<void> {
  const type = await findType(call, call.params.type_id!) // in the route's path
  try {
    await call.deps.store.accept((tx: VolumeTransaction) => putSpecs(tx, type.id, specs))
  } catch (cause) {
    // Deleted since it was found.
    throw violation(cause) === 'foreign' ? fault('VolumeTypeNotFound', { type: type.id }, { cause }) : cause
  }
}

export async function deleteSpec(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:types_extra_specs:delete')
  const type = await findType(call, call.params.type_id!) // in the route's path
  const key = call.params.key! // likewise
  const { numDeletedRows } = await call.deps.store.accept((tx: VolumeTransaction) =>
    tx
      .deleteFrom('volume_type_specs')
      .where('type_id', '=', type.id)
      .where('name', '=', key)
      .executeTakeFirst(),
  )
  if (numDeletedRows === 0n) throw unknown(call, key)
  return empty(202)
}
