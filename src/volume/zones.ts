// Where volumes are: one zone, one service. GET /os-availability-zone, /os-services and /extensions.
import { isoMicros } from '../base/time.ts'
import { json, type Reply } from '../platform/http/types.ts'
import type { VolumeCall } from './access.ts'
import { has } from './negotiate.ts'

/** [DEFAULT]storage_availability_zone; the same name as compute's, so that cross_az_attach finds nothing to refuse. */
export const zone = 'nova'
export const isZone = (name: string): boolean => name === zone

export const listZones = (call: VolumeCall): Reply => {
  call.enforce('volume:availability_zone_list')
  return json(200, { availabilityZoneInfo: [{ zoneName: zone, zoneState: { available: true } }] })
}

/** What runs: all of it in this process, so what answers is up. */
export function listServices(call: VolumeCall): Reply {
  call.enforce('volume_extension:services:index')
  const { clock, host } = call.deps
  const wanted = {
    binary: call.query.one('binary') ?? call.query.one('service'),
    host: call.query.one('host'),
  }
  const services = [
    { binary: 'cinder-scheduler', host },
    { binary: 'cinder-volume', host: backendOf(host) },
  ].filter(
    service =>
      (wanted.binary === undefined || wanted.binary === service.binary) &&
      (wanted.host === undefined || wanted.host === service.host),
  )
  return json(200, {
    services: services.map(service => ({
      ...service,
      zone,
      status: 'enabled',
      state: 'up',
      updated_at: isoMicros(clock.now()),
      disabled_reason: null,
      ...(has(call, 'clusters') ? { cluster: null } : {}),
      ...(service.binary === 'cinder-volume'
        ? {
            replication_status: 'disabled',
            active_backend_id: null,
            frozen: false,
            ...(has(call, 'backendState') ? { backend_state: 'up' } : {}),
          }
        : {}),
    })),
  })
}

/** `host@backend`, as services and volumes name it. */
export const backendOf = (host: string): string => `${host}@file`

export const listExtensions = (_call: VolumeCall): Reply => json(200, { extensions: [] })
