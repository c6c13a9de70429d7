// Inventories: how much of a resource class a provider has, all of them at once or one by one.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, type Reply } from '../platform/http/types.ts'
import type { PlacementDeps } from './deps.ts'
import { since } from './negotiate.ts'
import type {
  CreateInventoryBody,
  InventoryBody,
  SetInventoriesBody,
  UpdateInventoryBody,
} from './schemas.ts'
import { getProvider, type PlacementTx, placementDb, raiseGeneration, unknownNames } from './store.ts'
import type { InventoriesTable, PlacementTables } from './tables.ts'
import { fresh, type Inventory, inventoryView, location, providerPath } from './views.ts'

type PlacementCall = Call<PlacementDeps>

export async function listInventories(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:inventories:list')
  const provider = await getProvider(call.deps, call.params.uuid!) // in the route's path
  const rows = await inventoriesOf(call, provider.uuid)
  return fresh(call, inventoriesView(rows, provider.generation), latest(rows))
}

export async function showInventory(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:inventories:show')
  const { uuid = '', resource_class: name = '' } = call.params
  const provider = await getProvider(call.deps, uuid)
  const found = (await inventoriesOf(call, uuid)).find(row => row.resource_class === name)
  if (!found) throw fault('PlacementInventoryNotFound', { class: name, provider: uuid })
  return fresh(call, withGeneration(found, provider.generation), found.updated_at)
}

const inventoriesOf = (call: PlacementCall, uuid: string): Promise<InventoriesTable[]> =>
  placementDb(call.deps.store)
    .selectFrom('placement_inventories')
    .selectAll()
    .where('provider_uuid', '=', uuid)
    .orderBy('resource_class')
    .execute()

const latest = (rows: readonly { readonly updated_at: number }[]) =>
  rows.reduce((found, row) => Math.max(found, row.updated_at), 0)

const inventoriesView = (
  rows: readonly (Inventory & { readonly resource_class: string })[],
  generation: number,
) => ({
  resource_provider_generation: generation,
  inventories: Object.fromEntries(rows.map(row => [row.resource_class, inventoryView(row)])),
})

const withGeneration = (inventory: Inventory, generation: number) => ({
  ...inventoryView(inventory),
  resource_provider_generation: generation,
})

const integerMax = 2_147_483_647

const filledIn = (body: InventoryBody): Inventory => ({
  total: body.total,
  reserved: body.reserved ?? 0,
  min_unit: body.min_unit ?? 1,
  max_unit: body.max_unit ?? integerMax,
  step_size: body.step_size ?? 1,
  allocation_ratio: body.allocation_ratio ?? 1,
})

/** From 1.26 everything may be reserved; never more than everything. */
function checkCapacity(
  call: PlacementCall,
  provider: string,
  name: string,
  action: 'create' | 'update',
  { total, reserved }: Inventory,
): void {
  const mayReserveAll = since(call, 26)
  if (mayReserveAll ? reserved <= total : reserved < total) return
  const bound = mayReserveAll ? 'total' : 'or equal to total'
  throw fault('PlacementInventoryInvalid', { action, provider, class: name, bound })
}

export async function setInventories(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:inventories:update')
  const uuid = call.params.uuid! // in the route's path
  const body = call.body as SetInventoriesBody // validated by the route's schema
  const wanted = Object.entries(body.inventories).map(([name, record]) => ({
    resource_class: name,
    ...filledIn(record),
  }))
  for (const row of wanted) checkCapacity(call, uuid, row.resource_class, 'update', row)
  const now = call.deps.clock.now()
  const generation = await call.deps.store.accept<PlacementTables, number>(async tx => {
    const raised = await raiseGeneration(tx, uuid, now, {
      generation: body.resource_provider_generation,
      conflict: 'PlacementGenerationConflict',
    })
    const names = wanted.map(row => row.resource_class)
    const [unknown] = await unknownNames(tx, 'placement_resource_classes', names)
    if (unknown !== undefined)
      throw fault('PlacementInventoriesClassUnknown', { provider: uuid, class: unknown })
    await removeInventories(tx, uuid, names, 'update conflict: ')
    if (wanted.length > 0)
      await tx
        .insertInto('placement_inventories')
        .values(wanted.map(row => ({ provider_uuid: uuid, ...row, updated_at: now })))
        .onConflict(conflict =>
          conflict.columns(['provider_uuid', 'resource_class']).doUpdateSet(eb => ({
            total: eb.ref('excluded.total'),
            reserved: eb.ref('excluded.reserved'),
            min_unit: eb.ref('excluded.min_unit'),
            max_unit: eb.ref('excluded.max_unit'),
            step_size: eb.ref('excluded.step_size'),
            allocation_ratio: eb.ref('excluded.allocation_ratio'),
            updated_at: now,
          })),
        )
        .execute()
    return raised
  })
  return fresh(call, inventoriesView(wanted, generation), now)
}

