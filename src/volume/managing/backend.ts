// The backend a request names, which is ours or none.
import { fault } from '../../model/errors.ts'
import type { VolumeFeature } from '../../model/volume-microversions.ts'
import type { VolumeCall } from '../access.ts'
import { has } from '../negotiate.ts'
import { backendOf } from '../zones.ts'

/**
 * 400 unless one of host and cluster is named (cinder/api/common.py, get_cluster_host), 503 unless it is the host we
 * have: `host@backend`, with or without `#pool`. `feature` is what brought clusters into the request.
 */
export function requireBackendNamed(
  call: VolumeCall,
  given: { readonly host?: string | null | undefined; readonly cluster?: string | null | undefined },
  feature: VolumeFeature,
): void {
  const { host, cluster } = given
  if (Boolean(host) === Boolean(cluster))
    throw fault('VolumeInputInvalid', {
      reason: has(call, feature)
        ? 'One and only one of cluster and host must be set.'
        : 'Host field is missing.',
    })
  const isOurs = host && host.split('#')[0] === backendOf(call.deps.host)
  if (!isOurs)
    throw fault('ServiceUnavailable', {
      reason: `${host ? 'Host' : 'Cluster'} '${host || cluster}' not found`,
    })
}
