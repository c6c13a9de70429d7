// Rows of the compute API: flavors, who may use them, and their extra specs.
import { since } from '../../model/microversions.ts'
import { type Route, row } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'
import { actOnFlavor, listFlavorAccess } from './flavor-access.ts'
import {
  createExtraSpecs,
  deleteExtraSpec,
  listExtraSpecs,
  showExtraSpec,
  updateExtraSpec,
} from './flavor-extra-specs.ts'
import {
  createFlavor,
  listFlavorDetails,
  listFlavorNames,
  removeFlavor,
  showFlavor,
  updateFlavor,
} from './flavors.ts'
import {
  createExtraSpecsBody,
  createFlavorBody,
  listFlavorsQuery,
  updateExtraSpecBody,
  updateFlavorBody,
} from './schemas/flavors.ts'

export const flavorRoutes: readonly Route<ComputeDeps>[] = [
  row('GET', '/flavors', listFlavorNames, { query: listFlavorsQuery }),
  row('POST', '/flavors', createFlavor, { body: createFlavorBody }),
  row('GET', '/flavors/detail', listFlavorDetails, { query: listFlavorsQuery }),
  row('GET', '/flavors/{id}', showFlavor),
  row('PUT', '/flavors/{id}', updateFlavor, { body: updateFlavorBody, since: since('flavorDescription') }),
  row('DELETE', '/flavors/{id}', removeFlavor),
  row('POST', '/flavors/{id}/action', actOnFlavor, { reads: 'json' }),
  row('GET', '/flavors/{id}/os-flavor-access', listFlavorAccess),
  row('GET', '/flavors/{id}/os-extra_specs', listExtraSpecs),
  row('POST', '/flavors/{id}/os-extra_specs', createExtraSpecs, { body: createExtraSpecsBody }),
  row('GET', '/flavors/{id}/os-extra_specs/{key}', showExtraSpec),
  row('PUT', '/flavors/{id}/os-extra_specs/{key}', updateExtraSpec, { body: updateExtraSpecBody }),
  row('DELETE', '/flavors/{id}/os-extra_specs/{key}', deleteExtraSpec),
]
