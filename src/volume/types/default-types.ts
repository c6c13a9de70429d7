// The volume type of a project's volumes that name none (3.62; cinder/api/v3/default_types.py).
import { fault, isFault } from '../../model/errors.ts'
import type { PolicyRule } from '../../model/policies.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import type { VolumeTransaction } from '../store.ts'
import { findTypeByRef } from '../types.ts'
import type { VolumeDefaultTypeRow } from './tables.ts'

const defaultTypeView = (row: VolumeDefaultTypeRow) => ({
  project_id: row.project_id,
  volume_type_id: row.type_id,
})

export async function listDefaultTypes(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:default_get_all')
  const rows = await dbOf(call).selectFrom('volume_default_types').selectAll().orderBy('project_id').execute()
  return json(200, { default_types: rows.map(defaultTypeView) })
}

/** The project of the path, which the identity service has to know. */
async function projectOf(call: VolumeCall, rule: PolicyRule): Promise<string> {
  const project = call.params.project! // in the route's path
  call.enforce(rule, { projectId: project })
  if (!(await call.deps.neighbours.identity.hasProject({ ids: call, log: call.log }, project)))
    throw fault('VolumeProjectNotFound', { project })
  return project
}

export async function showDefaultType(call: VolumeCall): Promise<Reply> {
  const project = await projectOf(call, 'volume_extension:default_get')
  const row = await dbOf(call)
    .selectFrom('volume_default_types')
    .selectAll()
    .where('project_id', '=', project)
    .executeTakeFirst()
  if (!row) throw fault('VolumeDefaultTypeNotFound', { project })
  return json(200, { default_type: defaultTypeView(row) })
}

interface DefaultTypeBody {
  readonly default_type: { readonly volume_type: string }
}

export async function setDefaultType(call: VolumeCall): Promise<Reply> {
  const project = await projectOf(call, 'volume_extension:default_set_or_update')
  const type = await findTypeByRef(call, (call.body as DefaultTypeBody).default_type.volume_type).catch(
    (error: unknown) => {
      throw isFault(error, 'VolumeTypeNotFoundByName')
        ? fault('VolumeBadRequest', { reason: error.message }, { cause: error })
        : error
    },
  )
  const row: VolumeDefaultTypeRow = { project_id: project, type_id: type.id }
  await call.deps.store.accept((tx: VolumeTransaction) =>
    tx
      .insertInto('volume_default_types')
      .values(row)
      .onConflict(conflict => conflict.column('project_id').doUpdateSet({ type_id: type.id }))
      .execute(),
  )
  return json(200, { default_type: defaultTypeView(row) })
}

export async function unsetDefaultType(call: VolumeCall): Promise<Reply> {
  const project = await projectOf(call, 'volume_extension:default_unset')
  await call.deps.store.accept((tx: VolumeTransaction) =>
    tx.deleteFrom('volume_default_types').where('project_id', '=', project).execute(),
  )
  return empty(204)
}
