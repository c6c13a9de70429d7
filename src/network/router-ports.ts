// The networks a router is on, as its ports say.
import type { Kysely } from 'kysely'
import { fault } from '../model/errors.ts'
import { overlaps } from './addresses.ts'
import { cidrOf } from './pools.ts'
import type { NetworkTables } from './tables.ts'

/** One address of a router on one of its inner subnets. */
export interface RouterInterface {
  readonly port_id: string
  readonly network_id: string
  readonly subnet_id: string
  readonly ip_address: string
  readonly ip_version: number
  readonly cidr: string
}

export const interfacesOf = (
  db: Kysely<NetworkTables>,
  routerId: string,
): Promise<readonly RouterInterface[]> =>
  db
    .selectFrom('ports')
    .innerJoin('ip_allocations', 'ip_allocations.port_id', 'ports.id')
    .innerJoin('subnets', 'subnets.id', 'ip_allocations.subnet_id')
    .select([
      'ports.id as port_id',
      'ports.network_id',
      'ip_allocations.subnet_id',
      'ip_allocations.ip_address',
      'subnets.ip_version',
      'subnets.cidr',
    ])
    .where('ports.device_id', '=', routerId)
    .where('ports.device_owner', '=', 'network:router_interface')
    .orderBy('ports.created_at')
    .orderBy('ports.id')
    .orderBy('ip_allocations.ordinal')
    .execute()

interface Prefix {
  readonly id: string
  readonly cidr: string
}

/** A router cannot tell two networks apart that have the same addresses. */
export function refuseOverlaps(wanted: readonly Prefix[], present: readonly Prefix[]): void {
  for (const one of wanted)
    for (const other of present) {
      if (one.id === other.id)
        throw fault('RouterBadRequest', { reason: `Router already has a port on subnet ${one.id}` })
      if (overlaps(cidrOf(one), cidrOf(other)))
        throw fault('RouterBadRequest', {
          reason: `Cidr ${one.cidr} of subnet ${one.id} overlaps with cidr ${other.cidr} of subnet ${other.id}`,
        })
    }
}
