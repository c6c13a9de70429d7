// Endpoints of the catalogue: where a service is, for whom, in which region.
import { newHexId } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { isEndpointUrl } from './catalog.ts'
import type { IdentityDeps } from './deps.ts'
import { refusing } from './faults.ts'
import { page, pageReply } from './listing.ts'
import { bodyOf, endpointCreate, endpointUpdate } from './schemas.ts'
import { checkSameId, dbOf, extraText, flag, found } from './store.ts'
import type { Db, Tx } from './tables.ts'
import { endpointView } from './views.ts'

const known = ['interface', 'service_id', 'url', 'enabled', 'region_id', 'region']

const findEndpoint = (db: Db, id: string) =>
  found(
    db.selectFrom('identity_endpoints').selectAll().where('id', '=', id).executeTakeFirst(),
    'IdentityEndpointNotFound',
    id,
  )

export async function listEndpoints(call: Call<IdentityDeps>): Promise<Reply> {
  const query = dbOf(call).selectFrom('identity_endpoints').selectAll()
  const rows = await page(call, query, 'identity_endpoints', {
    interface: 'text',
    service_id: 'text',
    region_id: 'text',
  })
  return pageReply(call, 'endpoints', rows, endpointView)
}

export async function showEndpoint(call: Call<IdentityDeps>): Promise<Reply> {
  const endpoint = await findEndpoint(dbOf(call), call.params.id!)
  return json(200, { endpoint: endpointView(endpoint, call.request.origin) })
}

interface EndpointBody {
  readonly service_id?: string
  readonly region_id?: string | null
  readonly region?: string | null
  readonly url?: string
}

/** The region meant; one named the old way (`region`) is made when it is not there. */
async function regionOf(tx: Tx, endpoint: EndpointBody): Promise<string | null | undefined> {
  if (endpoint.region_id !== undefined && endpoint.region_id !== null) {
    const region = tx.selectFrom('identity_regions').select('id').where('id', '=', endpoint.region_id)
    await found(region.executeTakeFirst(), 'IdentityRegionNotFound', endpoint.region_id)
    return endpoint.region_id
  }
  if (endpoint.region === undefined || endpoint.region === null) return endpoint.region_id
  await tx
    .insertInto('identity_regions')
    .values({ id: endpoint.region, description: '', parent_region_id: null, extra: '{}' })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  return endpoint.region
}

function checkUrl(url: string | undefined): void {
  if (url !== undefined && !isEndpointUrl(url)) throw fault('IdentityEndpointUrlInvalid', { url })
}

const noService = (endpoint: EndpointBody) => () =>
  fault('IdentityServiceNotFound', { id: endpoint.service_id })

export async function createEndpoint(call: Call<IdentityDeps>): Promise<Reply> {
  const { endpoint } = bodyOf(endpointCreate, call)
  checkUrl(endpoint.url)
  const row = await refusing(
    call.deps.store.accept(async (tx: Tx) => {
      const made = {
        id: newHexId(),
        service_id: endpoint.service_id,
        interface: endpoint.interface,
        region_id: (await regionOf(tx, endpoint)) ?? null,
        url: endpoint.url,
        enabled: flag(endpoint.enabled ?? true),
        extra: extraText(endpoint, known),
        preloaded_url: null,
      }
      await tx.insertInto('identity_endpoints').values(made).execute()
      return made
    }),
    { foreign: noService(endpoint) },
  )
  return json(201, { endpoint: endpointView(row, call.request.origin) })
}

export async function updateEndpoint(call: Call<IdentityDeps>): Promise<Reply> {
  const { endpoint } = bodyOf(endpointUpdate, call)
  const id = call.params.id!
  checkSameId(endpoint.id, id)
  checkUrl(endpoint.url)
  const row = await refusing(
    call.deps.store.accept(async (tx: Tx) => {
      const before = await findEndpoint(tx, id)
      return tx
        .updateTable('identity_endpoints')
        .set({
          service_id: endpoint.service_id,
          interface: endpoint.interface,
          region_id: await regionOf(tx, endpoint),
          url: endpoint.url,
          enabled: endpoint.enabled === undefined ? undefined : flag(endpoint.enabled),
          extra: extraText(endpoint, known, before.extra),
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
    }),
    { foreign: noService(endpoint) },
  )
  if (!row) throw fault('IdentityEndpointNotFound', { id })
  return json(200, { endpoint: endpointView(row, call.request.origin) })
}

export async function deleteEndpoint(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  const { numDeletedRows } = await call.deps.store.accept((tx: Tx) =>
    tx.deleteFrom('identity_endpoints').where('id', '=', id).executeTakeFirst(),
  )
  if (numDeletedRows === 0n) throw fault('IdentityEndpointNotFound', { id })
  return empty(204)
}
