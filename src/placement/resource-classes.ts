// Resource classes: what can be counted. Standard ones are there from the start; CUSTOM_ ones are made by name.
import { type ErrorCode, fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, type Reply } from '../platform/http/types.ts'
import { validator } from '../platform/http/validate.ts'
import type { PlacementDeps } from './deps.ts'
import { type ResourceClassBody, resourceClassBody } from './schemas.ts'
import { isStandard } from './standards.ts'
import { type PlacementDb, placementDb, unlessBroken } from './store.ts'
import type { NamesTable, PlacementTables } from './tables.ts'
import { classPath, fresh, location, resourceClassView } from './views.ts'

type PlacementCall = Call<PlacementDeps>

const find = (db: PlacementDb, name: string): Promise<NamesTable | undefined> =>
  db.selectFrom('placement_resource_classes').selectAll().where('name', '=', name).executeTakeFirst()

export async function listResourceClasses(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_classes:list')
  const rows = await placementDb(call.deps.store)
    .selectFrom('placement_resource_classes')
    .selectAll()
    .orderBy('created_at')
    .orderBy('name')
    .execute()
  const modified = rows.reduce((latest, row) => Math.max(latest, row.created_at), 0)
  return fresh(call, { resource_classes: rows.map(row => resourceClassView(row.name)) }, modified)
}

export async function showResourceClass(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_classes:show')
  const name = call.params.name! // in the route's path
  const found = await find(placementDb(call.deps.store), name)
  if (!found) throw fault('PlacementClassNotFound', { class: name })
  return fresh(call, resourceClassView(name), found.created_at)
}

/** True when the class was not there before. */
const add = (call: PlacementCall, name: string): Promise<boolean> =>
  call.deps.store.accept<PlacementTables, boolean>(async tx => {
    const rows = await tx
      .insertInto('placement_resource_classes')
      .values({ name, created_at: call.deps.clock.now() })
      .onConflict(conflict => conflict.doNothing())
      .returning('name')
      .execute()
    return rows.length > 0
  })

export async function createResourceClass(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_classes:create')
  const { name } = call.body as ResourceClassBody // validated by the route's schema
  if (!(await add(call, name))) throw fault('PlacementClassExists', { class: name })
  return empty(201, location(call, classPath(name)))
}

const checkBody = validator(resourceClassBody)

/** Before 1.7 a rename; since then the class is made unless it is there. */
export async function putResourceClass(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_classes:update')
  const name = call.params.name! // in the route's path
  if (call.version!.minor < 7) return rename(call, name) // negotiated
  const invalid = checkBody({ name })
  if (invalid) throw fault('InvalidInput', { reason: invalid.reason, invalid })
  const made = await add(call, name)
  return empty(made ? 201 : 204, location(call, classPath(name)))
}

async function rename(call: PlacementCall, old: string): Promise<Reply> {
  const invalid = checkBody(call.body ?? null)
  if (invalid) throw fault('InvalidInput', { reason: invalid.reason, invalid })
  const { name } = call.body as ResourceClassBody // validated just now
  await refuseStandard(call, old, 'PlacementClassStandard')
  // Inventories and allocations of the class follow (foreign keys).
  const renamed = call.deps.store.accept<PlacementTables, boolean>(async tx => {
    const { numUpdatedRows } = await tx
      .updateTable('placement_resource_classes')
      .set({ name })
      .where('name', '=', old)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  })
  const taken = () => fault('PlacementClassRenameExists', { class: name })
  if (!(await unlessBroken(renamed, 'unique', taken))) throw fault('PlacementClassNotFound', { class: old })
  return fresh(call, resourceClassView(name))
}

export async function deleteResourceClass(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_classes:delete')
  const name = call.params.name! // in the route's path
  await refuseStandard(call, name, 'PlacementClassStandardDelete')
  const removed = call.deps.store.accept<PlacementTables, boolean>(async tx => {
    const { numDeletedRows } = await tx
      .deleteFrom('placement_resource_classes')
      .where('name', '=', name)
      .executeTakeFirst()
    return numDeletedRows > 0n
  })
  const used = () => fault('PlacementClassInUse', { class: name })
  if (!(await unlessBroken(removed, 'foreign', used))) throw fault('PlacementClassNotFound', { class: name })
  return empty(204)
}

async function refuseStandard(call: PlacementCall, name: string, refusal: ErrorCode): Promise<void> {
  if (!isStandard(name)) return
  if (!(await find(placementDb(call.deps.store), name)))
    throw fault('PlacementClassNotFound', { class: name })
  throw fault(refusal, { class: name })
}
