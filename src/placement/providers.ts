// Resource providers: list, show, create, update, delete.
import { newUuid } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, type Reply } from '../platform/http/types.ts'
import type { PlacementDeps } from './deps.ts'
import { since } from './negotiate.ts'
import { checkNames, fittingProviders } from './provider-filters.ts'
import { descendants, rootOf } from './provider-tree.ts'
import { parseInTree, parseMemberOf, parseResources, parseTraits } from './query-params.ts'
import type { CreateProviderBody, UpdateProviderBody } from './schemas.ts'
import { getProvider, type PlacementTx, placementDb, unlessBroken } from './store.ts'
import type { PlacementTables, ProvidersTable } from './tables.ts'
import { dashed } from './uuids.ts'
import { fresh, location, providerPath, providerView } from './views.ts'

type PlacementCall = Call<PlacementDeps>

export async function listProviders(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:list')
  const { query } = call
  const resources = query.one('resources')
  const filters = {
    name: query.one('name'),
    uuid: query.one('uuid'),
    inTree: parseInTree(call),
    resources: resources === undefined ? undefined : parseResources(resources),
    traits: parseTraits(call, 'required'),
    aggregates: parseMemberOf(call),
  }
  const db = placementDb(call.deps.store)
  await checkNames(db, filters, 'PlacementTraitsRequiredUnknown')
  const found = await fittingProviders(db, filters).selectAll('provider').execute()
  const modified = found.reduce((latest, provider) => Math.max(latest, provider.updated_at), 0)
  return fresh(call, { resource_providers: found.map(provider => providerView(call, provider)) }, modified)
}

export async function showProvider(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:show')
  const provider = await getProvider(call.deps, call.params.uuid!) // in the route's path
  return fresh(call, providerView(call, provider), provider.updated_at)
}

export async function createProvider(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:create')
  const body = call.body as CreateProviderBody // validated by the route's schema
  const now = call.deps.clock.now()
  const uuid = body.uuid === undefined ? newUuid() : dashed(body.uuid)
  const parent = body.parent_provider_uuid ?? null
  const provider = await call.deps.store.accept<PlacementTables, ProvidersTable>(async tx => {
    const refuse = (reason: string) =>
      fault('PlacementProviderNotCreated', { name: body.name, provider: uuid, reason })
    if (parent === uuid)
      throw refuse(
        'parent provider UUID cannot be same as UUID. Please set parent provider UUID to None if there is no parent.',
      )
    const root = parent === null ? uuid : await rootOf(tx, parent)
    if (root === undefined) throw refuse('parent provider UUID does not exist.')
    const made = {
      uuid,
      name: body.name,
      generation: 0,
      parent_uuid: parent,
      root_uuid: root,
      created_at: now,
      updated_at: now,
    }
    const [inserted] = await tx
      .insertInto('placement_providers')
      .values(made)
      .onConflict(conflict => conflict.doNothing())
      .returning('uuid')
      .execute()
    if (!inserted) throw fault('PlacementProviderExists', { duplicate: await duplicateOf(tx, made) })
    return made
  })
  const headers = location(call, providerPath(uuid))
  return since(call, 20) ? fresh(call, providerView(call, provider), now, { headers }) : empty(201, headers)
}

async function duplicateOf(tx: PlacementTx, made: ProvidersTable): Promise<string> {
  const same = await tx
    .selectFrom('placement_providers')
    .select('uuid')
    .where('uuid', '=', made.uuid)
    .executeTakeFirst()
  return same ? `uuid: ${made.uuid}` : `name: ${made.name}`
}

export async function updateProvider(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:update')
  const uuid = call.params.uuid! // in the route's path
  const body = call.body as UpdateProviderBody // validated by the route's schema
  const now = call.deps.clock.now()
  const saved = call.deps.store.accept<PlacementTables, ProvidersTable>(async tx => {
    const old = await tx
      .updateTable('placement_providers')
      .set({ updated_at: now })
      .where('uuid', '=', uuid)
      .returningAll()
      .executeTakeFirst()
    if (!old) throw fault('PlacementProviderNotFound', { provider: uuid })
    if (body.parent_provider_uuid !== undefined && body.parent_provider_uuid !== old.parent_uuid)
      await setParent(call, tx, old, body.parent_provider_uuid)
    return tx
      .updateTable('placement_providers')
      .set({ name: body.name })
      .where('uuid', '=', uuid)
      .returningAll()
      .executeTakeFirstOrThrow()
  })
  const taken = () => fault('PlacementProviderExists', { duplicate: body.name })
  const provider = await unlessBroken(saved, 'unique', taken)
  return fresh(call, providerView(call, provider), now)
}

async function setParent(
  call: PlacementCall,
  tx: PlacementTx,
  provider: ProvidersTable,
  parent: string | null,
): Promise<void> {
  const refuse = (reason: string) => fault('PlacementProviderNotSaved', { provider: provider.uuid, reason })
  if (provider.parent_uuid !== null && !since(call, 37))
    throw refuse(`${parent === null ? 'un' : 're'}-parenting a provider is not currently allowed.`)
  const root = parent === null ? provider.uuid : await rootOf(tx, parent)
  if (root === undefined) throw refuse('parent provider UUID does not exist.')
  const subtree = await descendants(tx, provider)
  if (parent !== null && subtree.includes(parent))
    throw refuse('creating loop in the provider tree is not allowed.')
  await tx
    .updateTable('placement_providers')
    .set({ parent_uuid: parent })
    .where('uuid', '=', provider.uuid)
    .execute()
  await tx
    .updateTable('placement_providers')
    .set({ root_uuid: root })
    .where('uuid', 'in', [...subtree])
    .execute()
}

export async function deleteProvider(call: PlacementCall): Promise<Reply> {
  call.enforce('placement:resource_providers:delete')
  const uuid = call.params.uuid! // in the route's path
  await call.deps.store.accept<PlacementTables, void>(async tx => {
    // Holds the row: claims and new children wait, and then find it gone.
    const held = await tx
      .updateTable('placement_providers')
      .set(eb => ({ generation: eb('generation', '+', 1) }))
      .where('uuid', '=', uuid)
      .returning('uuid')
      .executeTakeFirst()
    if (!held) throw fault('PlacementProviderNotFoundForDelete', { provider: uuid })
    const child = await tx
      .selectFrom('placement_providers')
      .select('uuid')
      .where('parent_uuid', '=', uuid)
      .executeTakeFirst()
    if (child) throw fault('PlacementProviderIsParent', { provider: uuid })
    const taken = await tx
      .selectFrom('placement_allocations')
      .select('consumer_uuid')
      .where('provider_uuid', '=', uuid)
      .executeTakeFirst()
    if (taken) throw fault('PlacementProviderInUse', { provider: uuid })
    await tx.deleteFrom('placement_providers').where('uuid', '=', uuid).execute()
  })
  return empty(204)
}
