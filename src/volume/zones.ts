// Where volumes are: one zone, one backend. GET /os-availability-zone and /extensions.
import { fault } from '../model/errors.ts'
import { volumeExtensions } from '../model/volume-extensions.ts'
import { json, type Reply } from '../platform/http/types.ts'
import type { VolumeCall } from './access.ts'

/** [DEFAULT]storage_availability_zone; the same name as compute's, so that cross_az_attach finds nothing to refuse. */
export const zone = 'nova'
export const isZone = (name: string): boolean => name === zone

export const listZones = (call: VolumeCall): Reply => {
  call.enforce('volume:availability_zone_list')
  return json(200, { availabilityZoneInfo: [{ zoneName: zone, zoneState: { available: true } }] })
}

/** `host@backend`, as services and volumes name it. */
export const backendOf = (host: string): string => `${host}@${backendName}`

/** The backend's name, which is its pool's as well. */
export const backendName = 'file'

export const listExtensions = (_call: VolumeCall): Reply =>
  json(200, { extensions: volumeExtensions.map(extension => ({ ...extension, links: [] })) })

export function showExtension(call: VolumeCall): Reply {
  const extension = volumeExtensions.find(({ alias }) => alias === call.params.alias)
  if (!extension) throw fault('RouteNotFound')
  return json(200, { extension: { ...extension, links: [] } })
}
