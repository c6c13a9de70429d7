// Which projects may use a private volume type.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { violation } from '../platform/store/violations.ts'
import type { VolumeDeps } from './deps.ts'
import type { VolumeTransaction } from './store.ts'
import type { VolumeTables } from './tables.ts'
import { findType } from './types.ts'

type VolumeCall = Call<VolumeDeps>

export async function listTypeAccess(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:volume_type_access:get_all_for_type')
  const type = await findType(call, call.params.type_id!) // in the route's path
  if (type.is_public === 1) throw fault('VolumeTypeAccessPublic')
  const rows = await tables<VolumeTables>(call.deps.store)
    .selectFrom('volume_type_access')
    .selectAll()
    .where('type_id', '=', type.id)
    .orderBy('project_id')
    .execute()
  return json(200, {
    volume_type_access: rows.map(row => ({ volume_type_id: row.type_id, project_id: row.project_id })),
  })
}

interface ActionBody {
  readonly addProjectAccess?: { readonly project: string }
  readonly removeProjectAccess?: { readonly project: string }
}

export async function actOnType(call: VolumeCall): Promise<Reply> {
  const { addProjectAccess: added, removeProjectAccess: removed } = call.body as ActionBody // as its schema says
  if (added) await add(call, added.project)
  if (removed) await remove(call, removed.project)
  return empty(202)
}

async function add(call: VolumeCall, project: string): Promise<void> {
  call.enforce('volume_extension:volume_type_access:addProjectAccess')
  const type = await findType(call, call.params.type_id!) // in the route's path
  if (type.is_public === 1)
    throw fault('VolumeTypeInvalid', {
      reason: 'Type access modification is not applicable to public volume type.',
    })
  const row = { type_id: type.id, project_id: project }
  try {
    await call.deps.store.accept((tx: VolumeTransaction) =>
      tx.insertInto('volume_type_access').values(row).execute(),
    )
  } catch (cause) {
    throw violation(cause) === 'unique'
      ? fault('VolumeTypeAccessExists', { type: type.id, project }, { cause })
      : cause
  }
}

async function remove(call: VolumeCall, project: string): Promise<void> {
  call.enforce('volume_extension:volume_type_access:removeProjectAccess')
  const type = await findType(call, call.params.type_id!) // in the route's path
  const { numDeletedRows } = await call.deps.store.accept((tx: VolumeTransaction) =>
    tx
      .deleteFrom('volume_type_access')
      .where('type_id', '=', type.id)
      .where('project_id', '=', project)
      .executeTakeFirst(),
  )
  if (numDeletedRows === 0n) throw fault('VolumeTypeAccessNotFound', { type: type.id, project })
}
