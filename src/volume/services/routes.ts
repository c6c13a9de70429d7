// The routes of the services themselves: switching, hosts, pools, clusters, and what users are told.
import { volumeSince } from '../../model/volume-microversions.ts'
import { row } from '../../platform/http/service.ts'
import type { VolumeDeps } from '../deps.ts'
import { cleanUp, listClusters, showCluster, updateCluster } from './clusters.ts'
import { listVolumeHosts, showVolumeHost, updateVolumeHost } from './hosts.ts'
import { deleteMessage, listMessages, showMessage } from './messages.ts'
import { listPools, showCapabilities } from './pools.ts'
import { listResourceFilters } from './resource-filters.ts'
import { cleanupBody, clusterBody, updateHostBody } from './schemas.ts'
import { actOnService, listServices, serviceActionBody } from './services.ts'

const clusters = { since: volumeSince('clusters') }
const messages = { since: volumeSince('messages') }

export const serviceRoutes = [
  row<VolumeDeps>('GET', '/os-services', listServices),
  row<VolumeDeps>('PUT', '/os-services/{action}', actOnService, { body: serviceActionBody }),
  row<VolumeDeps>('GET', '/os-hosts', listVolumeHosts),
  row<VolumeDeps>('GET', '/os-hosts/{host}', showVolumeHost),
  row<VolumeDeps>('PUT', '/os-hosts/{host}', updateVolumeHost, { body: updateHostBody }),
  row<VolumeDeps>('GET', '/scheduler-stats/get_pools', listPools),
  row<VolumeDeps>('GET', '/capabilities/{host}', showCapabilities),

  row<VolumeDeps>('GET', '/clusters', listClusters, clusters),
  row<VolumeDeps>('GET', '/clusters/detail', listClusters, clusters),
  row<VolumeDeps>('GET', '/clusters/{id}', showCluster, clusters),
  row<VolumeDeps>('PUT', '/clusters/{action}', updateCluster, { ...clusters, body: clusterBody }),
  row<VolumeDeps>('POST', '/workers/cleanup', cleanUp, {
    since: volumeSince('cleanup'),
    body: cleanupBody,
  }),

  row<VolumeDeps>('GET', '/messages', listMessages, messages),
  row<VolumeDeps>('GET', '/messages/{id}', showMessage, messages),
  row<VolumeDeps>('DELETE', '/messages/{id}', deleteMessage, messages),
  row<VolumeDeps>('GET', '/resource_filters', listResourceFilters, { since: volumeSince('resourceFilters') }),
]
