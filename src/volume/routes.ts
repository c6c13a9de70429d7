// Every route of the volume service, a row each.
import { row } from '../platform/http/service.ts'
import type { VolumeDeps } from './deps.ts'
import { emptyList, showVersion } from './discovery.ts'
import { volumeNotYetRoutes } from './not-yet.ts'
import {
  deleteQuotas,
  showDefaultQuotas,
  showLimits,
  showQuotaClass,
  showQuotas,
  updateQuotas,
} from './quotas.ts'
import {
  createSpecsBody,
  createTypeBody,
  quotaSetBody,
  typeActionBody,
  updateSpecBody,
  updateTypeBody,
} from './schemas.ts'
import { actOnType, listTypeAccess } from './type-access.ts'
import { createSpecs, deleteSpec, listSpecs, showSpec, updateSpec } from './type-specs.ts'
import { createType, deleteType, listTypes, showType, updateType } from './types.ts'

export const volumeRoutes = [
  row<VolumeDeps>('GET', '/', showVersion, { auth: 'open' }),

  row<VolumeDeps>('GET', '/limits', showLimits),
  row<VolumeDeps>('GET', '/os-quota-sets/{project}', showQuotas),
  row<VolumeDeps>('GET', '/os-quota-sets/{project}/defaults', showDefaultQuotas),
  row<VolumeDeps>('PUT', '/os-quota-sets/{project}', updateQuotas, { body: quotaSetBody }),
  row<VolumeDeps>('DELETE', '/os-quota-sets/{project}', deleteQuotas),
  row<VolumeDeps>('GET', '/os-quota-class-sets/{class}', showQuotaClass),

  row<VolumeDeps>('GET', '/types', listTypes),
  row<VolumeDeps>('POST', '/types', createType, { body: createTypeBody }),
  row<VolumeDeps>('GET', '/types/{type_id}', showType),
  row<VolumeDeps>('PUT', '/types/{type_id}', updateType, { body: updateTypeBody }),
  row<VolumeDeps>('DELETE', '/types/{type_id}', deleteType),
  row<VolumeDeps>('GET', '/types/{type_id}/extra_specs', listSpecs),
  row<VolumeDeps>('POST', '/types/{type_id}/extra_specs', createSpecs, { body: createSpecsBody }),
  row<VolumeDeps>('GET', '/types/{type_id}/extra_specs/{key}', showSpec),
  row<VolumeDeps>('PUT', '/types/{type_id}/extra_specs/{key}', updateSpec, { body: updateSpecBody }),
  row<VolumeDeps>('DELETE', '/types/{type_id}/extra_specs/{key}', deleteSpec),
  row<VolumeDeps>('GET', '/types/{type_id}/os-volume-type-access', listTypeAccess),
  row<VolumeDeps>('POST', '/types/{type_id}/action', actOnType, { body: typeActionBody }),

  row<VolumeDeps>('GET', '/volumes', emptyList('volumes')),
  row<VolumeDeps>('GET', '/volumes/detail', emptyList('volumes')),
  row<VolumeDeps>('GET', '/snapshots', emptyList('snapshots')),
  row<VolumeDeps>('GET', '/snapshots/detail', emptyList('snapshots')),

  ...volumeNotYetRoutes,
]
