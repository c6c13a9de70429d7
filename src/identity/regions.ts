// Regions of the catalogue.
import { newHexId } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { refusing } from './faults.ts'
import { page, pageReply } from './listing.ts'
import { bodyOf, regionCreate, regionUpdate } from './schemas.ts'
import { dbOf, extraText, found } from './store.ts'
import type { Db, Tx } from './tables.ts'
import { regionView } from './views.ts'

const known = ['description', 'parent_region_id']

const findRegion = (db: Db, id: string) =>
  found(
    db.selectFrom('identity_regions').selectAll().where('id', '=', id).executeTakeFirst(),
    'IdentityRegionNotFound',
    id,
  )

export async function listRegions(call: Call<IdentityDeps>): Promise<Reply> {
  const query = dbOf(call).selectFrom('identity_regions').selectAll()
  const rows = await page(call, query, 'identity_regions', { parent_region_id: 'text' })
  return pageReply(call, 'regions', rows, regionView)
}

export async function showRegion(call: Call<IdentityDeps>): Promise<Reply> {
  return json(200, { region: regionView(await findRegion(dbOf(call), call.params.id!), call.request.origin) })
}

/** `POST /regions` with an id of the caller's choice or none, or `PUT /regions/{id}`. */
export async function createRegion(call: Call<IdentityDeps>): Promise<Reply> {
  const { region } = bodyOf(regionCreate, call)
  const urlId = call.params.id
  if (urlId !== undefined && region.id !== undefined && region.id !== urlId)
    throw fault('InvalidInput', {
      reason: `Conflicting region IDs specified: "${urlId}" != "${region.id}"`,
    })
  const row = {
    id: urlId ?? (region.id || newHexId()),
    description: region.description ?? '',
    parent_region_id: region.parent_region_id ?? null,
    extra: extraText(region, known),
  }
  await refusing(
    call.deps.store.accept((tx: Tx) => tx.insertInto('identity_regions').values(row).execute()),
    {
      unique: () => fault('IdentityConflict', { resource: 'region', details: `Duplicate ID, ${row.id}` }),
      foreign: () => fault('IdentityRegionNotFound', { id: row.parent_region_id }),
    },
  )
  return json(201, { region: regionView(row, call.request.origin) })
}

export async function updateRegion(call: Call<IdentityDeps>): Promise<Reply> {
  const { region } = bodyOf(regionUpdate, call)
  const id = call.params.id!
  if (region.id !== undefined && region.id !== id) throw fault('InvalidInput', { reason: 'Cannot change ID' })
  const row = await refusing(
    call.deps.store.accept(async (tx: Tx) => {
      const before = await findRegion(tx, id)
      if (region.parent_region_id) await checkNoCircle(tx, id, region.parent_region_id)
      return tx
        .updateTable('identity_regions')
        .set({
          description: region.description ?? undefined,
          parent_region_id: region.parent_region_id,
          extra: extraText(region, known, before.extra),
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow()
    }),
    { foreign: () => fault('IdentityRegionNotFound', { id: region.parent_region_id }) },
  )
  return json(200, { region: regionView(row, call.request.origin) })
}

async function checkNoCircle(tx: Tx, id: string, parentId: string): Promise<void> {
  const above = await tx
    .withRecursive('above', cte =>
      cte
        .selectFrom('identity_regions')
        .select(['id', 'parent_region_id'])
        .where('id', '=', parentId)
        .union(
          cte
            .selectFrom('identity_regions as r')
            .innerJoin('above', 'above.parent_region_id', 'r.id')
            .select(['r.id', 'r.parent_region_id']),
        ),
    )
    .selectFrom('above')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst()
  if (above) throw fault('IdentityRegionCircular', { parent: parentId })
}

/** Not while anything refers to it: an endpoint, or a region below. */
export async function deleteRegion(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  await refusing(
    call.deps.store.accept(async (tx: Tx) => {
      await findRegion(tx, id)
      await tx.deleteFrom('identity_regions').where('id', '=', id).execute()
    }),
    { foreign: () => fault('IdentityRegionInUse', { id }) },
  )
  return empty(204)
}
