// Every route of the placement service, a row each.

import { querySchema } from '../platform/http/query.ts'
import { row as anyRow, type Handler, type RouteOptions } from '../platform/http/service.ts'
import type { Method } from '../platform/http/types.ts'
import { listAggregates, setAggregates } from './aggregates.ts'
import {
  allocationsBody,
  deleteAllocations,
  listProviderAllocations,
  manyAllocationsBody,
  setAllocations,
  setManyAllocations,
  showAllocations,
} from './allocations.ts'
import { candidatesQuery, listCandidates } from './candidates.ts'
import type { PlacementDeps } from './deps.ts'
import {
  createInventory,
  deleteInventories,
  deleteInventory,
  listInventories,
  setInventories,
  showInventory,
  updateInventory,
} from './inventories.ts'
import { since } from './negotiate.ts'
import { deleteProviderTraits, listProviderTraits, setProviderTraits } from './provider-traits.ts'
import { createProvider, deleteProvider, listProviders, showProvider, updateProvider } from './providers.ts'
import {
  createResourceClass,
  deleteResourceClass,
  listResourceClasses,
  putResourceClass,
  showResourceClass,
} from './resource-classes.ts'
import { reshape, showVersion } from './root.ts'
import {
  createInventoryBody,
  createProviderBody,
  createProviderBody10,
  providersQuery,
  resourceClassBody,
  setAggregatesBody,
  setAggregatesBody11,
  setInventoriesBody,
  setTraitsBody,
  updateInventoryBody,
  updateProviderBody,
  updateProviderBody10,
} from './schemas.ts'
import { deleteTrait, listTraits, putTrait, showTrait } from './traits.ts'
import { showProjectUsages, showProviderUsages, usagesQuery } from './usages.ts'

const row = (
  method: Method,
  path: string,
  handler: Handler<PlacementDeps>,
  options: RouteOptions<PlacementDeps> = {},
) => anyRow<PlacementDeps>(method, path, handler, options)

const provider = '/resource_providers/{uuid}'

export const placementRoutes = [
  row('GET', '/', showVersion, { auth: 'open' }),

  row('GET', '/resource_providers', listProviders, { query: providersQuery }),
  row('POST', '/resource_providers', createProvider, {
    body: call => (since(call, 14) ? createProviderBody : createProviderBody10),
  }),
  row('GET', provider, showProvider),
  row('PUT', provider, updateProvider, {
    body: call => (since(call, 14) ? updateProviderBody : updateProviderBody10),
  }),
  row('DELETE', provider, deleteProvider),

  row('GET', `${provider}/inventories`, listInventories),
  row('PUT', `${provider}/inventories`, setInventories, { body: setInventoriesBody }),
  row('POST', `${provider}/inventories`, createInventory, { body: createInventoryBody }),
  row('DELETE', `${provider}/inventories`, deleteInventories),
  row('GET', `${provider}/inventories/{resource_class}`, showInventory),
  row('PUT', `${provider}/inventories/{resource_class}`, updateInventory, { body: updateInventoryBody }),
  row('DELETE', `${provider}/inventories/{resource_class}`, deleteInventory),

  row('GET', `${provider}/usages`, showProviderUsages),
  row('GET', `${provider}/allocations`, listProviderAllocations),
  row('GET', `${provider}/aggregates`, listAggregates, { since: 1 }),
  row('PUT', `${provider}/aggregates`, setAggregates, {
    since: 1,
    body: call => (since(call, 19) ? setAggregatesBody : setAggregatesBody11),
  }),
  row('GET', `${provider}/traits`, listProviderTraits, { since: 6 }),
  row('PUT', `${provider}/traits`, setProviderTraits, { since: 6, body: setTraitsBody }),
  row('DELETE', `${provider}/traits`, deleteProviderTraits, { since: 6 }),

  row('GET', '/traits', listTraits, {
    since: 6,
    query: querySchema({ name: { type: 'string' }, associated: { type: 'string' } }, { others: 'refused' }),
  }),
  row('GET', '/traits/{name}', showTrait, { since: 6 }),
  row('PUT', '/traits/{name}', putTrait, { since: 6, reads: 'nothing' }),
  row('DELETE', '/traits/{name}', deleteTrait, { since: 6 }),

  row('GET', '/resource_classes', listResourceClasses, { since: 2 }),
  row('POST', '/resource_classes', createResourceClass, { since: 2, body: resourceClassBody }),
  row('GET', '/resource_classes/{name}', showResourceClass, { since: 2 }),
  row('PUT', '/resource_classes/{name}', putResourceClass, { since: 2 }),
  row('DELETE', '/resource_classes/{name}', deleteResourceClass, { since: 2 }),

  row('POST', '/allocations', setManyAllocations, { since: 13, body: manyAllocationsBody }),
  row('GET', '/allocations/{consumer}', showAllocations),
  row('PUT', '/allocations/{consumer}', setAllocations, { body: allocationsBody }),
  row('DELETE', '/allocations/{consumer}', deleteAllocations),

  row('GET', '/allocation_candidates', listCandidates, { since: 10, query: candidatesQuery }),
  row('GET', '/usages', showProjectUsages, { since: 9, query: usagesQuery }),
  row('POST', '/reshaper', reshape, { since: 30 }),
]
