// What clients ask about the service itself: versions, schemas, the ways of importing, the stores.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import type { ImageDeps } from './deps.ts'
import { publishedSchemas } from './schemas.ts'
import { imageVersions, importMethods, storeId } from './views.ts'

/** Clients that take the endpoint with its version for the place to ask; same answer as at `/image`. */
export const listVersions = (call: Call<ImageDeps>): Reply => json(300, imageVersions(call.request.origin))

export function showSchema(call: Call<ImageDeps>): Reply {
  const name = call.params.name!
  if (!Object.hasOwn(publishedSchemas, name)) throw fault('RouteNotFound')
  return json(200, publishedSchemas[name as keyof typeof publishedSchemas]) // an own key: checked above
}

export const showImport = (_call: Call<ImageDeps>): Reply =>
  json(200, {
    'import-methods': {
      description: 'Import methods available.',
      type: 'array',
      value: importMethods,
    },
  })

const store = { id: storeId, default: 'true' }

export const listStores = (_call: Call<ImageDeps>): Reply => json(200, { stores: [store] })

export function listStoreDetails(call: Call<ImageDeps>): Reply {
  call.enforce('image:stores_info_detail')
  return json(200, {
    stores: [{ ...store, type: 'file', weight: 0, properties: { data_dir: call.deps.folder } }],
  })
}
