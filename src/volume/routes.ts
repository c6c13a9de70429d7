// Every route of the volume service, a row each.
import { row } from '../platform/http/service.ts'
import type { VolumeDeps } from './deps.ts'
import { emptyList, showLimits, showQuotaClass, showQuotas, showVersion } from './discovery.ts'

export const volumeRoutes = [
  row<VolumeDeps>('GET', '/', showVersion, { auth: 'open' }),
  row<VolumeDeps>('GET', '/limits', showLimits),
  row<VolumeDeps>('GET', '/os-quota-sets/{project}', showQuotas),
  row<VolumeDeps>('GET', '/os-quota-sets/{project}/defaults', showQuotas),
  row<VolumeDeps>('GET', '/os-quota-class-sets/{class}', showQuotaClass),
  row<VolumeDeps>('GET', '/types', emptyList('volume_types')),
  row<VolumeDeps>('GET', '/volumes', emptyList('volumes')),
  row<VolumeDeps>('GET', '/volumes/detail', emptyList('volumes')),
  row<VolumeDeps>('GET', '/snapshots', emptyList('snapshots')),
  row<VolumeDeps>('GET', '/snapshots/detail', emptyList('snapshots')),
]