/** Removes all inventories but those of `kept`; refuses when one of them is in use. The provider's row is held. */
async function removeInventories(
  tx: PlacementTx,
  uuid: string,
  kept: readonly string[],
  prefix: string,
): Promise<void> {
  const unwanted = await tx
    .selectFrom('placement_inventories as inventory')
    .select(({ exists, selectFrom }) => [
      'inventory.resource_class',
      exists(
        selectFrom('placement_allocations as allocation')
          .select('allocation.consumer_uuid')
          .whereRef('allocation.provider_uuid', '=', 'inventory.provider_uuid')
          .whereRef('allocation.resource_class', '=', 'inventory.resource_class'),
      ).as('is_used'),
    ])
    .where('inventory.provider_uuid', '=', uuid)
    .$if(kept.length > 0, query => query.where('inventory.resource_class', 'not in', [...kept]))
    .orderBy('inventory.resource_class')
    .execute()
  const used = unwanted.filter(row => row.is_used).map(row => row.resource_class)
  if (used.length > 0)
    throw fault('PlacementInventoryInUse', { prefix, classes: used.join(', '), provider: uuid })
  const names = unwanted.map(row => row.resource_class)
  if (names.length > 0)
    await tx
      .deleteFrom('placement_inventories')
      .where('provider_uuid', '=', uuid)
      .where('resource_class', 'in', names)
      .execute()
}

export async function deleteInventories(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:inventories:delete')
  if (!since(call, 5)) throw fault('PlacementMethodNotAllowed')
  const uuid = call.params.uuid! // in the route's path
  await call.deps.store.accept<PlacementTables, void>(async tx => {
    await raiseGeneration(tx, uuid, call.deps.clock.now())
    await removeInventories(tx, uuid, [], '')
  })
  return empty(204)
}

export async function createInventory(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:inventories:create')
  const uuid = call.params.uuid! // in the route's path
  const { resource_class: name, ...body } = call.body as CreateInventoryBody // validated by the route's schema
  const inventory = filledIn(body)
  checkCapacity(call, uuid, name, 'create', inventory)
  const now = call.deps.clock.now()
  const generation = await call.deps.store.accept<PlacementTables, number>(async tx => {
    const raised = await raiseGeneration(tx, uuid, now)
    const [unknown] = await unknownNames(tx, 'placement_resource_classes', [name])
    if (unknown !== undefined)
      throw fault('PlacementInventoryClassUnknown', { provider: uuid, class: unknown })
    const [made] = await tx
      .insertInto('placement_inventories')
      .values({ provider_uuid: uuid, resource_class: name, ...inventory, updated_at: now })
      .onConflict(conflict => conflict.doNothing())
      .returning('resource_class')
      .execute()
    if (!made) throw fault('PlacementInventoryExists', { provider: uuid, class: name })
    return raised
  })
  return fresh(call, withGeneration(inventory, generation), now, {
    status: 201,
    headers: location(call, `${providerPath(uuid)}/inventories/${name}`),
  })
}

export async function updateInventory(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:inventories:update')
  const { uuid = '', resource_class: name = '' } = call.params
  const body = call.body as UpdateInventoryBody // validated by the route's schema
  const inventory = filledIn(body)
  checkCapacity(call, uuid, name, 'update', inventory)
  const now = call.deps.clock.now()
  const generation = await call.deps.store.accept<PlacementTables, number>(async tx => {
    const raised = await raiseGeneration(tx, uuid, now, {
      generation: body.resource_provider_generation,
      conflict: 'PlacementGenerationConflict',
    })
    const { numUpdatedRows } = await tx
      .updateTable('placement_inventories')
      .set({ ...inventory, updated_at: now })
      .where('provider_uuid', '=', uuid)
      .where('resource_class', '=', name)
      .executeTakeFirst()
    if (numUpdatedRows === 0n)
      throw fault('PlacementInventoryNotFoundForUpdate', { provider: uuid, class: name })
    return raised
  })
  return fresh(call, withGeneration(inventory, generation), now)
}

export async function deleteInventory(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:inventories:delete')
  const { uuid = '', resource_class: name = '' } = call.params
  await call.deps.store.accept<PlacementTables, void>(async tx => {
    await raiseGeneration(tx, uuid, call.deps.clock.now())
    const rows = await tx
      .selectFrom('placement_inventories')
      .select('resource_class')
      .where('provider_uuid', '=', uuid)
      .execute()
    const names = rows.map(row => row.resource_class)
    if (!names.includes(name)) throw fault('PlacementInventoryNotFoundForDelete', { class: name })
    const others = names.filter(other => other !== name)
    await removeInventories(tx, uuid, others, `Unable to delete inventory of class ${name}: `)
  })
  return empty(204)
}
