// Services of the catalogue.
import { newHexId } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { page, pageReply } from './listing.ts'
import { bodyOf, serviceCreate, serviceUpdate } from './schemas.ts'
import { checkSameId, dbOf, extraText, flag, found } from './store.ts'
import type { Db, Tx } from './tables.ts'
import { serviceView } from './views.ts'

const known = ['type', 'name', 'description', 'enabled']

const findService = (db: Db, id: string) =>
  found(
    db.selectFrom('identity_services').selectAll().where('id', '=', id).executeTakeFirst(),
    'IdentityServiceNotFound',
    id,
  )

export async function listServices(call: Call<IdentityDeps>): Promise<Reply> {
  const query = dbOf(call).selectFrom('identity_services').selectAll()
  const rows = await page(call, query, 'identity_services', { type: 'text', name: 'text' })
  return pageReply(call, 'services', rows, serviceView)
}

export async function showService(call: Call<IdentityDeps>): Promise<Reply> {
  const service = await findService(dbOf(call), call.params.id!)
  return json(200, { service: serviceView(service, call.request.origin) })
}

export async function createService(call: Call<IdentityDeps>): Promise<Reply> {
  const { service } = bodyOf(serviceCreate, call)
  const row = {
    id: newHexId(),
    type: service.type,
    name: service.name ?? '',
    description: service.description ?? null,
    enabled: flag(service.enabled ?? true),
    extra: extraText(service, known),
  }
  await call.deps.store.accept((tx: Tx) => tx.insertInto('identity_services').values(row).execute())
  return json(201, { service: serviceView(row, call.request.origin) })
}

export async function updateService(call: Call<IdentityDeps>): Promise<Reply> {
  const { service } = bodyOf(serviceUpdate, call)
  const id = call.params.id!
  checkSameId(service.id, id)
  const row = await call.deps.store.accept(async (tx: Tx) => {
    const before = await findService(tx, id)
    return tx
      .updateTable('identity_services')
      .set({
        type: service.type,
        name: service.name,
        description: service.description,
        enabled: service.enabled === undefined ? undefined : flag(service.enabled),
        extra: extraText(service, known, before.extra),
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
  })
  if (!row) throw fault('IdentityServiceNotFound', { id })
  return json(200, { service: serviceView(row, call.request.origin) })
}

/** Its endpoints go with it. */
export async function deleteService(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  const { numDeletedRows } = await call.deps.store.accept((tx: Tx) =>
    tx.deleteFrom('identity_services').where('id', '=', id).executeTakeFirst(),
  )
  if (numDeletedRows === 0n) throw fault('IdentityServiceNotFound', { id })
  return empty(204)
}
