// Availability zones: aggregates name them; their state is that of the services in them.
import { isoMicros } from '../../base/time.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { defaultZone, internalZone, zonesOfHosts } from '../store/aggregates.ts'
import { computeBinary, isUp, listServices, type ServiceRow } from '../store/services.ts'
import type { ComputeTables } from '../tables.ts'
import type { ComputeCall } from './call.ts'

/** The zone of a service: its host's for nova-compute, `internal` for all others. */
export const zoneOfService = (service: ServiceRow, zones: ReadonlyMap<string, string>): string =>
  service.binary === computeBinary ? (zones.get(service.host) ?? defaultZone) : internalZone

interface Zones {
  /** Zones with an enabled service, and their enabled services. */
  readonly available: ReadonlyMap<string, readonly ServiceRow[]>
  /** Zones whose services are all disabled. */
  readonly unavailable: readonly string[]
}

async function readZones(call: ComputeCall): Promise<Zones> {
  const db = tables<ComputeTables>(call.deps.store)
  const hostZones = await zonesOfHosts(db)
  const services = await listServices(db)
  const byZone = Map.groupBy(services, service => zoneOfService(service, hostZones))
  const available = new Map<string, readonly ServiceRow[]>()
  const unavailable: string[] = []
  for (const [zone, members] of byZone) {
    const enabled = members.filter(service => service.disabled === 0)
    if (enabled.length > 0) available.set(zone, enabled)
    else unavailable.push(zone)
  }
  return { available, unavailable }
}

const zoneView = (zoneName: string, available: boolean, hosts: object | null) => ({
  zoneName,
  zoneState: { available },
  hosts,
})

export const listZones = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-availability-zone:list')
  const { available, unavailable } = await readZones(call)
  return json(200, {
    availabilityZoneInfo: [
      ...[...available.keys()].map(zone => [zone, true] as const),
      ...unavailable.map(zone => [zone, false] as const),
    ]
      // Services that are not compute hosts are nothing users can ask for.
      .filter(([zone]) => zone !== internalZone)
      .map(([zone, isAvailable]) => zoneView(zone, isAvailable, null)),
  })
}

export const listZoneDetails = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-availability-zone:detail')
  const { available, unavailable } = await readZones(call)
  const now = call.deps.clock.now()
  const serviceState = (service: ServiceRow) => ({
    active: service.disabled === 0,
    available: isUp(service, now),
    updated_at: isoMicros(service.last_seen_at),
  })
  const hostsOf = (services: readonly ServiceRow[]) =>
    Object.fromEntries(
      [...Map.groupBy(services, service => service.host)].map(([host, members]) => [
        host,
        Object.fromEntries(members.map(service => [service.binary, serviceState(service)])),
      ]),
    )
  return json(200, {
    availabilityZoneInfo: [
      ...[...available].map(([zone, services]) => zoneView(zone, true, hostsOf(services))),
      ...unavailable.map(zone => zoneView(zone, false, null)),
    ],
  })
}
